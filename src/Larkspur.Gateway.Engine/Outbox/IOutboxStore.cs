using Larkspur.Gateway.Queueing;
using Larkspur.Gateway.Storage;
using Larkspur.Gateway.Storage.Leases;

namespace Larkspur.Gateway.Outbox;

/// <summary>The outbox's rows.</summary>
internal interface IOutboxStore
{
    /// <summary>Adds a row; its <see cref="OutboxEntry.Id"/> is set in the result.</summary>
    ValueTask<OutboxEntry> AddAsync(IUnitOfWork unit, OutboxEntry entry);

    /// <summary>Adds a row unless there is one of its idempotency key already.</summary>
    /// <returns>The row, or null.</returns>
    ValueTask<OutboxEntry?> AddOnceAsync(IUnitOfWork unit, OutboxEntry entry);

    /// <summary>
    /// Adds a row for what the answer to a request carries: nobody sends it while the process lives, and <see cref="DropHeldAsync"/> takes it away
    /// once the answer is written. A card's new face replaces what was held in its lane before.
    /// </summary>
    /// <param name="unit">The transaction.</param>
    /// <param name="entry">The row.</param>
    /// <param name="heldBy">The process that has the request.</param>
    /// <returns>Its id.</returns>
    ValueTask<long> HoldAsync(IUnitOfWork unit, OutboxEntry entry, string heldBy);

    /// <summary>Forgets a held row: what it says was said.</summary>
    ValueTask DropHeldAsync(IUnitOfWork unit, long id);

    /// <summary>The row that is held for the answer to this event, if any.</summary>
    ValueTask<long?> HeldForAsync(IUnitOfWork unit, long inboxId);

    /// <summary>Opens what a process held that did not live to say it, and what was made before <paramref name="forgottenBefore"/>: no request lives so long.</summary>
    /// <returns>How many rows.</returns>
    ValueTask<int> ReleaseHeldAsync(IUnitOfWork unit, DateTimeOffset forgottenBefore);

    /// <summary>True when the lane has rows that were not sent yet.</summary>
    ValueTask<bool> IsLaneOpenAsync(IUnitOfWork unit, string app, string lane);

    /// <summary>Records that an attempt begins: whatever happens to this process, the platform may have the message from now on.</summary>
    /// <param name="unit">The transaction.</param>
    /// <param name="entry">The row.</param>
    /// <param name="fence">The lease under which it begins.</param>
    /// <param name="at">Now.</param>
    /// <param name="afterEarlier">Only when no earlier row of its lane is open: others may have queued one that was not heard of here.</param>
    /// <remarks>Of the changes of one message the newest ends the older ones as superseded; where a newer one waits or was sent, it is itself superseded.</remarks>
    ValueTask<AttemptBegin> BeginAttemptAsync(IUnitOfWork unit, OutboxEntry entry, Fence fence, DateTimeOffset at, bool afterEarlier);

    /// <summary>Takes back that an attempt began: nothing was sent.</summary>
    /// <param name="unit">The transaction.</param>
    /// <param name="id">The row.</param>
    /// <param name="attempt">Which.</param>
    /// <param name="unsureSince">Since when an earlier attempt is unclear, or null.</param>
    ValueTask TakeBackAttemptAsync(IUnitOfWork unit, long id, OutboxAttempt attempt, DateTimeOffset? unsureSince);

    /// <summary>True while the row is open and this attempt is the last one that began, by the database and not by this process's clock.</summary>
    Task<bool> IsCurrentAsync(long id, OutboxAttempt attempt, CancellationToken cancellation);

    /// <summary>Records that it will never be sent, because another one tells more.</summary>
    /// <returns>False when the row is not open any more, or another process has its lease.</returns>
    ValueTask<bool> SupersedeAsync(IUnitOfWork unit, long id, OutboxAttempt attempt, string reason, DateTimeOffset at);

    /// <summary>The newest change of the message that an entry changes, when it is newer than this one and was sent, or may be on its way.</summary>
    ValueTask<OutboxEntry?> NewestChangeAsync(IUnitOfWork unit, OutboxEntry than);

    /// <summary>Records success.</summary>
    /// <returns>False: it had ended as superseded.</returns>
    ValueTask<bool> SentAsync(IUnitOfWork unit, long id, SendReceipt receipt, DateTimeOffset at);

    /// <summary>Records that it will never be sent, and why.</summary>
    /// <returns>False when the row is not open any more, or another process has its lease.</returns>
    /// <remarks>The time of its first attempt is kept only when that may have arrived.</remarks>
    ValueTask<bool> DeadAsync(IUnitOfWork unit, long id, OutboxAttempt attempt, string reason, DateTimeOffset at, bool unsure);

    /// <summary>Records when the next attempt is due, and whether the platform may have the message already.</summary>
    /// <returns>False when the row is not open any more, or another process has its lease.</returns>
    ValueTask<bool> PostponeAsync(
        IUnitOfWork unit, long id, OutboxAttempt attempt, string reason, DateTimeOffset until, bool ambiguous);

    /// <summary>Those of these rows that are open.</summary>
    Task<IReadOnlyList<OutboxEntry>> LoadAsync(IReadOnlyList<long> ids, CancellationToken cancellation);

    /// <summary>The open rows that an event has made, oldest first.</summary>
    Task<IReadOnlyList<OutboxEntry>> LoadOfAsync(long inboxId, CancellationToken cancellation);

    /// <summary>Webhook endpoints for which open messages wait.</summary>
    Task<IReadOnlyList<string>> OpenWebhookEndpointsAsync(CancellationToken cancellation);

    /// <summary>Open rows of a scope, of these partitions and this class, after <paramref name="afterId"/>, oldest first.</summary>
    Task<IReadOnlyList<OutboxEntry>> LoadOpenAsync(OutboxScope scope, Partitions partitions, OutboxPriority priority, long afterId, int limit, CancellationToken cancellation);

    /// <summary>Open rows of each of these lanes and of this class, oldest first.</summary>
    Task<IReadOnlyList<IReadOnlyList<OutboxEntry>>> LoadLanesAsync(
        IReadOnlyList<LaneWish> lanes, OutboxPriority priority, CancellationToken cancellation);

    /// <summary>The messages that ended well before a time.</summary>
    OldRows Ended(DateTimeOffset before);

    /// <summary>The messages that died before a time.</summary>
    OldRows Dead(DateTimeOffset before);

    /// <summary>Forgets messages that were found to be old, with their history: those of them that still are.</summary>
    /// <param name="unit">The transaction.</param>
    /// <param name="rows">What they were found by.</param>
    /// <param name="ids">Which.</param>
    /// <returns>How many were forgotten.</returns>
    ValueTask<int> ForgetAsync(IUnitOfWork unit, OldRows rows, IReadOnlyList<long> ids);

    /// <summary>Rows by state, and since when the oldest open one to a platform waits, for health and metrics.</summary>
    /// <remarks>What waits for a business system waits for as long as that is away, and is told by webhook.</remarks>
    Task<(long Open, DateTimeOffset? Oldest, long Dead)> CountAsync(CancellationToken cancellation);
}

/// <summary>What the platform said to a message that it took.</summary>
/// <param name="MessageId">The platform's id of the message.</param>
/// <param name="LogId">The platform's id of the call, if it told.</param>
public readonly record struct SendReceipt(string? MessageId, string? LogId);

/// <summary>What came of beginning an attempt.</summary>
/// <param name="Start">Whether it has begun.</param>
/// <param name="Superseded">How many rows ended as superseded.</param>
/// <param name="Earlier">The row that goes before it.</param>
/// <param name="Number">The attempt's number as the row counts them, when it has begun.</param>
internal readonly record struct AttemptBegin(AttemptStart Start, int Superseded, OutboxEntry? Earlier = null, int Number = 0);

/// <summary>Names the attempt that a write about a row belongs to. One that names an outdated attempt changes nothing.</summary>
/// <remarks>
/// The lease alone is not enough: PostgreSQL judges a write that waited for a row's lock by that row as it is now, but by the lease as it
/// was when the write began, and another process may have begun an attempt under a lease of its own meanwhile.
/// </remarks>
/// <param name="Fence">The lease under which it began, or would.</param>
/// <param name="Number">Its number as the row counts them; null: none has begun.</param>
internal readonly record struct OutboxAttempt(Fence Fence, int? Number = null)
{
    public static implicit operator OutboxAttempt(Fence fence) => new(fence);
}

/// <summary>Whether an attempt may begin.</summary>
public enum AttemptStart
{
    /// <summary>It has begun.</summary>
    Begun,

    /// <summary>The row is not open any more, or another process has its lease.</summary>
    Closed,

    /// <summary>A newer change of the same message makes it worthless; it has ended.</summary>
    Superseded,

    /// <summary>An earlier row of its lane is open, and goes first.</summary>
    Behind,
}
