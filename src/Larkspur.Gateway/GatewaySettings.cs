using Larkspur.Feishu;
using Larkspur.Gateway.Callbacks;
using Larkspur.Gateway.Storage;
using Larkspur.Gateway.Storage.DataProtection;

namespace Larkspur.Gateway;

/// <summary>The gateway's settings, read once at start. See docs/settings.md.</summary>
internal sealed class GatewaySettings
{
    /// <summary>A key from this length on, made at random, cannot be found by trying.</summary>
    private const int ShortestApiKey = 24;

    public const string DefaultUrls = "http://127.0.0.1:8080";

    /// <summary>Addresses to listen on.</summary>
    public required string[] Urls { get; init; }

    /// <summary>The database.</summary>
    public required DatabaseAddress Database { get; init; }

    /// <summary>REST key, or null: then the REST API is closed.</summary>
    public string? ApiKey { get; init; }

    /// <summary>Keys that protect the stored key ring.</summary>
    public required MasterKeys MasterKeys { get; init; }

    /// <summary>Time zone for times in messages when the person's client tells none.</summary>
    public required TimeZoneInfo TimeZone { get; init; }

    /// <summary>Feishu apps by name; <c>default</c> is the one of the FEISHU_ variables.</summary>
    public required IReadOnlyDictionary<string, FeishuOptions> FeishuApps { get; init; }

    /// <summary>Hosts and rates of the default app when neither the environment nor the configuration names it: then it comes from the settings of run time. Null: it does not.</summary>
    public FeishuOptions? StoredAppHosts { get; init; }

    /// <summary>DingTalk apps by name; <c>default</c> is the one of the DINGTALK_ variables.</summary>
    public required IReadOnlyDictionary<string, Channels.DingTalk.DingTalkAppSettings> DingTalkApps { get; init; }

    /// <summary>How each app gets its events.</summary>
    public required IReadOnlyDictionary<string, EventMode> EventModes { get; init; }

    /// <summary>WeCom apps by name; <c>default</c> is the one of the WECOM_ variables.</summary>
    public IReadOnlyDictionary<string, Channels.WeCom.WeComAppSettings> WeComApps { get; init; } = new Dictionary<string, Channels.WeCom.WeComAppSettings>();

    /// <summary>Where telemetry goes.</summary>
    public required Diagnostics.OpenTelemetry.OtlpSettings Otlp { get; init; }

    /// <summary>Business systems that get callbacks.</summary>
    public required IReadOnlyList<Destination> Destinations { get; init; }

    /// <summary>Where on the company's own network or this machine destinations may be that administrators add.</summary>
    public PrivateReach PrivateCallbacks { get; init; } = PrivateReach.None;

    /// <summary>The data folder.</summary>
    public required string DataFolder { get; init; }

    /// <summary>Where the master key is when no setting has it.</summary>
    public required MasterKeyFile MasterKeyFile { get; init; }

    /// <summary>Proxies that may say where a request came from.</summary>
    public IReadOnlyList<System.Net.IPNetwork> TrustedProxies { get; init; } = [];

    /// <summary>Names that the gateway may be called by; null: those that it knows by itself.</summary>
    public IReadOnlyList<string>? AllowedHosts { get; init; }

    /// <summary>Where local card templates (<c>*.card.json</c>) lie; it need not exist.</summary>
    public required string CardFolder { get; init; }

    /// <summary>Reads and judges everything.</summary>
    /// <exception cref="SettingsException">With all problems at once.</exception>
    public static GatewaySettings Read(IConfiguration configuration)
    {
        var problems = new List<string>();
        var data = ConfigurationFile.DataFolder(configuration);
        var database = DatabaseAddress.Read(configuration["LARKSPUR_DB"], data, problems);
        var keyFile = MasterKeyFile.Find(configuration, database);
        var (apps, modes) = FeishuSettings.Read(configuration, problems);
        var settings = new GatewaySettings
        {
            Urls = ReadUrls(configuration, problems),
            DataFolder = data,
            Database = database,
            ApiKey = ReadApiKey(configuration, problems),
            MasterKeyFile = keyFile,
            MasterKeys = MasterKeys.Read(configuration, keyFile, problems),
            TimeZone = ReadTimeZone(configuration, problems),
            FeishuApps = apps,
            DingTalkApps = Channels.DingTalk.DingTalkSettings.Read(configuration, problems),
            EventModes = modes,
            StoredAppHosts = apps.ContainsKey(FeishuSettings.Default) ? null : FeishuSettings.ReadHosts(configuration, problems),
            WeComApps = Channels.WeCom.WeComSettings.Read(configuration, problems),
            Otlp = Diagnostics.OpenTelemetry.OtlpSettings.Read(configuration, problems),
            Destinations = DestinationSettings.Read(configuration, problems),
            PrivateCallbacks = PrivateReach.Read(configuration, problems),
            TrustedProxies = Hosting.TrustedProxies.Read(configuration, problems),
            AllowedHosts = Hosting.AllowedHosts.Read(configuration, problems),
            CardFolder = configuration["Larkspur:Cards:Folder"] is { Length: > 0 } cards ? cards : Path.Combine(data, "cards"),
        };
        return problems.Count == 0 ? settings : throw new SettingsException(problems);
    }

    private static string[] ReadUrls(IConfiguration configuration, List<string> problems)
    {
        var urls = (configuration["LARKSPUR_GATEWAY_URLS"] is { Length: > 0 } set ? set : DefaultUrls)
            .Split([';', ','], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        foreach (var url in urls)
        {
            // "http://*:8080" and "http://+:8080" are Kestrel's words for "every address".
            var readable = url.Replace("://*", "://any", StringComparison.Ordinal).Replace("://+", "://any", StringComparison.Ordinal);
            if (!Uri.TryCreate(readable, UriKind.Absolute, out var uri) || uri.Scheme is not ("http" or "https"))
                problems.Add($"LARKSPUR_GATEWAY_URLS: \"{url}\" is not an address. Write it like http://0.0.0.0:8080");
        }

        return urls;
    }

    private static string? ReadApiKey(IConfiguration configuration, List<string> problems)
    {
        var key = configuration["LARKSPUR_API_KEY"];
        if (string.IsNullOrEmpty(key)) return null;
        if (key.Length < ShortestApiKey || key.Any(c => c is <= ' ' or > '~'))
            problems.Add($"LARKSPUR_API_KEY: needs at least {ShortestApiKey} characters, ASCII without spaces (it travels in a header). Try: openssl rand -hex 24");
        return key;
    }

    private static TimeZoneInfo ReadTimeZone(IConfiguration configuration, List<string> problems)
    {
        var id = configuration["LARKSPUR_TIME_ZONE"];
        if (string.IsNullOrEmpty(id)) return Clocks.Default;
        if (Clocks.TryFind(id) is { } zone) return zone;
        problems.Add($"LARKSPUR_TIME_ZONE: \"{id}\" is not a known time zone. Write it like Asia/Shanghai");
        return Clocks.Default;
    }
}
