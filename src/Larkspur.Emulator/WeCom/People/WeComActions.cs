using System.Text.Json.Nodes;
using Larkspur.Emulator.Control;
using Larkspur.Emulator.WeCom.AiBots;
using Larkspur.Emulator.WeCom.Callbacks;
using Larkspur.Emulator.WeCom.Chats;
using Larkspur.Emulator.WeCom.Media;

namespace Larkspur.Emulator.WeCom.People;

/// <summary>What people do in WeCom's client: they say something, come into a chat, rate an answer.</summary>
internal sealed class WeComActions(EmulatorState state, WeComCorp corp, WeComChats chats, WeComIds ids, WeComMedia media, WeComQueues queues, AppCallbacks callbacks, BotDispatcher dispatcher, BotFiles files) : IResettableState
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, DateOnly> _entered = new(StringComparer.Ordinal);

    /// <summary>A person says something to the application.</summary>
    /// <returns>The message; its delivery goes on behind it.</returns>
    /// <exception cref="ControlRefusal">The client has no such message.</exception>
    public WeComMessage ToApplication(Person person, PersonMessage says)
    {
        if (says.Kind is not ("text" or "image" or "voice" or "video" or "location" or "link")) throw new ControlRefusal($"The application's callback carries no {says.Kind}; it carries text, image, voice, video, location and link.");
        var number = ids.Number();
        var message = Say(chats.WithApplication(person.UserId), person, says, number);
        Deliver(message, says.Kind, newId => callbacks.DeliverAsync(new AppCallback
        {
            Type = says.Kind, From = person.UserId, IsMessage = true, Id = newId ? ids.Number() : number, Time = message.Created, Fields = xml => says.Write(xml, SharedUrl, file => media.Keep(says.Kind, says.Name, file, WeComMedia.Corp).MediaId),
        }));
        return message;
    }

    /// <summary>A person says something to the AI bot, alone or in a group by a mention.</summary>
    /// <inheritdoc cref="ToApplication"/>
    public WeComMessage ToAiBot(Person person, PersonMessage says, WeComChat? group, WeComMessage? quoted)
    {
        if (says.Kind is not ("text" or "image" or "mixed" or "voice" or "file" or "video")) throw new ControlRefusal($"The AI bot hears text, image, mixed, voice, file and video, not {says.Kind}.");
        if (group is not null && !group.HasAiBot) throw new ControlRefusal("The AI bot is not in this group.");
        if (group is not null && says.Kind is not ("text" or "mixed")) throw new ControlRefusal($"In a group nobody can mention the bot in a message of kind {says.Kind}.");
        var chat = group ?? chats.WithAiBot(person.UserId);
        if (group is not null) says = says.Mention("@Larkspur ");
        var message = Say(chat, person, says, ids.MsgId(), quoted?.MessageId);
        var request = new BotRequest { ReqId = ids.Nonce() + ids.Nonce(), Kind = BotRequestKind.Message, Chat = chat,
            UserId = person.UserId, PresentUserId = person.PresentUserId, Began = message.Created, MessageId = message.MessageId };
        Deliver(message, says.Kind, newId => dispatcher.DeliverAsync(new BotEvent(says.Kind, false, request, newId ? ids.MsgId() : message.MsgId, overCallback =>
        {
            var body = says.Json(bytes => files.Link(media.Store(says.Kind, says.Name, bytes), overCallback));
            if (quoted is not null) body["quote"] = Quote(quoted, overCallback);
            return body;
        })));
        return message;
    }

    /// <summary>Something said in a group that no bot hears.</summary>
    public WeComMessage ToGroup(Person person, PersonMessage says, WeComChat group) => Say(group, person, says, ids.MsgId());

    /// <summary>A person opens the application: <c>enter_agent</c>.</summary>
    public Task<CallbackOutcome> EnterApplicationAsync(Person person, CancellationToken cancellationToken)
    {
        chats.WithApplication(person.UserId);
        return callbacks.DeliverAsync(Event("enter_agent", person.UserId, xml => xml.Text("EventKey", "")), cancellationToken: cancellationToken);
    }

    /// <summary>A person opens the AI bot's chat: <c>enter_chat</c>, on the first time of the day only.</summary>
    public async Task<CallbackOutcome> EnterAiBotAsync(Person person, CancellationToken cancellationToken)
    {
        // The platform's day is China's.
        var today = DateOnly.FromDateTime(state.Clock.GetUtcNow().ToOffset(TimeSpan.FromHours(8)).Date);
        lock (_gate)
        {
            if (_entered.GetValueOrDefault(person.UserId) == today) return new CallbackOutcome(0, "enter_chat is sent on the first entry of the day only", "");
            _entered[person.UserId] = today;
        }

        var request = new BotRequest { ReqId = ids.Nonce() + ids.Nonce(), Kind = BotRequestKind.EnterChat,
            Chat = chats.WithAiBot(person.UserId), UserId = person.UserId, PresentUserId = person.PresentUserId,
            Began = state.Clock.GetUtcNow() };
        return await dispatcher.DeliverAsync(BotEvents.Of("enter_chat", request, ids.MsgId(), []), cancellationToken);
    }

    /// <summary>A person rates an AI bot's message that asked for it.</summary>
    /// <param name="kind">1 good, 2 bad, 3 taken back.</param>
    public async Task<CallbackOutcome> RateAsync(Person person, WeComMessage message, int kind, string content, IReadOnlyList<int> reasons, CancellationToken cancellationToken)
    {
        var chat = chats.Chat(message.ChatId) is { } found && found.People.Contains(person.UserId) ? found : throw new ControlRefusal($"{person.UserId} cannot see {message.MessageId}.");
        if (message.FeedbackId is not { } id) throw new ControlRefusal("The bot asked for no feedback on this message: it set no feedback id.");
        chats.Change(message.MessageId, m => m with { Feedback = kind == 3 ? null : new WeComFeedback(person.UserId, kind == 1 ? "good" : "bad", content, [.. reasons]) });
        var request = new BotRequest { ReqId = ids.Nonce() + ids.Nonce(), Kind = BotRequestKind.Feedback, Chat = chat,
            UserId = person.UserId, PresentUserId = person.PresentUserId, Began = state.Clock.GetUtcNow() };
        var said = new JsonObject { ["id"] = id, ["type"] = kind };
        if (content.Length > 0) said["content"] = content;
        if (reasons.Count > 0) said["inaccurate_reason_list"] = new JsonArray([.. reasons.Select(r => (JsonNode?)r)]);
        return await dispatcher.DeliverAsync(BotEvents.Of("feedback_event", request, ids.MsgId(), said), cancellationToken);
    }

    public AppCallback Event(string type, string from, Action<CallbackXml> fields, string? cardMsgId = null) =>
        new() { Type = type, From = from, IsMessage = false, Id = ids.Nonce(), Time = state.Clock.GetUtcNow(), Fields = fields, CardMsgId = cardMsgId };

    public void Reset()
    {
        lock (_gate) _entered.Clear();
    }

    private WeComMessage Say(WeComChat chat, Person person, PersonMessage says, string msgId, string? replyTo = null) => chats.Add(new WeComMessage
    {
        MessageId = ids.Message(), ChatId = chat.ChatId, MsgId = msgId, Sender = WeComSender.Person, SenderId = person.UserId, Kind = says.Kind, Text = says.Text, Content = says.Kept(bytes => media.Store(says.Kind, says.Name, bytes)), ReplyTo = replyTo,
    });

    private void Deliver(WeComMessage message, string type, Func<bool, Task<CallbackOutcome>> send) => _ = queues.Enqueue(message.ChatId, type, async newId =>
    {
        var outcome = await send(newId);
        chats.Change(message.MessageId, m => m with { Outcome = outcome.Verdict, HasTrouble = !outcome.Taken || outcome.IsAnsweredBadly });
    });

    private string SharedUrl(byte[] picture) => $"{corp.OwnAddress}{MediaApi.ImagePath}?file={media.Store("image", "image", picture)}";

    /// <summary>What was quoted, as a message of its own would be told. Of what the bot said, its words. (How the platform quotes cards and streams is UNVERIFIED.)</summary>
    private JsonObject Quote(WeComMessage quoted, bool overCallback)
    {
        if (quoted is not { Sender: WeComSender.Person, Kind: "image" or "file" or "video" or "mixed" }) return PersonMessage.Json("text", quoted.Text, null);
        var file = JsonNode.Parse(quoted.Content)?["file_key"]?.GetValue<string>();
        return PersonMessage.Json(quoted.Kind, quoted.Text, file is null ? null : files.Link(file, overCallback));
    }
}
