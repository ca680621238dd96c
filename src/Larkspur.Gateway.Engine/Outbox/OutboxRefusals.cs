using System.Collections.Concurrent;
using System.Text;
using Larkspur.Gateway.Queueing;
using Larkspur.Gateway.Redaction;
using Larkspur.Gateway.Storage;
using Larkspur.Gateway.Storage.Leases;

namespace Larkspur.Gateway.Outbox;

/// <summary>
/// Messages whose own transactions the database refuses, again and again, while it takes those of others: they end as dead letters
/// after as many attempts as an event has, so that their lanes go on. While the database is away nothing is counted.
/// </summary>
/// <remarks>Counted in memory: what cannot be written cannot be counted in its row either. A new process begins anew.</remarks>
internal sealed partial class OutboxRefusals(IDatabase database, WriteProof proof, IOutboxStore store, ILeases leases,
    DispatchOptions options, FailureText text, OutboxMetrics metrics, TimeProvider clock, ILogger<OutboxRefusals> logger)
{
    /// <summary>Beyond this counting begins anew: what is counted here is rare, and a count is left over where a row ended elsewhere.</summary>
    private const int MostCounted = 10_000;

    /// <summary>By row: an entry may leave memory while it waits.</summary>
    private readonly ConcurrentDictionary<long, int> _failures = new();

    /// <summary>Runs an attempt.</summary>
    /// <param name="entry">The message.</param>
    /// <param name="attempt">Does it.</param>
    /// <param name="die">Ends it for a reason in words, and tells whoever asked for it.</param>
    /// <param name="ended">What comes of a message that has ended.</param>
    public async ValueTask<WorkResult> GuardAsync(
        OutboxEntry entry, Func<ValueTask<WorkResult>> attempt, Func<Fence, string, Task<WorkResult>> die, Func<WorkResult> ended)
    {
        try
        {
            var next = await attempt();
            _failures.TryRemove(entry.Id, out _);
            return next;
        }
        catch (Exception e) when (RefusedTransaction.Is(e))
        {
            return await CountAsync(entry, e, die, ended);
        }
    }

    private async Task<WorkResult> CountAsync(
        OutboxEntry entry, Exception cause, Func<Fence, string, Task<WorkResult>> die, Func<WorkResult> ended)
    {
        var counted = _failures.GetValueOrDefault(entry.Id);
        try
        {
            await database.TransactAsync(proof.WriteAsync);
            if (counted >= options.Pauses.Count && leases.FenceOf(entry.Partition) is { } fence)
                return await EndAsync(entry, fence, cause, die, ended);
        }
        catch (Exception e) when (RefusedTransaction.Is(e) || RefusedTransaction.IsAway(e))
        {
            MessageWaitsForDatabase(e.Message, entry.Id);
            return WorkResult.RetryAfter(options.StoragePause);
        }

        var pause = options.Pauses[Math.Min(counted, options.Pauses.Count - 1)];
        if (_failures.Count >= MostCounted) _failures.Clear();
        _failures[entry.Id] = counted + 1;
        TransactionRefused(counted + 1, entry.Id, cause.Message, pause);
        return WorkResult.RetryAfter(pause);
    }

    private async Task<WorkResult> EndAsync(
        OutboxEntry entry, Fence fence, Exception cause, Func<Fence, string, Task<WorkResult>> die, Func<WorkResult> ended)
    {
        try
        {
            var next = await die(fence, text.Message(cause, Encoding.UTF8.GetBytes(entry.Message.Content)));
            _failures.TryRemove(entry.Id, out _);
            return next;
        }
        catch (Exception e) when (!RefusedTransaction.IsAway(e))
        {
            // What fails again here would fail at every further try, and hold up its lane for ever.
            NobodyToldOfFailure(entry.Id, e);
            await DeadLetterSilentlyAsync(entry, fence, cause);
            _failures.TryRemove(entry.Id, out _);
            return ended();
        }
    }

    private Task DeadLetterSilentlyAsync(OutboxEntry entry, Fence fence, Exception cause) => database.TransactAsync(async unit =>
    {
        var now = clock.GetUtcNow();
        await proof.WriteAsync(unit);
        if (!await store.DeadAsync(unit, entry.Id, fence, RefusedTransaction.Reason, now, unsure: true)) return;
        await RowHistory.AddAsync(unit, RowHistory.Outbox, entry.Id, new HistoryLine
        {
            At = now,
            What = HistoryLine.Dead,
            Who = leases.Node,
            Error = cause.GetType().Name,
            Message = text.Message(cause, Encoding.UTF8.GetBytes(entry.Message.Content)),
            Stack = FailureText.Stack(cause),
        });
        unit.AfterCommit(() => metrics.Dead(entry, RefusedTransaction.Reason, false));
    });

    [LoggerMessage(LogLevel.Warning, "The database takes nothing from anybody ({Reason}); message {OutboxId} waits")]
    private partial void MessageWaitsForDatabase(string reason, long outboxId);
    [LoggerMessage(LogLevel.Warning,
        "Attempt {Attempt}: the database refused the transaction of message {OutboxId} and took others: {Reason}; next in {Pause}")]
    private partial void TransactionRefused(int attempt, long outboxId, string reason, TimeSpan pause);
    [LoggerMessage(LogLevel.Error, "Nobody could be told that message {OutboxId} will not be sent")]
    private partial void NobodyToldOfFailure(long outboxId, Exception error);
}
