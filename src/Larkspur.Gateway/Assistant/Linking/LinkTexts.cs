using System.Globalization;
using System.Text;
using Larkspur.Gateway.Common.Localisation;
using Larkspur.Gateway.People.Identities;

namespace Larkspur.Gateway.Assistant.Linking;

/// <summary>Texts about accounts that are linked.</summary>
internal static partial class LinkTexts
{
    /// <summary>Characters of a name or issuer that are shown: what is longer would push the question out of sight.</summary>
    private const int Longest = 60;

    /// <summary>An account as its owner would know it: the name that it has there, the platform, and who says that it has that
    /// name.</summary>
    public static string Of(Language language, KnownAccount account)
    {
        var main = account.Ids is [var first, ..] ? first : default;
        var name = Clean(account.Name) is { Length: > 0 } known ? known : Clean(main.Value);
        var platform = BotTexts.FindPlatform(account.Platform);
        if (account.Platform == "web") return AccountIssuer(name, platform, Clean(main.Scope)).In(language);
        return (account.IsExternal ? AccountExternal(name, platform) : Account(name, platform)).In(language);
    }

    public static string Of(Language language, IEnumerable<KnownAccount> accounts) => 
        LocalText.List(accounts.Select(a => Of(language, a))).In(language);

    /// <summary>What is said of a decision, which has no figures in it.</summary>
    public static LocalText Of(LinkOutcome outcome) => outcome switch
    {
        LinkOutcome.Linked => Confirmed,
        LinkOutcome.Refused => NotWanted,
        LinkOutcome.Undone => Undone,
        LinkOutcome.ExpiredRequest => RequestExpired,
        LinkOutcome.NothingToUndo => NothingToUndo,
        LinkOutcome.NotPermitted => NotPermitted,
        LinkOutcome.TwoPeople => TwoPeople,
        LinkOutcome.Disabled => AssistantTexts.Refused,
        _ => NothingAsked,
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
