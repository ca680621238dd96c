using System.Text.Json.Nodes;
using Larkspur.Emulator.Control;
using Larkspur.Emulator.WeCom.Approvals;
using Larkspur.Emulator.WeCom.Callbacks;
using Larkspur.Emulator.WeCom.Chats;
using Larkspur.Emulator.WeCom.CustomerService;
using Larkspur.Emulator.WeCom.People;
using Larkspur.Emulator.WeCom.SignIn;

namespace Larkspur.Emulator.WeCom.Control;

/// <summary>A person acts in WeCom: <c>{"platform":"wecom","as":"alice","do":"send","text":"hi","to":"app"}</c>.</summary>
internal sealed class WeComActCommand(WeComCorp corp, WeComChats chats, WeComActions actions, WeComClicks clicks, WeComConsole console,
    WeComWait wait, KfAccount kf, ApprovalActions approvals,
    SignInAct signIn)
{
    private static IEnumerable<string> Known =>
        [.. Members.Keys, .. ApprovalActions.Members.Keys, .. SignInAct.Members.Keys, "customer_send", .. WeComConsole.Members.Keys];

    private static readonly Dictionary<string, string[]> Members = new(StringComparer.Ordinal)
    {
        ["send"] = ["to", "chat", "text", "msg_type", "content", "base64", "name", "reply_to"],
        ["click"] = ["message_id", "chat", "to", "key", "select"],
        ["enter"] = ["to"],
        ["feedback"] = ["message_id", "rating", "content", "reasons"],
        ["wait"] = ["to", "chat", "from", "contains", "kind", "finished", "after", "timeout_ms"],
    };

    public async Task<JsonObject> RunAsync(ControlInput input, CancellationToken cancellationToken)
    {
        var what = input.Need("do");
        if (WeComConsole.Members.TryGetValue(what, out var settings))
        {
            input.Only(["do", "platform", "as", .. settings]);
            return await console.RunAsync(what, input, cancellationToken);
        }

        if (SignInAct.Members.TryGetValue(what, out var asked))
        {
            input.Only(["do", "platform", "as", .. asked]);
            return signIn.Run(what, input);
        }

        if (what == "customer_send") return await HearCustomerAsync(input, cancellationToken);
        var isApproval = ApprovalActions.Members.TryGetValue(what, out var members);
        if (!isApproval && !Members.TryGetValue(what, out members))
            throw new ControlRefusal($"\"do\": {what} is unknown. Known: {string.Join(", ", Known)}.");
        input.Only(["do", "platform", "as", .. members!]);
        var who = input.Need("as");
        var person = corp.Member(who)
            ?? throw new ControlRefusal($"There is no member {who}. Members: {corp.SomeNames}.");
        if (isApproval) return approvals.Run(what, person, input);
        return what switch
        {
            "send" => Send(person, input),
            "click" => await ClickAsync(person, input, cancellationToken),
            "enter" => Show(ToBot(input) ? await actions.EnterAiBotAsync(person, cancellationToken) : await actions.EnterApplicationAsync(person, cancellationToken)),
            "feedback" => Show(await actions.RateAsync(person, Message(input.Need("message_id")), Rating(input), input.Text("content") ?? "", Reasons(input), cancellationToken)),
            _ => await wait.RunAsync(person, ChatOf(person, input), input, cancellationToken),
        };
    }

    private static bool ToBot(ControlInput input) => input.Text("to") switch
    {
        null or "app" => false,
        "aibot" => true,
        _ => throw new ControlRefusal("\"to\" must be \"app\" or \"aibot\"."),
    };

    private static int Rating(ControlInput input) => (input.Text("rating") ?? "good") switch
    {
        "good" => 1,
        "bad" => 2,
        "cancel" => 3,
        _ => throw new ControlRefusal("\"rating\" must be good, bad or cancel."),
    };

    /// <summary>1 to 4, as the client offers them for a bad answer.</summary>
    private static int[] Reasons(ControlInput input) => input.Body["reasons"] switch
    {
        null => [],
        JsonArray list when list.All(i => i is JsonValue v && v.TryGetValue<int>(out var number) && number is >= 1 and <= 4) => [.. list.Select(i => i!.GetValue<int>())],
        _ => throw new ControlRefusal("\"reasons\" must be a list of numbers from 1 to 4."),
    };

    private static JsonObject Show(CallbackOutcome outcome)
    {
        var shown = new JsonObject { ["ok"] = outcome.Taken, ["status"] = outcome.Status, ["verdict"] = outcome.Verdict };
        if (outcome.Reply is { } reply) shown["reply"] = reply;
        return shown;
    }

    /// <summary>A customer, who is no member, writes to the customer service.</summary>
    private async Task<JsonObject> HearCustomerAsync(ControlInput input, CancellationToken cancellationToken)
    {
        input.Only("do", "platform", "customer", "text");
        var customer = input.Need("customer");
        if (!KfAccount.Customers.ContainsKey(customer)) throw new ControlRefusal($"There is no customer {customer}. Customers: {string.Join(", ", KfAccount.Customers.Keys)}.");
        var (message, outcome) = await kf.HearAsync(customer, input.Need("text"), cancellationToken);
        var shown = Show(outcome);
        (shown["message_id"], shown["msgid"]) = (message.MessageId, message.MsgId);
        return shown;
    }

    private JsonObject Send(Person person, ControlInput input)
    {
        var says = PersonMessage.Of(input);
        var group = input.Text("chat") is { } id ? Group(person, id) : null;
        var bot = ToBot(input);
        if (group is not null && input.Text("to") == "app") throw new ControlRefusal("The application is in no group that people could speak in; leave out \"chat\", or say \"to\": \"aibot\".");
        if (input.Text("reply_to") is not null && !bot) throw new ControlRefusal("\"reply_to\" quotes a message to the AI bot.");
        var message = group is not null && !bot ? actions.ToGroup(person, says, group)
            : bot ? actions.ToAiBot(person, says, group, input.Text("reply_to") is { } quoted ? Message(quoted) : null)
            : actions.ToApplication(person, says);
        return new JsonObject { ["ok"] = true, ["message_id"] = message.MessageId, ["chat_id"] = message.ChatId, ["msgid"] = message.MsgId };
    }

    private async Task<JsonObject> ClickAsync(Person person, ControlInput input, CancellationToken cancellationToken)
    {
        var message = input.Text("message_id") is { } id ? Message(id)
            : chats.Messages(ChatOf(person, input).ChatId).LastOrDefault(m => m is { Card: not null, Recalled: false, Dropped: false }) ?? throw new ControlRefusal("There is no card in this chat; say \"message_id\".");
        var press = await clicks.PressAsync(person, message, input.Text("key"), Chosen(input), cancellationToken);
        var shown = press.Outcome is { } outcome ? Show(outcome) : new JsonObject { ["ok"] = true, ["open_url"] = press.Url };
        shown["message_id"] = message.MessageId;
        shown["card_changed"] = press.Message.Version > message.Version;
        return shown;
    }

    private static Dictionary<string, IReadOnlyList<string>> Chosen(ControlInput input) => input.Object("select") is not { } select ? [] : select.ToDictionary(s => s.Key, s => (IReadOnlyList<string>)(s.Value switch
    {
        JsonValue v when v.TryGetValue<string>(out var one) => [one],
        JsonArray list when list.All(i => i is JsonValue v && v.TryGetValue<string>(out _)) => [.. list.Select(i => i!.GetValue<string>())],
        _ => throw new ControlRefusal("\"select\" must hold option ids by question: {\"colour\": [\"red\"]}."),
    }), StringComparer.Ordinal);

    private WeComChat ChatOf(Person person, ControlInput input) =>
        input.Text("chat") is { } id ? Group(person, id) : ToBot(input) ? chats.WithAiBot(person.UserId) : chats.WithApplication(person.UserId);

    private WeComChat Group(Person person, string id) =>
        chats.Chat(id) is { } chat && chat.People.Contains(person.UserId) ? chat
        : throw new ControlRefusal($"{person.UserId} is in no chat {id}. Chats: {string.Join(", ", chats.All(person.UserId).Select(c => c.ChatId))}.");

    private WeComMessage Message(string id) => chats.Message(id) ?? throw new ControlRefusal($"There is no message {id}.");
}
