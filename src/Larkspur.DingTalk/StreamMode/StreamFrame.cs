using System.Text;
using System.Text.Json;

namespace Larkspur.DingTalk.StreamMode;

/// <summary>A frame of the platform's: <c>{"specVersion","type","headers":{"topic","messageId",…},"data":"JSON as text"}</c>.</summary>
/// <param name="Type"><c>SYSTEM</c>, <c>EVENT</c>, <c>CALLBACK</c>.</param>
/// <param name="Headers">All of them.</param>
/// <param name="Data">JSON as text.</param>
internal sealed record StreamFrame(string Type, JsonElement Headers, string Data)
{
    private const int MaxHeader = 256;

    public string Topic => Header("topic") ?? "";

    public string MessageId => Header("messageId") ?? "";

    /// <summary>Reads strictly; null when it is no frame.</summary>
    public static StreamFrame? Read(ReadOnlyMemory<byte> message)
    {
        if (!DeliveryPeek.TryParse(message, out JsonDocument document)) return null;
        using (document)
        {
            try
            {
                JsonElement root = document.RootElement;
                if (!root.TryGetProperty("headers", out JsonElement headers) || headers.ValueKind != JsonValueKind.Object || root.Text("type") is not { Length: > 0 } type) return null;
                var frame = new StreamFrame(type, headers.Clone(), root.Text("data") ?? "");
                return frame.MessageId.Length is > 0 and <= MaxHeader && frame.Topic.Length <= MaxHeader ? frame : null;
            }
            catch (InvalidOperationException)
            {
                // Half a surrogate pair in a value: JSON that is no text.
                return null;
            }
        }
    }

    public string? Header(string name) => Headers.Text(name);

    /// <summary>What it delivers; null when it lacks what makes it a delivery.</summary>
    public DingTalkDelivery? Delivery()
    {
        byte[] json = Encoding.UTF8.GetBytes(Data);
        if (!DeliveryPeek.TryParse(json, out JsonDocument document)) return null;
        using (document)
        {
            try
            {
                JsonElement root = document.RootElement;
                return Type == "EVENT" ? Event(json, root) : Topic switch
                {
                    DingTalkTopics.RobotMessage => DeliveryPeek.RobotMessage(json, root, MessageId),
                    DingTalkTopics.CardCallback => DeliveryPeek.CardCallback(json, root, MessageId, $"card-{MessageId}"),
                    "" => null,
                    _ => new DingTalkDelivery { Kind = DingTalkDeliveryKind.OtherCallback, Type = Topic, Id = MessageId, MessageId = MessageId, Json = json },
                };
            }
            catch (InvalidOperationException)
            {
                return null;
            }
        }
    }

    /// <summary>The answer to a ping: everything back as it came.</summary>
    public byte[] Pong() => JsonSerializer.SerializeToUtf8Bytes(new { code = 200, headers = Headers, message = "OK", data = Data }, DingTalkJson.New);

    /// <summary>The answer to a delivery.</summary>
    public static byte[] Answer(string messageId, int code, string message, string data)
        => JsonSerializer.SerializeToUtf8Bytes(new { code, headers = new { messageId, contentType = "application/json" }, message, data }, DingTalkJson.New);

    private DingTalkDelivery? Event(byte[] json, JsonElement root) => Header("eventType") is not { Length: > 0 and <= MaxHeader } type ? null : new DingTalkDelivery
    {
        Kind = DingTalkDeliveryKind.Event,
        Type = type,
        Id = Header("eventId") is { Length: > 0 and <= MaxHeader } id ? id : DeliveryPeek.EventId(type, root, json),
        MessageId = MessageId,
        CorpId = Header("eventCorpId") ?? "",
        CreatedAt = DeliveryPeek.Time(Header("eventBornTime")),
        Json = json,
    };
}
