using System.Buffers;
using System.Text;

namespace Larkspur.Gateway.Platforms.WeCom;

/// <summary>Cuts an answer into messages: at an empty line where possible, then at a line's end, a space, and never inside a character. A code block that is cut is closed and opened again.</summary>
internal static class WeComPages
{
    private const string Fence = "```";

    /// <summary>The longest line that opens a code block again is cut to this.</summary>
    private const int LongestOpening = 40;

    /// <summary>What closing and opening a code block takes.</summary>
    private const int Reserve = LongestOpening * 4 + 8;

    private static readonly SearchValues<char> SentenceEnds = SearchValues.Create("。！？；. ");

    /// <param name="text">Markdown.</param>
    /// <param name="mostBytes">Bytes of UTF-8 a message takes; at least 512.</param>
    /// <returns>At least one page; an empty text is one empty page.</returns>
    public static IReadOnlyList<string> Split(string text, int mostBytes)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(mostBytes, 512);
        if (Encoding.UTF8.GetByteCount(text) <= mostBytes) return [text];
        var pages = new List<string>();
        var opening = "";
        for (var start = 0; start < text.Length;)
        {
            var rest = text.AsSpan(start);
            var room = mostBytes - Encoding.UTF8.GetByteCount(opening);
            if (Encoding.UTF8.GetByteCount(rest) <= room)
            {
                pages.Add(opening + rest.ToString());
                break;
            }

            var end = start + Border(rest[..Fitting(rest, room - Reserve)]);
            var page = opening + text[start..end].TrimEnd('\n');
            opening = OpenBlock(page) is { } block ? block + "\n" : "";
            pages.Add(opening.Length > 0 ? page + "\n" + Fence : page);
            start = end;
            // A page does not begin with the empty line that ended the last; inside of a code block it belongs to the text.
            if (opening.Length == 0) while (start < text.Length && text[start] == '\n') start++;
        }

        return pages;
    }

    /// <summary>So many characters are at most so many bytes.</summary>
    public static int Fitting(ReadOnlySpan<char> text, int mostBytes)
    {
        int bytes = 0, length = 0;
        foreach (var rune in text.EnumerateRunes())
        {
            bytes += rune.Utf8SequenceLength;
            if (bytes > mostBytes) break;
            length += rune.Utf16SequenceLength;
        }

        return length;
    }

    /// <summary>Where to cut: not before the half, which would make crumbs.</summary>
    private static int Border(ReadOnlySpan<char> piece)
    {
        var half = piece.Length / 2;
        if (piece.LastIndexOf("\n\n") is var paragraph && paragraph > half) return paragraph + 2;
        if (piece.LastIndexOf('\n') is var line && line > half) return line + 1;
        if (piece.LastIndexOfAny(SentenceEnds) is var sentence && sentence > half) return sentence + 1;
        return piece.Length;
    }

    /// <summary>The line that opened a code block which is still open at the end; null: none is.</summary>
    private static string? OpenBlock(string page)
    {
        string? open = null;
        foreach (var line in page.AsSpan().EnumerateLines())
        {
            if (!line.TrimStart().StartsWith(Fence)) continue;
            open = open is null ? line.TrimStart()[..Math.Min(line.TrimStart().Length, LongestOpening)].ToString() : null;
        }

        return open;
    }
}
