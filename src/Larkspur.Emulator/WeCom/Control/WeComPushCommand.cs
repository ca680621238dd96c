using System.Text.Json.Nodes;
using Larkspur.Emulator.Control;
using Larkspur.Emulator.WeCom.AiBots;
using Larkspur.Emulator.WeCom.Callbacks;
using Larkspur.Emulator.WeCom.Chats;

namespace Larkspur.Emulator.WeCom.Control;

/// <summary>One message or event by hand, to any address or over the AI bot's socket. It stands in no chat; an answer to the AI bot's does.</summary>
internal sealed class WeComPushCommand(
    EmulatorState state, WeComCorp corp, WeComChats chats, WeComIds ids, AppCallbacks callbacks, BotCallbacks botCallbacks, BotConnections connections, BotRequests requests, BotDispatcher dispatcher, EmulatorSettings settings)
{
    public const string AiBot = "wecom-aibot";
    private const int MostRepeats = 1000;
    private static readonly string[] AppMessages = ["text", "image", "voice", "video", "location", "link"];
    private static readonly string[] BotMessages = ["text", "image", "mixed", "voice", "file", "video", "stream"];

    public async Task<JsonObject> RunAsync(ControlInput input, CancellationToken cancellationToken)
    {
        input.Only("platform", "transport", "callback_url", "type", "encrypt", "event", "repeat");
        var type = input.Need("type");
        var send = input.Text("platform") == AiBot ? ToBot(input, type) : ToApplication(input, type);
        var repeat = input.Int("repeat", 1, MostRepeats) ?? 1;
        var results = new JsonArray();
        for (var i = 0; i < repeat; i++)
        {
            var outcome = await send(cancellationToken);
            var shown = new JsonObject { ["status"] = outcome.Status, ["body"] = outcome.Body, ["verdict"] = outcome.Verdict };
            if (outcome.Reply is { } reply) shown["reply"] = reply;
            results.Add(shown);
        }

        var answer = results[^1]!.DeepClone().AsObject();
        if (repeat > 1) answer["results"] = results;
        return answer;
    }

    private Func<CancellationToken, Task<CallbackOutcome>> ToApplication(ControlInput input, string type)
    {
        if ((input.Text("transport") ?? "webhook") != "webhook") throw new ControlRefusal("The application's callbacks go over the webhook transport only.");
        var url = Url(input, corp.CallbackUrl);
        if (type == "url_verification") return async cancellationToken => await callbacks.CheckAsync(url, cancellationToken) is { } why ? new CallbackOutcome(0, why, "") : new CallbackOutcome(StatusCodes.Status200OK, "the address is verified", "");
        var fields = input.Object("event") ?? [];
        var message = AppMessages.Contains(type);
        var callback = new AppCallback
        {
            Type = type, IsMessage = message, From = Take(fields, "FromUserName") ?? (type is "kf_msg_or_event" ? "" : SeededCompany.Alice), Id = Take(fields, "MsgId") ?? (message ? ids.Number() : ids.Nonce()),
            Time = Take(fields, "CreateTime") is { } given ? long.TryParse(given, out var seconds) && seconds is > 0 and < 253_402_300_800 ? DateTimeOffset.FromUnixTimeSeconds(seconds) : throw new ControlRefusal("\"CreateTime\" must be seconds.") : state.Clock.GetUtcNow(),
            Fields = xml => Write(xml, fields),
        };
        var encrypt = input.Flag("encrypt", true);
        return cancellationToken => callbacks.DeliverAsync(callback, url, encrypt, attempts: 1, cancellationToken);
    }

    private Func<CancellationToken, Task<CallbackOutcome>> ToBot(ControlInput input, string type)
    {
        var overSocket = (input.Text("transport") ?? "webhook") switch { "webhook" => false, "aibot" => true, _ => throw new ControlRefusal("The AI bot's transports are webhook and aibot.") };
        var url = overSocket ? "" : Url(input, corp.BotCallbackUrl);
        if (type == "url_verification")
        {
            return async cancellationToken => await callbacks.CheckAsync(url, botCallbacks.Crypt, settings.WeCom.AiBotId, cancellationToken) is { } why
                ? new CallbackOutcome(0, why, "") : new CallbackOutcome(StatusCodes.Status200OK, "the address is verified", "");
        }

        var given = input.Object("event") ?? [];
        var happened = BotEventOf(type, given);
        requests.Add(happened.Request);
        if (overSocket) return cancellationToken => connections.Current is { } connection ? dispatcher.OverSocketAsync(connection, happened, cancellationToken) : Task.FromResult(new CallbackOutcome(0, "no long connection is open", ""));
        var plain = CanonicalJson.Write(happened.Body(settings.WeCom.AiBotId, overCallback: true, null));
        var encrypt = input.Flag("encrypt", true);
        return cancellationToken => botCallbacks.PostAsync(happened.Request, type, happened.MsgId, url, plain, 1, encrypt, cancellationToken);
    }

    private BotEvent BotEventOf(string type, JsonObject given)
    {
        var user = given["from"] is JsonObject from && from["userid"] is JsonValue v && v.TryGetValue<string>(out var named) ? named : SeededCompany.Alice;
        var person = corp.Member(user) ?? throw new ControlRefusal($"There is no member {user}.");
        var chat = Take(given, "chatid") is { } id ? chats.Chat(id) ?? throw new ControlRefusal($"There is no chat {id}.") : chats.WithAiBot(person.UserId);
        var msgId = Take(given, "msgid") ?? ids.MsgId();
        var told = (given["from"] as JsonObject)?["corpid"]?.ToString();
        given.Remove("from");
        var message = BotMessages.Contains(type);
        var kind = message ? BotRequestKind.Message : type switch { "enter_chat" => BotRequestKind.EnterChat, "template_card_event" => BotRequestKind.CardClick, _ => BotRequestKind.Feedback };
        var request = new BotRequest { ReqId = ids.Nonce() + ids.Nonce(), Kind = kind, Chat = chat, UserId = person.UserId,
            PresentUserId = person.PresentUserId, CorpId = told, Began = state.Clock.GetUtcNow() };
        return message
            ? new BotEvent(type, false, request, msgId, _ => new JsonObject([KeyValuePair.Create<string, JsonNode?>("msgtype", type), .. given.Select(g => KeyValuePair.Create(g.Key, g.Value?.DeepClone()))]))
            : BotEvents.Of(type, request, msgId, given[type] as JsonObject ?? given);
    }

    private static string Url(ControlInput input, string fallback)
    {
        var url = input.Text("callback_url") ?? fallback;
        WeComConsole.CheckUrl(url);
        return url;
    }

    private static string? Take(JsonObject fields, string name)
    {
        var value = fields[name]?.ToString();
        fields.Remove(name);
        return value;
    }

    /// <summary>Objects as parts, lists as repeated elements, numbers bare, the rest in CDATA.</summary>
    private static void Write(CallbackXml xml, JsonObject fields)
    {
        foreach (var (name, value) in fields)
        {
            if (name.Length == 0 || !name.All(c => char.IsAsciiLetterOrDigit(c) || c == '_') || char.IsAsciiDigit(name[0])) throw new ControlRefusal($"\"{name}\" is no name of an element.");
            foreach (var item in value is JsonArray list ? [.. list] : new[] { value })
            {
                if (item is JsonObject part) xml.Part(name, inside => Write(inside, part));
                else if (item is JsonValue v && v.TryGetValue<long>(out var number)) xml.Number(name, number);
                else xml.Text(name, item?.ToString() ?? "");
            }
        }
    }
}
