using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Nodes;
using Larkspur.Emulator.Feishu.Cards;
using Larkspur.Emulator.Feishu.Events;
using Larkspur.Emulator.Feishu.Im;

namespace Larkspur.Emulator.Feishu;

/// <summary>Carries out what people do in the Feishu client: messages, cards, groups.</summary>
internal sealed partial class FeishuActions(
    EmulatorState state, EventSource events, CardCallbacks callbacks, MessageContentReader contents, MessagePost post) : IPersonActions
{
    private const int MostTextBytes = MessageContent.MostTextBytes;
    private const int LongestFileName = 250;

    public ActionOutcome SendText(string personId, string? chatId, string text, string? replyTo = null, bool inThread = false)
    {
        if (Unsendable(text) is { } unsendable) return unsendable;
        if (Place(personId, chatId, out var person, out var chat) is { } refusal) return refusal;
        var (rendered, mentions) = TypedText.Read(state, chat, text);
        var content = CanonicalJson.Write(new JsonObject { ["text"] = rendered });
        return Send(person, chat, "text", content, new MessageContent { Rendered = content, Mentions = mentions }, replyTo, inThread);
    }

    public ActionOutcome SendContent(string personId, string? chatId, string msgType, string content, string? replyTo = null, bool inThread = false)
    {
        if (Unsendable(content) is { } unsendable) return unsendable;
        if (Place(personId, chatId, out var person, out var chat) is { } refusal) return refusal;
        if (!AsJson(content)) return Refused("content must be a JSON object in a string.", "content 必须是 JSON 对象的字符串。");
        // What apps can send too is checked as theirs is; types that only people send (location, todo…) are taken as they are written.
        if (msgType is "interactive" or "system") return Refused($"People do not send {msgType} messages.", $"用户不能发送 {msgType} 消息。");
        var isValidated = msgType is "text" or "post" or "image" or "file" or "audio" or "media" or "share_chat" or "share_user";
        ContentRefusal? wrong = null;
        var reading = isValidated ? contents.Read(ContentAuthor.Anybody, msgType, content, out wrong) : new MessageContent { Rendered = content };
        if (reading is null) return Refused($"The content does not fit {msgType} (code {wrong!.Code}).", $"内容不符合 {msgType} 类型（错误码 {wrong.Code}）。");
        return Send(person, chat, msgType, content, reading, replyTo, inThread);
    }

    public ActionOutcome SendImage(string personId, string? chatId, string fileName, ReadOnlyMemory<byte> bytes) => SendUpload(personId, chatId, "image", fileName, bytes);

    public ActionOutcome SendFile(string personId, string? chatId, string fileName, ReadOnlyMemory<byte> bytes) => SendUpload(personId, chatId, "file", fileName, bytes);

    public ActionOutcome Edit(string personId, string messageId, string text)
    {
        if (Own(personId, messageId, out var message, out var chat) is { } refusal) return refusal;
        if (Unsendable(text) is { } unsendable) return unsendable;
        if (message.MsgType != "text") return Refused("Only text can be edited.", "只能编辑文本消息。");
        var (rendered, mentions) = TypedText.Read(state, chat, text);
        var content = CanonicalJson.Write(new JsonObject { ["text"] = rendered });
        state.ChangeMessage(messageId, m => m with
        {
            Content = content, Rendered = content, Mentions = mentions, Updated = true, Edits = m.Edits + 1, UpdateTime = state.Clock.GetUtcNow(),
        });
        return new ActionOutcome(message.ChatId, messageId);
    }

    public async Task<ClickResult> ClickAsync(string personId, string messageId, CardClick click, CancellationToken cancellationToken = default)
    {
        if (See(personId, messageId, out var person, out var message, out _) is { } refusal) return new ClickResult(Error: refusal.Refusal);
        return await callbacks.ClickAsync(person, message, click, cancellationToken);
    }

    public ActionOutcome MarkRead(string personId, string chatId)
    {
        if (Place(personId, chatId, out _, out var chat) is { } refusal) return refusal;
        events.MessagesRead(personId, chat, state.MarkRead(personId, chatId));
        return new ActionOutcome(chatId);
    }

    public ActionOutcome React(string personId, string messageId, string emojiType, bool remove = false)
    {
        if (See(personId, messageId, out _, out var message, out _) is { } refusal) return refusal;
        if (message.Deleted) return Refused("This message was recalled.", "消息已被撤回。");
        if (!EmojiTypes.Has(emojiType)) return Refused("There is no such emoji.", "没有这个表情。");
        var present = message.Reactions.FirstOrDefault(r => r.EmojiType == emojiType && r.OperatorId == personId);
        if (remove == (present is null)) return remove ? Refused("There is no such reaction of this person.", "此人没有这个表情回应。") : new ActionOutcome(message.ChatId, messageId);
        var reaction = present ?? new Reaction(state.Ids.Next(""), emojiType, SenderKind.User, personId, state.Clock.GetUtcNow());
        state.ChangeMessage(messageId, m => m with { Reactions = remove ? m.Reactions.Remove(reaction) : m.Reactions.Add(reaction) });
        events.ReactionChanged(message, reaction, created: !remove);
        return new ActionOutcome(message.ChatId, messageId);
    }

    public ActionOutcome Recall(string personId, string messageId)
    {
        if (See(personId, messageId, out _, out var message, out var chat) is { } refusal) return refusal;
        var owns = chat.IsManagedBy(personId);
        if (message.SenderId != personId && !owns) return Refused("Only its sender or the group's owner can recall a message.", "只有发送者或群主可以撤回消息。");
        if (message.Deleted) return Refused("This message is already recalled.", "消息已被撤回。");
        if (message.SenderId == personId && state.Clock.GetUtcNow() - message.CreateTime > state.Rules.RecallWindow) return Refused("This message is too old to be recalled.", "消息已超过可撤回的时间。");
        state.ChangeMessage(messageId, m => m with { Deleted = true, UpdateTime = state.Clock.GetUtcNow() });
        events.MessageRecalled(message, message.SenderId == personId ? "message_owner" : chat.OwnerId == personId ? "group_owner" : "group_manager");
        return new ActionOutcome(chat.ChatId, messageId);
    }

    private ActionOutcome Send(
        Person person, Chat chat, string msgType, string content, MessageContent reading, string? replyTo, bool inThread, ImmutableArray<Message> forwarded = default)
    {
        if (!chat.MayWrite(person.UserId)) return Refused("Not everybody may write in this group.", "该群已限制发言。");
        Message? parent = null;
        if (replyTo is not null)
        {
            parent = state.Message(replyTo);
            if (parent is null || parent.ChatId != chat.ChatId) return Refused("The message to answer is not in this chat.", "要回复的消息不在这个会话里。");
            if (parent.Deleted) return Refused("This message was recalled.", "消息已被撤回。");
        }

        // Who writes has seen what stands above.
        events.MessagesRead(person.UserId, chat, state.MarkRead(person.UserId, chat.ChatId));
        var message = post.Post(new Draft
        {
            Chat = chat, SenderKind = SenderKind.User, SenderId = person.UserId, MsgType = msgType, Content = content, Reading = reading, Parent = parent, InThread = inThread,
            Forwarded = forwarded.IsDefault ? [] : forwarded,
        });
        return new ActionOutcome(chat.ChatId, message.MessageId);
    }

    private static bool AsJson(string content)
    {
        try
        {
            return StrictJson.Parse(content) is JsonObject;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private ActionOutcome? Place(string personId, string? chatId, out Person person, out Chat chat)
    {
        chat = null!;
        person = state.Person(personId)!;
        if (person is null) return Refused($"There is no person {personId}.", $"没有 {personId} 这个人。");
        if (chatId is null)
        {
            if (state.Apps.FirstOrDefault(a => a.BotEnabled) is not { } app) return Refused("The company has no bot.", "企业里没有机器人。");
            chat = state.GetOrCreateBotChat(personId, app, out _);
            return null;
        }

        chat = state.Chat(chatId)!;
        if (chat is null) return Refused($"There is no chat {chatId}.", $"没有会话 {chatId}。");
        if (chat.Dissolved) return Refused("This group was dissolved.", "该群已解散。");
        return chat.People.Contains(personId) ? null : Refused($"{person.EnName} is not in this chat.", $"{person.Name}不在这个会话里。");
    }

    private ActionOutcome? See(string personId, string messageId, out Person person, out Message message, out Chat chat)
    {
        (person, chat, message) = (null!, null!, state.Message(messageId)!);
        if (message is null || (message.OnlyFor is { } only && only != personId)) return Refused($"There is no message {messageId}.", $"没有消息 {messageId}。");
        return Place(personId, message.ChatId, out person, out chat);
    }

    private ActionOutcome? Own(string personId, string messageId, out Message message, out Chat chat)
    {
        if (See(personId, messageId, out _, out message, out chat) is { } refusal) return refusal;
        if (message.SenderId != personId) return Refused("This is someone else's message.", "这是别人的消息。");
        return message.Deleted ? Refused("This message was recalled.", "消息已被撤回。") : null;
    }

    private static ActionOutcome? Unsendable(string text) =>
        text.Length == 0 ? Refused("There is nothing to send.", "没有可发送的内容。")
        : System.Text.Encoding.UTF8.GetByteCount(text) > MostTextBytes ? Refused("The message is too long.", "消息太长了。") : null;

    private static ActionOutcome Refused(string en, string zh) => new(Refusal: new LocalizedText(en, zh));
}
