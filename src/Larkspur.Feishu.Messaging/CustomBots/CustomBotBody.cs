using System.Text.Json;
using System.Text.Json.Nodes;

namespace Larkspur.Feishu.Messaging;

/// <summary>A message in the shape that hooks want, which is not that of the message API: contents are objects, and some are named otherwise.</summary>
internal static class CustomBotBody
{
    /// <summary>Largest body, bytes of UTF-8.</summary>
    public const int Largest = 20 << 10;

    public static byte[] Write(MessageContent content, string? secret, DateTimeOffset now)
    {
        JsonObject said = JsonNode.Parse(content.Json)!.AsObject();
        var body = new JsonObject();
        if (secret is not null)
        {
            body["timestamp"] = now.ToUnixTimeSeconds().ToString(System.Globalization.CultureInfo.InvariantCulture);
            body["sign"] = FeishuSignatures.SignCustomBot(now, secret);
        }

        body["msg_type"] = content.Type.Value;
        switch (content.Type.Value)
        {
            case "text" or "image":
                body["content"] = said;
                break;
            case "post":
                body["content"] = new JsonObject { ["post"] = said };
                break;
            case "share_chat":
                body["content"] = new JsonObject { ["share_chat_id"] = said["chat_id"]?.DeepClone() };
                break;
            case "interactive" when said["type"] is JsonValue type && type.TryGetValue(out string? kind) && kind == "card":
                throw new MessageContentException(MessageContentProblem.WrongType, "A custom bot cannot send card entities: they belong to an app.");
            case "interactive":
                body["card"] = said;
                break;
            default:
                throw new MessageContentException(MessageContentProblem.WrongType, $"A custom bot cannot send {content.Type.Value}: text, post, image, share_chat and cards it can.");
        }

        byte[] bytes = JsonSerializer.SerializeToUtf8Bytes(body, FeishuJson.Options);
        return bytes.Length <= Largest ? bytes
            : throw new MessageContentException(MessageContentProblem.TooLarge, $"The message has {bytes.Length:N0} bytes; a custom bot's may have {Largest:N0} ({Largest >> 10} KB).");
    }
}
