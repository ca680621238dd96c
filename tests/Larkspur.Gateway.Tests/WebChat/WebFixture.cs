using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Larkspur.Gateway.Storage;
using Larkspur.Gateway.Tests.Assistant;
using Larkspur.Testing;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace Larkspur.Gateway.Tests.WebChat;

/// <summary>A gateway with the web chat, whose assistant is the emulated Dify.</summary>
internal sealed class WebFixture : IAsyncDisposable
{
    private readonly List<WebReader> _readers = [];

    private WebFixture(EmulatorApp emulator, GatewayApp gateway) => (Emulator, Gateway) = (emulator, gateway);

    public EmulatorApp Emulator { get; }

    public GatewayApp Gateway { get; private set; }

    public static async Task<WebFixture> StartAsync(Func<EmulatorApp, IEnumerable<KeyValuePair<string, string?>>>? settings = null, string? dataFolder = null, TimeProvider? clock = null,
        Action<WebApplicationBuilder>? configure = null)
    {
        var emulator = await EmulatorApp.StartAsync();
        return new WebFixture(emulator, await GatewayApp.StartAsync(emulator.BaseUrl.ToString(), AssistantFixture.Settings(emulator, settings), dataFolder, clock, configure));
    }

    /// <summary>The gateway ends, and another one begins where it left.</summary>
    public async Task RestartAsync(string dataFolder, Func<EmulatorApp, IEnumerable<KeyValuePair<string, string?>>>? settings = null)
    {
        await Gateway.StopAsync();
        Gateway = await GatewayApp.StartAsync(Emulator.BaseUrl.ToString(), AssistantFixture.Settings(Emulator, settings), dataFolder);
    }

    /// <summary>A session of somebody.</summary>
    public async Task<JsonNode> BeginAsync(object session)
    {
        var answer = await Gateway.Http.PostAsJsonAsync(new Uri("/api/v1/web-chat/sessions", UriKind.Relative), session);
        var text = await answer.Content.ReadAsStringAsync();
        return answer.IsSuccessStatusCode ? JsonNode.Parse(text)! : throw new InvalidOperationException($"{(int)answer.StatusCode} {text}");
    }

    public async Task<WebReader> ReaderAsync(string subject = "alice", string locale = "en_us") =>
        Read((await BeginAsync(new { issuer = "https://intranet.example.com", subject, name = "Alice", locale }))["token"]!.GetValue<string>());

    public WebReader Read(string token)
    {
        var reader = new WebReader(Gateway.Address, token);
        _readers.Add(reader);
        return reader;
    }

    public async Task HoldsAsync(Func<Task<bool>> holds)
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(40));
        using var ticks = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        try
        {
            while (!await holds()) await ticks.WaitForNextTickAsync(deadline.Token);
        }
        catch (OperationCanceledException)
        {
            throw new TimeoutException($"It did not come to it.\n{string.Join('\n', Gateway.Logs.Lines.TakeLast(40).Select(l => $"{l.Level} {l.Message} {l.Exception}"))}");
        }
    }

    /// <summary>Lets the emulator's clock go on until it has come.</summary>
    public async Task AdvanceUntilAsync(Task comes)
    {
        using var ticks = new PeriodicTimer(TimeSpan.FromMilliseconds(100));
        while (!comes.IsCompleted)
        {
            await Emulator.AdvanceAsync(TimeSpan.FromSeconds(1));
            await ticks.WaitForNextTickAsync();
        }

        await comes;
    }

    /// <summary>Rows of the gateway's database.</summary>
    public Task<List<T>> RowsAsync<T>(string sql, Func<System.Data.Common.DbDataReader, T> map) => Gateway.Services.GetRequiredService<IDatabase>().ReadAsync(s => s.QueryAsync(sql, map));

    public async ValueTask DisposeAsync()
    {
        foreach (var reader in _readers) reader.Dispose();
        await Gateway.DisposeAsync();
        await Emulator.DisposeAsync();
    }
}
