using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Unicode;

namespace Larkspur.DingTalk;

/// <summary>Makes deliveries of bodies that are believed: finds their ids, strictly.</summary>
internal static class DeliveryPeek
{
    private const int MaxId = 256;

    /// <summary>Parses strictly: valid UTF-8, one object, no member twice, bounded depth.</summary>
    public static bool TryParse(ReadOnlyMemory<byte> json, out JsonDocument document)
    {
        document = null!;
        if (!Utf8.IsValid(json.Span)) return false;
        try
        {
            document = JsonDocument.Parse(json, DingTalkJson.Strict);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // Not JSON; or a name with half a surrogate pair, which is JSON and no text.
            return false;
        }

        if (document.RootElement.ValueKind == JsonValueKind.Object) return true;
        document.Dispose();
        return false;
    }

    /// <summary>What somebody wrote to the robot; null when it has no <c>msgId</c>.</summary>
    public static DingTalkDelivery? RobotMessage(ReadOnlyMemory<byte> json, JsonElement root, string messageId)
        => Id(root.Text("msgId")) is not { } id ? null : new DingTalkDelivery
        {
            Kind = DingTalkDeliveryKind.RobotMessage,
            Type = DingTalkTopics.RobotMessage,
            Id = id,
            MessageId = messageId,
            CorpId = root.Text("senderCorpId") ?? "",
            CreatedAt = Time(root.Text("createAt")),
            Json = json,
        };

    /// <summary>A card callback; null when it names no card.</summary>
    public static DingTalkDelivery? CardCallback(ReadOnlyMemory<byte> json, JsonElement root, string messageId, string id)
        => string.IsNullOrEmpty(root.Text("outTrackId")) ? null : new DingTalkDelivery
        {
            Kind = DingTalkDeliveryKind.CardCallback,
            Type = DingTalkTopics.CardCallback,
            Id = id,
            MessageId = messageId,
            CorpId = root.Text("corpId") ?? "",
            Json = json,
        };

    /// <summary>An event whose envelope is beside its data (HTTP); null when it has no type.</summary>
    public static DingTalkDelivery? Event(ReadOnlyMemory<byte> json, JsonElement root)
    {
        string? type = root.Text("EventType") ?? root.Text("eventType");
        if (Id(type) is null) return null;
        return new DingTalkDelivery
        {
            Kind = DingTalkDeliveryKind.Event,
            Type = type!,
            Id = Id(root.Text("eventId") ?? root.Text("EventId")) ?? EventId(type!, root, json.Span),
            CorpId = root.Text("CorpId") ?? root.Text("corpId") ?? "",
            CreatedAt = Time(root.Text("EventTime") ?? root.Text("TimeStamp") ?? root.Text("timeStamp")),
            Json = json,
        };
    }

    /// <summary>The id of an event that names none. Ids are stored and logged: of what is not known to be harmless only a hash is taken.</summary>
    public static string EventId(string type, JsonElement root, ReadOnlySpan<byte> json)
        => Id(root.Text("processInstanceId")) is { } instance
            ? string.Join('+', type, instance, root.Text("taskId"), root.Text("type"), root.Text("createTime"))
            : $"{type}+{Hash(json)}";

    public static string Hash(ReadOnlySpan<byte> bytes, string? more = null)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(bytes);
        if (more is not null) hash.AppendData(Encoding.UTF8.GetBytes(more));
        return Convert.ToHexStringLower(hash.GetHashAndReset().AsSpan(0, 16));
    }

    /// <summary>Milliseconds since 1970.</summary>
    public static DateTimeOffset? Time(string? milliseconds)
        => milliseconds is { Length: <= 14 } && long.TryParse(milliseconds, NumberStyles.None, CultureInfo.InvariantCulture, out long time) ? DateTimeOffset.FromUnixTimeMilliseconds(time) : null;

    private static string? Id(string? text) => text is { Length: > 0 and <= MaxId } ? text : null;
}
