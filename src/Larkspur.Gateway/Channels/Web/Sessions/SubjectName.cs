using System.Globalization;
using System.Text;

namespace Larkspur.Gateway.Channels.Web.Sessions;

/// <summary>
/// Ids and names that issuers give people. An id is compared exactly, so nothing is taken in it that cannot be seen or that looks like
/// something else.
/// </summary>
internal static class SubjectName
{
    public const int Longest = 200;

    /// <summary>What a subject may look like, for refusals.</summary>
    public const string Rule = "A subject has up to 200 visible characters, blanks only between them; "
        + "no control or invisible characters, combining marks, or full-width letters and digits.";

    /// <summary>It is written in the one way that is taken.</summary>
    public static bool IsSound(string text) =>
        text.Length is > 0 and <= Longest && text == text.Trim() && text.EnumerateRunes().All(IsSeen);

    /// <summary>
    /// A name that people are shown: emoji and every script, but nothing that hides or turns round what stands beside it.
    /// </summary>
    public static bool IsShownName(string text) => !text.EnumerateRunes().Any(r => IsBlank(r.Value)) && text.Trim('\u200c', '\u200d', ' ') == text.Trim() && !text.EnumerateRunes().Any(rune => Rune.IsControl(rune)
        || (Rune.GetUnicodeCategory(rune) is UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator
            && rune.Value is not (0x200c or 0x200d)));

    /// <summary>Letters and signs that show nothing: Hangul's fillers and the empty Braille pattern.</summary>
    private static bool IsBlank(int rune) => rune is 0x115f or 0x1160 or 0x3164 or 0xffa0 or 0x2800;

    private static bool IsSeen(Rune rune) => rune.Value == ' ' || (!IsBlank(rune.Value) && rune.Value is not (>= 0xff01 and <= 0xff5e)
        && Rune.GetUnicodeCategory(rune) is not (UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.Surrogate
        or UnicodeCategory.PrivateUse or UnicodeCategory.OtherNotAssigned
        or UnicodeCategory.SpaceSeparator or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator
        or UnicodeCategory.NonSpacingMark or UnicodeCategory.EnclosingMark));
}
