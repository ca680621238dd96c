using System.Text;

namespace Larkspur;

/// <summary>Shortens texts without cutting a character in two.</summary>
public static class TextTruncation
{
    /// <summary>The start of a text, with <c>…</c> in place of what does not fit.</summary>
    /// <param name="text">The text.</param>
    /// <param name="mostChars">UTF-16 units that are kept of it; the <c>…</c> comes on top.</param>
    public static string Truncate(this string text, int mostChars)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (text.Length <= mostChars) return text;
        int length = mostChars > 0 && char.IsHighSurrogate(text[mostChars - 1]) ? mostChars - 1 : mostChars;
        return string.Concat(text.AsSpan(0, length), "…");
    }

    /// <summary>The start of what should have been something else (an error page, for instance), on one line.</summary>
    /// <param name="text">The text.</param>
    /// <param name="mostChars">UTF-16 units at most.</param>
    public static string Excerpt(string text, int mostChars)
    {
        ArgumentNullException.ThrowIfNull(text);
        var line = new StringBuilder(mostChars);
        foreach (char c in text)
        {
            if (line.Length == mostChars) break;
            if (!char.IsControl(c)) line.Append(c);
            else if (line.Length > 0 && line[^1] != ' ') line.Append(' ');
        }

        return line.ToString().Trim();
    }

    /// <summary>How many UTF-16 units of a text, from a place on, fit into so many bytes of UTF-8.</summary>
    /// <param name="text">The text.</param>
    /// <param name="start">Where to begin.</param>
    /// <param name="mostBytes">Bytes there are.</param>
    public static int LengthWithin(string text, int start, int mostBytes)
    {
        int bytes = 0, length = 0;
        foreach (Rune rune in text.AsSpan(start).EnumerateRunes())
        {
            if ((bytes += rune.Utf8SequenceLength) > mostBytes) break;
            length += rune.Utf16SequenceLength;
        }

        return length;
    }
}
