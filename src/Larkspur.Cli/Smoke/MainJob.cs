using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Larkspur.Cli.Hosting;
using static Larkspur.Cli.Smoke.SmokeSteps;

namespace Larkspur.Cli.Smoke;

/// <summary>
/// The main job as a person and a platform see it: a message in, a card out, a click, the card changed; doubles and forgeries without effect.
/// Everything goes over HTTP, as it does in production.
/// </summary>
internal sealed class MainJob(LocalStack stack) : IDisposable
{
    private readonly EmulatorControl _emulator = new(stack.Emulator);
    private readonly HttpClient _gateway = new(new SocketsHttpHandler { UseProxy = false })
    {
        BaseAddress = stack.Gateway,
        Timeout = TimeSpan.FromSeconds(20),
        DefaultRequestHeaders = { Authorization = new AuthenticationHeaderValue("Bearer", stack.ApiKey) },
    };

    private string _aliceChat = "";
    private string _card = "";
    private JsonNode _approve = new JsonObject();

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
        var verdict = await _emulator.SetCallbackAsync(LocalStack.AppId, Webhook, cancellation);
        Expect(verdict == "verified", $"the address check {verdict}");
    }

    private async Task HelpAsync(CancellationToken cancellation)
    {
        var sent = await SayAsync("alice", null, "/help", cancellation);
        _aliceChat = Text(sent, "chat_id");
        var answer = await _emulator.WaitForAnswerAsync(_aliceChat, Text(sent, "message_id"), "/approve-demo", cancellation);
        Expect(Text(answer, "msg_type") == "interactive", $"the answer is a {Text(answer, "msg_type")}, not a card");
    }

    private async Task RequestAsync(CancellationToken cancellation)
    {
        var sent = await SayAsync("alice", null, "/approve-demo", cancellation);
        var card = await _emulator.WaitForAnswerAsync(_aliceChat, Text(sent, "message_id"), "approve", cancellation);
        Expect(Text(card, "msg_type") == "interactive", "the request is not a card");
        _card = Text(card, "message_id");
        _approve = await ButtonAsync("approve", cancellation);
    }

    private async Task AskFinanceAsync(CancellationToken cancellation)
    {
        var before = await _emulator.CardAsync(_card, cancellation);
        var asked = before.ToString().Contains("咨询财务", StringComparison.Ordinal) ? "等待财务意见" : "waiting for their opinion";
        var click = await ClickAsync("alice", await ButtonAsync("finance", cancellation), cancellation);
        Expect(click["toast"]?["content"] is not null, $"no toast: {click.ToJsonString()}");
        Expect(click["card_changed"]?.GetValue<bool>() != true, "the answer itself changed the card; it should be updated by message_id");
        await _emulator.WaitForChangeAsync(_card, asked, cancellation);
    }

    private async Task ApproveAsync(CancellationToken cancellation)
    {
        var click = await ClickAsync("alice", _approve, cancellation);
        Expect(click["toast"]?["type"]?.GetValue<string>() == "success", $"no success toast: {click.ToJsonString()}");
        Expect(click["card_changed"]?.GetValue<bool>() == true, "the answer did not change the card");
        Expect(Buttons(await _emulator.CardAsync(_card, cancellation)).Count == 0, "the decided card still has buttons");
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
                encrypt = LocalStack.Encrypts,
                schema = "2.0",
                @event = new
                {
                    @operator = new { user_id = "bob", open_id = "ou_bob", tenant_key = "smoke" },
                    token = "c-smoke",
                    action = new { tag = "button", value = _approve.DeepClone() },
                    host = "im_message",
                    context = new { open_message_id = _card, open_chat_id = _aliceChat },
                },
            },
            cancellation);
        Expect(pushed["status"]?.GetValue<int>() == 200, $"the callback was answered {pushed.ToJsonString()}");
        var body = JsonNode.Parse(Text(pushed, "body"));
        Expect(body?["toast"]?["type"]?.GetValue<string>() == "warning", $"the second click was taken for a decision: {body}");
    }

    private async Task MentionInGroupAsync(CancellationToken cancellation)
    {
        var state = await _emulator.StateAsync(cancellation);
        var group = state["chats"]!.AsArray().FirstOrDefault(c => Text(c!, "type") == "group" && c!["people"]!.AsArray().Any(p => p!.GetValue<string>() == "bob"))
            ?? throw new SmokeFailure("the seeded company has no group chat with Bob");
        var bot = Text(state["apps"]![0]!, "name");
        var sent = await SayAsync("bob", Text(group, "chat_id"), $"@{bot} /whoami", cancellation);
        // The answer names the chat; markdown escapes the underscore of its id.
        await _emulator.WaitForAnswerAsync(Text(group, "chat_id"), Text(sent, "message_id"), Text(group, "chat_id")["oc_".Length..], cancellation);
    }

    private async Task DuplicateAsync(CancellationToken cancellation)
    {
        var sent = await SayAsync("alice", null, "What is the travel policy?", cancellation);
        await _emulator.WaitForAnswerAsync(_aliceChat, Text(sent, "message_id"), "Travel allowances", cancellation);
        var push = await _emulator.NewestPushAsync("im.message.receive_v1", cancellation);
        var id = Text(push, "event_id");
        var again = await _emulator.PushAsync(
            new
            {
                platform = "feishu",
                transport = "webhook",
                callbackUrl = Webhook,
                type = "im.message.receive_v1",
                event_id = id,
                encrypt = LocalStack.Encrypts,
                schema = "2.0",
                @event = JsonNode.Parse(Text(push, "plain_body"))!["event"]!.DeepClone(),
                repeat = 3,
            },
            cancellation);
        Expect(again["status"]?.GetValue<int>() == 200, $"a duplicate was answered {again.ToJsonString()}");
        var record = await RecordAsync(id, cancellation);
        Expect(record["processed"]?.GetValue<int>() == 1, $"processed {record["processed"]} times");
        var state = await _emulator.StateAsync(cancellation);
        var answers = state["messages"]!.AsArray().Count(m => Text(m!["sender"]!, "type") == "app" && Text(m!, "rendered").Contains("Travel allowances", StringComparison.Ordinal));
        Expect(answers == 1, $"answered {answers} times");
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
        var record = await RecordAsync(id, cancellation);
        Expect(record["items"]!.AsArray().Count == 0, "the forged event was stored");
    }

    private Uri Webhook => new(stack.Gateway, "/webhook/feishu");

    private Task<JsonObject> SayAsync(string person, string? chat, string text, CancellationToken cancellation) =>
        _emulator.ActAsync(new { @as = person, @do = "send", chat, text }, cancellation);

    private Task<JsonObject> ClickAsync(string person, JsonNode button, CancellationToken cancellation) =>
        _emulator.ActAsync(new { @as = person, @do = "click", message_id = _card, value = button }, cancellation);

    private async Task<JsonObject> RecordAsync(string eventId, CancellationToken cancellation) =>
        (await _gateway.GetFromJsonAsync<JsonObject>($"/api/v1/inbox?event_id={eventId}", cancellation))!;

    /// <summary>The callback value of the button that stands for a choice.</summary>
    private async Task<JsonNode> ButtonAsync(string choice, CancellationToken cancellation) =>
        Buttons(await _emulator.CardAsync(_card, cancellation)).FirstOrDefault(v => v["choice"]?.GetValue<string>() == choice)
        ?? throw new SmokeFailure($"the card has no button \"{choice}\"");
}
