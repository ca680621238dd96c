namespace Larkspur;

/// <summary>A block of code in Markdown whose fence is open: for texts that are cut, or shown while they are written.</summary>
/// <remarks>At least three backticks or tildes at the beginning of a line open a block; as many or more of the same close it.
/// Source: CommonMark 4.5.</remarks>
/// <param name="Marks">What closes it.</param>
/// <param name="Line">The line that opened it, to open it again elsewhere; a very long one is its marks alone.</param>
public sealed record CodeFence(string Marks, string Line)
{
    /// <summary>Most marks of a fence, which is repeated where a text is cut: ten thousand backticks must not fill each piece.</summary>
    public const int MostMarks = 16;

    private const int FewestMarks = 3;
    private const int LongestInfo = 32;

    /// <summary>The block that a text ends in; null: none is open.</summary>
    public static CodeFence? OpenIn(ReadOnlySpan<char> text)
    {
        CodeFence? open = null;
        while (!text.IsEmpty)
        {
            var end = text.IndexOf('\n');
            open = After(open, end < 0 ? text : text[..end]);
            text = end < 0 ? [] : text[(end + 1)..];
        }

        return open;
    }

    /// <summary>The block that is open after one more line.</summary>
    /// <param name="open">The block that was open before it.</param>
    /// <param name="line">The line, with or without its end.</param>
    public static CodeFence? After(CodeFence? open, ReadOnlySpan<char> line)
    {
        var start = line.TrimStart(' ');
        if (line.Length - start.Length > 3 || start.Length < FewestMarks || start[0] is not ('`' or '~')) return open;
        var marks = start.Length - start.TrimStart(start[0]).Length;
        if (marks is < FewestMarks or > MostMarks) return open;
        var info = start[marks..].Trim();
        if (open is not null) return start[0] == open.Marks[0] && marks >= open.Marks.Length && info.IsEmpty ? null : open;
        if (info.Contains('`')) return null;
        var opening = start[..marks].ToString();
        return new CodeFence(opening, info.Length > LongestInfo ? opening : start.TrimEnd().ToString());
    }
}
