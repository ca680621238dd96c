using System.Diagnostics;
using System.Security.Cryptography;
using Larkspur.Emulator;
using Larkspur.Gateway;
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

    public static string AppId => Setting("FEISHU_APP_ID") ?? "cli_a1b2c3d4e5f60718";

    public TimeSpan EmulatorReady { get; private init; }

    public TimeSpan GatewayReady { get; private init; }

    /// <param name="freePorts">Use free ports instead of 8080 and 8081, so that it runs beside anything.</param>
    /// <param name="quiet">Log warnings only.</param>
    /// <param name="cancellation">Stops the start.</param>
    public static async Task<LocalStack> StartAsync(bool freePorts, bool quiet, CancellationToken cancellation)
    {
        var ownData = Setting("LARKSPUR_DATA") is null ? Directory.CreateTempSubdirectory("larkspur-").FullName : null;
        var apiKey = Setting("LARKSPUR_API_KEY") ?? "lk_" + Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));

        var began = Stopwatch.GetTimestamp();
        var emulator = EmulatorHost.Build([], builder => Configure(builder, quiet, new()
        {
            ["LARKSPUR_EMULATOR_URLS"] = freePorts ? "http://127.0.0.1:0" : null,
            // On free ports the gateway's address is not known yet; the caller tells the emulator later.
            ["LARKSPUR_EMULATOR_FEISHU_CALLBACK_URL"] = freePorts ? "" : null,
        }));
        await emulator.StartAsync(cancellation);
        var emulatorReady = Stopwatch.GetElapsedTime(began);

        began = Stopwatch.GetTimestamp();
        var address = Address(emulator).ToString();
        var gateway = GatewayHost.Build([], builder => Configure(builder, quiet, new()
        {
            ["LARKSPUR_GATEWAY_URLS"] = freePorts ? "http://127.0.0.1:0" : null,
            ["LARKSPUR_DATA"] = ownData,
            ["LARKSPUR_API_KEY"] = apiKey,
            ["FEISHU_BASE_URL"] = address,
            ["FEISHU_ACCOUNTS_URL"] = address,
            ["FEISHU_APP_ID"] = Setting("FEISHU_APP_ID") ?? "cli_a1b2c3d4e5f60718",
            ["FEISHU_APP_SECRET"] = Setting("FEISHU_APP_SECRET") ?? "emulator-app-secret",
            ["FEISHU_ENCRYPT_KEY"] = Setting("FEISHU_ENCRYPT_KEY") ?? "emulator-encrypt-key",
            ["FEISHU_VERIFICATION_TOKEN"] = Setting("FEISHU_VERIFICATION_TOKEN") ?? "emulator-verification-token",
        }));
        await gateway.StartAsync(cancellation);
        return new LocalStack(emulator, gateway, ownData, apiKey) { EmulatorReady = emulatorReady, GatewayReady = Stopwatch.GetElapsedTime(began) };
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

    private static void Configure(WebApplicationBuilder builder, bool quiet, Dictionary<string, string?> settings)
    {
        if (quiet) settings["Logging:LogLevel:Default"] = "Warning";
        builder.Configuration.AddInMemoryCollection(settings.Where(s => s.Value is not null));
    }

    private static string? Setting(string name) => Environment.GetEnvironmentVariable(name) is { Length: > 0 } value ? value : null;

    private static Uri Address(WebApplication app) =>
        new(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());
}
