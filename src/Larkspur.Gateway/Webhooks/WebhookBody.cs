using System.Buffers;
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using Larkspur.Gateway.Inbox;
using Larkspur.Gateway.Outbox;

namespace Larkspur.Gateway.Webhooks;

/// <summary>What is posted: <c>{"type", "timestamp", "data"}</c>, as Standard Webhooks recommends.</summary>
internal static class WebhookBody
{
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The bytes of a webhook message: the same for every attempt.</summary>
    public static byte[] Of(OutboxEntry entry) => Write(json =>
    {
        json.WriteString("type", entry.Message.MessageType);
        // Sent again it is the same body still.
        json.WriteString("timestamp", Text(entry.MadeAt ?? entry.CreatedAt));
        json.WritePropertyName("data");
        // Judged when the row was made; here it would be a second pass over a megabyte.
        json.WriteRawValue(entry.Message.Content, skipInputValidation: true);
    }).ToArray();

    /// <summary>The data of a forwarded event: where it came from, and the event as the platform sent it.</summary>
    public static string DataOf(InboundEvent inbound) => System.Text.Encoding.UTF8.GetString(Write(json =>
    {
        json.WriteString("platform", inbound.Platform);
        json.WriteString("app", inbound.App);
        json.WriteString("event_id", inbound.EventId);
        json.WriteString("event_type", inbound.EventType);
        if (inbound.TenantKey is { } tenant) json.WriteString("tenant_key", tenant);
        json.WriteString("received_at", Text(inbound.ReceivedAt));
        json.WritePropertyName("event");
        json.WriteRawValue(inbound.Payload.Span, skipInputValidation: true);
    }).Span);

    private static ReadOnlyMemory<byte> Write(Action<Utf8JsonWriter> members)
    {
        var buffer = new ArrayBufferWriter<byte>(1024);
        using (var json = new Utf8JsonWriter(buffer, Options))
        {
            json.WriteStartObject();
            members(json);
            json.WriteEndObject();
        }

        return buffer.WrittenMemory;
    }

    private static string Text(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.fffZ", CultureInfo.InvariantCulture);
}
