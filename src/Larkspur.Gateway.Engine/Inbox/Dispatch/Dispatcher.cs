using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text.Json;
using Larkspur.Gateway.Common;
using Larkspur.Gateway.Outbox;
using Larkspur.Gateway.Queueing;
using Larkspur.Gateway.Redaction;
using Larkspur.Gateway.Storage;
using Larkspur.Gateway.Storage.Leases;
using Larkspur.Gateway.Telemetry;

namespace Larkspur.Gateway.Inbox.Dispatch;

/// <summary>Takes open inbox rows to their handlers and ends each row together with the handler's effects.</summary>
internal sealed partial class Dispatcher : OrderedWorker<InboxEntry>
{
    private static readonly Outcome AlreadyFinished = Outcome.Ignored("already_finished");

    private readonly IDatabase _database;
    private readonly WriteProof _proof;
    private readonly IInboxStore _inbox;
    private readonly IOutboxStore _outbox;
    private readonly OutboxSenders _senders;
    private readonly IAnswerCardCheck _cards;
    private readonly IEventForwarder _forwarding;
    private readonly EventRouter _router;
    private readonly StaleFilter _stale;
    private readonly FailureText _failureText;
    private readonly IFailureMessages _failureMessages;
    private readonly DispatchOptions _options;
    private readonly TimeProvider _clock;
    private readonly DispatchMetrics _metrics;
    private readonly ILogger<Dispatcher> _logger;
    private readonly ConcurrentDictionary<long, CallbackWaiter> _waiters = new();
    private readonly ConcurrentDictionary<long, Failed> _failures = new();

    public Dispatcher(IDatabase database, WriteProof proof, ILeases leases, IInboxStore inbox, IOutboxStore outbox, OutboxSenders senders,
        IEventForwarder forwarding, EventRouter router, StaleFilter stale, IAnswerCardCheck cards,
        FailureText failureText, IFailureMessages failureMessages, DispatchOptions options, TimeProvider clock, DispatchMetrics metrics, ILogger<Dispatcher> logger)
        : base(options.Enabled, new OrderedQueueOptions(options.Parallelism, options.Capacity) { LookEvery = LookEvery(database) }, leases, clock, logger)
    {
        _database = database;
        _proof = proof;
        _inbox = inbox;
        _outbox = outbox;
        _senders = senders;
        _cards = cards;
        _forwarding = forwarding;
        _router = router;
        _stale = stale;
        _failureText = failureText;
        _failureMessages = failureMessages;
        _options = options;
        _clock = clock;
        _metrics = metrics;
        metrics.Watch(this);
        _logger = logger;
    }

    /// <summary>Requests here that wait for an answer, or have left not long ago.</summary>
    public int Waiting => _waiters.Count;

    /// <summary>A request waits for the answer to this event, whichever process makes it. Before the commit: the answer may come right after it.</summary>
    public void Expect(long id, CallbackWaiter waiter) => _waiters[id] = waiter;

    /// <summary>The row under which a request waited is not recorded after all.</summary>
    public void CancelWaiter(long id, CallbackWaiter waiter) => _waiters.TryRemove(KeyValuePair.Create(id, waiter));

    /// <summary>Rows that another process has recorded.</summary>
    public async Task HeardAsync(IReadOnlyList<long> ids, CancellationToken cancellation)
    {
        foreach (var entry in await _inbox.LoadAsync(ids, cancellation)) Arrived(entry);
    }

    protected override async Task<IReadOnlyList<IReadOnlyList<InboxEntry>>> LoadLanesAsync(
        IReadOnlyList<LaneWish> lanes, int rank, CancellationToken cancellation)
    {
        var found = await _inbox.LoadLanesAsync(lanes, cancellation);
        _metrics.RowsRead(found.Sum(static f => f.Count));
        return found;
    }

    protected override async Task<IReadOnlyList<InboxEntry>> LoadOpenAsync(
        Partitions partitions, int rank, long afterId, int limit, CancellationToken cancellation)
    {
        foreach (var (id, waiter) in _waiters)
        {
            if (waiter.HasLeft) _waiters.TryRemove(id, out _);
        }

        var found = await _inbox.LoadOpenAsync(partitions, afterId, limit, cancellation);
        _metrics.RowsRead(found.Count);
        return found;
    }

    protected override async ValueTask<WorkResult> WorkAsync(InboxEntry entry, CancellationToken cancellation)
    {
        try
        {
            return await TakeAsync(entry, cancellation);
        }
        catch (StorageUnavailableException e)
        {
            // Not the handler's fault and no attempt of its own: the key waits until the database is back.
            EventWaitsForDatabase(e.Message, entry.Reference);
            return WorkResult.RetryAfter(_options.StoragePause);
        }
    }

    private async ValueTask<WorkResult> TakeAsync(InboxEntry entry, CancellationToken cancellation)
    {
        if (Leases.FenceOf(entry.Partition) is not { } fence) return WithoutFence(entry);
        var failed = FailedBefore(entry);
        if (TimeUntil(failed) is { Ticks: > 0 } early) return WorkResult.RetryAfter(early);
        if (Leases.MayBeShared && entry.Unreadable is null && await _inbox.EarlierAsync(entry, cancellation) is { } earlier) return WorkResult.After(earlier);

        InboundEvent inbound;
        try
        {
            if (entry.Unreadable is { } damage) throw new UnreadableRowException(damage, null);
            if ((entry.Event ?? await _inbox.ReadAsync(entry.Id, cancellation)) is not { } read) return WorkResult.Finished; // forgotten meanwhile
            inbound = read;
        }
        catch (UnreadableRowException e)
        {
            return await DeadLetterAsync(e.Known, entry, fence, failed.Attempts + 1, e);
        }
        catch (Exception e) when (RefusedTransaction.Is(e))
        {
            return await FailAsync(null, entry, fence, failed.Attempts + 1, e);
        }

        using var activity = Correlation.Continue("inbox handle", ActivityKind.Consumer, inbound.TraceParent);
        activity?.Handling(inbound, entry.Id, failed.Attempts + 1);
        // What is queued from here on is this span's child; the transaction runs on the writer's thread, where no span is current.
        if (activity?.Id is { } span) inbound = inbound with { TraceParent = span };
        using var scope = _logger.BeginScope(Correlation.Scope(entry.Reference, entry.Id, eventId: inbound.EventId));
        var started = _clock.GetTimestamp();
        try
        {
            var reaction = await ReactAsync(inbound, entry, failed.Attempts + 1, cancellation);
            var outcome = await CommitAsync(inbound, entry, fence, reaction, Ending.Finished);
            // The partition went and came back while it ran: the row is open still, and it is this process's again.
            if (outcome == AlreadyFinished && Leases.FenceOf(entry.Partition) is { } renewed && renewed != fence) return WorkResult.Again;
            _failures.TryRemove(entry.Id, out _);
            _metrics.Ended(inbound, outcome, _clock.GetElapsedTime(started), _clock.GetUtcNow() - inbound.ReceivedAt);
            activity?.Handled(outcome);
            EventHandled(inbound.EventType, inbound.App, outcome.Name, outcome.Reason is { } why ? $", {why}" : "");
            return WorkResult.Finished;
        }
        catch (ChannelException e) when (e is { NotTried: true, RetryAfter: { } pause })
        {
            // Its app was switched off after the event had come: it waits, and that is no attempt.
            EventWaits(inbound.EventType, inbound.App, e.Message);
            return WorkResult.RetryAfter(pause);
        }
        catch (Exception e) when (!RefusedTransaction.IsAway(e) && !cancellation.IsCancellationRequested)
        {
            activity?.Failed(e.GetType().Name);
            return await FailAsync(inbound, entry, fence, failed.Attempts + 1, e);
        }
    }

    /// <summary>What this process remembers of attempts since the entry was loaded, unless another process or a replay has gone further.</summary>
    private Failed FailedBefore(InboxEntry entry) =>
        _failures.GetValueOrDefault(entry.Id) is { } known && known.ReplayCount == entry.ReplayCount && known.Attempts >= entry.Attempts
            ? known
            : new Failed(entry.ReplayCount, entry.Attempts, entry.NotBefore, null);

    /// <summary>How long the next attempt has to wait. What failed here waits by the monotonic clock; for what was read from the table there is only the
    /// time of day, and one further ahead than any pause was written before somebody set a clock back.</summary>
    private TimeSpan TimeUntil(Failed failed)
    {
        if (failed.At is { } at) return failed.Pause - _clock.GetElapsedTime(at);
        var early = failed.NotBefore - _clock.GetUtcNow();
        return early > _options.LongestPause ? TimeSpan.Zero : early;
    }

    private async ValueTask<Reaction> ReactAsync(InboundEvent inbound, InboxEntry entry, int attempt, CancellationToken cancellation)
    {
        if (_router.Find(inbound.Platform, inbound.EventType) is not { } route) return new Reaction(static _ => ValueTask.FromResult(UnhandledEvents.NoHandler));
        using var deadline = new CancellationTokenSource(_options.HandlerTimeout, _clock);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancellation);
        var context = new EventContext(inbound, entry.Id, entry.Reference, attempt);
        try
        {
            return _stale.Takes(route, inbound, entry.ReplayCount) ? await _stale.ReactAsync(route, context, both.Token) : await route.Handler(context, both.Token);
        }
        catch (OperationCanceledException e) when (deadline.IsCancellationRequested)
        {
            throw new TimeoutException($"The handler of {inbound.EventType} took longer than {_options.HandlerTimeout}.", e);
        }
    }

    private async Task<Outcome> CommitAsync(InboundEvent inbound, InboxEntry entry, Fence fence, Reaction reaction, Ending ending)
    {
        var waiter = _waiters.GetValueOrDefault(entry.Id);
        var inline = waiter is not null && waiter.TryClaim();
        var elsewhere = WaitsElsewhere(inbound, entry);
        Effects effects;
        Outcome outcome;
        try
        {
            (effects, outcome) = await _database.TransactAsync(async unit =>
            {
                var effects = new Effects(unit, _outbox, _cards, inbound, _clock.GetUtcNow());
                var outcome = await reaction.Apply(effects);
                _forwarding.Forward(inbound, effects);
                if (inline || elsewhere) await effects.HoldAnswerAsync(entry.WaitingNode ?? Leases.Node, elsewhere);
                else effects.SendAnswer();
                // First of all what is written: where the row has ended before, its messages are there too, and their keys.
                var ended = ending == Ending.Dead
                    ? await _inbox.DeadLetterAsync(unit, entry.Id, fence, outcome, effects.Now)
                    : await _inbox.FinishAsync(unit, entry.Id, fence, outcome, effect: outcome != Outcome.Stale, effects.Now);
                if (!ended) throw new AlreadyFinishedException();
                await effects.StoreAsync(entry, _senders.Stored);
                if (elsewhere) await KeepAnswerAsync(unit, entry, effects);
                return (effects, outcome);
            });
        }
        catch (AlreadyFinishedException)
        {
            RunHadNoEffect();
            waiter?.Unclaim();
            await _senders.LoadForEventAsync(entry.Id, CancellationToken.None);
            return AlreadyFinished;
        }
        catch
        {
            waiter?.Unclaim();
            throw;
        }

        _waiters.TryRemove(entry.Id, out _);
        if (inline && !waiter!.TryDeliver(new GivenAnswer(effects.Given, written => SettleAsync(inbound, entry, effects.Given, effects.HeldId, effects.Origin, written))))
            await DeliverLateAsync(inbound, entry, effects.Given, effects.HeldId);
        return outcome;
    }

    /// <summary>Another process has the request that waits for this click's answer, and may still write it. Where there can be no other
    /// process, it was this one before its restart.</summary>
    private bool WaitsElsewhere(InboundEvent inbound, InboxEntry entry) => Leases.MayBeShared
        && entry.WaitingNode is { } node && node != Leases.Node && _clock.GetUtcNow() - inbound.ReceivedAt < _options.CallbackDeadline;

    private async ValueTask KeepAnswerAsync(IUnitOfWork unit, InboxEntry entry, Effects effects)
    {
        await _inbox.KeepAnswerAsync(unit, entry.Id, JsonSerializer.Serialize(effects.Given));
        unit.Announce(Topics.Answer, entry.Id);
    }

    /// <summary>Other processes have made answers; those that requests here wait for are handed over.</summary>
    public async Task AnsweredAsync(IReadOnlyList<long> ids, CancellationToken cancellation)
    {
        foreach (var id in ids)
        {
            if (!_waiters.ContainsKey(id) || await _inbox.AnswerAsync(id, cancellation) is not { } kept) continue; // another process's request, or no answer yet
            if (!_waiters.TryRemove(id, out var waiter)) continue; // somebody else has just found it
            var answer = JsonSerializer.Deserialize<CallbackAnswer>(kept);
            if (await _inbox.ReadAsync(id, cancellation) is not { } inbound) continue;
            var entry = new InboxEntry
            {
                Id = id, App = inbound.App, OrderingKey = inbound.OrderingKey, Partition = inbound.Partition, Reference = Reference.For(inbound.Platform, inbound.App, inbound.EventId),
            };
            var held = await _database.TransactAsync(unit => _outbox.HeldForAsync(unit, id), cancellation);
            if (!waiter.TryClaim() || !waiter.TryDeliver(new GivenAnswer(answer, written => SettleAsync(inbound, entry, answer, held, new EventOrigin(inbound.ReceivedAt, inbound.CreatedAt), written))))
                await DeliverLateAsync(inbound, entry, answer, held);
        }
    }

    /// <summary>Announcements may have been lost: looks for the answers that requests here wait for.</summary>
    public Task LookForAnswersAsync(CancellationToken cancellation) => AnsweredAsync([.. _waiters.Keys], cancellation);

    /// <summary>The request has written the answer, or could not.</summary>
    private async Task SettleAsync(InboundEvent inbound, InboxEntry entry, CallbackAnswer? answer, long? held, EventOrigin origin, bool written)
    {
        try
        {
            if (written && answer is not null) _metrics.Answered(origin, _clock.GetUtcNow());
            if (!written) await DeliverLateAsync(inbound, entry, answer, held);
            else if (held is { } id) await _database.TransactAsync(unit => _outbox.DropHeldAsync(unit, id));
        }
        catch (StorageUnavailableException e)
        {
            AnswerStaysHeld(entry.Id, e);
        }
    }

    /// <summary>The request left after the claim: its answer follows in a transaction of its own.</summary>
    private Task DeliverLateAsync(InboundEvent inbound, InboxEntry entry, CallbackAnswer? answer, long? held) => _database.TransactAsync(async unit =>
    {
        if (held is { } id) await _outbox.DropHeldAsync(unit, id);
        var effects = new Effects(unit, _outbox, _cards, inbound, _clock.GetUtcNow());
        if (answer is not null) effects.Answer(answer);
        effects.SendAnswer();
        await effects.StoreAsync(entry, _senders.Stored, firstOrdinal: 1000);
    });

    /// <param name="inbound">The event, or null: it could not be read.</param>
    /// <param name="entry">Its row.</param>
    /// <param name="fence">The lease.</param>
    /// <param name="failures">Attempts, this one included.</param>
    /// <param name="cause">What was wrong.</param>
    private async Task<WorkResult> FailAsync(InboundEvent? inbound, InboxEntry entry, Fence fence, int failures, Exception cause)
    {
        if (inbound is not null) _metrics.Failed(inbound);
        if (cause is UnreadableEventException || failures > _options.Pauses.Count) return await DeadLetterAsync(inbound, entry, fence, failures, cause);

        var pause = _options.Pauses[failures - 1];
        AttemptFailed(failures, inbound?.EventType ?? "an event", entry.Reference, pause, cause);
        var notBefore = _clock.GetUtcNow() + pause;
        var failure = Told(HistoryLine.Failed, inbound, entry, failures, cause);
        await _database.TransactAsync(async unit =>
        {
            if (RefusedTransaction.Is(cause)) await _proof.WriteAsync(unit);
            await _inbox.RecordFailureAsync(unit, entry.Id, fence, failure, notBefore);
        });
        _failures[entry.Id] = new Failed(entry.ReplayCount, failures, notBefore, _clock.GetTimestamp()) { Pause = pause };
        return WorkResult.RetryAfter(pause);
    }

    /// <summary>No further attempt: the event becomes a dead letter, and whoever waits is told.</summary>
    /// <param name="inbound">The event, as far as it can be read; null: nobody can be told.</param>
    /// <param name="entry">Its row.</param>
    /// <param name="fence">The lease.</param>
    /// <param name="failures">Attempts, this one included.</param>
    /// <param name="cause">What was wrong with the last one.</param>
    private async Task<WorkResult> DeadLetterAsync(InboundEvent? inbound, InboxEntry entry, Fence fence, int failures, Exception cause)
    {
        var reason = cause is UnreadableRowException ? "unreadable_row"
            : RefusedTransaction.Is(cause) ? RefusedTransaction.Reason : cause.GetType().Name;
        var failure = Told(HistoryLine.Dead, inbound, entry, failures, cause);
        var outcome = Outcome.Failed(reason);
        try
        {
            outcome = inbound is null
                ? await DeadLetterSilentlyAsync(entry, fence, outcome, failure, cause)
                : await CommitAsync(inbound, entry, fence, Tell(inbound, reason), Ending.Dead);
        }
        catch (Exception e) when (!RefusedTransaction.IsAway(e))
        {
            // What fails again here would fail at every further try, and hold up its chat for ever.
            NobodyToldOfFailure(entry.Id, e);
            outcome = await DeadLetterSilentlyAsync(entry, fence, Outcome.Failed(reason), failure, e);
        }

        _failures.TryRemove(entry.Id, out _);
        // An unreadable row has a lane of its own, and may have been found by the look-up for earlier ones as well.
        if (outcome == AlreadyFinished) return WorkResult.Finished;
        EventDeadLettered(inbound?.EventType, inbound?.App ?? entry.App, failures, entry.Reference, entry.Id, cause);
        _metrics.Dead(inbound?.EventType ?? "unknown", reason);
        if (inbound is not null) _metrics.Ended(inbound, outcome, TimeSpan.Zero, _clock.GetUtcNow() - inbound.ReceivedAt);
        return WorkResult.Finished;

        Reaction Tell(InboundEvent to, string why) => new(async effects =>
        {
            await _inbox.RecordFailureAsync(effects.Unit, entry.Id, fence, failure, effects.Now);
            return _failureMessages.Tell(to, entry.Reference, effects) ? Outcome.FailedTold(why) : Outcome.Failed(why);
        });
    }

    /// <param name="entry">The row.</param>
    /// <param name="fence">The lease.</param>
    /// <param name="outcome">How it ends.</param>
    /// <param name="failure">For its history.</param>
    /// <param name="cause">Why: where the database refused something, it has to show that it takes what others write.</param>
    private Task<Outcome> DeadLetterSilentlyAsync(
        InboxEntry entry, Fence fence, Outcome outcome, HistoryLine failure, Exception cause) => _database.TransactAsync(async unit =>
    {
        if (RefusedTransaction.Is(cause)) await _proof.WriteAsync(unit);
        await _inbox.RecordFailureAsync(unit, entry.Id, fence, failure, failure.At);
        return await _inbox.DeadLetterAsync(unit, entry.Id, fence, outcome, failure.At) ? outcome : AlreadyFinished;
    });

    private HistoryLine Told(string what, InboundEvent? inbound, InboxEntry entry, int attempt, Exception cause) => new()
    {
        At = _clock.GetUtcNow(),
        What = what,
        ReplayCount = entry.ReplayCount,
        Attempt = attempt,
        Who = Leases.Node,
        Error = cause.GetType().Name,
        Message = _failureText.Message(cause, inbound?.Payload ?? ReadOnlyMemory<byte>.Empty),
        Stack = FailureText.Stack(cause),
    };

    private enum Ending
    {
        /// <summary>Its handler, or the stale filter, has ended it.</summary>
        Finished,

        /// <summary>It is given up.</summary>
        Dead,
    }

    /// <param name="ReplayCount">See <see cref="InboxEntry.ReplayCount"/>.</param>
    /// <param name="Attempts">Attempts so far.</param>
    /// <param name="NotBefore">When the next is due, as it stands in the table.</param>
    /// <param name="At">The clock's timestamp of the failure; null: it was not here.</param>
    private sealed record Failed(int ReplayCount, int Attempts, DateTimeOffset NotBefore, long? At)
    {
        /// <summary>From then on.</summary>
        public TimeSpan Pause { get; init; }
    }

    private sealed class AlreadyFinishedException : Exception;

    [LoggerMessage(LogLevel.Warning, "The database is away ({Reason}); event {Reference} waits")]
    private partial void EventWaitsForDatabase(string reason, string reference);
    [LoggerMessage(LogLevel.Information, "Event {EventType} of app {App}: {Outcome}{Reason}")]
    private partial void EventHandled(string eventType, string app, string outcome, string reason);
    [LoggerMessage(LogLevel.Debug, "Event {EventType} of app {App} waits: {Reason}")]
    private partial void EventWaits(string eventType, string app, string reason);
    [LoggerMessage(LogLevel.Warning, "The event had ended before, or is worked on by another process now; this run had no effect")]
    private partial void RunHadNoEffect();
    [LoggerMessage(LogLevel.Warning, "The answer to the click of inbox row {InboxId} stays held; the card is updated by message")]
    private partial void AnswerStaysHeld(long inboxId, Exception error);
    [LoggerMessage(LogLevel.Warning, "Attempt {Attempt} to handle {EventType} failed, reference {Reference}; next in {Pause}")]
    private partial void AttemptFailed(int attempt, string eventType, string reference, TimeSpan pause, Exception error);
    [LoggerMessage(LogLevel.Error, "Nobody could be told that inbox row {InboxId} failed")]
    private partial void NobodyToldOfFailure(long inboxId, Exception error);
    [LoggerMessage(LogLevel.Error, "Event {EventType} of app {App} failed for good after {Attempt} attempts, reference {Reference}: inbox "
        + "row {InboxId} is a dead letter now")]
    private partial void EventDeadLettered(string? eventType, string app, int attempt, string reference, long inboxId, Exception error);
}
