using System.Text;

namespace Larkspur.WeCom;

/// <summary>Text by the platform's measure: bytes of UTF-8.</summary>
public static class WeComText
{
    /// <summary>Cuts a long text into pieces that fit, at line ends where possible, then at spaces, never inside a character.</summary>
    /// <param name="text">The text. Joined, the pieces are the text again.</param>
    /// <param name="mostBytes">Bytes a piece may have, at least 16: 2,048 for application text and Markdown, 4,096 for Markdown of a group robot.</param>
    /// <returns>Nothing for an empty text.</returns>
    public static IReadOnlyList<string> Split(string text, int mostBytes)
    {
        ArgumentNullException.ThrowIfNull(text);
        ArgumentOutOfRangeException.ThrowIfLessThan(mostBytes, 16);
        var pieces = new List<string>();
        int start = 0;
        while (start < text.Length)
        {
            int end = start + TextTruncation.LengthWithin(text, start, mostBytes);
            if (end < text.Length)
            {
                int line = text.LastIndexOf('\n', end - 1, end - start);
                int space = line >= start ? line : text.LastIndexOf(' ', end - 1, end - start);
                // Half a piece at least: a break near the start would make crumbs.
                if (space - start > (end - start) / 2) end = space + 1;
            }

            pieces.Add(text[start..end]);
            start = end;
        }

        return pieces;
    }

    /// <summary>The start of a text that fits, with <c>…</c> in place of what does not. For what may lose its end, a preview for instance.</summary>
    public static string Shorten(string text, int mostBytes)
    {
        ArgumentNullException.ThrowIfNull(text);
        ArgumentOutOfRangeException.ThrowIfLessThan(mostBytes, 16);
        return Encoding.UTF8.GetByteCount(text) <= mostBytes ? text : text[..TextTruncation.LengthWithin(text, 0, mostBytes - 3)] + "…";
    }
}
