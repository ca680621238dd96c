using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using Larkspur.Emulator;
using Larkspur.Gateway.Hosting;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Larkspur.Cli.Hosting;

/// <summary>The emulator and a gateway connected to it, in this process: what <c>demo</c> and <c>smoke</c> run.</summary>
internal sealed class LocalStack : IAsyncDisposable
{
    /// <summary>A template of our own, with buttons; the emulator takes any id.</summary>
    private const string AiCardTemplate = "larkspur-answer.schema";

    private readonly WebApplication _emulator;
    private readonly WebApplication _gateway;
    private readonly string? _ownData;

    private LocalStack(WebApplication emulator, WebApplication gateway, string? ownData, string apiKey)
    {
        _emulator = emulator;
        _gateway = gateway;
        _ownData = ownData;
        ApiKey = apiKey;
    }

    public Uri Emulator => Address(_emulator);

    public Uri Gateway => Address(_gateway);

    public string ApiKey { get; }

    /// <summary>The console's log-in in words. With kept data the account is made at the first start only, so nothing new is promised then.</summary>
    public string ConsoleLogIn { get; private init; } = "";

    /// <summary>Whether the data was made for this run and goes with it: nobody's settings are in it.</summary>
    public bool IsFresh => _ownData is not null;

    /// <summary>The folder of data that was made for this run; null: the data is somebody's.</summary>
    public string? Folder => _ownData;

    /// <summary>Where the gateway's data is, in words. The address of a server may hold a password: it is not shown.</summary>
    public string Data => _ownData is { } own ? $"{own} (removed at the end; LARKSPUR_DATA keeps it)"
        : Setting("LARKSPUR_DB") is not { } database ? Setting("LARKSPUR_DATA")!
        : database.StartsWith("sqlite:", StringComparison.OrdinalIgnoreCase) ? database : "PostgreSQL (LARKSPUR_DB)";

    public static string AppId => Setting("FEISHU_APP_ID") ?? EmulatorSettings.DefaultAppId;

    /// <summary>Whether the assistant's answers come from a Dify that the environment names.</summary>
    public static bool UsesOwnDify => Setting("DIFY_API_KEY") is not null;

    /// <summary>Whether the app has an Encrypt Key; an empty one means none, as the emulator reads it.</summary>
    public static bool Encrypts => EncryptKey.Length > 0;

    public TimeSpan EmulatorReady { get; private init; }

    public TimeSpan GatewayReady { get; private init; }

    /// <param name="forSmoke">On free ports and with data of its own, so that it runs beside anything and touches nothing.</param>
    /// <param name="cancellation">Stops the start.</param>
    public static async Task<LocalStack> StartAsync(bool forSmoke, CancellationToken cancellation)
    {
        var ownData = forSmoke || (Setting("LARKSPUR_DATA") ?? Setting("LARKSPUR_DB")) is null ? Directory.CreateTempSubdirectory("larkspur-").FullName : null;
        WebApplication? emulator = null, gateway = null;
        try
        {
            var apiKey = Setting("LARKSPUR_API_KEY") ?? "lk_" + Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));
            var (adminPassword, logIn) = AdminPassword(ownData is not null);
            Func<WebApplication, CancellationToken, Task> start = (_, _) => Task.CompletedTask;

            var began = Stopwatch.GetTimestamp();
            emulator = EmulatorHost.Build([], builder => start = Configure(CardAdvisor.AddTo(builder), new()
            {
                ["LARKSPUR_EMULATOR_URLS"] = forSmoke ? "http://127.0.0.1:0" : null,
                ["FEISHU_APP_SECRET"] = Setting("FEISHU_APP_SECRET"),
                ["FEISHU_ENCRYPT_KEY"] = EncryptKey,
                ["FEISHU_VERIFICATION_TOKEN"] = VerificationToken,
                // On free ports the gateway's address is not known yet; the caller tells the emulator later.
                ["LARKSPUR_EMULATOR_FEISHU_CALLBACK_URL"] = forSmoke ? "" : null,
                // A demonstration's check-up looks as that of a well-set-up company.
                ["LARKSPUR_EMULATOR_FEISHU_SCOPES"] = Setting("LARKSPUR_EMULATOR_FEISHU_SCOPES") ?? (forSmoke ? null : "lean"),
            }));
            await start(emulator, cancellation);
            var emulatorReady = Stopwatch.GetElapsedTime(began);

            began = Stopwatch.GetTimestamp();
            var address = Address(emulator).ToString();
            var played = emulator.Services.GetRequiredService<EmulatorSettings>();
            var (weCom, dingTalk) = (played.WeCom, played.DingTalk);
            gateway = GatewayHost.Build([], builder => start = Configure(builder, new()
            {
                ["LARKSPUR_GATEWAY_URLS"] = forSmoke ? "http://127.0.0.1:0" : null,
                ["LARKSPUR_DATA"] = ownData,
                ["LARKSPUR_DB"] = ownData is null ? null : "",
                ["LARKSPUR_API_KEY"] = apiKey,
                // Data of this run goes with its key; data that stays has the key beside its folder, and the user's home is left alone.
                ["LARKSPUR_MASTER_KEY"] = ownData is null ? null : Convert.ToBase64String(RandomNumberGenerator.GetBytes(32)),
                ["LARKSPUR_MASTER_KEY_FILE"] = ownData is null ? KeyBesideData() : null,
                // Whoever tries callbacks here has the receiver on this machine.
                ["LARKSPUR_ALLOW_PRIVATE_ADDRESSES"] = Setting("LARKSPUR_ALLOW_PRIVATE_ADDRESSES")
                    ?? Setting("LARKSPUR_ALLOW_PRIVATE_CALLBACKS") ?? "127.0.0.0/8, ::1",
                ["LARKSPUR_ADMIN_PASSWORD"] = adminPassword,
                // The sample bot, beside those of the environment.
                [FreePluginSetting()] = Path.Combine(AppContext.BaseDirectory, "plugins", "DemoBot.dll"),
                // A Dify of one's own answers when it is named; else, and always in a smoke run, the scripted one.
                ["DIFY_BASE_URL"] = UsesOwnDify && !forSmoke ? null : new Uri(Address(emulator), "v1").ToString(),
                ["DIFY_API_KEY"] = UsesOwnDify && !forSmoke ? null : played.DifyApps[0].Key,
                ["WECOM_BASE_URL"] = address,
                ["WECOM_CORP_ID"] = weCom.CorpId,
                ["WECOM_AGENT_ID"] = weCom.AgentId.ToString(CultureInfo.InvariantCulture),
                ["WECOM_SECRET"] = weCom.Secret,
                ["WECOM_TOKEN"] = weCom.Token,
                ["WECOM_ENCODING_AES_KEY"] = weCom.EncodingAesKey,
                ["WECOM_AIBOT_ID"] = weCom.AiBotId,
                ["WECOM_AIBOT_SECRET"] = weCom.AiBotSecret,
                ["DINGTALK_BASE_URL"] = address,
                ["DINGTALK_CLIENT_ID"] = dingTalk.ClientId,
                ["DINGTALK_CLIENT_SECRET"] = dingTalk.ClientSecret,
                ["DINGTALK_ROBOT_CODE"] = dingTalk.RobotCode,
                ["DINGTALK_CARD_TEMPLATE"] = Setting("DINGTALK_CARD_TEMPLATE") ?? AiCardTemplate,
                ["FEISHU_BASE_URL"] = address,
                ["FEISHU_ACCOUNTS_URL"] = address,
                ["FEISHU_APP_ID"] = AppId,
                ["FEISHU_APP_SECRET"] = Setting("FEISHU_APP_SECRET") ?? EmulatorSettings.DefaultAppSecret,
                ["FEISHU_ENCRYPT_KEY"] = EncryptKey,
                ["FEISHU_VERIFICATION_TOKEN"] = VerificationToken,
            }));
            await start(gateway, cancellation);
            return new LocalStack(emulator, gateway, ownData, apiKey) { EmulatorReady = emulatorReady, GatewayReady = Stopwatch.GetElapsedTime(began), ConsoleLogIn = logIn };
        }
        catch
        {
            if (gateway is not null) await gateway.DisposeAsync();
            if (emulator is not null) await emulator.DisposeAsync();
            if (ownData is not null) Directory.Delete(ownData, recursive: true);
            throw;
        }
    }

    /// <summary>Runs until Ctrl+C or the token.</summary>
    public async Task WaitForShutdownAsync(CancellationToken cancellation)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        await Task.WhenAny(_emulator.WaitForShutdownAsync(either.Token), _gateway.WaitForShutdownAsync(either.Token));
        await either.CancelAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _gateway.StopAsync();
        await _gateway.DisposeAsync();
        await _emulator.StopAsync();
        await _emulator.DisposeAsync();
        if (_ownData is not null) Directory.Delete(_ownData, recursive: true);
    }

    /// <summary>The address by which this machine reaches the host: one that listens everywhere is reached over loopback.</summary>
    public static Uri Address(WebApplication app)
    {
        var address = new UriBuilder(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());
        if (address.Host is "0.0.0.0" or "[::]" or "::") address.Host = "127.0.0.1";
        return address.Uri;
    }

    private static Func<WebApplication, CancellationToken, Task> Configure(WebApplicationBuilder builder, Dictionary<string, string?> settings)
    {
        // Warnings only, unless somebody asked for more.
        if (builder.Configuration["Logging:LogLevel:Default"] is null) settings["Logging:LogLevel:Default"] = "Warning";
        var given = settings.Where(s => s.Value is not null).ToArray();
        builder.Configuration.AddInMemoryCollection(given);
        // What is given here was read from its file already, or stands in the file's place.
        builder.Configuration.AddInMemoryCollection(given.Where(s => !s.Key.EndsWith(SecretVariable.FileSuffix, StringComparison.Ordinal))
            .Select(s => s.Key + SecretVariable.FileSuffix).Where(file => Setting(file) is not null).Select(file => KeyValuePair.Create(file, (string?)"")));
        return StartFailure.QuietStart(builder);
    }

    /// <summary>The first account's password, and how it is told. With data of somebody's own and no password a file of the data folder has a set-up code instead.</summary>
    private static (string? Password, string Told) AdminPassword(bool fresh)
    {
        if (Setting("LARKSPUR_ADMIN_PASSWORD") is not null) return (null, "admin, with the password of LARKSPUR_ADMIN_PASSWORD at the first start");
        if (!fresh) return (null, "the accounts of this data; on the first start /console/setup with the code of the file setup-code in the data folder");
        var password = RandomNumberGenerator.GetString("abcdefghjkmnpqrstuvwxyz23456789", 16);
        return (password, $"admin / {password}");
    }

    /// <summary>An empty variable means that there is none.</summary>
    private static string EncryptKey => SecretVariable.Read("FEISHU_ENCRYPT_KEY") ?? Environment.GetEnvironmentVariable("FEISHU_ENCRYPT_KEY") ?? EmulatorSettings.DefaultEncryptKey;

    private static string VerificationToken => SecretVariable.Read("FEISHU_VERIFICATION_TOKEN") ?? Environment.GetEnvironmentVariable("FEISHU_VERIFICATION_TOKEN")
        ?? EmulatorSettings.DefaultVerificationToken;

    /// <summary>The first place in the list of plug-ins that the environment leaves free.</summary>
    private static string FreePluginSetting() =>
        $"Larkspur:Plugins:{Enumerable.Range(0, int.MaxValue).First(n => Setting($"Larkspur__Plugins__{n}") is null)}";

    /// <summary>The file of the master key for data that stays; null: the environment says which key, or the data is a server's.</summary>
    private static string? KeyBesideData()
    {
        if ((Setting("LARKSPUR_MASTER_KEY") ?? Setting("LARKSPUR_MASTER_KEY" + SecretVariable.FileSuffix)) is not null) return null;
        var place = Setting("LARKSPUR_DB") is not { } database ? Setting("LARKSPUR_DATA")
            : database.StartsWith("sqlite:", StringComparison.OrdinalIgnoreCase) ? database["sqlite:".Length..] : null;
        return place is null ? null : Path.TrimEndingDirectorySeparator(Path.GetFullPath(place)) + ".key";
    }

    private static string? Setting(string name) => name switch
    {
        "LARKSPUR_DB" or "LARKSPUR_API_KEY" or "LARKSPUR_ADMIN_PASSWORD" or "DIFY_API_KEY" or "FEISHU_APP_SECRET" => SecretVariable.Read(name),
        _ => Environment.GetEnvironmentVariable(name) is { Length: > 0 } value ? value : null,
    };
}
