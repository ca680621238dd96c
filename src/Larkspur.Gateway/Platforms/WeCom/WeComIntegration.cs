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

    /// <summary>The settings that make the app, by the names of <see cref="WeComSettings"/>.</summary>
    internal static IReadOnlyDictionary<string, string> Keys { get; } = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["CorpId"] = CorpId, ["AgentId"] = AgentId, ["Secret"] = Secret, ["Token"] = Token, ["EncodingAesKey"] = EncodingAesKey,
        ["AiBotId"] = AiBotId, ["AiBotSecret"] = AiBotSecret,
    };

    /// <summary>All of them, in the order in which they are shown.</summary>
    public static IReadOnlyList<SettingDefinition> Definitions { get; } =
    [
        new(Enabled, SettingKind.Flag)
        {
            Default = "false", Title = new("启用企业微信集成", "WeCom integration"),
            Help = new("关闭时，网关不接收企业微信的消息，也不向企业微信发送", "While it is off, the gateway neither receives from WeCom nor sends there"),
        },
        Of("CorpId", SettingKind.Text) with
        {
            Longest = 64, Title = new("企业 ID", "Corp ID"), Help = new("管理后台“我的企业”页面底部，形如 ww…",
                "At the foot of My Company in the admin console; it begins with ww"),
        },
        Of("AgentId", SettingKind.Text) with
        {
            Longest = 10, Title = new("AgentId", "AgentId"), Help = new("自建应用详情页中的 AgentId，形如 1000002",
                "On the page of the self-built app, like 1000002"),
            Problem = text => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var agent) && agent > 0
                ? null : new("AgentId 是一个正整数，如 1000002", "An AgentId is a positive number, like 1000002"),
        },
        Of("Secret", SettingKind.Secret) with { Title = new("应用 Secret", "App Secret"), Help = new("与 AgentId 在同一页面；保存后不再显示",
            "On the same page as the AgentId; never shown again once saved") },
        Of("Token", SettingKind.Secret) with { Title = new("Token", "Token"), Help = new("应用“接收消息”中的 Token；没有它，按钮和消息都收不到",
            "From Receive messages of the app; without it neither clicks nor messages arrive") },
        Of("EncodingAesKey", SettingKind.Secret) with
        {
            Title = new("EncodingAESKey", "EncodingAESKey"), Help = new("与 Token 在同一页面，43 个字符",
                "On the same page as the Token; 43 characters"),
            Problem = text => text.Length == 43 && text.All(char.IsAsciiLetterOrDigit) ? null : new("EncodingAESKey 是 43 个字母和数字",
                "An EncodingAESKey has 43 letters and digits"),
        },
        Of("AiBotId", SettingKind.Text) with { Longest = 64, Title = new("智能机器人 Bot ID", "AI bot: Bot ID"),
            Help = new("可选。“智能机器人”以 API 模式创建后显示", "Optional. Shown when an AI bot is created in API mode") },
        Of("AiBotSecret", SettingKind.Secret) with { Title = new("智能机器人 Secret", "AI bot: Secret"), Help = new("选择“长连接”时的 Secret，不需要公网地址",
            "The Secret of the long connection, which needs no public address") },
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
