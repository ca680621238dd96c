using System.Text;

namespace Larkspur.Gateway.People.ScimTargets.Mapping;

/// <summary>
/// Family name and given name of what people are called. Directories of the platforms have one name; many targets refuse a user without
/// both parts, so it is taken apart as most people of such names would: Chinese behind the family name, others before it.
/// </summary>
internal static class NameParts
{
    /// <summary>Family names of two characters that are common enough to be known.</summary>
    private static readonly string[] Double =
    [
        "欧阳", "歐陽", "司马", "司馬", "诸葛", "諸葛", "上官", "司徒", "东方", "東方", "皇甫", "尉迟", "尉遲", "公孙", "公孫", "慕容", "令狐",
        "夏侯", "轩辕", "宇文", "长孙", "端木", "南宫", "独孤",
    ];

    /// <returns>Both empty where there is no name.</returns>
    public static (string Family, string Given) Of(string name)
    {
        var text = name.Trim();
        if (text.Length == 0) return ("", "");
        if (text.LastIndexOf(' ') is > 0 and var blank) return (text[(blank + 1)..], text[..blank].Trim());
        var runes = text.EnumerateRunes().ToArray();
        if (runes.Length is < 2 or > 4 || !runes.All(IsHan)) return (text, text);
        var family = Double.FirstOrDefault(d => text.StartsWith(d, StringComparison.Ordinal) && runes.Length > 2)
            ?? runes[0].ToString();
        return (family, text[family.Length..]);
    }

    private static bool IsHan(Rune rune) =>
        rune.Value is (>= 0x4e00 and <= 0x9fff) or (>= 0x3400 and <= 0x4dbf) or (>= 0x20000 and <= 0x323af);
}
