using Larkspur.Gateway.Storage;

namespace Larkspur.Gateway.Inbox;

/// <summary>The inbox's rows.</summary>
public interface IInboxStore
{
    /// <summary>Records an event, unless it was recorded before.</summary>
    ValueTask<Appended> AppendAsync(IUnitOfWork unit, InboundEvent inbound, string reference);

    /// <summary>Ends an event together with the effects that stand in the same transaction.</summary>
    /// <returns>False when it had ended before: the caller must undo what it did in this transaction.</returns>
    ValueTask<bool> FinishAsync(IUnitOfWork unit, long id, Outcome outcome, bool effect, DateTimeOffset at);

    /// <summary>Records a failed attempt.</summary>
    ValueTask RecordFailureAsync(IUnitOfWork unit, long id, int attempts);

    /// <summary>Open events after <paramref name="afterId"/>, oldest first, without payload.</summary>
    Task<IReadOnlyList<InboxEntry>> LoadOpenAsync(long afterId, int limit, CancellationToken cancellation);

    /// <summary>The event of a row.</summary>
    Task<InboundEvent> ReadAsync(long id, CancellationToken cancellation);

    /// <summary>Rows by the platform's event id, of all apps.</summary>
    Task<IReadOnlyList<InboxItem>> FindAsync(string eventId, CancellationToken cancellation);

    /// <summary>Forgets up to <paramref name="limit"/> ended events that arrived before <paramref name="before"/>, oldest first.</summary>
    /// <returns>How many were forgotten.</returns>
    ValueTask<int> PruneAsync(IUnitOfWork unit, DateTimeOffset before, int limit);

    /// <summary>How many events are open, and since when the oldest is.</summary>
    Task<(long Count, DateTimeOffset? Oldest)> CountOpenAsync(CancellationToken cancellation);
}

/// <summary>Result of recording an event.</summary>
/// <param name="Id">Its row: the first one's, for a duplicate.</param>
/// <param name="Duplicate">It was recorded before.</param>
public readonly record struct Appended(long Id, bool Duplicate);

/// <summary>An open event in line for its handler.</summary>
/// <param name="Id">Inbox id.</param>
/// <param name="Key">App and ordering key.</param>
/// <param name="Reference">What the user would be told.</param>
/// <param name="Attempts">Failed attempts so far.</param>
/// <param name="Event">The event, when it is still in memory.</param>
public sealed record InboxEntry(long Id, string Key, string Reference, int Attempts, InboundEvent? Event) : Dispatch.IOrdered;

/// <summary>An inbox row as the API shows it.</summary>
public sealed record InboxItem
{
    public long Id { get; init; }

    public required string App { get; init; }

    public required string EventType { get; init; }

    public required string Status { get; init; }

    public string? Outcome { get; init; }

    public string? Reason { get; init; }

    public required string Reference { get; init; }

    public int Attempts { get; init; }

    public int Effects { get; init; }

    public int Duplicates { get; init; }

    public DateTimeOffset ReceivedAt { get; init; }

    public DateTimeOffset? FinishedAt { get; init; }
}
