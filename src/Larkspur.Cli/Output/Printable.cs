using System.Globalization;
using System.Text;

namespace Larkspur.Cli.Output;

/// <summary>What others wrote must not steer the terminal: controls, and marks that turn the direction of writing, are shown as what they are.</summary>
internal static class Printable
{
    /// <summary>On one line.</summary>
    public static string Line(string text) => Escape(text, lines: false);

    /// <summary>With its line breaks.</summary>
    public static string Lines(string text) => Escape(text, lines: true);

    /// <summary>On one line of at most so many characters.</summary>
    public static string Short(string text, int most)
    {
        // Cut before it is escaped: an escape sequence must not be cut in two.
        var runes = text.EnumerateRunes().Take(most + 1).ToList();
        return runes.Count <= most ? Line(text) : Line(string.Concat(runes.Take(most - 1))) + "…";
    }

    private static string Escape(string text, bool lines)
    {
        StringBuilder? escaped = null;
        for (var i = 0; i < text.Length; i++)
        {
            var width = char.IsHighSurrogate(text[i]) && i + 1 < text.Length && char.IsLowSurrogate(text[i + 1]) ? 2 : 1;
            if (width == 2 || IsHarmless(text[i], lines))
            {
                escaped?.Append(text, i, width);
                i += width - 1;
                continue;
            }

            escaped ??= new StringBuilder(text, 0, i, text.Length + 16);
            escaped.Append(text[i] switch { '\n' => "\\n", '\r' => "\\r", '\t' => "\\t", var c => $"\\u{(int)c:x4}" });
        }

        return escaped?.ToString() ?? text;
    }

    private static bool IsHarmless(char c, bool lines) => c switch
    {
        '\n' => lines,
        '\u200d' => true, // joins the parts of an emoji
        _ => char.GetUnicodeCategory(c) is not (UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator or UnicodeCategory.Surrogate),
    };
}
