using System.Collections.Concurrent;
using System.Threading.Channels;
using Larkspur.Gateway.Inbox.Dispatch;
using Larkspur.Gateway.Storage;
using Larkspur.Gateway.Storage.Leases;

namespace Larkspur.Gateway.Inbox;

/// <summary>Records events durably and hands them on. What waits together is recorded in one transaction.</summary>
internal sealed partial class InboxWriter(IDatabase database, IInboxStore store, Dispatcher dispatcher, IEventPrefilter ends,
    DispatchMetrics metrics, ILeases leases,
    TimeProvider clock, ILogger<InboxWriter> logger) : IAsyncDisposable
{
    /// <summary>Longest wait for a commit: the platform gives up after 3 s and comes again, so a late 200 is worth nothing.</summary>
    private static readonly TimeSpan CommitDeadline = TimeSpan.FromSeconds(2);

    /// <summary>How exactly the deadline is kept: one look at all that wait costs less than a timer for each.</summary>
    private static readonly TimeSpan DeadlineLook = TimeSpan.FromMilliseconds(200);

    /// <summary>Events up to this size stay in memory until they are handled; larger ones are read back.</summary>
    private const int KeptBytes = 16 << 10;

    /// <summary>Bytes that may wait for the writer at once.</summary>
    private const long MaxWaitingBytes = 64 << 20;

    private const int MaxBatch = 256;

    /// <summary>Events of a batch that are recorded alone at once, when one of them holds up the others.</summary>
    private const int AtOnce = 8;
    private const int MaxWaiting = 10_000;

    /// <summary>SQLite has one writer anyway; with PostgreSQL the next batch is on its way while one is being flushed. A key has always the same: what came later must not be recorded before.</summary>
    private readonly Channel<Arrival>[] _waiting = [.. Enumerable.Range(0, database.Dialect == Dialect.Sqlite ? 1 : 2).Select(static _ => Channel.CreateBounded<Arrival>(new BoundedChannelOptions(MaxWaiting)))];
    private readonly ConcurrentQueue<Arrival> _unanswered = new();
    private readonly Lock _gate = new();
    private Task[]? _writers;
    private ITimer? _deadlines;
    private long _waitingBytes;

    /// <summary>Returns when the event is on disk (or was before).</summary>
    /// <exception cref="StorageUnavailableException">It could not be recorded now.</exception>
    public Task<Appended> AcceptAsync(InboundEvent inbound, CallbackWaiter? waiter)
    {
        var size = inbound.Payload.Length;
        if (Interlocked.Add(ref _waitingBytes, size) > MaxWaitingBytes)
        {
            Interlocked.Add(ref _waitingBytes, -size);
            return Task.FromException<Appended>(new StorageUnavailableException("Too many bytes are waiting for the database writer."));
        }

        EnsureStarted();
        var arrival = new Arrival(new NewEvent(inbound, waiter is null ? null : leases.Node) { End = ends.Of(inbound) }, waiter, clock.GetTimestamp());
        if (_waiting[inbound.Partition % _waiting.Length].Writer.TryWrite(arrival)) _unanswered.Enqueue(arrival);
        else Refuse(arrival, new StorageUnavailableException($"The inbox is closed, or {MaxWaiting} events are waiting for it."));
        return arrival.Task;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var waiting in _waiting) waiting.Writer.TryComplete();
        if (_writers is { } writers) await Task.WhenAll(writers);
        if (_deadlines is { } deadlines) await deadlines.DisposeAsync();
    }

    private void EnsureStarted()
    {
        if (_writers is not null) return;
        lock (_gate)
        {
            if (_writers is not null) return;
            _deadlines = clock.CreateTimer(_ => LookAtDeadlines(), null, DeadlineLook, DeadlineLook);
            _writers = [.. _waiting.Select(waiting => Task.Run(() => WriteAsync(waiting.Reader)))];
        }
    }

    private async Task WriteAsync(ChannelReader<Arrival> waiting)
    {
        var batch = new List<Arrival>(MaxBatch);
        while (await waiting.WaitToReadAsync())
        {
            batch.Clear();
            while (batch.Count < MaxBatch && waiting.TryRead(out var arrival)) batch.Add(arrival);
            if (batch.Count > 0) await RecordAsync(batch);
            LookAtDeadlines();
        }
    }

    private async Task RecordAsync(IReadOnlyList<Arrival> batch)
    {
        var events = batch.Select(a => a.New).ToArray();
        try
        {
            var appended = await database.TransactAsync(async unit =>
            {
                // Should this be the second run, the rows of the first are not.
                foreach (var arrival in batch) CancelWaiter(arrival);
                var results = await store.AppendAsync(unit, events);
                HandOn(unit, batch, results);
                return results;
            });
            for (var i = 0; i < batch.Count; i++) Answer(batch[i], appended[i]);
        }
        catch (StorageUnavailableException e) when (e.MayBeOwnFault && batch.Count > 1)
        {
            BatchTooSlow(batch.Count, e);
            var keys = batch.GroupBy(static a => (a.New.Event.App, a.New.Event.OrderingKey));
            await Parallel.ForEachAsync(keys, new ParallelOptions { MaxDegreeOfParallelism = AtOnce },
                async (ofKey, _) => await RecordUntilRefusedAsync(ofKey));
        }
        catch (StorageUnavailableException e)
        {
            foreach (var arrival in batch) Refuse(arrival, e);
        }
        catch (Exception e) when (batch.Count > 1)
        {
            BatchRefused(batch.Count, e);
            foreach (var arrival in batch) await RecordAsync([arrival]);
        }
        catch (Exception e)
        {
            EventRefused(batch[0].New.Event.EventId, batch[0].New.Event.App, e);
            Refuse(batch[0], new StorageUnavailableException("The event cannot be recorded.", e));
        }
    }

    /// <summary>What came later of a key must not be recorded before, and would only wait as long as its predecessor did.</summary>
    private async Task RecordUntilRefusedAsync(IEnumerable<Arrival> ofKey)
    {
        Arrival? refused = null;
        foreach (var arrival in ofKey)
        {
            if (refused is not null) Refuse(arrival, new StorageUnavailableException("An event before it cannot be recorded now."));
            else if (!arrival.Task.IsCompleted) await RecordAsync([arrival]);
            if (arrival.Task.IsFaulted) refused = arrival;
        }
    }

    private void HandOn(IUnitOfWork unit, IReadOnlyList<Arrival> batch, IReadOnlyList<Appended> results)
    {
        for (var i = 0; i < results.Count; i++)
        {
            var arrival = batch[i];
            if (results[i].Duplicate || arrival.New.End is not null) continue;
            if (arrival.Waiter is { } waiter)
            {
                arrival.Expected = results[i].Id;
                dispatcher.Expect(results[i].Id, waiter);
            }

            if (!leases.Held.Contains(arrival.New.Event.Partition)) unit.Announce(Topics.Inbox, results[i].Id);
        }

        unit.AfterCommit(() =>
        {
            for (var i = 0; i < results.Count; i++)
            {
                if (results[i].Duplicate) continue;
                if (batch[i].New.End is { } outcome) metrics.Ended(batch[i].New.Event, outcome, TimeSpan.Zero, clock.GetElapsedTime(batch[i].Since));
                else dispatcher.Arrived(Entry(batch[i].New, results[i].Id));
            }
        });
    }

    private static InboxEntry Entry(in NewEvent added, long id) => new()
    {
        Id = id,
        App = added.Event.App,
        OrderingKey = added.Event.OrderingKey,
        Reference = added.Reference,
        Partition = added.Event.Partition,
        WaitingNode = added.WaitingNode,
        Event = added.Event.Payload.Length <= KeptBytes ? added.Event : null,
    };

    /// <summary>All wait equally long, so the one that came first is the first to be late.</summary>
    private void LookAtDeadlines()
    {
        lock (_gate)
        {
            while (_unanswered.TryPeek(out var oldest) && (oldest.Task.IsCompleted || clock.GetElapsedTime(oldest.Since) >= CommitDeadline))
            {
                _unanswered.TryDequeue(out _);
                if (!oldest.Task.IsCompleted) Leave(oldest, new StorageUnavailableException("The database writer took too long."));
            }
        }
    }

    private void Answer(Arrival arrival, Appended appended)
    {
        if (arrival.TrySetResult(appended)) Interlocked.Add(ref _waitingBytes, -arrival.New.Event.Payload.Length);
    }

    /// <summary>It is not recorded.</summary>
    private void Refuse(Arrival arrival, StorageUnavailableException why)
    {
        CancelWaiter(arrival);
        Leave(arrival, why);
    }

    /// <summary>It is not waited for.</summary>
    private void Leave(Arrival arrival, StorageUnavailableException why)
    {
        if (arrival.TrySetException(why)) Interlocked.Add(ref _waitingBytes, -arrival.New.Event.Payload.Length);
    }

    private void CancelWaiter(Arrival arrival)
    {
        if (arrival.Expected is not { } id) return;
        dispatcher.CancelWaiter(id, arrival.Waiter!);
        arrival.Expected = null;
    }

    private sealed class Arrival(NewEvent added, CallbackWaiter? waiter, long since) : TaskCompletionSource<Appended>(TaskCreationOptions.RunContinuationsAsynchronously)
    {
        public NewEvent New { get; } = added;

        public CallbackWaiter? Waiter { get; } = waiter;

        /// <summary>When it began to wait, by the clock's counter.</summary>
        public long Since { get; } = since;

        /// <summary>The row under which its waiter is expected.</summary>
        public long? Expected { get; set; }
    }

    [LoggerMessage(LogLevel.Debug, "A batch of {Count} events has one that could not be recorded in time; each is recorded alone")]
    private partial void BatchTooSlow(int count, Exception error);
    [LoggerMessage(LogLevel.Debug, "A batch of {Count} events has one that the database refuses; each is recorded alone")]
    private partial void BatchRefused(int count, Exception error);
    [LoggerMessage(LogLevel.Error, "Event {EventId} of app {App} is refused by the database")]
    private partial void EventRefused(string eventId, string app, Exception error);
}
