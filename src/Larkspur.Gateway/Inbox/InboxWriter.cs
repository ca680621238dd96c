using System.Threading.Channels;
using Larkspur.Gateway.Diagnostics;
using Larkspur.Gateway.Dispatch;
using Larkspur.Gateway.Storage;
using Larkspur.Gateway.Storage.Leases;

namespace Larkspur.Gateway.Inbox;

/// <summary>Records events durably and hands them on. What waits together is recorded in one transaction.</summary>
internal sealed class InboxWriter(IDatabase database, IInboxStore store, Dispatcher dispatcher, ILeases leases, TimeProvider clock, ILogger<InboxWriter> logger) : IAsyncDisposable
{
    /// <summary>Longest wait for a commit: the platform gives up after 3 s and comes again, so a late 200 is worth nothing.</summary>
    private static readonly TimeSpan CommitDeadline = TimeSpan.FromSeconds(2);

    /// <summary>Events up to this size stay in memory until they are handled; larger ones are read back.</summary>
    private const int KeptBytes = 16 << 10;

    /// <summary>Bytes that may wait for the writer at once.</summary>
    private const long MaxWaitingBytes = 64 << 20;

    private const int MaxBatch = 256;
    private const int MaxWaiting = 10_000;

    private readonly Channel<Arrival> _waiting = Channel.CreateBounded<Arrival>(new BoundedChannelOptions(MaxWaiting));
    private readonly Lock _gate = new();
    private Task[]? _writers;
    private long _waitingBytes;

    /// <summary>Returns when the event is on disk (or was before).</summary>
    /// <exception cref="StorageUnavailableException">It could not be recorded now.</exception>
    public async Task<Appended> AcceptAsync(InboundEvent inbound, CallbackWaiter? waiter)
    {
        var size = inbound.Payload.Length;
        if (Interlocked.Add(ref _waitingBytes, size) > MaxWaitingBytes)
        {
            Interlocked.Add(ref _waitingBytes, -size);
            throw new StorageUnavailableException("Too many bytes are waiting for the database writer.");
        }

        try
        {
            EnsureStarted();
            var reference = Reference.For(inbound.Platform, inbound.App, inbound.EventId);
            var arrival = new Arrival(new NewEvent(inbound, reference, waiter is null ? null : leases.Node), waiter);
            if (!_waiting.Writer.TryWrite(arrival)) throw new StorageUnavailableException($"The inbox is closed, or {MaxWaiting} events are waiting for it.");
            return await arrival.Done.Task.WaitAsync(CommitDeadline, clock);
        }
        catch (TimeoutException e)
        {
            throw new StorageUnavailableException("The database writer took too long.", e);
        }
        finally
        {
            Interlocked.Add(ref _waitingBytes, -size);
        }
    }

    public async ValueTask DisposeAsync()
    {
        _waiting.Writer.TryComplete();
        if (_writers is { } writers) await Task.WhenAll(writers);
    }

    /// <summary>SQLite has one writer anyway; with PostgreSQL the next batch is on its way while one is being flushed.</summary>
    private void EnsureStarted()
    {
        if (_writers is not null) return;
        lock (_gate) _writers ??= [.. Enumerable.Range(0, database.Dialect == Dialect.Sqlite ? 1 : 2).Select(_ => Task.Run(WriteAsync))];
    }

    private async Task WriteAsync()
    {
        var batch = new List<Arrival>(MaxBatch);
        while (await _waiting.Reader.WaitToReadAsync())
        {
            batch.Clear();
            while (batch.Count < MaxBatch && _waiting.Reader.TryRead(out var arrival)) batch.Add(arrival);
            if (batch.Count > 0) await RecordAsync(batch);
        }
    }

    private async Task RecordAsync(IReadOnlyList<Arrival> batch)
    {
        try
        {
            var appended = await database.TransactAsync(async unit =>
            {
                var results = await store.AppendAsync(unit, [.. batch.Select(a => a.New)]);
                for (var i = 0; i < results.Count; i++) HandOn(unit, batch[i], results[i]);
                return results;
            });
            for (var i = 0; i < batch.Count; i++) batch[i].Done.TrySetResult(appended[i]);
        }
        catch (StorageUnavailableException e)
        {
            foreach (var arrival in batch) arrival.Done.TrySetException(e);
        }
        catch (Exception e) when (batch.Count > 1)
        {
            logger.LogDebug(e, "A batch of {Count} events has one that the database refuses; each is recorded alone", batch.Count);
            foreach (var arrival in batch) await RecordAsync([arrival]);
        }
        catch (Exception e)
        {
            logger.LogError(e, "Event {EventId} of app {App} is refused by the database", batch[0].New.Event.EventId, batch[0].New.Event.App);
            batch[0].Done.TrySetException(new StorageUnavailableException("The event cannot be recorded.", e));
        }
    }

    private void HandOn(IUnitOfWork unit, Arrival arrival, Appended appended)
    {
        if (appended.Duplicate) return;
        var inbound = arrival.New.Event;
        var entry = new InboxEntry
        {
            Id = appended.Id,
            App = inbound.App,
            OrderingKey = inbound.OrderingKey,
            Reference = arrival.New.Reference,
            Part = inbound.Part,
            WaitingNode = arrival.New.WaitingNode,
            Event = inbound.Payload.Length <= KeptBytes ? inbound : null,
        };
        if (arrival.Waiter is { } waiter) dispatcher.Expect(appended.Id, waiter);
        unit.AfterCommit(() => dispatcher.Arrived(entry));
        if (!leases.Held.Contains(entry.Part)) unit.Announce(Topics.Inbox, appended.Id);
    }

    private sealed record Arrival(NewEvent New, CallbackWaiter? Waiter)
    {
        public TaskCompletionSource<Appended> Done { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
