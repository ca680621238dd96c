using Larkspur.Feishu;
using Larkspur.Gateway.Api;
using Larkspur.Gateway.Api.Hosts;
using Larkspur.Gateway.Apps.Feishu;
using Larkspur.Gateway.Cards;
using Larkspur.Gateway.Commands.Plugins;
using Larkspur.Gateway.Common;
using Larkspur.Gateway.Common.Secrets;
using Larkspur.Gateway.Platforms.DingTalk;
using Larkspur.Gateway.Platforms.WeCom;
using Larkspur.Gateway.Storage;
using Larkspur.Gateway.Storage.DataProtection;
using Larkspur.Gateway.Telemetry.OpenTelemetry;
using Larkspur.Gateway.Webhooks;

namespace Larkspur.Gateway.Hosting;

/// <summary>The gateway's settings, read once at start. See docs/settings.md.</summary>
internal sealed class GatewaySettings
{
    /// <summary>A key from this length on, made at random, cannot be found by trying.</summary>
    private const int ShortestApiKey = 24;

    public const string DefaultUrls = "http://127.0.0.1:8080";

    public required Installation Installation { get; init; }

    public required ApiOptions Api { get; init; }

    /// <summary>The database.</summary>
    public required DatabaseAddress Database { get; init; }

    /// <summary>Keys that protect the stored key ring.</summary>
    public required MasterKeys MasterKeys { get; init; }

    /// <summary>Where the master key is when no setting has it.</summary>
    public required MasterKeyFile MasterKeyFile { get; init; }

    public required ConfiguredFeishuApps Feishu { get; init; }

    public required ConfiguredWeComApps WeCom { get; init; }

    public required ConfiguredDingTalkApps DingTalk { get; init; }

    public required ConfiguredWebhooks Webhooks { get; init; }

    public required CardTemplateOptions Cards { get; init; }

    /// <summary>Where telemetry goes.</summary>
    public required OtlpSettings Otlp { get; init; }

    /// <summary>Proxies that may say where a request came from.</summary>
    public required IReadOnlyList<System.Net.IPNetwork> TrustedProxies { get; init; }

    /// <summary>Each room is given its own part, and none the whole.</summary>
    public void AddTo(IServiceCollection services)
    {
        services.AddSingleton(Installation);
        services.AddSingleton(Api);
        services.AddSingleton(Database);
        services.AddSingleton(MasterKeys);
        services.AddSingleton(MasterKeyFile);
        services.AddSingleton(Feishu);
        services.AddSingleton(WeCom);
        services.AddSingleton(DingTalk);
        services.AddSingleton(Webhooks);
        services.AddSingleton(Cards);
        services.AddSingleton(Otlp);
    }

    /// <summary>Reads and judges everything.</summary>
    /// <param name="configuration">The settings.</param>
    /// <param name="services">Gets what plug-ins bring that the settings name; null: they are not loaded.</param>
    /// <exception cref="SettingsException">With all problems at once.</exception>
    public static GatewaySettings Read(IConfiguration configuration, IServiceCollection? services = null)
    {
        var reader = new SettingsReader(configuration);
        var settings = Read(reader, services);
        return reader.Problems.Count == 0 ? settings : throw new SettingsException(reader.Problems);
    }

    /// <summary>Reads and judges everything; what is wrong is in <paramref name="reader"/> then.</summary>
    public static GatewaySettings Read(SettingsReader reader, IServiceCollection? services = null)
    {
        var (configuration, problems) = (reader.Configuration, reader.Problems);
        reader.Know("Webhooks", "Cards", "WeCom", "DingTalk", "Plugins", "Plugin");
        reader.KnowNames("Larkspur:Cards", "Folder");
        reader.KnowNames("Larkspur:WeCom", "Apps");
        reader.KnowNamesOfEach("Larkspur:WeCom:Apps", WeComSettings.Names);
        reader.KnowNames("Larkspur:DingTalk", "Apps");
        reader.KnowNamesOfEach("Larkspur:DingTalk:Apps", DingTalkSettings.Names);
        var data = ConfigurationFile.DataFolder(configuration);
        var database = DatabaseAddress.Read(configuration["LARKSPUR_DB"], data, problems);
        var keyFile = MasterKeyFile.Find(configuration, database);
        var (apps, modes) = FeishuSettings.Read(configuration, problems);
        var settings = new GatewaySettings
        {
            Installation = new(data, ReadTimeZone(configuration, problems)),
            Api = new(ReadUrls(configuration, problems), ReadApiKey(configuration, problems), AllowedHosts.Read(configuration, problems)),
            Database = database,
            MasterKeyFile = keyFile,
            MasterKeys = MasterKeys.Read(configuration, keyFile, problems),
            Feishu = new(apps, modes, apps.ContainsKey(AppNames.Default) ? null : FeishuSettings.ReadHosts(configuration, problems)),
            DingTalk = DingTalkSettings.ReadAll(configuration, problems),
            WeCom = WeComSettings.ReadAll(configuration, problems),
            Otlp = OtlpSettings.Read(configuration, problems),
            Webhooks = new(WebhookEndpointSettings.Read(configuration, problems), PrivateReach.Read(configuration, problems)),
            TrustedProxies = Gateway.Api.Hosts.TrustedProxies.Read(configuration, problems),
            Cards = new(configuration["Larkspur:Cards:Folder"] is { Length: > 0 } cards ? cards : Path.Combine(data, "cards")),
        };
        services?.AddConfiguredPlugins(configuration, problems);
        return settings;
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
