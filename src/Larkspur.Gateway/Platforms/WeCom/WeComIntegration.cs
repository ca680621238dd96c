using System.Globalization;
using Larkspur.Gateway.Apps;
using Larkspur.Gateway.Settings;

namespace Larkspur.Gateway.Platforms.WeCom;

/// <summary>The WeCom app that administrators set at run time: an application, an AI bot, or both.</summary>
public static class WeComIntegration
{
    /// <summary>Off: the gateway neither receives from WeCom nor sends there.</summary>
    public const string Enabled = "auth.wecom.enabled";

    public const string CorpId = "auth.wecom.corp_id";

    public const string AgentId = "auth.wecom.agent_id";

    public const string Secret = "auth.wecom.secret";

    public const string Token = "auth.wecom.token";

    public const string EncodingAesKey = "auth.wecom.encoding_aes_key";

    public const string AiBotId = "auth.wecom.aibot_id";

    public const string AiBotSecret = "auth.wecom.aibot_secret";

    public const string ContactSecret = "auth.wecom.contact_secret";

    /// <summary>The settings that make the app, by the names of <see cref="WeComSettings"/>.</summary>
    internal static IReadOnlyDictionary<string, string> Keys { get; } = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["CorpId"] = CorpId, ["AgentId"] = AgentId, ["Secret"] = Secret, ["Token"] = Token, ["EncodingAesKey"] = EncodingAesKey,
        ["AiBotId"] = AiBotId, ["AiBotSecret"] = AiBotSecret, ["ContactSecret"] = ContactSecret,
    };

    /// <summary>All of them, in the order in which they are shown.</summary>
    public static IReadOnlyList<SettingDefinition> Definitions { get; } =
    [
        new(Enabled, SettingKind.Flag)
        {
            Default = "false", Title = WeComTexts.WeComIntegration,
            Help = WeComTexts.WhileItIsOffGatewayNeither,
        },
        Of("CorpId", SettingKind.Text) with
        {
            Longest = 64, Title = WeComTexts.CorpID, Help = WeComTexts.AtFootMyCompanyInAdmin,
        },
        Of("AgentId", SettingKind.Text) with
        {
            Longest = 10, Title = new("AgentId", "AgentId"), Help = WeComTexts.OnPageSelfBuiltAppLike,
            Problem = text => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var agent) && agent > 0
                ? null : WeComTexts.AgentIdIsPositiveNumberLike,
        },
        Of("Secret", SettingKind.Secret) with { Title = WeComTexts.AppSecret, Help = WeComTexts.OnSamePageAsAgentIdNever },
        Of("Token", SettingKind.Secret) with { Title = new("Token", "Token"), Help = WeComTexts.FromReceiveMessagesApp },
        Of("EncodingAesKey", SettingKind.Secret) with
        {
            Title = new("EncodingAESKey", "EncodingAESKey"), Help = WeComTexts.OnSamePageAsToken43,
            Problem = text => text.Length == 43 && text.All(char.IsAsciiLetterOrDigit) ? null : WeComTexts.EncodingAESKeyHas43Letters,
        },
        Of("AiBotId", SettingKind.Text) with { Longest = 64, Title = WeComTexts.AIBotBotID,
            Help = WeComTexts.OptionalShownWhenAIBotIs },
        Of("AiBotSecret", SettingKind.Secret) with { Title = WeComTexts.AIBotSecret, Help = WeComTexts.SecretLongConnectionWhich },
        Of("ContactSecret", SettingKind.Secret) with { Title = WeComTexts.ContactSecret, Help = WeComTexts.ContactSecretHelp },
    ];

    /// <summary>Where the environment or the configuration names the default app, it names the whole app: none of these can be changed at
    /// run time then.</summary>
    internal static IEnumerable<FixedSetting> FixedBy(ConfiguredWeComApps configured)
    {
        if (!configured.Apps.TryGetValue(WeComSettings.Default, out var app)) return [];
        return
        [
            new(Enabled, "true"), new(CorpId, app.CorpId
                ?? ""), new(AgentId, app.Application?.AgentId?.ToString(CultureInfo.InvariantCulture) ?? ""),
            new(Secret, app.Application?.Secret ?? ""), new(Token, app.Application?.Token
                ?? ""), new(EncodingAesKey, app.Application?.EncodingAesKey ?? ""),
            new(AiBotId, app.Bot?.BotId ?? ""), new(AiBotSecret, app.Bot?.Secret ?? ""),
            new(ContactSecret, app.Contacts?.Secret ?? ""),
        ];
    }

    /// <summary>What is entered to connect the app.</summary>
    internal static AppSetup Setup { get; } = new(WeComApps.Platform, Enabled, [.. Keys.Values], Needed, "/webhook/wecom");

    /// <summary>The app that the settings describe.</summary>
    /// <param name="settings">The settings.</param>
    /// <param name="hosts">What the environment says of hosts and rates, by the names of <see cref="WeComSettings"/>.</param>
    /// <exception cref="ArgumentException">They do not fit.</exception>
    internal static WeComAppSettings Read(SettingsState settings, IReadOnlyDictionary<string, string?> hosts)
    {
        var problems = new List<string>();
        var read = WeComSettings.ReadApp(Value, problems);
        return problems.Count == 0 ? read : throw new ArgumentException(string.Join("; ", problems));

        (string? Value, string Name) Value(string key) => Keys.TryGetValue(key, out var setting)
            ? (settings.Text(setting), setting)
            : (hosts.GetValueOrDefault(key), WeComSettings.Variable(key));
    }

    /// <summary>An application needs all three of its values, a bot both, and one of the two has to be.</summary>
    private static IReadOnlyList<string> Needed(SettingsState settings)
    {
        string[] application = [CorpId, AgentId, Secret], bot = [AiBotId, AiBotSecret], callback = [Token, EncodingAesKey];
        var isBot = bot.Any(Has);
        var needed = new List<string>();
        // A bot may name its corp, and have no application.
        if (!isBot || Has(AgentId) || Has(Secret)) needed.AddRange(application);
        if (callback.Any(Has)) needed.AddRange(callback);
        if (isBot) needed.AddRange(bot);
        return needed;

        bool Has(string key) => settings.Text(key) is not null;
    }

    private static SettingDefinition Of(string name, SettingKind kind) => new(Keys[name], kind) { Variable = WeComSettings.Variable(name) };
}
