using System.Diagnostics;
using Larkspur.Gateway.Common;
using Larkspur.Gateway.Outbox;
using Larkspur.Gateway.Queueing;
using Larkspur.Gateway.Storage;
using Larkspur.Gateway.Storage.Leases;
using Larkspur.Gateway.Telemetry;

namespace Larkspur.Gateway.Assistant.Turns;

/// <summary>
/// Takes open turns to their answers: one after another within a conversation, whichever platforms its questions came from, many conversations at once. A turn whose backend
/// was asked by a process that is gone is not asked again by itself: its answer says that it was interrupted, with a button to ask again.
/// </summary>
internal sealed partial class TurnWorker(AssistantOptions options, IDatabase database, TurnStore store, TurnProcessor answering,
    RunningTurns running, ILeases leases, TimeProvider clock, ILogger<TurnWorker> logger)
    : OrderedWorker<TurnEntry>(options.Backends.Count > 0, new OrderedQueueOptions(options.Parallelism, 10_000) { LookEvery = LookEvery(database) }, leases, clock, logger)
{
    private static readonly TimeSpan StoragePause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(7);
    private static readonly TimeSpan Unwinding = TimeSpan.FromSeconds(1);
    private readonly TimeProvider _clock = clock;

    /// <summary>A question was put down in this transaction: it is answered once that is durable, here or where its lease is.</summary>
    public void Stored(IUnitOfWork unit, TurnEntry entry)
    {
        unit.AfterCommit(() => Arrived(entry));
        if (!Leases.Held.Contains(entry.Partition)) unit.Announce(Topics.Turn, entry.Id);
    }

    /// <summary>The person does not want the answer any more: told with the commit, here and elsewhere.</summary>
    public void Stopped(IUnitOfWork unit, long id)
    {
        unit.AfterCommit(() => running.Stop(id));
        unit.Announce(Topics.TurnStop, id);
    }

    /// <summary>Answers under way get most of the host's patience; what is left is for putting down what they said.</summary>
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        using var patience = new CancellationTokenSource(Patience, _clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, patience.Token);
        await base.StopAsync(either.Token);
        if (ExecuteTask is { } working) await working.WaitAsync(Unwinding, _clock, CancellationToken.None).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    /// <summary>Rows that another process has written.</summary>
    public async Task HeardAsync(IReadOnlyList<long> ids, CancellationToken cancellation)
    {
        foreach (var entry in await store.LoadAsync(ids, cancellation)) Arrived(entry);
    }

    protected override Task<IReadOnlyList<TurnEntry>> LoadOpenAsync(Partitions partitions, int rank, long afterId, int limit, CancellationToken cancellation) => store.LoadOpenAsync(partitions, afterId, limit, cancellation);

    protected override Task<IReadOnlyList<IReadOnlyList<TurnEntry>>> LoadLanesAsync(
        IReadOnlyList<LaneWish> lanes, int rank, CancellationToken cancellation) =>
        store.LoadLanesAsync(lanes, cancellation);

    protected override async ValueTask<WorkResult> WorkAsync(TurnEntry entry, CancellationToken cancellation)
    {
        if (Leases.FenceOf(entry.Partition) is not { } fence) return WithoutFence(entry);
        try
        {
            if (Leases.MayBeShared && await store.EarlierAsync(entry, cancellation) is { } earlier) return WorkResult.After(earlier);
            if (await store.FindAsync(entry.Id, cancellation) is not { HasEnded: false } turn) return WorkResult.Finished;
            if (turn.BegunAt is not null && (running.Find(turn.Id) is not null || await store.IsWrittenElsewhereAsync(turn.Id, cancellation))) return WorkResult.RetryAfter(StoragePause); // it ends where it is written
            using var activity = Correlation.Continue("assistant answer", ActivityKind.Consumer, null);
            using var scope = logger.BeginScope(new KeyValuePair<string, object?>[] { new("Reference", turn.Reference), new("TurnId", turn.Id) });
            var result = await answering.AnswerAsync(turn, fence, cancellation);
            // The partition went and came back while it ran: the row is open still, and it is this process's again.
            return result is null && Leases.FenceOf(entry.Partition) is { } renewed && renewed != fence
                ? WorkResult.Again : WorkResult.Finished;
        }
        catch (StorageUnavailableException e)
        {
            TurnWaitsForDatabase(e.Message, entry.Id);
            return WorkResult.RetryAfter(StoragePause);
        }
        catch (ChannelException e) when (e.Transient)
        {
            var pause = e.RetryAfter is { } asked && asked < TimeSpan.FromMinutes(1) ? asked : TimeSpan.FromSeconds(5);
            AnswerCannotBeShown(entry.Id, e.Message, pause);
            return WorkResult.RetryAfter(pause);
        }
        catch (Exception e) when (!cancellation.IsCancellationRequested)
        {
            // A fault of ours: the row must not hold up its conversation for ever, and its person must not wait in vain.
            TurnFailed(entry.Id, e);
            return await answering.GiveUpAsync(entry.Id, fence, cancellation) ? WorkResult.Finished : WorkResult.RetryAfter(StoragePause);
        }
    }

    [LoggerMessage(LogLevel.Warning, "The database is away ({Reason}); turn {TurnId} waits")]
    private partial void TurnWaitsForDatabase(string reason, long turnId);
    [LoggerMessage(LogLevel.Warning, "The answer of turn {TurnId} cannot be shown ({Reason}); trying again in {Pause}")]
    private partial void AnswerCannotBeShown(long turnId, string reason, TimeSpan pause);
    [LoggerMessage(LogLevel.Error, "Turn {TurnId} failed")] private partial void TurnFailed(long turnId, Exception error);
}
