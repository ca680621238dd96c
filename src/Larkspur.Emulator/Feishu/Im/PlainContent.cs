using System.Text.Json.Nodes;

namespace Larkspur.Emulator.Feishu.Im;

/// <summary>The older way to write a message (custom bots, message/v4): <c>content</c> is an object, a card stands beside it.</summary>
internal static class PlainContent
{
    /// <returns>Message type and content as im/v1 takes them, or <see langword="null"/> when the body holds no such message.</returns>
    public static (string MsgType, string Content)? Read(JsonObject body)
    {
        if (body["msg_type"] is not JsonValue value || !value.TryGetValue<string>(out var type)) return null;
        if (type == "interactive")
        {
            // Some callers write the card as a string.
            return body["card"] switch
            {
                JsonObject card => (type, CanonicalJson.Write(card)),
                JsonValue text when text.TryGetValue<string>(out var card) => (type, card),
                _ => null,
            };
        }

        if (body["content"] is not JsonObject content) return null;
        JsonObject? inner = type switch
        {
            "text" => Only(content, "text", "text"),
            "image" => Only(content, "image_key", "image_key"),
            "share_chat" => Only(content, "share_chat_id", "chat_id"),
            "post" => content["post"] as JsonObject,
            _ => null,
        };
        return inner is null ? null : (type, CanonicalJson.Write(inner));
    }

    private static JsonObject? Only(JsonObject content, string name, string newName) =>
        MessageContentReader.Str(content, name) is { Length: > 0 } value ? new JsonObject { [newName] = value } : null;
}
