using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Larkspur.Gateway.Tests.Assistant;
using Larkspur.Testing;
using Microsoft.AspNetCore.Builder;

namespace Larkspur.Gateway.Tests.WebChat;

/// <summary>A gateway with the web chat, whose assistant is the emulated Dify.</summary>
internal sealed class WebFixture : EmulatedGateway
{
    private readonly List<WebReader> _readers = [];

    private WebFixture(EmulatedGatewaySetup setup, (EmulatorApp, GatewayApp) running, EmulatorApp emulator) : base(setup, running, emulator)
    {
    }

    public static async Task<WebFixture> StartAsync(Func<EmulatorApp, IEnumerable<KeyValuePair<string, string?>>>? settings = null, string? dataFolder = null, TimeProvider? clock = null,
        Action<WebApplicationBuilder>? configure = null)
    {
        var emulator = await EmulatorApp.StartAsync();
        var setup = new EmulatedGatewaySetup
        {
            Emulator = emulator, Settings = _ => AssistantFixture.Settings(emulator, settings), DataFolder = dataFolder, Clock = clock, Configure = configure,
            Listens = false,
        };
        return new WebFixture(setup, await setup.StartAsync(), emulator);
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

    protected override ValueTask EndAsync()
    {
        foreach (var reader in _readers) reader.Dispose();
        return ValueTask.CompletedTask;
    }
}
