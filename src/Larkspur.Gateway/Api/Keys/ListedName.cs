using System.Globalization;
using System.Text;

namespace Larkspur.Gateway.Api.Keys;

/// <summary>
/// Names that people tell apart in lists: of keys and of business systems. Two that look alike would be taken for one another, and one that
/// turns its surroundings round would say something else.
/// </summary>
internal static class ListedName
{
    /// <summary>What such a name may look like, for refusals.</summary>
    public const string Rule = "A name has letters, digits and signs of any script, and blanks only between them; "
        + "no control characters, and none that cannot be seen or that change the direction of what stands beside them.";

    /// <summary>Everything in it is seen, and stands where it is written.</summary>
    public static bool IsSound(string text) => text.Length > 0 && text == text.Trim() && text.EnumerateRunes().All(IsSeen);

    private static bool IsSeen(Rune rune) => rune.Value == ' ' || (!ShowsNothing(rune.Value) && Rune.GetUnicodeCategory(rune) is not (
        UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.Surrogate or UnicodeCategory.PrivateUse
        or UnicodeCategory.OtherNotAssigned or UnicodeCategory.SpaceSeparator or UnicodeCategory.LineSeparator
        or UnicodeCategory.ParagraphSeparator));

    /// <summary>
    /// Letters and marks that are drawn as nothing (Unicode's Default_Ignorable_Code_Point, as far as their category does not say so), the
    /// empty Braille pattern, and what a half character is read as.
    /// </summary>
    private static bool ShowsNothing(int rune) => rune is 0x34f or 0x115f or 0x1160 or 0x17b4 or 0x17b5 or 0x2800 or 0x3164 or 0xffa0
        or 0xfffd or (>= 0x180b and <= 0x180f) or (>= 0xfe00 and <= 0xfe0f) or (>= 0xe0000 and <= 0xe0fff);
}
