using System.Text.Json.Nodes;
using Larkspur.Emulator.Feishu.Im;

namespace Larkspur.Emulator.Feishu;

/// <summary>Uploads, forwards and pins of people.</summary>
internal sealed partial class FeishuActions
{
    private const int MostForwarded = 100;

    /// <inheritdoc/>
    public ActionOutcome SendUpload(string personId, string? chatId, string msgType, string fileName, ReadOnlyMemory<byte> bytes, int? durationMs = null, string? replyTo = null, bool inThread = false)
    {
        if (Place(personId, chatId, out var person, out var chat) is { } refusal) return refusal;
        if (fileName.Length is 0 or > LongestFileName) return Refused("The name of a file has 1 to 250 characters.", "文件名须为 1 到 250 个字符。");
        if (msgType is "image" or "sticker")
        {
            if (bytes.Length is 0 or > ImageLimits.MostBytes) return Refused("An image has 1 byte to 10 MB.", "图片大小须在 1 字节到 10 MB 之间。");
            if (ImageFormat.Recognise(bytes.Span) is not { } type) return Refused("This is no image that Feishu knows.", "不支持这种图片格式。");
            var image = Store(msgType == "image" ? "img_v3_" : "file_v3_", fileName, msgType == "image" ? "message" : "sticker", type, isImage: true);
            return Say(msgType, new JsonObject { [msgType == "image" ? "image_key" : "file_key"] = image });
        }

        if (bytes.Length is 0 or > FilesApi.MostFileBytes) return Refused("A file has 1 byte to 30 MB.", "文件大小须在 1 字节到 30 MB 之间。");
        switch (msgType)
        {
            case "file":
                return Say("file", new JsonObject { ["file_key"] = Store("file_v3_", fileName, "stream", "application/octet-stream"), ["file_name"] = fileName });
            case "audio":
                return Say("audio", new JsonObject { ["file_key"] = Store("file_v3_", fileName, "opus", "audio/ogg"), ["duration"] = durationMs ?? 1000 });
            case "media":
                return Say("media", new JsonObject { ["file_key"] = Store("file_v3_", fileName, "mp4", "video/mp4"), ["file_name"] = fileName, ["duration"] = durationMs ?? 1000 });
            default:
                return Refused($"Files are sent as image, sticker, file, audio or media, not as {msgType}.", $"文件只能作为图片、表情、文件、语音或视频发送，不能作为 {msgType}。");
        }

        string Store(string prefix, string name, string type, string contentType, bool isImage = false)
        {
            var key = prefix + state.Ids.Next("");
            state.Put(new StoredFile { Key = key, IsImage = isImage, Name = name, Type = type, ContentType = contentType, Bytes = bytes, OwnerId = personId, DurationMs = durationMs });
            return key;
        }

        ActionOutcome Say(string type, JsonObject content)
        {
            var text = CanonicalJson.Write(content);
            return Send(person, chat, type, text, new MessageContent { Rendered = text }, replyTo, inThread);
        }
    }

    public ActionOutcome Forward(string personId, IReadOnlyList<string> messageIds, string? toChatId)
    {
        if (messageIds.Count is 0 or > MostForwarded) return Refused("1 to 100 messages can be forwarded at once.", "一次可以转发 1 到 100 条消息。");
        List<Message> messages = [];
        foreach (var id in messageIds.Distinct())
        {
            if (See(personId, id, out _, out var message, out _) is { } unseen) return unseen;
            if (message.Deleted) return Refused("This message was recalled.", "消息已被撤回。");
            messages.Add(message);
        }

        if (messages.Select(m => m.ChatId).Distinct().Skip(1).Any()) return Refused("Messages of one chat only can be forwarded together.", "只能合并转发同一个会话的消息。");
        if (Place(personId, toChatId, out var person, out var chat) is { } refusal) return refusal;
        if (messages is [var one])
        {
            return Send(person, chat, one.MsgType, one.Content, MessageContent.Copy(one), null, false, one.Forwarded);
        }

        return Send(person, chat, "merge_forward", ForwardApi.MergedContent, new MessageContent { Rendered = ForwardApi.MergedContent }, null, false, ForwardApi.Carry(state, messages));
    }

    public ActionOutcome SetPin(string personId, string messageId, bool remove = false)
    {
        if (See(personId, messageId, out _, out var message, out _) is { } refusal) return refusal;
        if (message.Deleted) return Refused("This message was recalled.", "消息已被撤回。");
        state.ChangeMessage(messageId, m => remove == (m.Pin is null) ? m : m with { Pin = remove ? null : new Pin(SenderKind.User, personId, state.Clock.GetUtcNow()) });
        return new ActionOutcome(message.ChatId, messageId);
    }

    public ActionOutcome MuteBot(string personId, string chatId, bool remove = false)
    {
        if (Place(personId, chatId, out _, out var chat) is { } refusal) return refusal;
        if (chat.Kind != ChatKind.P2p) return Refused("Only the chat with a bot can be muted this way.", "只能在与机器人的单聊中停用消息。");
        state.ChangeChat(chatId, c => c with { Muted = !remove });
        return new ActionOutcome(chatId);
    }
}
