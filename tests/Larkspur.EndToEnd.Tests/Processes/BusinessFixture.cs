using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Larkspur.Emulator;
using Larkspur.Emulator.Control;
using Microsoft.Extensions.DependencyInjection;

namespace Larkspur.EndToEnd.Tests.Processes;

/// <summary>An emulated company, its procurement system, and a gateway process between the two that dies when a test wants it.</summary>
internal sealed class BusinessFixture : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(40);

    private readonly string _data = Directory.CreateTempSubdirectory("larkspur-business-").FullName;
    private readonly Uri _address = GatewayProcess.FreeAddress();
    private readonly HttpClient _http;
    private readonly Dictionary<string, string> _settings;
    private GatewayProcess? _gateway;

    private BusinessFixture(EmulatorApp emulator, BusinessSystem mica, IReadOnlyDictionary<string, string> settings)
    {
        (Emulator, Mica) = (emulator, mica);
        _settings = new(mica.Settings());
        foreach (var (name, value) in settings) _settings[name] = value;
        _http = new HttpClient(new SocketsHttpHandler { UseProxy = false, PooledConnectionLifetime = TimeSpan.Zero }) { BaseAddress = _address };
        _http.DefaultRequestHeaders.Authorization = new("Bearer", GatewayApp.ApiKey);
    }

    public EmulatorApp Emulator { get; }

    public BusinessSystem Mica { get; }

    /// <summary>With everything switched on that the two flows need.</summary>
    /// <param name="settings">The gateway's, beyond those of the company and its procurement system.</param>
    /// <param name="change">What is different about the platform.</param>
    public static async Task<BusinessFixture> StartAsync(IReadOnlyDictionary<string, string>? settings = null, Func<EmulatorSettings, EmulatorSettings>? change = null)
    {
        var fixture = new BusinessFixture(await EmulatorApp.StartAsync(change), await BusinessSystem.StartAsync(), settings ?? new Dictionary<string, string>());
        try
        {
            await fixture.ReviveAsync();
            await fixture.Emulator.SetCallbackAsync(new Uri(fixture._address, "/webhook/feishu").ToString(), verify: true);
            await fixture.CallAsync(HttpMethod.Patch, "settings", new Dictionary<string, object>
            {
                ["auth.feishu.enabled"] = true, ["auth.feishu.notify_on_pr"] = true, ["auth.feishu.payment_workflow"] = true,
                ["auth.feishu.approval_code"] = Larkspur.Emulator.State.SeededCompany.PaymentApprovalCode,
            });
            return fixture;
        }
        catch
        {
            await fixture.DisposeAsync();
            throw;
        }
    }

    /// <summary>SIGKILL.</summary>
    public async Task KillAsync()
    {
        await _gateway!.KillAsync();
        await _gateway.DisposeAsync();
        Emulator.Services.GetRequiredService<FaultRules>().Clear();
    }

    /// <summary>Another process on the data of the dead one.</summary>
    public async Task ReviveAsync() => _gateway = await GatewayProcess.StartAsync(Emulator, _address, _data, _settings);

    /// <summary>SIGSTOP.</summary>
    public Task FreezeAsync() => _gateway!.FreezeAsync();

    /// <summary>SIGCONT.</summary>
    public Task WakeAsync() => _gateway!.WakeAsync();

    public async Task KillAndReviveAsync()
    {
        await KillAsync();
        await ReviveAsync();
    }

    /// <summary>The next call of this path does not come back: the platform has it (<c>drop</c>: and has done it), and then the gateway dies.</summary>
    public Task PlantAsync(string method, string path, string reply) => Emulator.ControlAsync(HttpMethod.Post, "faults", reply == "delay"
        ? new { path, method, reply, delay_ms = 60_000, count = 1 }
        : new { path, method, reply, count = 1 });

    /// <summary>Waits until what was planted was met.</summary>
    public Task HitAsync() => UntilAsync(() => Task.FromResult(Emulator.Services.GetRequiredService<FaultRules>().All.Any(r => r.Hits > 0)), "the planted call was not made");

    public async Task<JsonNode> CallAsync(HttpMethod method, string path, object? body = null, string? key = null)
    {
        using var request = new HttpRequestMessage(method, "/api/v1/" + path) { Content = body is null ? null : JsonContent.Create(body) };
        if (key is not null) request.Headers.Add("Idempotency-Key", key);
        using var response = await _http.SendAsync(request);
        var text = await response.Content.ReadAsStringAsync();
        Assert.True(response.IsSuccessStatusCode, $"{method} {path}: {(int)response.StatusCode} {text}");
        return JsonNode.Parse(text)!;
    }

    /// <summary>A call in whose middle the gateway dies.</summary>
    public async Task CallAndDieAsync(HttpMethod method, string path, object body, string key)
    {
        var call = CallAsync(method, path, body, key);
        await HitAsync();
        await KillAsync();
        await Assert.ThrowsAnyAsync<HttpRequestException>(() => call);
        await ReviveAsync();
    }

    public async Task UntilAsync(Func<Task<bool>> holds, string otherwise)
    {
        using var deadline = new CancellationTokenSource(Patience);
        using var ticks = new PeriodicTimer(TimeSpan.FromMilliseconds(25));
        while (!await holds())
        {
            if (deadline.IsCancellationRequested) Assert.Fail($"{otherwise}\n{string.Join('\n', Mica.Told.Select(t => $"{t.Id} {t.Type} {t.Data.ToJsonString()}"))}\n{_gateway?.Output}");
            await ticks.WaitForNextTickAsync(CancellationToken.None);
        }
    }

    /// <summary>Nothing waits in the outbox any more: what was to be told was told.</summary>
    public Task QuietAsync() => UntilAsync(async () => (await CallAsync(HttpMethod.Get, "outbox?status=open"))["items"]!.AsArray().Count == 0, "messages still wait in the outbox");

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        if (_gateway is not null) await _gateway.DisposeAsync();
        await Mica.DisposeAsync();
        await Emulator.DisposeAsync();
        Directory.Delete(_data, recursive: true);
    }
}
