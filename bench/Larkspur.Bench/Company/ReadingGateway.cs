using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text.Json.Nodes;
using Larkspur.Bench.Running;
using Larkspur.Emulator;
using Larkspur.Emulator.WeCom;
using Larkspur.Gateway.Hosting;
using Larkspur.Gateway.Storage;
using Larkspur.Testing;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Larkspur.Bench.Company;

/// <summary>A gateway in this process, whose memory is measured, and the platforms in a process of their own, which enforce their
/// limits.</summary>
internal sealed class ReadingGateway : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(15);

    private readonly ChildProcess _emulator;
    private readonly WebApplication _gateway;
    private readonly HttpClient _control, _rest;

    private ReadingGateway(ChildProcess emulator, WebApplication gateway, Uri platforms, Uri own)
    {
        (_emulator, _gateway) = (emulator, gateway);
        _control = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = new Uri(platforms, "/_emulator/") };
        _rest = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = own };
        _rest.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", Testing.GatewayApp.ApiKey);
    }

    public IDatabase Database => _gateway.Services.GetRequiredService<IDatabase>();

    /// <param name="folder">For its files.</param>
    /// <param name="database">Its PostgreSQL database; empty: SQLite in the folder.</param>
    /// <param name="cancellation">Ends the start.</param>
    public static async Task<ReadingGateway> StartAsync(string folder, string database, CancellationToken cancellation)
    {
        Directory.CreateDirectory(folder);
        var (platforms, own) = (FreeAddress(), FreeAddress());
        var emulator = ChildProcess.Start(Path.Combine(folder, "emulator.log"), new Dictionary<string, string>
        {
            ["LARKSPUR_EMULATOR_URLS"] = platforms.ToString().TrimEnd('/'),
            ["LARKSPUR_EMULATOR_FEISHU_CALLBACK_URL"] = new Uri(own, "/webhook/feishu").ToString(),
        }, "dotnet", Running.Repository.Cli, "emulator");
        try
        {
            await emulator.ReadyAsync(new Uri(platforms, "/_emulator/connections"), cancellation);
            var gateway = Build(folder, database, platforms, own);
            await gateway.StartAsync(cancellation);
            var running = new ReadingGateway(emulator, gateway, platforms, own);
            await running.ControlAsync(HttpMethod.Post, "act", new
            {
                platform = "wecom", @do = "set_callback", of = "app", url = new Uri(own, "/webhook/wecom").ToString(),
            }, cancellation);
            return running;
        }
        catch
        {
            await emulator.DisposeAsync();
            throw;
        }
    }

    public async Task<JsonObject> ControlAsync(HttpMethod method, string path, object body, CancellationToken cancellation)
    {
        using var request = new HttpRequestMessage(method, path) { Content = JsonContent.Create(body) };
        using var answer = await _control.SendAsync(request, cancellation);
        var text = await answer.Content.ReadAsStringAsync(cancellation);
        return answer.IsSuccessStatusCode ? JsonNode.Parse(text)!.AsObject()
            : throw new BenchException($"the emulator refuses {method} {path}: {text}");
    }

    /// <summary>Calls the gateway's REST API.</summary>
    /// <exception cref="BenchException">It refuses.</exception>
    public async Task<JsonNode> RestAsync(HttpMethod method, string path, object? body, CancellationToken cancellation)
    {
        using var request = new HttpRequestMessage(method, "/api/v1/" + path) { Content = body is null ? null : JsonContent.Create(body) };
        using var answer = await _rest.SendAsync(request, cancellation);
        var text = await answer.Content.ReadAsStringAsync(cancellation);
        return answer.IsSuccessStatusCode ? JsonNode.Parse(text)! : throw new BenchException($"{method} {path} is refused: {text}");
    }

    /// <summary>Reads a directory to its end.</summary>
    /// <returns>Seconds from the demand to the end, as the run has it.</returns>
    /// <exception cref="BenchException">It did not become complete.</exception>
    public async Task<double> SyncAsync(string platform, CancellationToken cancellation)
    {
        using var asked = await _rest.PostAsJsonAsync("/api/v1/directory/sync", new { platform, dry_run = false }, cancellation);
        var text = await asked.Content.ReadAsStringAsync(cancellation);
        if (asked.StatusCode != HttpStatusCode.Accepted) throw new BenchException($"the run is refused: {text}");
        var run = JsonNode.Parse(text)!["runs"]![0]!["id"]!.GetValue<long>();
        for (var begun = Stopwatch.GetTimestamp(); Stopwatch.GetElapsedTime(begun) < Patience; await Task.Delay(100, cancellation))
        {
            var (state, reason, seconds) = await Database.ReadAsync(sql => sql.FirstAsync(
                "SELECT state, COALESCE(detail, reason, ''), COALESCE(ended_at, created_at) - created_at FROM directory_run WHERE id = $1",
                static row => (row.GetString(0), row.GetString(1), row.GetInt64(2) / 1000.0), run), cancellation);
            if (state == "complete") return seconds;
            if (state is not ("queued" or "running")) throw new BenchException($"the run is {state}: {reason}");
        }

        throw new BenchException($"the run did not end within {Patience.TotalMinutes:0} minutes");
    }

    /// <summary>Calls of a platform's endpoints so far, by endpoint and how they ended.</summary>
    public async Task<Dictionary<(string Endpoint, bool IsOk), double>> CallsAsync(string platform, CancellationToken cancellation)
    {
        var page = await _rest.GetStringAsync(new Uri("/metrics", UriKind.Relative), cancellation);
        var calls = new Dictionary<(string, bool), double>();
        foreach (var line in page.Split('\n').Where(l => l.StartsWith($"larkspur_{platform}_calls_total{{", StringComparison.Ordinal)))
        {
            var key = (Label(line, "endpoint"), Label(line, "outcome") == "ok");
            calls[key] = calls.GetValueOrDefault(key) + double.Parse(line[(line.LastIndexOf(' ') + 1)..], CultureInfo.InvariantCulture);
        }

        return calls;
    }

    public async ValueTask DisposeAsync()
    {
        await _gateway.StopAsync(CancellationToken.None);
        await _gateway.DisposeAsync();
        await _emulator.DisposeAsync();
        _control.Dispose();
        _rest.Dispose();
    }

    private static WebApplication Build(string folder, string database, Uri platforms, Uri own) => GatewayHost.Build([], builder =>
    {
        var (weCom, dingTalk) = (new WeComSettings(), new Emulator.DingTalk.DingTalkSettings());
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["LARKSPUR_GATEWAY_URLS"] = own.ToString().TrimEnd('/'),
            ["LARKSPUR_DATA"] = folder, ["LARKSPUR_MASTER_KEY"] = Testing.GatewayApp.MasterKey,
            ["LARKSPUR_DB"] = database, ["LARKSPUR_API_KEY"] = Testing.GatewayApp.ApiKey,
            ["FEISHU_BASE_URL"] = platforms.ToString(), ["FEISHU_ACCOUNTS_URL"] = platforms.ToString(),
            ["FEISHU_APP_ID"] = EmulatorSettings.DefaultAppId, ["FEISHU_APP_SECRET"] = EmulatorSettings.DefaultAppSecret,
            ["FEISHU_ENCRYPT_KEY"] = EmulatorSettings.DefaultEncryptKey,
            ["FEISHU_VERIFICATION_TOKEN"] = EmulatorSettings.DefaultVerificationToken,
            ["WECOM_BASE_URL"] = platforms.ToString(), ["WECOM_CORP_ID"] = weCom.CorpId, ["WECOM_SECRET"] = weCom.Secret,
            ["WECOM_AGENT_ID"] = weCom.AgentId.ToString(CultureInfo.InvariantCulture), ["WECOM_TOKEN"] = weCom.Token,
            ["WECOM_ENCODING_AES_KEY"] = weCom.EncodingAesKey, ["WECOM_CONTACT_SECRET"] = weCom.ContactSecret,
            ["DINGTALK_BASE_URL"] = platforms.ToString(), ["DINGTALK_CLIENT_ID"] = dingTalk.ClientId,
            ["DINGTALK_CLIENT_SECRET"] = dingTalk.ClientSecret, ["DINGTALK_ROBOT_CODE"] = dingTalk.RobotCode,
        });
        builder.Logging.ClearProviders();
    });

    private static string Label(string line, string name)
    {
        var from = line.IndexOf(name + "=\"", StringComparison.Ordinal) + name.Length + 2;
        return line[from..line.IndexOf('"', from)];
    }

    private static Uri FreeAddress()
    {
        using var probe = new TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        return new Uri($"http://127.0.0.1:{((IPEndPoint)probe.LocalEndpoint).Port}");
    }
}
