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

    public const string CorpId = "auth.dingtalk.corp_id";

    /// <summary><c>stream</c>, <c>webhook</c> or <c>both</c>.</summary>
    public const string EventMode = "auth.dingtalk.event_mode";

    public const string Token = "auth.dingtalk.token";

    public const string AesKey = "auth.dingtalk.aes_key";

    public const string CardTemplate = "auth.dingtalk.card_template";

    /// <summary>The settings that make the app, by the names of <see cref="DingTalkSettings"/>.</summary>
    internal static IReadOnlyDictionary<string, string> Keys { get; } = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["ClientId"] = ClientId, ["ClientSecret"] = ClientSecret, ["RobotCode"] = RobotCode, ["CorpId"] = CorpId,
            ["EventMode"] = EventMode, ["Token"] = Token,
        ["AesKey"] = AesKey, ["CardTemplate"] = CardTemplate,
    };

    /// <summary>All of them, in the order in which they are shown.</summary>
    public static IReadOnlyList<SettingDefinition> Definitions { get; } =
    [
        new(Enabled, SettingKind.Flag)
        {
            Default = "false", Title = DingTalkTexts.DingTalkIntegration,
            Help = DingTalkTexts.WhileItIsOffGatewayNeither,
        },
        Of("ClientId", SettingKind.Text) with { Longest = 64, Title = new("Client ID", "Client ID"),
            Help = DingTalkTexts.FromCredentialsBasicInfoIn },
        Of("ClientSecret", SettingKind.Secret) with { Title = new("Client Secret", "Client Secret"),
            Help = DingTalkTexts.OnSamePageAsClientIDNever },
        Of("RobotCode", SettingKind.Text) with { Longest = 64, Title = new("RobotCode", "RobotCode"),
            Help = DingTalkTexts.FromAppRobotPageNothingCanBe },
        Of("CorpId", SettingKind.Text) with { Longest = 64, Title = new("CorpId", "CorpId"), Help = DingTalkTexts.CorpIdHelp },
        Of("EventMode", SettingKind.Choice) with
        {
            Default = "stream", Choices = ["stream", "webhook", "both"], Title = DingTalkTexts.HowMessagesArrive,
            Help = DingTalkTexts.WithoutPublicAddressUse,
        },
        Of("Token", SettingKind.Secret) with
        {
            Title = DingTalkTexts.SigningToken, Help = DingTalkTexts.ForEventsOverHTTPAloneSetIt,
            Problem = text => text.Length is >= 3 and <= 32 && text.All(char.IsAsciiLetterOrDigit) ? null
                : DingTalkTexts.To32LettersAndDigits,
        },
        Of("AesKey", SettingKind.Secret) with
        {
            Title = DingTalkTexts.AESKey, Help = DingTalkTexts.CharactersAsDeveloperConsole,
            Problem = text => text.Length == 43 && text.All(char.IsAsciiLetterOrDigit) ? null
                : DingTalkTexts.AESKeyHas43LettersAndDigits,
        },
        Of("CardTemplate", SettingKind.Text) with
        {
            Longest = 100, Title = DingTalkTexts.AICardTemplate,
            Help = DingTalkTexts.OptionalPublicMeansDingTalk,
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
                options.RobotCode ?? ""), new(CorpId, app.CorpId ?? ""),
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
