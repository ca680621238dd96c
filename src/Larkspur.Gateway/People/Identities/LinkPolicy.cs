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
            Default = string.Join(',', Directories), Longest = 100, Title = new("可自行关联账号的平台", "Platforms whose members may link their accounts"),
            Help = new("feishu、wecom、dingtalk，以逗号分隔；none 表示都不可以", "feishu, wecom, dingtalk, separated by commas; none: nobody may"),
            Problem = text => text == Nothing || Words(text) is { Length: > 0 } words && words.All(word => Directories.Contains(word, StringComparer.Ordinal)) ? null
                : new LocalText("只能是 feishu、wecom、dingtalk 或 none", "feishu, wecom and dingtalk, or none"),
        },
        new(WebIssuers, SettingKind.Text)
        {
            Longest = 4000, Title = new("可自行关联账号的网页聊天签发方", "Web-chat issuers whose people may link their accounts"),
            Help = new("会话的 issuer，以逗号分隔；留空表示都不可以。网页会话的姓名和身份只是签发方的说法",
                "Issuers of sessions, separated by commas; empty: none. Whom a web session is for is only what its issuer says"),
        },
        new(External, SettingKind.Flag)
        {
            Default = "false", Title = new("允许外部联系人关联", "External contacts may link too"),
            Help = new("其他企业的成员、外部联系人，以及平台未说明所属企业的人", "Members of other companies, external contacts, and people of whom the platform does not say which company they are of"),
        },
    ];

    public bool Permits(PlatformAccount account) => Permits(account.Platform, account.Ids, account.IsExternal != false);

    public bool Permits(KnownAccount account) => Permits(account.Platform, account.Ids, account.IsExternal);

    private bool Permits(string platform, IReadOnlyList<PlatformIdentity> ids, bool isExternal)
    {
        var now = settings.Now;
        // A session that was begun for a person by id is no account.
        if (platform == Web) return ids is [{ Kind: "subject" } subject, ..] && Words(now.Text(WebIssuers)).Contains(subject.Scope, StringComparer.Ordinal);
        return Words(now.Text(Platforms)).Contains(platform, StringComparer.Ordinal) && (!isExternal || now.IsOn(External));
    }

    private static string[] Words(string? text) => text?.Split(Separators, StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries) ?? [];
}
