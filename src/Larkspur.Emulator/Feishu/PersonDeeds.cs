using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Nodes;
using Larkspur.Emulator.Feishu.Cards;
using Larkspur.Emulator.Feishu.Events;
using Larkspur.Emulator.Feishu.Im;
using Larkspur.Emulator.World;

namespace Larkspur.Emulator.Feishu;

/// <summary>People's doings in the Feishu client.</summary>
internal sealed partial class PersonDeeds(EmulatedWorld world, EventSource events, CardCallbacks callbacks) : IPersonActions
{
    private const int MostTextBytes = MessageContent.MostTextBytes;
    private const int LongestFileName = 250;

    public ActionOutcome SendText(string personId, string? chatId, string text, string? replyTo = null, bool inThread = false)
    {
        if (Unsendable(text) is { } unsendable) return unsendable;
        if (Place(personId, chatId, out var person, out var chat) is { } refusal) return refusal;
        var (rendered, mentions) = TypedText.Read(world, chat, text);
        var content = CanonicalJson.Write(new JsonObject { ["text"] = rendered });
        return Send(person, chat, "text", content, content, mentions, replyTo, inThread);
    }

    public ActionOutcome SendContent(string personId, string? chatId, string msgType, string content, string? replyTo = null)
    {
        if (Unsendable(content) is { } unsendable) return unsendable;
        if (Place(personId, chatId, out var person, out var chat) is { } refusal) return refusal;
        try
        {
            if (StrictJson.Parse(content) is not JsonObject parsed) return Refused("content must be a JSON object in a string.", "content 必须是 JSON 对象的字符串。");
            // A post is received without its language key.
            var inner = msgType == "post" && parsed["content"] is null ? parsed.Select(p => p.Value).OfType<JsonObject>().FirstOrDefault() ?? parsed : parsed;
            return Send(person, chat, msgType, content, CanonicalJson.Write(inner), [], replyTo, false);
        }
        catch (JsonException)
        {
            return Refused("content must be a JSON object in a string.", "content 必须是 JSON 对象的字符串。");
        }
    }

    public ActionOutcome SendImage(string personId, string? chatId, string fileName, ReadOnlyMemory<byte> bytes)
    {
        if (Place(personId, chatId, out var person, out var chat) is { } refusal) return refusal;
        if (bytes.Length is 0 or > ImageFormat.MostBytes || fileName.Length > LongestFileName) return Refused("An image has 1 byte to 10 MB, and a name of 250 characters at most.", "图片大小须在 1 字节到 10 MB 之间，文件名不超过 250 个字符。");
        if (ImageFormat.Recognise(bytes.Span) is not { } type) return Refused("This is no image that Feishu knows.", "不支持这种图片格式。");
        var key = "img_v3_" + world.Ids.Next("");
        world.Put(new StoredFile { Key = key, IsImage = true, Name = fileName, Type = "message", ContentType = type, Bytes = bytes, OwnerId = personId });
        var content = CanonicalJson.Write(new JsonObject { ["image_key"] = key });
        return Send(person, chat, "image", content, content, [], null, false);
    }

    public ActionOutcome SendFile(string personId, string? chatId, string fileName, ReadOnlyMemory<byte> bytes)
    {
        if (Place(personId, chatId, out var person, out var chat) is { } refusal) return refusal;
        if (bytes.Length is 0 or > FilesApi.MostFileBytes || fileName.Length > LongestFileName) return Refused("A file has 1 byte to 30 MB, and a name of 250 characters at most.", "文件大小须在 1 字节到 30 MB 之间，文件名不超过 250 个字符。");
        var key = "file_v3_" + world.Ids.Next("");
        world.Put(new StoredFile { Key = key, IsImage = false, Name = fileName, Type = "stream", ContentType = "application/octet-stream", Bytes = bytes, OwnerId = personId });
        var content = CanonicalJson.Write(new JsonObject { ["file_key"] = key, ["file_name"] = fileName });
        return Send(person, chat, "file", content, content, [], null, false);
    }

    public ActionOutcome Edit(string personId, string messageId, string text)
    {
        if (Own(personId, messageId, out var message, out var chat) is { } refusal) return refusal;
        if (Unsendable(text) is { } unsendable) return unsendable;
        if (message.MsgType != "text") return Refused("Only text can be edited.", "只能编辑文本消息。");
        var (rendered, mentions) = TypedText.Read(world, chat, text);
        var content = CanonicalJson.Write(new JsonObject { ["text"] = rendered });
        world.ChangeMessage(messageId, m => m with
        {
            Content = content, Rendered = content, Mentions = mentions, Updated = true, Edits = m.Edits + 1, UpdateTime = world.Clock.GetUtcNow(),
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
        events.MessagesRead(personId, chat, world.MarkRead(personId, chatId));
        return new ActionOutcome(chatId);
    }

    public ActionOutcome React(string personId, string messageId, string emojiType, bool remove = false)
    {
        if (See(personId, messageId, out _, out var message, out _) is { } refusal) return refusal;
        if (message.Deleted) return Refused("This message was recalled.", "消息已被撤回。");
        if (!MessageHistoryApi.IsEmojiType(emojiType)) return Refused("There is no such emoji.", "没有这个表情。");
        var present = message.Reactions.FirstOrDefault(r => r.EmojiType == emojiType && r.OperatorId == personId);
        if (remove == (present is null)) return remove ? Refused("There is no such reaction of this person.", "此人没有这个表情回应。") : new ActionOutcome(message.ChatId, messageId);
        var reaction = present ?? new Reaction(world.Ids.Next(""), emojiType, SenderKind.User, personId, world.Clock.GetUtcNow());
        world.ChangeMessage(messageId, m => m with { Reactions = remove ? m.Reactions.Remove(reaction) : m.Reactions.Add(reaction) });
        events.ReactionChanged(message, reaction, created: !remove);
        return new ActionOutcome(message.ChatId, messageId);
    }

    public ActionOutcome Recall(string personId, string messageId)
    {
        if (See(personId, messageId, out _, out var message, out var chat) is { } refusal) return refusal;
        var owns = chat.OwnerId == personId || chat.Managers.Contains(personId);
        if (message.SenderId != personId && !owns) return Refused("Only its sender or the group's owner can recall a message.", "只有发送者或群主可以撤回消息。");
        if (message.Deleted) return Refused("This message is already recalled.", "消息已被撤回。");
        world.ChangeMessage(messageId, m => m with { Deleted = true, UpdateTime = world.Clock.GetUtcNow() });
        events.MessageRecalled(message, message.SenderId == personId ? "message_owner" : "group_owner");
        return new ActionOutcome(chat.ChatId, messageId);
    }

    private ActionOutcome Send(
        Person person, Chat chat, string msgType, string content, string rendered, ImmutableArray<Mention> mentions, string? replyTo, bool inThread)
    {
        Message? parent = null;
        if (replyTo is not null)
        {
            parent = world.Message(replyTo);
            if (parent is null || parent.ChatId != chat.ChatId) return Refused("The message to answer is not in this chat.", "要回复的消息不在这个会话里。");
        }

        var now = world.Clock.GetUtcNow();
        var message = world.AddMessage(new Message
        {
            MessageId = world.Ids.Next("om_"), ChatId = chat.ChatId, ParentId = parent?.MessageId, RootId = parent?.RootId ?? parent?.MessageId,
            ThreadId = parent?.ThreadId ?? (inThread ? world.Ids.Next("omt_") : null), SenderKind = SenderKind.User, SenderId = person.UserId,
            MsgType = msgType, Content = content, Rendered = rendered, Mentions = mentions, CreateTime = now, UpdateTime = now,
        });
        // Who writes has seen what stands above.
        events.MessagesRead(person.UserId, chat, world.MarkRead(person.UserId, chat.ChatId));
        events.MessageReceived(message);
        return new ActionOutcome(chat.ChatId, message.MessageId);
    }

    private ActionOutcome? Place(string personId, string? chatId, out Person person, out Chat chat)
    {
        chat = null!;
        person = world.Person(personId)!;
        if (person is null) return Refused($"There is no person {personId}.", $"没有 {personId} 这个人。");
        if (chatId is null)
        {
            if (world.Apps.FirstOrDefault(a => a.BotEnabled) is not { } app) return Refused("The company has no bot.", "企业里没有机器人。");
            chat = world.MeetBot(personId, app, out _);
            return null;
        }

        chat = world.Chat(chatId)!;
        if (chat is null) return Refused($"There is no chat {chatId}.", $"没有会话 {chatId}。");
        if (chat.Dissolved) return Refused("This group was dissolved.", "该群已解散。");
        return chat.People.Contains(personId) ? null : Refused($"{person.EnName} is not in this chat.", $"{person.Name}不在这个会话里。");
    }

    private ActionOutcome? See(string personId, string messageId, out Person person, out Message message, out Chat chat)
    {
        (person, chat, message) = (null!, null!, world.Message(messageId)!);
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

    private static ActionOutcome Refused(string en, string zh) => new(Refusal: new Said(en, zh));
}
