using System.Text.Json;

namespace Larkspur.DingTalk;

/// <summary>What kind of thing the platform delivered.</summary>
public enum DingTalkDeliveryKind
{
    /// <summary>An event of the subscription.</summary>
    Event,

    /// <summary>Somebody wrote to the robot.</summary>
    RobotMessage,

    /// <summary>Somebody acted on a card; the platform waits 2 s for the answer.</summary>
    CardCallback,

    /// <summary>A callback of another topic (stream only), e.g. of an AI plugin.</summary>
    OtherCallback,
}

/// <summary>Something that the platform delivered, over HTTP (verified, decrypted) or over the stream; peeked, not yet deserialised. Immutable.</summary>
public sealed record DingTalkDelivery
{
    /// <summary>What was delivered.</summary>
    public required DingTalkDeliveryKind Kind { get; init; }

    /// <summary>Event type (<c>bpms_instance_change</c>), or the topic of a callback (<c>/v1.0/im/bot/messages/get</c>).</summary>
    public required string Type { get; init; }

    /// <summary>
    /// What to recognise a repetition by: <c>eventId</c>, the message's <c>msgId</c>. Card callbacks have no id of their own: the frame's over the stream, over HTTP a hash of body and signature time.
    /// Events that name no id get one from their type and what makes them unique (process instance, task, type, time).
    /// </summary>
    public required string Id { get; init; }

    /// <summary>The frame's id over the stream; else empty.</summary>
    public string MessageId { get; init; } = "";

    /// <summary>Corp id when the platform says it; else empty.</summary>
    public string CorpId { get; init; } = "";

    /// <summary>When it happened, or was sent; null when the platform does not say.</summary>
    public DateTimeOffset? CreatedAt { get; init; }

    /// <summary>The JSON, UTF-8. Over HTTP an event's has <c>EventType</c>, <c>CorpId</c> and the like beside the data; over the stream these are in headers.</summary>
    public required ReadOnlyMemory<byte> Json { get; init; }

    /// <summary>Reads the JSON as a typed record.</summary>
    /// <exception cref="JsonException">It does not have the record's shape.</exception>
    public T Read<T>() => JsonSerializer.Deserialize<T>(Json.Span, DingTalkJson.New) ?? throw new JsonException($"The body of {Type} is null.");
}
