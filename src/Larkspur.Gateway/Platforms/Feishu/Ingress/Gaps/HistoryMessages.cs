using System.Buffers;
using System.Text.Json;
using Larkspur.Feishu.Events;
using Message = Larkspur.Feishu.Api.Im.V1.Message;

namespace Larkspur.Gateway.Platforms.Feishu.Ingress.Gaps;

/// <summary>From a message of the history to the event that the platform would have pushed.</summary>
internal static class HistoryMessages
{
    /// <summary>The event's own mark. Nothing the platform pushes has it.</summary>
    public const string Mark = "larkspur_from_history";

    private const string EventType = "im.message.receive_v1";

    /// <summary>Whether the platform would have pushed it: a person's, not taken back, and in a group one that calls the bot.</summary>
    /// <param name="message">The message.</param>
    /// <param name="kind">The chat's.</param>
    /// <param name="botOpenId">The bot; null: every message of a group is pushed.</param>
    public static bool IsPushed(Message message, string kind, string? botOpenId) =>
        message is { MessageId.Length: > 0, Deleted: not true } && message.Sender is { Id.Length: > 0 } sender
        && sender.SenderType?.ToString() == "user" && sender.IdType?.ToString() == "open_id"
        && (kind == GapChat.P2p || botOpenId is null || (message.Mentions?.Any(m => m.Id == botOpenId) ?? false));

    /// <summary>When it was written; null when it does not say.</summary>
    public static DateTimeOffset? WrittenAt(Message message) =>
        long.TryParse(message.CreateTime?.ToString(), out var milliseconds) && milliseconds is > 0 and < 253402300799999 ? DateTimeOffset.FromUnixTimeMilliseconds(milliseconds) : null;

    /// <summary>The event. Its id is made from the message's: found twice it is one, and the message id makes a later push of the platform's a duplicate.</summary>
    public static FeishuDelivery ToDelivery(Message message, string chatId, string kind, string appId)
    {
        var json = Body(message, chatId, kind);
        return new FeishuDelivery
        {
            Kind = FeishuDeliveryKind.Event,
            EventType = EventType,
            EventId = "history-" + message.MessageId,
            Schema = "2.0",
            AppId = appId,
            // Whose app could read it, the history does not tell; the sender's own company is in the body.
            TenantKey = "",
            CreatedAt = WrittenAt(message),
            Json = json,
            EventJson = json,
        };
    }

    private static byte[] Body(Message message, string chatId, string kind)
    {
        var buffer = new ArrayBufferWriter<byte>(1024);
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteStartObject("sender");
            WriteOpenId(json, "sender_id", message.Sender!.Id!);
            json.WriteString("sender_type", "user");
            WriteText(json, "tenant_key", message.Sender.TenantKey);
            json.WriteEndObject();
            json.WriteStartObject("message");
            json.WriteString("message_id", message.MessageId);
            WriteText(json, "root_id", message.RootId);
            WriteText(json, "parent_id", message.ParentId);
            WriteText(json, "thread_id", message.ThreadId);
            WriteText(json, "create_time", message.CreateTime?.ToString());
            WriteText(json, "update_time", message.UpdateTime?.ToString());
            json.WriteString("chat_id", chatId);
            json.WriteString("chat_type", kind);
            WriteText(json, "message_type", message.MsgType?.ToString());
            json.WriteString("content", message.Body?.Content ?? "{}");
            WriteMentions(json, message);
            json.WriteEndObject();
            json.WriteBoolean(Mark, true);
            json.WriteEndObject();
        }

        return buffer.WrittenSpan.ToArray();
    }

    private static void WriteMentions(Utf8JsonWriter json, Message message)
    {
        if (message.Mentions is not { Count: > 0 } mentions) return;
        json.WriteStartArray("mentions");
        foreach (var mention in mentions)
        {
            json.WriteStartObject();
            WriteText(json, "key", mention.Key);
            WriteOpenId(json, "id", mention.Id ?? "");
            WriteText(json, "name", mention.Name);
            WriteText(json, "tenant_key", mention.TenantKey);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void WriteOpenId(Utf8JsonWriter json, string name, string openId)
    {
        json.WriteStartObject(name);
        json.WriteString("open_id", openId);
        json.WriteEndObject();
    }

    private static void WriteText(Utf8JsonWriter json, string name, string? value)
    {
        if (value is { Length: > 0 }) json.WriteString(name, value);
    }
}
