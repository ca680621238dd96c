using System.Text.Json;

namespace Larkspur.Feishu.Events;

/// <summary>What kind of thing the platform delivered.</summary>
public enum FeishuDeliveryKind
{
    /// <summary>An event: acknowledge it, then handle it.</summary>
    Event,

    /// <summary><c>card.action.trigger</c> or another callback whose answer has a body; the platform waits 3 s and never retries.</summary>
    Callback,

    /// <summary>The old <c>card.action.trigger_v1</c> callback: flat body, SHA-1 signature, its own answer shape.</summary>
    LegacyCardCallback,
}

/// <summary>A verified, decrypted delivery, peeked but not yet deserialised.</summary>
/// <remarks>Immutable. <see cref="Json"/> is a copy of its own size, safe to keep.</remarks>
public sealed class FeishuDelivery
{
    /// <summary>What was delivered.</summary>
    public required FeishuDeliveryKind Kind { get; init; }

    /// <summary><c>header.event_type</c> (2.0) or <c>event.type</c> (1.0); <c>card.action.trigger_v1</c> for the legacy callback.</summary>
    public required string EventType { get; init; }

    /// <summary><c>header.event_id</c> (2.0) or <c>uuid</c> (1.0): the deduplication key. The legacy callback has none: a hash of its card
    /// token (the token itself is secret while it lives, and ids are logged).</summary>
    public required string EventId { get; init; }

    /// <summary><c>2.0</c> or <c>1.0</c>.</summary>
    public required string Schema { get; init; }

    /// <summary>App id as the envelope names it, or empty.</summary>
    public string AppId { get; init; } = "";

    /// <summary>Tenant key as the envelope names it, or empty.</summary>
    public string TenantKey { get; init; } = "";

    /// <summary>When the platform made the event; null when the envelope does not say. (Seconds, milliseconds and microseconds occur on the wire.)</summary>
    public DateTimeOffset? CreatedAt { get; init; }

    /// <summary>The whole decrypted envelope, UTF-8.</summary>
    public required ReadOnlyMemory<byte> Json { get; init; }

    /// <summary>The <c>event</c> member within <see cref="Json"/>; for the legacy callback the whole body.</summary>
    public required ReadOnlyMemory<byte> EventJson { get; init; }

    /// <summary>Reads the event body as a typed record.</summary>
    /// <exception cref="JsonException">The body does not have the record's shape.</exception>
    public T Read<T>() => JsonSerializer.Deserialize<T>(EventJson.Span, FeishuJson.Options)
        ?? throw new JsonException($"The event member of {EventType} is null.");
}
