using System.Buffers;
using System.Text;

namespace Larkspur.Gateway.Platforms.WeCom;

/// <summary>Cuts an answer into messages: at an empty line where possible, then at a line's end, a space, and never inside a character. A code block that is cut is closed and opened again.</summary>
internal static class WeComPages
{
    /// <summary>What closing a code block takes.</summary>
    private const int Reserve = CodeFence.MostMarks + 1;

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
            var block = CodeFence.OpenIn(page);
            opening = block is null ? "" : block.Line + "\n";
            pages.Add(block is null ? page : page + "\n" + block.Marks);
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
}
