using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;
using Larkspur.Emulator.State;
using Larkspur.Feishu.Messaging.Streaming;
using Larkspur.Gateway.Streams;
using Larkspur.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace Larkspur.Gateway.Tests.Streams;

/// <summary>A gateway beside the emulated platform, with Alice's chat.</summary>
internal sealed class StreamFixture : EmulatedGateway
{
    private StreamFixture(EmulatedGatewaySetup setup, (EmulatorApp, GatewayApp) running, string chat) : base(setup, running) => Chat = chat;

    public string Chat { get; }

    public IStreams Streams => Gateway.Services.GetRequiredService<IStreams>();

    public IReadOnlyList<Message> Sent => [.. Emulator.State.Messages(Chat).Where(m => m.SenderKind == SenderKind.App)];

    public static async Task<StreamFixture> StartAsync(IReadOnlyDictionary<string, string?>? settings = null, string? dataFolder = null, bool callback = true)
    {
        var chat = "";
        var setup = new EmulatedGatewaySetup
        {
            Settings = _ => settings ?? new Dictionary<string, string?>(), DataFolder = dataFolder, Listens = callback,
            Before = async emulator => chat = (await emulator.ActAsync(new { @as = "alice", @do = "send", text = "before anybody listens" }))
                ["chat_id"]!.GetValue<string>(),
        };
        return new StreamFixture(setup, await setup.StartAsync(), chat);
    }

    public StreamRequest Request(string key = "k1") => new() { App = "default", Key = key, Lane = Chat, Target = StreamTarget.To("chat_id", Chat), Title = "Answer", Reference = "7QX4-M0RT" };

    public Task<(int Status, JsonElement Body)> PostAsync(string path, object body, string? key = null) => PostAsync(Gateway, path, body, key);

    public static async Task<(int Status, JsonElement Body)> PostAsync(GatewayApp gateway, string path, object body, string? key = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(path, UriKind.Relative)) { Content = JsonContent.Create(body) };
        if (key is not null) request.Headers.Add("Idempotency-Key", key);
        using var answer = await gateway.Http.SendAsync(request);
        return ((int)answer.StatusCode, await answer.Content.ReadFromJsonAsync<JsonElement>());
    }

    /// <summary>The text that a card shows; empty for other messages.</summary>
    public static string TextOf(Message message) => message.Card is not { } card ? "" : JsonNode.Parse(card.Json)!["body"]!["elements"]!.AsArray()
        .FirstOrDefault(e => e!["element_id"]?.GetValue<string>() == StreamingCardFace.TextElement)?["content"]?.GetValue<string>() ?? "";

    /// <summary>Cards that are streams', the oldest first.</summary>
    public IReadOnlyList<string> Texts => [.. Sent.Select(TextOf).Where(t => t.Length > 0)];

    public Task UntilAsync(Func<bool> holds) => HoldsAsync(holds);

    /// <summary>No card entity streams any more.</summary>
    public async Task<bool> AllClosedAsync() =>
        ((await Emulator.StateAsync())["card_entities"]?.AsArray() ?? []).All(e => e!["message_id"] is null || e["streaming"]!.GetValue<string>() == "closed");

    protected override Task<string> ToldAsync() => Task.FromResult($"Cards: {string.Join(" | ", Texts)}");
}
