namespace Larkspur.Gateway.Inbox;

/// <summary>What the platform delivered, verified and normalised: all that the rest of the gateway needs to know about where it came from.</summary>
public sealed record InboundEvent
{
    /// <summary><c>feishu</c>…</summary>
    public required string Platform { get; init; }

    /// <summary>Name of the configured app that received it.</summary>
    public required string App { get; init; }

    /// <summary>The platform's id: the deduplication key.</summary>
    public required string EventId { get; init; }

    /// <summary>The platform's type name.</summary>
    public required string EventType { get; init; }

    /// <summary>Whether somebody waits for an answer with a body.</summary>
    public EventKind Kind { get; init; }

    /// <summary>Events with one key are handled one after another, in order of arrival.</summary>
    public required string OrderingKey { get; init; }

    /// <summary>The key's partition. By the chat's, card's or person's id alone: what is sent there has the same one, and so the same process as a rule.</summary>
    public int Partition => Storage.Leases.Partitions.Of(App, OrderingKey.AsSpan(OrderingKey.IndexOf(':') + 1));

    /// <summary>The chat it happened in, if any: where a failure is told.</summary>
    public string? ChatId { get; init; }

    /// <summary>The message it is about, if any.</summary>
    public string? MessageId { get; init; }

    /// <summary>The person who caused it, if known.</summary>
    public string? PersonId { get; init; }

    /// <summary>The company it comes from.</summary>
    public string? TenantKey { get; init; }

    /// <summary>True for a received message: the platform may push one message under several event ids, so its message id is unique too.</summary>
    public bool UniqueByMessage { get; init; }

    /// <summary>W3C trace context of the request that brought it.</summary>
    public string? TraceParent { get; init; }

    /// <summary>When it arrived.</summary>
    public required DateTimeOffset ReceivedAt { get; init; }

    /// <summary>When the platform made it, where it says so: an event pushed again hours later is as old as it was.</summary>
    public DateTimeOffset? CreatedAt { get; init; }

    /// <summary>The earlier of the two: when it happened, as far as is known.</summary>
    public DateTimeOffset HappenedAt => CreatedAt is { } created && created < ReceivedAt ? created : ReceivedAt;

    /// <summary>The event as JSON, UTF-8.</summary>
    public required ReadOnlyMemory<byte> Payload { get; init; }
}

/// <summary>What the sender expects.</summary>
public enum EventKind
{
    /// <summary>An acknowledgement.</summary>
    Event = 0,

    /// <summary>An answer within the platform's deadline.</summary>
    Callback = 1,

    /// <summary>An answer in the shape of Feishu's old card callback.</summary>
    LegacyCardCallback = 2,
}
