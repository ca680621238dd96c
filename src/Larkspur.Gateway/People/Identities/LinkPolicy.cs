using Larkspur.Gateway.Common.Localisation;
using Larkspur.Gateway.Settings;

namespace Larkspur.Gateway.People.Identities;

/// <summary>Which accounts may be linked by their owners, or by their mail address. What administrators join is their own
/// business.</summary>
internal sealed class LinkPolicy(ISettings settings)
{
    /// <summary>Platforms whose members may link.</summary>
    public const string Platforms = "people.link.platforms";

    /// <summary>Issuers of the web chat whose subjects may link.</summary>
    public const string WebIssuers = "people.link.web_issuers";

    /// <summary>Contacts from outside of the company may link too.</summary>
    public const string External = "people.link.external";

    private const string Web = "web";
    private const string Nothing = "none";
    private static readonly string[] Directories = ["feishu", "wecom", "dingtalk"];
    private static readonly char[] Separators = [',', ' ', '，', '、'];

    public static IReadOnlyList<SettingDefinition> Definitions { get; } =
    [
        new(Platforms, SettingKind.Text)
        {
            Default = string.Join(',', Directories), Longest = 100, Title = IdentityTexts.PlatformsWhoseMembersMayLink,
            Help = IdentityTexts.FeishuWecomDingtalkSeparated,
            Problem = text => text == Nothing || Words(text) is { Length: > 0 } words && words.All(word => Directories.Contains(word, StringComparer.Ordinal)) ? null
                : IdentityTexts.FeishuWecomAndDingtalkOrNone,
        },
        new(WebIssuers, SettingKind.Text)
        {
            Longest = 4000, Title = IdentityTexts.WebChatIssuersWhosePeopleMay,
            Help = IdentityTexts.IssuersSessionsSeparatedBy,
        },
        new(External, SettingKind.Flag)
        {
            Default = "false", Title = IdentityTexts.ExternalContactsMayLinkToo,
            Help = IdentityTexts.MembersOtherCompanies,
        },
    ];

    public bool Permits(PlatformAccount account) => Permits(account.Platform, account.Ids, account.IsExternal != false);

    public bool Permits(KnownAccount account) => Permits(account.Platform, account.Ids, account.IsExternal);

    private bool Permits(string platform, IReadOnlyList<PlatformIdentity> ids, bool isExternal)
    {
        var now = settings.Now;
        // The company's own log-in is nobody else's to speak for.
        if (platform == PlatformIdentity.IdentityProvider) return !isExternal;
        // A session that was begun for a person by id is no account.
        if (platform == Web) return ids is [{ Kind: "subject" } subject, ..] && Words(now.Text(WebIssuers)).Contains(subject.Scope, StringComparer.Ordinal);
        return Words(now.Text(Platforms)).Contains(platform, StringComparer.Ordinal) && (!isExternal || now.IsOn(External));
    }

    private static string[] Words(string? text) => text?.Split(Separators, StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries) ?? [];
}
