using System.Globalization;
using System.Text.RegularExpressions;
using Larkspur.DingTalk;
using Larkspur.DingTalk.Cards;
using Larkspur.Gateway.Apps.Feishu;

namespace Larkspur.Gateway.Platforms.DingTalk;

/// <summary>DingTalk apps from <c>DINGTALK_…</c> (the default app) and <c>Larkspur:DingTalk:Apps:{name}:…</c> (any number). See docs/dingtalk-gateway.md.</summary>
internal static partial class DingTalkSettings
{
    public const string Default = "default";

    private static readonly Dictionary<string, string> Variables = new(StringComparer.Ordinal)
    {
        ["ClientId"] = "DINGTALK_CLIENT_ID",
        ["ClientSecret"] = "DINGTALK_CLIENT_SECRET",
        ["RobotCode"] = "DINGTALK_ROBOT_CODE",
        ["CorpId"] = "DINGTALK_CORP_ID",
        ["Token"] = "DINGTALK_TOKEN",
        ["AesKey"] = "DINGTALK_AES_KEY",
        ["EventOwnerKey"] = "DINGTALK_EVENT_OWNER_KEY",
        ["CardCallbackSecret"] = "DINGTALK_CARD_CALLBACK_SECRET",
        ["CardRouteKey"] = "DINGTALK_CARD_ROUTE_KEY",
        ["BaseUrl"] = "DINGTALK_BASE_URL",
        ["EventMode"] = "DINGTALK_EVENT_MODE",
        ["StreamEvents"] = "DINGTALK_STREAM_EVENTS",
        ["CardTemplate"] = "DINGTALK_CARD_TEMPLATE",
        ["CardFrames"] = "DINGTALK_CARD_FRAMES",
        ["MonthlyCalls"] = "DINGTALK_MONTHLY_CALLS",
        ["MonthlyDeliveries"] = "DINGTALK_MONTHLY_DELIVERIES",
    };

    /// <summary>What names the default app: without one of these there is none.</summary>
    private static readonly string[] Naming = ["DINGTALK_CLIENT_ID", "DINGTALK_CLIENT_SECRET", "DINGTALK_ROBOT_CODE", "DINGTALK_TOKEN", "DINGTALK_AES_KEY"];

    /// <summary>What a configured app can have.</summary>
    public static string[] Names { get; } = [.. Variables.Keys];

    /// <summary>The apps, and what holds for the one of run time.</summary>
    public static ConfiguredDingTalkApps ReadAll(IConfiguration configuration, List<string> problems)
    {
        var apps = Read(configuration, problems);
        return new(apps, apps.ContainsKey(Default) ? null : Names.ToDictionary(key => key, key => configuration[Variables[key]],
            StringComparer.Ordinal));
    }

    /// <summary>The variable of a key: <c>ClientId</c> is <c>DINGTALK_CLIENT_ID</c>.</summary>
    internal static string Variable(string key) => Variables[key];

    /// <summary>The apps by name; what is wrong with them is added to <paramref name="problems"/> under the setting's name.</summary>
    public static IReadOnlyDictionary<string, DingTalkAppSettings> Read(IConfiguration configuration, List<string> problems)
    {
        var apps = new Dictionary<string, DingTalkAppSettings>(StringComparer.Ordinal);
        foreach (var section in configuration.GetSection("Larkspur:DingTalk:Apps").GetChildren())
        {
            if (AppName().IsMatch(section.Key)) apps[section.Key] = ReadApp(key => (section[key], $"{section.Path}:{key}"), problems);
            else problems.Add($"{section.Path}: an app's name is part of an address; use lower-case letters, digits and '-', at most 40");
        }

        // The environment comes first: it replaces a configured app of the same name as a whole.
        if (Naming.Any(name => configuration[name] is { Length: > 0 })) apps[Default] = ReadApp(key => (configuration[Variables[key]], Variables[key]), problems);
        foreach (var same in apps.Where(a => a.Value.Options.ClientId.Length > 0).GroupBy(a => a.Value.Options.ClientId).Where(g => g.Count() > 1))
            problems.Add($"DingTalk apps {string.Join(" and ", same.Select(a => a.Key))} have the same client id {same.Key}; configure it once");
        return apps;
    }

    /// <summary>One app.</summary>
    /// <param name="setting">A key's value, and what people know the setting by.</param>
    /// <param name="problems">Gets what is wrong.</param>
    internal static DingTalkAppSettings ReadApp(Func<string, (string? Value, string Name)> setting, List<string> problems)
    {
        var read = new Values(setting, problems);
        var options = new DingTalkOptions
        {
            ClientId = read.Required("ClientId", "the Client ID (AppKey) from the app's Credentials & Basic Info"),
            ClientSecret = read.Required("ClientSecret", "the Client Secret (AppSecret) from the app's Credentials & Basic Info"),
            RobotCode = read.Required("RobotCode", "the RobotCode from the app's Robot page; nothing can be sent without it"),
            Token = read.Optional("Token"),
            AesKey = read.Optional("AesKey"),
            EventOwnerKey = read.Optional("EventOwnerKey"),
            CardCallbackSecret = read.Optional("CardCallbackSecret"),
            BaseUrl = read.Address("BaseUrl"),
            MonthlyCalls = read.Number("MonthlyCalls", 0, 1_000_000_000) ?? 5_000,
            MonthlyDeliveries = read.Number("MonthlyDeliveries", 0, 1_000_000_000) ?? 3_000,
        };
        if (options.Token is null != options.AesKey is null)
            problems.Add($"{read.NameOf("Token")} and {read.NameOf("AesKey")} belong together: set both for encrypted events over HTTP, or none for Stream mode");
        if (options.Token is { } token && (token.Length is < 3 or > 32 || !token.All(char.IsAsciiLetterOrDigit))) problems.Add($"{read.NameOf("Token")}: 3 to 32 letters and digits");
        if (options.AesKey is { } key && (key.Length != 43 || !key.All(char.IsAsciiLetterOrDigit))) problems.Add($"{read.NameOf("AesKey")}: 43 letters and digits, as the console made it");
        var mode = read.Mode(options.Token is not null || options.AesKey is not null);
        var route = read.Optional("CardRouteKey");
        if (route is not null && options.CardCallbackSecret is null) problems.Add($"{read.NameOf("CardRouteKey")}: clicks that come over HTTP are checked with {read.NameOf("CardCallbackSecret")}; set it too");
        return new DingTalkAppSettings(options, mode)
        {
            StreamEvents = read.Flag("StreamEvents") ?? true,
            CorpId = read.Optional("CorpId"),
            CardTemplate = read.Optional("CardTemplate") is { } template ? template == "public" ? DingTalkCards.PublicAiTemplate : template : null,
            CardRouteKey = route,
            CardFrames = (int)(read.Number("CardFrames", 0, 200) ?? 12),
        };
    }

    /// <summary>One app's values; what is wrong with them is noted under the setting's name.</summary>
    private sealed class Values(Func<string, (string? Value, string Name)> setting, List<string> problems)
    {
        public string NameOf(string key) => setting(key).Name;

        public string? Optional(string key) => setting(key).Value?.Trim() is { Length: > 0 } value ? value : null;

        public string Required(string key, string what)
        {
            if (Optional(key) is { } value) return value;
            problems.Add($"{NameOf(key)}: missing. It is {what}");
            return "";
        }

        public Uri? Address(string key)
        {
            if (Optional(key) is not { } value) return null;
            if (Uri.TryCreate(value, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https") return uri;
            problems.Add($"{NameOf(key)}: \"{value}\" is not an http address");
            return null;
        }

        public long? Number(string key, long least, long most)
        {
            if (Optional(key) is not { } value) return null;
            if (long.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most) return number;
            problems.Add($"{NameOf(key)}: \"{value}\" is not a number from {least} to {most}");
            return null;
        }

        public bool? Flag(string key)
        {
            if (Optional(key) is not { } value) return null;
            if (bool.TryParse(value, out var flag)) return flag;
            problems.Add($"{NameOf(key)}: must be true or false");
            return null;
        }

        public DingTalkEventMode Mode(bool hasKeys)
        {
            switch (Optional("EventMode"))
            {
                case null:
                    return hasKeys ? DingTalkEventMode.Both : DingTalkEventMode.Stream;
                case "stream":
                    return DingTalkEventMode.Stream;
                case "webhook":
                    return DingTalkEventMode.Webhook;
                case "both":
                    return DingTalkEventMode.Both;
                case var other:
                    problems.Add($"{NameOf("EventMode")}: \"{other}\" is not one of stream, webhook, both");
                    return DingTalkEventMode.Stream;
            }
        }
    }

    [GeneratedRegex("^[a-z0-9][a-z0-9-]{0,39}$")]
    private static partial Regex AppName();
}

/// <summary>How what the platform delivers reaches the gateway.</summary>
[Flags]
internal enum DingTalkEventMode
{
    /// <summary>The gateway opens a WebSocket to the platform; it needs no address of its own.</summary>
    Stream = 1,

    /// <summary>The platform calls the gateway's address.</summary>
    Webhook = 2,

    /// <summary>Either way, as the console says for each.</summary>
    Both = Stream | Webhook,
}

/// <summary>One app's settings.</summary>
/// <param name="Options">Credentials, hosts, the month's allowance.</param>
/// <param name="Mode">How deliveries come.</param>
internal sealed record DingTalkAppSettings(DingTalkOptions Options, DingTalkEventMode Mode)
{
    /// <summary>The company's corpId: pages inside the client ask for a code of it. Null: not told; they sign in like a browser.</summary>
    public string? CorpId { get; init; }

    /// <summary>The stream subscribes to events beside messages and clicks.</summary>
    public bool StreamEvents { get; init; }

    /// <summary>Template of the AI card that answers are written into; null: answers are Markdown messages.</summary>
    public string? CardTemplate { get; init; }

    /// <summary>With webhooks alone: under which key the address for clicks was registered with the platform.</summary>
    public string? CardRouteKey { get; init; }

    /// <summary>Frames of an answer at most, its end not counted: each is a call of the month.</summary>
    public int CardFrames { get; init; }
}
