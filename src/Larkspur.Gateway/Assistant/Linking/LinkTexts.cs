using System.Globalization;
using System.Text;
using Larkspur.Gateway.Common.Localisation;
using Larkspur.Gateway.People.Identities;

namespace Larkspur.Gateway.Assistant.Linking;

/// <summary>Texts about accounts that are linked.</summary>
internal static class LinkTexts
{
    /// <summary>Characters of a name or issuer that are shown: what is longer would push the question out of sight.</summary>
    private const int Longest = 60;

    /// <summary>An account as its owner would know it: the name that it has there, the platform, and who says that it has that
    /// name.</summary>
    public static string Of(Language language, KnownAccount account)
    {
        var main = account.Ids is [var first, ..] ? first : default;
        var name = Clean(account.Name) is { Length: > 0 } known ? known : Clean(main.Value);
        var platform = language.Get("platform." + account.Platform);
        if (account.Platform == "web") return language.Get("assistant.link.account.issuer", name, platform, Clean(main.Scope));
        return language.Get(account.IsExternal ? "assistant.link.account.external" : "assistant.link.account", name, platform);
    }

    public static string Of(Language language, IEnumerable<KnownAccount> accounts) => string.Join(language == Language.Chinese ? "、" : ", ", accounts.Select(a => Of(language, a)));

    /// <summary>What is said of a decision, which has no figures in it.</summary>
    public static string KeyOf(LinkOutcome outcome) => outcome switch
    {
        LinkOutcome.Linked => "assistant.link.confirmed",
        LinkOutcome.Refused => "assistant.link.not_wanted",
        LinkOutcome.Undone => "assistant.link.undone",
        LinkOutcome.ExpiredRequest => "assistant.link.request_expired",
        LinkOutcome.NothingToUndo => "assistant.link.nothing_to_undo",
        LinkOutcome.NotPermitted => "assistant.link.not_permitted",
        LinkOutcome.TwoPeople => "assistant.link.two_people",
        LinkOutcome.Disabled => "assistant.refused",
        _ => "assistant.link.nothing_asked",
    };

    /// <summary>It came to what was wanted.</summary>
    public static bool IsDone(LinkOutcome outcome) => outcome is LinkOutcome.Linked or LinkOutcome.Refused or LinkOutcome.Undone;

    /// <summary>Somebody chose this name: nothing in it may turn the line around, hide a part of it or begin another one.</summary>
    private static string Clean(string? text)
    {
        var clean = new StringBuilder();
        foreach (var rune in (text ?? "").EnumerateRunes())
        {
            if (Rune.GetUnicodeCategory(rune) is UnicodeCategory.Format or UnicodeCategory.Control or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator or UnicodeCategory.PrivateUse) continue;
            if (rune.Value is '“' or '”' or '"' or '「' or '」') continue;
            clean.Append(Rune.IsWhiteSpace(rune) ? " " : rune.ToString());
            if (clean.Length >= Longest) return clean.Append('…').ToString();
        }

        return clean.ToString().Trim();
    }
}
