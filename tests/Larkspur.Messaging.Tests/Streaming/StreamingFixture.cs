using System.Text.Json.Nodes;
using Larkspur.Emulator.State;
using Larkspur.Feishu;
using Larkspur.Feishu.Messaging.Streaming;

namespace Larkspur.Messaging.Tests.Streaming;

/// <summary>The emulated platform, an app on it, and Alice's chat with the app.</summary>
internal sealed class StreamingFixture : IAsyncDisposable
{
    public static readonly string[] WithoutCardKit = ["im:message", "im:message:send_as_bot"];

    private StreamingFixture(EmulatorApp emulator, FeishuClient feishu, string chat) => (Emulator, Feishu, Chat) = (emulator, feishu, chat);

    public EmulatorApp Emulator { get; }

    public FeishuClient Feishu { get; }

    public string Chat { get; }

    public StreamTarget Target => StreamTarget.To("chat_id", Chat);

    public IEnumerable<ApiCall> Calls => Emulator.State.Inspector.Calls(1000).Where(c => c.EndpointId is not null && !c.EndpointId.StartsWith("auth.", StringComparison.Ordinal)).OrderBy(c => c.Number);

    public static async Task<StreamingFixture> StartAsync(Func<Larkspur.Emulator.EmulatorSettings, Larkspur.Emulator.EmulatorSettings>? change = null)
    {
        var emulator = await EmulatorApp.StartAsync(change);
        var chat = (await emulator.ActAsync(new { @as = "alice", @do = "send", text = "hello" }))["chat_id"]!.GetValue<string>();
        var app = EmulatorApp.DefaultApp;
        return new StreamingFixture(emulator, new FeishuClient(new FeishuOptions { AppId = app.AppId, AppSecret = app.AppSecret, BaseUrl = emulator.BaseUrl }), chat);
    }

    /// <summary>Messages of the app in the chat, the oldest first.</summary>
    public IReadOnlyList<Message> Sent => [.. Emulator.State.Messages(Chat).Where(m => m.SenderKind == SenderKind.App)];

    public Task FaultAsync(object rule) => Emulator.ControlAsync(HttpMethod.Post, "faults", rule);

    public Task GrantAsync(params string[] scopes) => Emulator.ControlAsync(HttpMethod.Patch, $"apps/{EmulatorApp.AppId}", new { granted_scopes = scopes });

    public IEnumerable<ApiCall> CallsOf(string endpoint) => Calls.Where(c => c.EndpointId == endpoint);

    /// <summary>The text that a card shows.</summary>
    public static string TextOf(Message message) => Elements(message).First(e => e!["element_id"]?.GetValue<string>() == StreamingCardFace.TextElement)!["content"]!.GetValue<string>();

    public static JsonArray Elements(Message message) => JsonNode.Parse(message.Card!.Json)!["body"]!["elements"]!.AsArray();

    public async Task<JsonObject> EntityAsync(string cardId) =>
        (await Emulator.StateAsync())["card_entities"]!.AsArray().Select(e => e!.AsObject()).Single(e => e["card_id"]!.GetValue<string>() == cardId);

    public static async Task UntilAsync(Func<bool> holds)
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        using var ticks = new PeriodicTimer(TimeSpan.FromMilliseconds(10));
        while (!holds()) await ticks.WaitForNextTickAsync(deadline.Token);
    }

    public ValueTask DisposeAsync() => Emulator.DisposeAsync();
}
