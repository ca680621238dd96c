using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Larkspur.Cli.Hosting;

namespace Larkspur.Cli.Smoke;

/// <summary>
/// The main job as a person and a platform see it: a message in, a card out, a click, the card changed; doubles and forgeries without effect.
/// Everything goes over HTTP, as it does in production.
/// </summary>
internal sealed class MainJob(LocalStack stack) : IDisposable
{
    private readonly EmulatorControl _emulator = new(stack.Emulator);
    private readonly HttpClient _gateway = new(new SocketsHttpHandler())
    {
        BaseAddress = stack.Gateway,
        Timeout = TimeSpan.FromSeconds(20),
        DefaultRequestHeaders = { Authorization = new AuthenticationHeaderValue("Bearer", stack.ApiKey) },
    };

    private string _aliceChat = "";
    private string _card = "";

    public IEnumerable<(string Name, Func<CancellationToken, Task> Step)> Steps() =>
    [
        ("the gateway reports ready", ReadyAsync),
        ("the platform checks the event address (encrypted challenge)", VerifyAddressAsync),
        ("Alice writes /help; the bot answers with a card", HelpAsync),
        ("Alice writes /approve-demo; the request card arrives", RequestAsync),
        ("Alice clicks Ask finance: a toast at once, the card changes by message_id", AskFinanceAsync),
        ("Alice clicks Approve: toast and changed card in the answer", ApproveAsync),
        ("a second click changes nothing and says who decided", SecondClickAsync),
        ("Bob mentions the bot in a group; it answers there", MentionInGroupAsync),
        ("one event delivered three times has one effect", DuplicateAsync),
        ("a forged event is refused and leaves no trace", ForgedAsync),
    ];

    public void Dispose()
    {
        _emulator.Dispose();
        _gateway.Dispose();
    }

    private async Task ReadyAsync(CancellationToken cancellation)
    {
        using var response = await _gateway.GetAsync("/health/ready", cancellation);
        var body = await response.Content.ReadAsStringAsync(cancellation);
        Expect(response.IsSuccessStatusCode, $"/health/ready answered {(int)response.StatusCode}: {body}");
    }

    private async Task VerifyAddressAsync(CancellationToken cancellation)
    {
        var verdict = await _emulator.SetCallbackAsync(stack.AppId, Webhook, cancellation);
        Expect(verdict == "verified", $"the address check {verdict}");
    }

    private async Task HelpAsync(CancellationToken cancellation)
    {
        var sent = await SayAsync("alice", null, "/help", cancellation);
        _aliceChat = Text(sent, "chat_id");
        var answer = await AnswerAsync(_aliceChat, Text(sent, "message_id"), "approve-demo", cancellation);
        Expect(Text(answer, "msg_type") == "interactive", $"the answer is a {Text(answer, "msg_type")}, not a card");
    }

    private async Task RequestAsync(CancellationToken cancellation)
    {
        var sent = await SayAsync("alice", null, "/approve-demo", cancellation);
        var card = await AnswerAsync(_aliceChat, Text(sent, "message_id"), "approve", cancellation);
        Expect(Text(card, "msg_type") == "interactive", "the request is not a card");
        _card = Text(card, "message_id");
    }

    private async Task AskFinanceAsync(CancellationToken cancellation)
    {
        var before = await CardVersionAsync(cancellation);
        var click = await ClickAsync("alice", "ask_finance", cancellation);
        Expect(click["toast"]?["content"] is not null, $"no toast: {click}");
        await _emulator.WaitForChangeAsync(_card, before, cancellation);
    }

    private async Task ApproveAsync(CancellationToken cancellation)
    {
        var before = await CardVersionAsync(cancellation);
        var click = await ClickAsync("alice", "approve", cancellation);
        Expect(click["toast"]?["type"]?.GetValue<string>() == "success", $"no success toast: {click}");
        var after = await _emulator.WaitForChangeAsync(_card, before, cancellation);
        Expect(!after.ToJsonString().Contains("\\u0022approve\\u0022", StringComparison.Ordinal), "the card still offers Approve");
    }

    private async Task SecondClickAsync(CancellationToken cancellation)
    {
        // Bob still has the old card on his screen: the same callback, sent as the platform would send it.
        var pushed = await _emulator.PushAsync(
            new
            {
                platform = "feishu",
                transport = "webhook",
                callbackUrl = Webhook,
                type = "card.action.trigger",
                encrypt = true,
                schema = "2.0",
                @event = new
                {
                    @operator = new { user_id = "bob", open_id = "ou_bob", tenant_key = "smoke" },
                    token = "c-smoke",
                    action = new { tag = "button", value = await ApproveValueAsync(cancellation) },
                    host = "im_message",
                    context = new { open_message_id = _card, open_chat_id = _aliceChat },
                },
            },
            cancellation);
        Expect(pushed["status"]?.GetValue<int>() == 200, $"the callback was answered {pushed}");
        var body = pushed["body"] is JsonValue text ? JsonNode.Parse(text.GetValue<string>()) : pushed["body"];
        Expect(body?["toast"]?["type"]?.GetValue<string>() is not null and not "success", $"the second click was taken for a decision: {body}");
    }

    private async Task MentionInGroupAsync(CancellationToken cancellation)
    {
        var state = await _emulator.StateAsync(cancellation);
        var group = state["chats"]!.AsArray().FirstOrDefault(c => Text(c!, "chat_type") != "p2p")
            ?? throw new SmokeFailure("the seeded company has no group chat");
        var bot = group["bots"]!.AsArray()[0]!;
        var sent = await SayAsync("bob", Text(group, "chat_id"), $"@{Text(bot, "name")} /whoami", cancellation);
        await AnswerAsync(Text(group, "chat_id"), Text(sent, "message_id"), "Bob", cancellation);
    }

    private async Task DuplicateAsync(CancellationToken cancellation)
    {
        var id = Guid.NewGuid().ToString("N");
        var pushed = await _emulator.PushAsync(MessageEvent(id, "/whoami", repeat: 3), cancellation);
        Expect(pushed["status"]?.GetValue<int>() == 200, $"answered {pushed}");
        var item = await ProcessedAsync(id, cancellation);
        Expect(item["processed"]?.GetValue<int>() == 1, $"processed {item["processed"]} times");
        Expect(item["items"]!.AsArray().Count == 1, "recorded more than once");
    }

    private async Task ForgedAsync(CancellationToken cancellation)
    {
        var id = Guid.NewGuid().ToString("N");
        using var request = new HttpRequestMessage(HttpMethod.Post, Webhook)
        {
            Content = JsonContent.Create(new { schema = "2.0", header = new { event_id = id, event_type = "im.message.receive_v1", token = "guess" }, @event = new { } }),
        };
        request.Headers.Add("X-Lark-Request-Timestamp", "1700000000");
        request.Headers.Add("X-Lark-Request-Nonce", "n");
        request.Headers.Add("X-Lark-Signature", new string('0', 64));
        using var response = await _gateway.SendAsync(request, cancellation);
        Expect((int)response.StatusCode is >= 400 and < 500, $"the forged event was answered {(int)response.StatusCode}");
        var record = await _gateway.GetFromJsonAsync<JsonObject>($"/api/v1/inbox?event_id={id}", cancellation);
        Expect(record!["items"]!.AsArray().Count == 0, "the forged event was stored");
    }

    private Uri Webhook => new(stack.Gateway, "/webhook/feishu");

    private Task<JsonObject> SayAsync(string person, string? chat, string text, CancellationToken cancellation) =>
        _emulator.ActAsync(new { @as = person, @do = "send", chat_id = chat, text }, cancellation);

    private Task<JsonObject> ClickAsync(string person, string name, CancellationToken cancellation) =>
        _emulator.ActAsync(new { @as = person, @do = "click", message_id = _card, name }, cancellation);

    private Task<JsonObject> AnswerAsync(string chat, string after, string contains, CancellationToken cancellation) =>
        _emulator.WaitForMessageAsync(chat, contains, after, cancellation);

    private static void Expect(bool held, string otherwise)
    {
        if (!held) throw new SmokeFailure(otherwise);
    }

    private static string Text(JsonNode node, string name) =>
        node[name]?.GetValue<string>() ?? throw new SmokeFailure($"no {name} in {node.ToJsonString()}");
}
