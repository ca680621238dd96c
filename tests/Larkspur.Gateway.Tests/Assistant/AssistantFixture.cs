using System.Text.Json.Nodes;
using Larkspur.Emulator.Dify;
using Larkspur.Emulator.State;
using Larkspur.Feishu.Messaging.Streaming;
using Larkspur.Testing;

namespace Larkspur.Gateway.Tests.Assistant;

/// <summary>A gateway whose assistant is the emulated Dify, beside the emulated Feishu.</summary>
internal sealed class AssistantFixture : EmulatedGateway
{
    private AssistantFixture(EmulatedGatewaySetup setup, (EmulatorApp, GatewayApp) running, EmulatorApp emulator) : base(setup, running, emulator)
    {
    }

    /// <summary>Settings of a backend of the emulated Dify.</summary>
    public static IEnumerable<KeyValuePair<string, string?>> Backend(string name, string key, EmulatorApp emulator) =>
    [
        new($"Larkspur:Assistant:Backends:{name}:BaseUrl", new Uri(emulator.BaseUrl, "v1").ToString()),
        new($"Larkspur:Assistant:Backends:{name}:ApiKey", key),
    ];

    public static async Task<AssistantFixture> StartAsync(Func<EmulatorApp, IEnumerable<KeyValuePair<string, string?>>>? settings = null, string? dataFolder = null)
    {
        var emulator = await EmulatorApp.StartAsync();
        var setup = new EmulatedGatewaySetup { Emulator = emulator, Settings = _ => Settings(emulator, settings), DataFolder = dataFolder };
        return new AssistantFixture(setup, await setup.StartAsync(), emulator);
    }

    public static Dictionary<string, string?> Settings(EmulatorApp emulator, Func<EmulatorApp, IEnumerable<KeyValuePair<string, string?>>>? more)
    {
        var all = new Dictionary<string, string?> { ["DIFY_BASE_URL"] = new Uri(emulator.BaseUrl, "v1").ToString(), ["DIFY_API_KEY"] = DifyApp.DefaultKey };
        foreach (var (key, value) in more?.Invoke(emulator) ?? []) all[key] = value;
        return all;
    }

    public Task<JsonObject> SayAsync(string text, string who = "alice") => Emulator.ActAsync(new { @as = who, @do = "send", text });

    public Task<JsonObject> ClickAsync(string messageId, string text, string who = "alice") => Emulator.ActAsync(new { @as = who, @do = "click", message_id = messageId, text });

    /// <summary>What the bot sent, the oldest first.</summary>
    public IReadOnlyList<Message> Sent(string who = "alice") =>
        Emulator.State.P2pChat(who, EmulatorApp.AppId) is { } chat ? [.. Emulator.State.Messages(chat.ChatId).Where(m => m.SenderKind == SenderKind.App)] : [];

    /// <summary>The text of an answer's card; of another message its content.</summary>
    public static string TextOf(Message message) => message.Card is not { } card ? message.Content : JsonNode.Parse(card.Json)!["body"]!["elements"]!.AsArray()
        .FirstOrDefault(e => e!["element_id"]?.GetValue<string>() == StreamingCardFace.TextElement)?["content"]?.GetValue<string>() ?? card.Json;

    /// <summary>Waits for a message that fits; its newest face.</summary>
    public async Task<Message> UntilAsync(Func<Message, bool> fits, string who = "alice")
    {
        Message? found = null;
        await HoldsAsync(() => (found = Sent(who).LastOrDefault(fits)) is not null);
        return found!;
    }

    /// <summary>Waits for an answer whose card is finished and whose text has this in it.</summary>
    public Task<Message> AnswerAsync(string contains, string who = "alice") => UntilAsync(m => m.Card is { } card && TextOf(m).Contains(contains, StringComparison.Ordinal) && card.Json.Contains("asst:again", StringComparison.Ordinal), who);

    protected override Task<string> ToldAsync() => Task.FromResult($"Sent: {string.Join(" | ", Sent().Select(m => m.Card?.Json ?? m.Content))}");
}
