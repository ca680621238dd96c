using System.Buffers;
using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Xml;
using System.Xml.Linq;
using Larkspur.Gateway.Inbox;
using Larkspur.WeCom.AiBots;
using Larkspur.WeCom.Callbacks;

namespace Larkspur.Gateway.Platforms.WeCom.Ingress;

/// <summary>From a verified delivery of WeCom's to the event that the inbox keeps. Its payload has the platform's own fields, as JSON.</summary>
/// <remarks>
/// Types: <c>message.text</c>, <c>event.enter_agent</c>… of an application, <c>aibot.message.text</c>, <c>aibot.event.enter_chat</c>… of an AI bot. What came over a bot's long connection
/// has its request's id as <c>req_id</c> besides; what is good for whoever reads it is kept sealed: where files lie, and a response address as <c>response_seal</c>.
/// </remarks>
internal static class WeComInboundEvents
{
    public const string RequestId = "req_id";
    private const int LongestId = 256;
    private static readonly JsonSerializerOptions Json = new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
    private static readonly XmlReaderSettings Xml = new() { DtdProcessing = DtdProcessing.Prohibit, XmlResolver = null, CheckCharacters = false, MaxCharactersInDocument = 2 << 20 };

    public static InboundEvent From(WeComDelivery delivery, string app, DateTimeOffset receivedAt)
    {
        var lane = WeComLanes.OfPerson(delivery.From);
        var click = delivery.Content as TemplateCardClicked;
        return new InboundEvent
        {
            Platform = WeComApps.Platform,
            App = app,
            EventId = Bounded(delivery.Id),
            EventType = delivery.IsEvent ? "event." + delivery.EventType : "message." + delivery.MessageType,
            Kind = click is null ? EventKind.Event : EventKind.Callback,
            // A click never waits behind the chat's messages.
            OrderingKey = click is not null ? "card:" + click.TaskId : delivery.From is "" or "sys" ? "event:" + delivery.Id : "chat:" + lane,
            ChatId = delivery.IsEvent ? null : Bounded(delivery.From),
            MessageId = delivery.IsEvent ? null : delivery.Id,
            PersonId = delivery.From is "" or "sys" ? null : Bounded(delivery.From),
            TenantKey = delivery.CorpId,
            UniqueByMessage = !delivery.IsEvent,
            TraceParent = Activity.Current?.Id,
            ReceivedAt = receivedAt,
            CreatedAt = delivery.CreatedAt,
            Payload = ToJson(delivery.Xml),
        };
    }

    /// <param name="delivery">What came.</param>
    /// <param name="app">The app's name.</param>
    /// <param name="receivedAt">Now.</param>
    /// <param name="seals">Seals what nobody may read in it.</param>
    public static InboundEvent From(AiBotDelivery delivery, string app, DateTimeOffset receivedAt, BotDeliverySeals seals)
    {
        var (type, isEvent) = TypeOf(delivery);
        var lane = WeComLanes.OfBot(app, delivery.Conversation);
        return new InboundEvent
        {
            Platform = WeComApps.Platform,
            App = app,
            EventId = Bounded(delivery.Id),
            EventType = type,
            // Somebody waits for the card's new face, or for the welcome.
            Kind = delivery.Content is BotCardClicked or BotChatEntered ? EventKind.Callback : EventKind.Event,
            OrderingKey = delivery.Content is BotCardClicked click ? "card:" + WeComLanes.OfBot(app, click.TaskId) : "chat:" + lane,
            ChatId = isEvent ? null : Bounded(delivery.Conversation),
            MessageId = isEvent ? null : delivery.Id,
            PersonId = delivery.From.Length > 0 ? Bounded(delivery.From) : null,
            TenantKey = delivery.CorpId,
            UniqueByMessage = !isEvent,
            TraceParent = Activity.Current?.Id,
            ReceivedAt = receivedAt,
            Payload = WithRequest(seals.Sealed(delivery), delivery.RequestId),
        };
    }

    private static (string Type, bool IsEvent) TypeOf(AiBotDelivery delivery)
    {
        using var json = JsonDocument.Parse(delivery.Json);
        var type = json.RootElement.TryGetProperty("msgtype", out var kind) ? kind.GetString() ?? "" : "";
        if (type != "event") return ("aibot.message." + Bounded(type), false);
        var name = json.RootElement.TryGetProperty("event", out var happened) && happened.ValueKind == JsonValueKind.Object && happened.TryGetProperty("eventtype", out var of) ? of.GetString() : null;
        return ("aibot.event." + Bounded(name ?? "unknown"), true);
    }

    /// <summary>Every other member stays byte by byte as it came: half a surrogate pair somewhere in it is JSON, but no text that could be read and written anew.</summary>
    private static ReadOnlyMemory<byte> WithRequest(ReadOnlyMemory<byte> payload, string? request)
    {
        if (request is null) return payload;
        using var json = JsonDocument.Parse(payload);
        var written = new ArrayBufferWriter<byte>(payload.Length + request.Length + 64);
        written.Write("{"u8);
        foreach (var member in json.RootElement.EnumerateObject())
        {
            var name = JsonMarshal.GetRawUtf8PropertyName(member);
            if (name.SequenceEqual("req_id"u8)) continue;
            written.Write("\""u8);
            written.Write(name);
            written.Write("\":"u8);
            written.Write(JsonMarshal.GetRawUtf8Value(member.Value));
            written.Write(","u8);
        }

        written.Write("\"req_id\":"u8);
        written.Write(JsonSerializer.SerializeToUtf8Bytes(request, Json));
        written.Write("}"u8);
        return written.WrittenMemory;
    }

    /// <summary>An element with elements is an object, one that comes several times a list, any other its text.</summary>
    private static byte[] ToJson(ReadOnlyMemory<byte> xml)
    {
        // People do send control characters (pasted from a document), which no reader of XML takes.
        var text = Encoding.UTF8.GetString(xml.Span);
        if (text.Any(static c => !IsText(c))) text = string.Concat(text.Where(IsText));
        using var reader = XmlReader.Create(new StringReader(text), Xml);
        return JsonSerializer.SerializeToUtf8Bytes(Object(XElement.Load(reader)), Json);
    }

    private static bool IsText(char c) => XmlConvert.IsXmlChar(c) || char.IsSurrogate(c);

    private static JsonObject Object(XElement of)
    {
        var json = new JsonObject();
        foreach (var same in of.Elements().GroupBy(e => e.Name.LocalName, StringComparer.Ordinal))
        {
            JsonNode?[] values = [.. same.Select(e => e.HasElements ? (JsonNode?)Object(e) : JsonValue.Create(e.Value))];
            json[same.Key] = values is [var one] ? one : new JsonArray(values);
        }

        return json;
    }

    private static string Bounded(string id) => id.Length <= LongestId ? id : id[..LongestId];
}
