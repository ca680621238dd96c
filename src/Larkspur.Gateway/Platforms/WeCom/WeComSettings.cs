using System.Globalization;
using System.Text.RegularExpressions;
using Larkspur.WeCom;
using Larkspur.WeCom.AiBots;
using Larkspur.WeCom.Callbacks;

namespace Larkspur.Gateway.Platforms.WeCom;

/// <summary>WeCom apps from <c>WECOM_…</c> (the default app) and <c>Larkspur:WeCom:Apps:{name}:…</c> (any number). An app is an application, an AI bot, or both.</summary>
internal static partial class WeComSettings
{
    public const string Default = "default";
    private const string Section = "Larkspur:WeCom:Apps";

    /// <summary>Where an AI bot's long connection goes when <c>WECOM_BASE_URL</c> is no address of this machine: a proxy of the API need not carry sockets.</summary>
    private static readonly Uri PlatformSocket = new("wss://openws.work.weixin.qq.com");

    /// <summary>Keys that make the environment name an app; hosts alone do not.</summary>
    private static readonly string[] Naming = ["CorpId", "AgentId", "Secret", "Token", "EncodingAesKey", "AiBotId", "AiBotSecret", "AiBotToken", "AiBotEncodingAesKey"];

    /// <summary>What a configured app can have.</summary>
    public static string[] Names { get; } = [.. Naming, "ContactSecret", "AiBotUrl", "AiBotName", "RateFactor", "BaseUrl"];

    /// <summary>The apps, and what holds for the one of run time.</summary>
    public static ConfiguredWeComApps ReadAll(IConfiguration configuration, List<string> problems)
    {
        var apps = Read(configuration, problems);
        return new(apps, apps.ContainsKey(Default) ? null : ReadHosts(configuration));
    }

    public static IReadOnlyDictionary<string, WeComAppSettings> Read(IConfiguration configuration, List<string> problems)
    {
        var apps = new Dictionary<string, WeComAppSettings>(StringComparer.Ordinal);
        foreach (var section in configuration.GetSection(Section).GetChildren())
        {
            if (AppName().IsMatch(section.Key)) apps[section.Key] = ReadApp(key => (section[key], $"{section.Path}:{key}"), problems);
            else problems.Add($"{section.Path}: an app's name is part of an address; use lower-case letters, digits and '-', at most 40");
        }

        // The environment comes first: it replaces a configured app of the same name as a whole.
        if (Naming.Any(key => !string.IsNullOrEmpty(configuration[Variable(key)]))) apps[Default] = ReadApp(key => (configuration[Variable(key)], Variable(key)), problems);
        foreach (var same in apps.Where(a => a.Value.Bot is { BotId.Length: > 0 }).GroupBy(a => a.Value.Bot!.BotId).Where(g => g.Count() > 1))
            problems.Add($"WeCom apps {string.Join(" and ", same.Select(a => a.Key))} have the same AI bot {same.Key}; it has one connection, configure it once");
        return apps;
    }

    /// <summary>What the environment says of an app that it does not name: hosts and rates.</summary>
    public static IReadOnlyDictionary<string, string?> ReadHosts(IConfiguration configuration) =>
        Names.Except(Naming).ToDictionary(key => key, key => configuration[Variable(key)], StringComparer.Ordinal);

    /// <summary>What WeCom knows an app by: corp and application, or the bot; null: neither is named.</summary>
    public static string? IdOf(string? corp, int? agent, string? bot) =>
        corp is not null && agent is { } application ? string.Create(CultureInfo.InvariantCulture, $"{corp}/{application}") : bot ?? corp;

    /// <summary>The variable of a key: <c>AiBotId</c> is <c>WECOM_AIBOT_ID</c>.</summary>
    internal static string Variable(string key) => key switch
    {
        "CorpId" => "WECOM_CORP_ID",
        "AgentId" => "WECOM_AGENT_ID",
        "Secret" => "WECOM_SECRET",
        "Token" => "WECOM_TOKEN",
        "EncodingAesKey" => "WECOM_ENCODING_AES_KEY",
        "AiBotId" => "WECOM_AIBOT_ID",
        "AiBotSecret" => "WECOM_AIBOT_SECRET",
        "AiBotToken" => "WECOM_AIBOT_TOKEN",
        "AiBotEncodingAesKey" => "WECOM_AIBOT_ENCODING_AES_KEY",
        "ContactSecret" => "WECOM_CONTACT_SECRET",
        "AiBotUrl" => "WECOM_AIBOT_URL",
        "AiBotName" => "WECOM_AIBOT_NAME",
        "RateFactor" => "WECOM_RATE_FACTOR",
        _ => "WECOM_BASE_URL",
    };

    /// <summary>One app.</summary>
    /// <param name="setting">A key's value, and what people know the setting by.</param>
    /// <param name="problems">Gets what is wrong.</param>
    internal static WeComAppSettings ReadApp(Func<string, (string? Value, string Name)> setting, List<string> problems)
    {
        var before = problems.Count;
        var address = Address("BaseUrl", "http", "https");
        var application = ReadApplication();
        var bot = ReadBot();
        if (application is null && bot is null)
        {
            problems.Add($"{setting("CorpId").Name}, {setting("AgentId").Name} and {setting("Secret").Name} for an application, or {setting("AiBotId").Name} and {setting("AiBotSecret").Name} for an AI bot: "
                + "neither is there, so the app can do nothing");
        }

        var app = new WeComAppSettings { CorpId = Optional("CorpId"), Application = application, Bot = bot,
            BotName = Optional("AiBotName"), Contacts = ReadContacts() };
        // What only the SDK judges (lengths of keys, say), once the rest is right.
        if (problems.Count == before) Prove(app);
        return app;

        WeComOptions? ReadApplication()
        {
            var isBotOnly = Optional("AiBotId") is not null && Optional("AgentId") is null && Optional("Secret") is null;
            if (isBotOnly || (Optional("CorpId") ?? Optional("AgentId") ?? Optional("Secret")) is null) return null;
            return new WeComOptions
            {
                CorpId = Required("CorpId", "it stands under My Company in the admin console"), AgentId = Agent(), Secret = Required("Secret", "it stands on the app's page in the admin console"),
                Token = Optional("Token"), EncodingAesKey = Optional("EncodingAesKey"), BaseUrl = address, RateFactor = Factor(),
                // The outbox repeats, durably and in order.
                MaxAttempts = 1, CallTimeout = TimeSpan.FromSeconds(15),
            };
        }

        WeComOptions? ReadContacts()
        {
            if (Optional("ContactSecret") is not { } secret) return null;
            if (application is null) problems.Add($"{setting("ContactSecret").Name}: it belongs to an application's corp; set"
                + $" {setting("CorpId").Name} and the application too");
            return new WeComOptions { CorpId = Optional("CorpId") ?? "", Secret = secret, BaseUrl = address, RateFactor = Factor() };
        }

        AiBotOptions? ReadBot()
        {
            var (id, secret, token) = (Optional("AiBotId"), Optional("AiBotSecret"), Optional("AiBotToken"));
            if (id is null && secret is null && token is null) return null;
            if (secret is not null)
            {
                // The two modes exclude each other: with a secret it is the long connection.
                if (token is not null) problems.Add($"{setting("AiBotSecret").Name} and {setting("AiBotToken").Name}: a bot has its long connection or a callback address; set one of them");
                return new AiBotOptions { BotId = Required("AiBotId", "it stands in the bot's API mode in the admin console"), Secret = secret, BaseUrl = address, SocketUrl = Socket() };
            }

            // One address may serve both, with one token and key.
            var (callbackToken, key) = token is null && Optional("AiBotEncodingAesKey") is null ? (Optional("Token"), Optional("EncodingAesKey")) : (token, Optional("AiBotEncodingAesKey"));
            if (callbackToken is null || key is null)
                problems.Add($"{setting("AiBotSecret").Name} for the long connection, or {setting("AiBotToken").Name} and {setting("AiBotEncodingAesKey").Name} for a callback address: one of the two is needed");
            return new AiBotOptions { BotId = id ?? "", Token = callbackToken, EncodingAesKey = key, BaseUrl = address };
        }

        Uri? Socket()
        {
            if (Address("AiBotUrl", "ws", "wss") is { } given) return given;
            // A loopback is an emulator, which has everything at one address; the SDK derives it.
            return address is null or { IsLoopback: true } ? null : PlatformSocket;
        }

        void Prove(WeComAppSettings read)
        {
            try
            {
                if (read.Application is { } options) _ = new WeComClient(options);
                if (read.Application is { Token.Length: > 0 } callback) _ = new WeComCallbackReceiver(callback);
                if (read.Bot is { Secret: null } polled) _ = new AiBotCallbackReceiver(polled);
                else if (read.Bot is { } socket) _ = new AiBotConnection(socket, static (_, _) => Task.CompletedTask);
            }
            catch (ArgumentException e)
            {
                problems.Add($"{setting("CorpId").Name} and its neighbours: {e.Message}");
            }
        }

        string? Optional(string key) => setting(key).Value is { Length: > 0 } value ? value.Trim() : null;

        string Required(string key, string where)
        {
            if (Optional(key) is { } value) return value;
            problems.Add($"{setting(key).Name}: missing; {where}");
            return "";
        }

        int? Agent()
        {
            var text = Required("AgentId", "it stands on the app's page in the admin console");
            if (text.Length == 0) return null;
            if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var agent) && agent > 0) return agent;
            problems.Add($"{setting("AgentId").Name}: \"{text}\" is not a positive number");
            return null;
        }

        double Factor()
        {
            if (Optional("RateFactor") is not { } text) return 1;
            if (double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var factor) && factor is >= 0.01 and <= 100) return factor;
            problems.Add($"{setting("RateFactor").Name}: \"{text}\" is not a number between 0.01 and 100, like 0.5");
            return 1;
        }

        Uri? Address(string key, params ReadOnlySpan<string> schemes)
        {
            if (Optional(key) is not { } value) return null;
            if (Uri.TryCreate(value, UriKind.Absolute, out var uri) && schemes.Contains(uri.Scheme)) return uri;
            problems.Add($"{setting(key).Name}: \"{value}\" is not a {schemes[0]} or {schemes[1]} address");
            return null;
        }
    }

    [GeneratedRegex("^[a-z0-9][a-z0-9-]{0,39}$")]
    private static partial Regex AppName();
}

/// <summary>One WeCom app of the settings.</summary>
internal sealed record WeComAppSettings
{
    /// <summary>The corp; null for a bot alone whose corp nobody has named.</summary>
    public string? CorpId { get; init; }

    /// <summary>Its application; null: none.</summary>
    public WeComOptions? Application { get; init; }

    /// <summary>The corp's secret of the address-book sync, which lists everybody's ids; null: none.</summary>
    public WeComOptions? Contacts { get; init; }

    /// <summary>Its AI bot, with a secret over the long connection, without one by callback; null: none.</summary>
    public AiBotOptions? Bot { get; init; }

    /// <summary>The name that people mention in groups; null: whatever is mentioned first.</summary>
    public string? BotName { get; init; }
}
