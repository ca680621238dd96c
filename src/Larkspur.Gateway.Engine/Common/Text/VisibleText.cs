using System.Globalization;
using System.Text;

namespace Larkspur.Gateway.Common.Text;

/// <summary>Which characters people see where they are written: names and ids of others are told apart by eye.</summary>
internal static class VisibleText
{
    /// <summary>Letters and signs that show nothing: Hangul's fillers and the empty Braille pattern.</summary>
    public static bool IsBlank(Rune rune) => rune.Value is 0x115f or 0x1160 or 0x3164 or 0xffa0 or 0x2800;

    /// <summary>It is seen and turns nothing round; of blanks, the plain one.</summary>
    public static bool IsSeen(Rune rune) => rune.Value == ' ' || (!IsBlank(rune) && !IsIgnored(rune.Value)
        && Rune.GetUnicodeCategory(rune) is not (UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.Surrogate
            or UnicodeCategory.PrivateUse or UnicodeCategory.OtherNotAssigned or UnicodeCategory.SpaceSeparator
            or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator));

    /// <summary>What somebody outside said, for people to read: what is seen of it, so long at most.</summary>
    public static string Of(string text, int longest)
    {
        var seen = new StringBuilder();
        foreach (var rune in text.EnumerateRunes())
        {
            if (seen.Length >= longest) break;
            if (IsSeen(rune)) seen.Append(rune);
        }

        return seen.ToString();
    }

    /// <summary>Marks that are drawn as nothing (Unicode's Default_Ignorable_Code_Point, as far as their category does not say so), and
    /// what a half character is read as.</summary>
    private static bool IsIgnored(int rune) => rune is 0x34f or 0x17b4 or 0x17b5 or 0xfffd or (>= 0x180b and <= 0x180f)
        or (>= 0xfe00 and <= 0xfe0f) or (>= 0xe0000 and <= 0xe0fff);
}
