using System.Globalization;
using System.Text;

namespace Larkspur.Gateway.Assistant;

/// <summary>
/// Short texts of others (a document's title) where they stand inside marks, in an attribute or in a sentence of ours: they must not end
/// either and speak on in our voice.
/// </summary>
internal static class OutsideText
{
    private const int Longest = 200;

    /// <summary>
    /// On one line, without what opens, closes or quotes: angle brackets, controls, marks that turn the direction of writing. Double
    /// quotes become single ones.
    /// </summary>
    public static string Line(string said)
    {
        var line = new StringBuilder(Math.Min(said.Length, Longest));
        foreach (var rune in said.EnumerateRunes())
        {
            if (line.Length >= Longest) return line.Append('…').ToString().Trim();
            if (rune.Value is '<' or '>' || rune == Rune.ReplacementChar) continue;
            switch (Rune.GetUnicodeCategory(rune))
            {
                case UnicodeCategory.Control or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator:
                    line.Append(' ');
                    break;
                case UnicodeCategory.Format or UnicodeCategory.PrivateUse or UnicodeCategory.OtherNotAssigned:
                    break;
                default:
                    line.Append(rune.Value is '"' ? "'" : rune.ToString());
                    break;
            }
        }

        return line.ToString().Trim();
    }
}
