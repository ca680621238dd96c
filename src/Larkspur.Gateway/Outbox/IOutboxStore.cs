using Larkspur.Gateway.Storage;

namespace Larkspur.Gateway.Outbox;

/// <summary>The outbox's rows.</summary>
public interface IOutboxStore
{
    /// <summary>Adds a row; its <see cref="OutboxEntry.Id"/> is set in the result.</summary>
    ValueTask<OutboxEntry> AddAsync(IUnitOfWork unit, OutboxEntry entry);

    /// <summary>
    /// Adds a row for what the answer to a request carries: nobody sends it while the process lives, and <see cref="DropHeldAsync"/> takes it away
    /// once the answer is written. It replaces what was held in its lane before.
    /// </summary>
    /// <returns>Its id.</returns>
    ValueTask<long> HoldAsync(IUnitOfWork unit, OutboxEntry entry);

    /// <summary>Forgets a held row: what it says was said.</summary>
    ValueTask DropHeldAsync(IUnitOfWork unit, long id);

    /// <summary>Opens what an earlier process held and did not live to say.</summary>
    /// <returns>How many rows.</returns>
    ValueTask<int> ReleaseHeldAsync(IUnitOfWork unit);

    /// <summary>True when the lane has rows that were not sent yet.</summary>
    ValueTask<bool> IsLaneOpenAsync(IUnitOfWork unit, string app, string lane);

    /// <summary>Records that an attempt begins: whatever happens to this process, the platform may have the message from now on.</summary>
    /// <returns>False when the row is not open any more.</returns>
    ValueTask<bool> BeginAttemptAsync(IUnitOfWork unit, long id, DateTimeOffset at);

    /// <summary>Records success.</summary>
    ValueTask SentAsync(IUnitOfWork unit, long id, SendReceipt receipt, DateTimeOffset at);

    /// <summary>Records that it will never be sent, and why.</summary>
    ValueTask DeadAsync(IUnitOfWork unit, long id, string reason, DateTimeOffset at);

    /// <summary>Records when the next attempt is due, and whether the platform may have the message already.</summary>
    ValueTask PostponeAsync(IUnitOfWork unit, long id, string reason, DateTimeOffset until, bool ambiguous);

    /// <summary>Open rows of a scope after <paramref name="afterId"/>, oldest first.</summary>
    Task<IReadOnlyList<OutboxEntry>> LoadOpenAsync(OutboxScope scope, long afterId, int limit, CancellationToken cancellation);

    /// <summary>Destinations that open callbacks wait for.</summary>
    Task<IReadOnlyList<string>> OpenDestinationsAsync(CancellationToken cancellation);

    /// <summary>Forgets up to <paramref name="limit"/> sent messages made before <paramref name="before"/>, oldest first. Dead letters stay.</summary>
    /// <returns>How many were forgotten.</returns>
    ValueTask<int> PruneAsync(IUnitOfWork unit, DateTimeOffset before, int limit);

    /// <summary>Rows by state, for health and metrics.</summary>
    Task<(long Open, long Dead)> CountAsync(CancellationToken cancellation);
}

/// <summary>What the platform said to a message that it took.</summary>
/// <param name="MessageId">The platform's id of the message.</param>
/// <param name="LogId">The platform's id of the call, if it told.</param>
public readonly record struct SendReceipt(string? MessageId, string? LogId);
