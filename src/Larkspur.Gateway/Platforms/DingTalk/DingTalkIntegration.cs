using Larkspur.Gateway.Apps;
using Larkspur.Gateway.Settings;

namespace Larkspur.Gateway.Platforms.DingTalk;

/// <summary>The DingTalk app that administrators set at run time.</summary>
public static class DingTalkIntegration
{
    /// <summary>Off: the gateway neither receives from DingTalk nor sends there.</summary>
    public const string Enabled = "auth.dingtalk.enabled";

    public const string ClientId = "auth.dingtalk.client_id";

    public const string ClientSecret = "auth.dingtalk.client_secret";

    public const string RobotCode = "auth.dingtalk.robot_code";

    /// <summary><c>stream</c>, <c>webhook</c> or <c>both</c>.</summary>
    public const string EventMode = "auth.dingtalk.event_mode";

    public const string Token = "auth.dingtalk.token";

    public const string AesKey = "auth.dingtalk.aes_key";

    public const string CardTemplate = "auth.dingtalk.card_template";

    /// <summary>The settings that make the app, by the names of <see cref="DingTalkSettings"/>.</summary>
    internal static IReadOnlyDictionary<string, string> Keys { get; } = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["ClientId"] = ClientId, ["ClientSecret"] = ClientSecret, ["RobotCode"] = RobotCode, ["EventMode"] = EventMode, ["Token"] = Token,
        ["AesKey"] = AesKey, ["CardTemplate"] = CardTemplate,
    };

    /// <summary>All of them, in the order in which they are shown.</summary>
    public static IReadOnlyList<SettingDefinition> Definitions { get; } =
    [
        new(Enabled, SettingKind.Flag)
        {
            Default = "false", Title = new("启用钉钉集成", "DingTalk integration"),
            Help = new("关闭时，网关不接收钉钉的消息，也不向钉钉发送", "While it is off, the gateway neither receives from DingTalk nor sends there"),
        },
        Of("ClientId", SettingKind.Text) with { Longest = 64, Title = new("Client ID", "Client ID"),
            Help = new("开发者后台“凭证与基础信息”中的 Client ID（原 AppKey）", "From Credentials & Basic Info in the developer console (AppKey before)") },
        Of("ClientSecret", SettingKind.Secret) with { Title = new("Client Secret", "Client Secret"),
            Help = new("与 Client ID 在同一页面；保存后不再显示", "On the same page as the Client ID; never shown again once saved") },
        Of("RobotCode", SettingKind.Text) with { Longest = 64, Title = new("RobotCode", "RobotCode"),
            Help = new("应用“机器人”页面中的 RobotCode，没有它什么也发不出去", "From the app's Robot page; nothing can be sent without it") },
        Of("EventMode", SettingKind.Choice) with
        {
            Default = "stream", Choices = ["stream", "webhook", "both"], Title = new("消息接收方式", "How messages arrive"),
            Help = new("没有公网地址时用 Stream 模式", "Without a public address, use Stream mode"),
        },
        Of("Token", SettingKind.Secret) with
        {
            Title = new("签名 Token", "Signing token"), Help = new("只用于 HTTP 事件推送；与 AES 密钥一起填写",
                "For events over HTTP alone; set it together with the AES key"),
            Problem = text => text.Length is >= 3 and <= 32 && text.All(char.IsAsciiLetterOrDigit) ? null
                : new("3 到 32 个字母和数字", "3 to 32 letters and digits"),
        },
        Of("AesKey", SettingKind.Secret) with
        {
            Title = new("加密 AES 密钥", "AES key"), Help = new("43 个字符，由开发者后台生成", "43 characters, as the developer console made it"),
            Problem = text => text.Length == 43 && text.All(char.IsAsciiLetterOrDigit) ? null
                : new("AES 密钥是 43 个字母和数字", "An AES key has 43 letters and digits"),
        },
        Of("CardTemplate", SettingKind.Text) with
        {
            Longest = 100, Title = new("AI 卡片模板 ID", "AI card template"),
            Help = new("可选；public 表示钉钉的公共模板。留空时，回答写完后以消息发出",
                "Optional; public means DingTalk's own. Without one, answers come as messages when they are whole"),
        },
    ];

    /// <summary>Where the environment or the configuration names the default app, it names the whole app: none of these can be changed at
    /// run time then.</summary>
    internal static IEnumerable<FixedSetting> FixedBy(ConfiguredDingTalkApps configured)
    {
        if (!configured.Apps.TryGetValue(DingTalkSettings.Default, out var app)) return [];
        var options = app.Options;
        return
        [
            new(Enabled, "true"), new(ClientId, options.ClientId), new(ClientSecret, options.ClientSecret), new(RobotCode,
                options.RobotCode ?? ""),
            new(EventMode, app.Mode switch { DingTalkEventMode.Stream => "stream", DingTalkEventMode.Webhook => "webhook", _ => "both" }),
            new(Token, options.Token ?? ""), new(AesKey, options.AesKey ?? ""), new(CardTemplate, app.CardTemplate ?? ""),
        ];
    }

    /// <summary>What is entered to connect the app.</summary>
    internal static AppSetup Setup { get; } = new(DingTalkApps.Platform, Enabled, [.. Keys.Values], Needed, "/webhook/dingtalk");

    /// <summary>The app that the settings describe.</summary>
    /// <param name="settings">The settings.</param>
    /// <param name="hosts">What the environment says beside it, by the names of <see cref="DingTalkSettings"/>.</param>
    /// <exception cref="ArgumentException">They do not fit.</exception>
    internal static DingTalkAppSettings Read(SettingsState settings, IReadOnlyDictionary<string, string?> hosts)
    {
        var problems = new List<string>();
        var read = DingTalkSettings.ReadApp(Value, problems);
        return problems.Count == 0 ? read : throw new ArgumentException(string.Join("; ", problems));

        (string? Value, string Name) Value(string key) => Keys.TryGetValue(key, out var setting)
            ? (settings.Text(setting), setting)
            : (hosts.GetValueOrDefault(key), DingTalkSettings.Variable(key));
    }

    private static IReadOnlyList<string> Needed(SettingsState settings) => settings.Text(EventMode) == "stream"
        ? [ClientId, ClientSecret, RobotCode]
        : [ClientId, ClientSecret, RobotCode, Token, AesKey];

    private static SettingDefinition Of(string name, SettingKind kind) =>
        new(Keys[name], kind) { Variable = DingTalkSettings.Variable(name) };
}
