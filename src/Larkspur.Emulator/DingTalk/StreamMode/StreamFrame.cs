using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Larkspur.Emulator.DingTalk.StreamMode;

/// <summary>A frame that the platform sends: a text frame whose <c>data</c> is JSON as text.</summary>
internal sealed record StreamFrame(string Type, string Topic, string MessageId, string Data)
{
    public const string System = "SYSTEM";
    public const string Event = "EVENT";
    public const string Callback = "CALLBACK";

    /// <summary>Beside those that every frame has; an event's id, type, corp and time stand here and not in its data.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Headers { get; init; } = [];

    public JsonObject ToJson(string appId, string connectionId, DateTimeOffset now)
    {
        var headers = new JsonObject
        {
            ["appId"] = appId, ["connectionId"] = connectionId, ["contentType"] = "application/json", ["messageId"] = MessageId,
            ["time"] = now.ToUnixTimeMilliseconds().ToString(), ["topic"] = Topic,
        };
        foreach (var (name, value) in Headers) headers[name] = value;
        return new JsonObject { ["specVersion"] = "1.0", ["type"] = Type, ["headers"] = headers, ["data"] = Data };
    }
}

/// <summary>A client's answer to a frame: a code, the message id of the frame that it answers, and <c>data</c>, JSON as text.</summary>
/// <param name="Code">200, 400, 404 (no handler) or 500.</param>
internal sealed record StreamAck(string MessageId, int Code, string Data, string Raw)
{
    /// <returns><see langword="null"/> when it is no answer to anything.</returns>
    public static StreamAck? Read(ReadOnlySpan<byte> bytes)
    {
        try
        {
            if (StrictJson.Parse(bytes) is not JsonObject ack || (ack["headers"] as JsonObject)?["messageId"] is not JsonValue id || !id.TryGetValue<string>(out var messageId)) return null;
            var code = ack["code"] is JsonValue number && number.TryGetValue<int>(out var given) ? given : 0;
            var data = ack["data"] is JsonValue text && text.TryGetValue<string>(out var said) ? said : "";
            return new StreamAck(messageId, code, data, Encoding.UTF8.GetString(bytes));
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
