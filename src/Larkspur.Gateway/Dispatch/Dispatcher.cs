using System.Collections.Concurrent;
using System.Diagnostics;
using Larkspur.Gateway.Diagnostics;
using Larkspur.Gateway.Inbox;
using Larkspur.Gateway.Outbox;
using Larkspur.Gateway.Storage;

namespace Larkspur.Gateway.Dispatch;

/// <summary>Takes open inbox rows to their handlers and ends each row together with the handler's effects.</summary>
internal sealed class Dispatcher : OrderedWorker<InboxEntry>
{
    private readonly IDatabase _database;
    private readonly IInboxStore _inbox;
    private readonly IOutboxStore _outbox;
    private readonly OutboxSenders _senders;
    private readonly IForwarding _forwarding;
    private readonly EventRouter _router;
    private readonly INotices _notices;
    private readonly DispatchOptions _options;
    private readonly TimeProvider _clock;
    private readonly DispatchMetrics _metrics;
    private readonly ILogger<Dispatcher> _logger;
    private readonly ConcurrentDictionary<long, CallbackWaiter> _waiters = new();
    private readonly ConcurrentDictionary<long, int> _failures = new();

    public Dispatcher(IDatabase database, IInboxStore inbox, IOutboxStore outbox, OutboxSenders senders, IForwarding forwarding, EventRouter router, INotices notices,
        DispatchOptions options, TimeProvider clock, DispatchMetrics metrics, ILogger<Dispatcher> logger)
        : base(options.Enabled, new OrderedQueueOptions(options.Parallelism, options.Capacity), clock, logger)
    {
        _database = database;
        _inbox = inbox;
        _outbox = outbox;
        _senders = senders;
        _forwarding = forwarding;
        _router = router;
        _notices = notices;
        _options = options;
        _clock = clock;
        _metrics = metrics;
        _logger = logger;
    }

    /// <summary>Announces a committed event, in commit order; <paramref name="waiter"/> is the request that waits for its answer.</summary>
    public void Arrived(InboxEntry entry, CallbackWaiter? waiter)
    {
        if (waiter is not null) _waiters[entry.Id] = waiter;
        Arrived(entry);
    }

    protected override Task<IReadOnlyList<InboxEntry>> LoadOpenAsync(long afterId, int limit, CancellationToken cancellation) => _inbox.LoadOpenAsync(afterId, limit, cancellation);

    protected override async ValueTask<Next> WorkAsync(InboxEntry entry, CancellationToken cancellation)
    {
        var inbound = entry.Event ?? await _inbox.ReadAsync(entry.Id, cancellation);
        var failures = _failures.GetValueOrDefault(entry.Id, entry.Attempts);
        using var activity = Correlation.Start("inbox handle", inbound.TraceParent);
        using var scope = _logger.BeginScope(Correlation.Scope(entry.Reference, entry.Id, eventId: inbound.EventId));
        var started = _clock.GetTimestamp();
        try
        {
            var reaction = await ReactAsync(inbound, entry, failures + 1, cancellation);
            var outcome = await CommitAsync(inbound, entry, reaction);
            _failures.TryRemove(entry.Id, out _);
            _metrics.Ended(inbound, outcome, _clock.GetElapsedTime(started), _clock.GetUtcNow() - inbound.ReceivedAt);
            _logger.LogInformation("Event {EventType} of app {App}: {Outcome}{Reason}", inbound.EventType, inbound.App, outcome.Name, outcome.Reason is { } why ? $", {why}" : "");
            return Next.Finished;
        }
        catch (StorageUnavailableException e)
        {
            // Not the handler's fault and no attempt of its own: the key waits until the database is back.
            _logger.LogWarning(e, "The database is away; the event waits");
            return Next.RetryAfter(_options.StoragePause);
        }
        catch (Exception e) when (!cancellation.IsCancellationRequested)
        {
            activity.SetStatus(ActivityStatusCode.Error, e.Message);
            return await FailAsync(inbound, entry, failures + 1, e);
        }
    }

    private async ValueTask<Reaction> ReactAsync(InboundEvent inbound, InboxEntry entry, int attempt, CancellationToken cancellation)
    {
        var handler = _router.Find(inbound.Platform, inbound.EventType);
        if (handler is null) return Reaction.Ignore("no_handler");
        using var deadline = new CancellationTokenSource(_options.HandlerTimeout, _clock);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancellation);
        try
        {
            return await handler(new EventContext(inbound, entry.Id, entry.Reference, attempt), both.Token);
        }
        catch (OperationCanceledException e) when (deadline.IsCancellationRequested)
        {
            throw new TimeoutException($"The handler of {inbound.EventType} took longer than {_options.HandlerTimeout}.", e);
        }
    }

    private async Task<Outcome> CommitAsync(InboundEvent inbound, InboxEntry entry, Reaction reaction, bool effect = true)
    {
        var waiter = _waiters.GetValueOrDefault(entry.Id);
        var inline = waiter is not null && waiter.TryClaim();
        Effects effects;
        Outcome outcome;
        try
        {
            (effects, outcome) = await _database.TransactAsync(async unit =>
            {
                var effects = new Effects(unit, _outbox, inbound, _clock.GetUtcNow());
                var outcome = await reaction.Apply(effects);
                _forwarding.Forward(inbound, effects);
                if (inline) await effects.HoldAnswerAsync();
                else effects.SendAnswer();
                await effects.StoreAsync(entry.Id, entry.Reference, _senders.Arrived);
                if (!await _inbox.FinishAsync(unit, entry.Id, outcome, effect, effects.Now)) throw new AlreadyFinishedException();
                return (effects, outcome);
            });
        }
        catch (AlreadyFinishedException)
        {
            _logger.LogWarning("The event had ended before; this run had no effect");
            outcome = Outcome.Ignored("already_finished");
            _waiters.TryRemove(entry.Id, out _);
            return outcome;
        }
        catch
        {
            waiter?.Unclaim();
            throw;
        }

        _waiters.TryRemove(entry.Id, out _);
        if (inline && !waiter!.TryDeliver(new GivenAnswer(effects.Given, written => SettleAsync(inbound, entry, effects, written)))) await DeliverLateAsync(inbound, entry, effects);
        return outcome;
    }

    /// <summary>The request has written the answer, or could not.</summary>
    private async Task SettleAsync(InboundEvent inbound, InboxEntry entry, Effects answered, bool written)
    {
        try
        {
            if (!written) await DeliverLateAsync(inbound, entry, answered);
            else if (answered.HeldId is { } held) await _database.TransactAsync(async unit =>
            {
                await _outbox.DropHeldAsync(unit, held);
                return true;
            });
        }
        catch (StorageUnavailableException e)
        {
            _logger.LogWarning(e, "The answer to the click of inbox row {InboxId} stays held; the next start updates the card by message", entry.Id);
        }
    }

    /// <summary>The request left after the claim: its answer follows in a transaction of its own.</summary>
    private Task<bool> DeliverLateAsync(InboundEvent inbound, InboxEntry entry, Effects answered) => _database.TransactAsync(async unit =>
    {
        if (answered.HeldId is { } held) await _outbox.DropHeldAsync(unit, held);
        var effects = new Effects(unit, _outbox, inbound, _clock.GetUtcNow());
        if (answered.Given is { } answer) effects.Answer(answer);
        effects.SendAnswer();
        await effects.StoreAsync(entry.Id, entry.Reference, _senders.Arrived, firstOrdinal: 1000);
        return true;
    });

    private async Task<Next> FailAsync(InboundEvent inbound, InboxEntry entry, int failures, Exception cause)
    {
        _metrics.Failed(inbound);
        if (cause is not UnreadableEventException && failures <= _options.Pauses.Count)
        {
            var pause = _options.Pauses[failures - 1];
            _logger.LogWarning(cause, "Attempt {Attempt} to handle {EventType} failed, reference {Reference}; next in {Pause}",
                failures, inbound.EventType, entry.Reference, pause);
            await _database.TransactAsync(async unit =>
            {
                await _inbox.RecordFailureAsync(unit, entry.Id, failures);
                return true;
            });
            _failures[entry.Id] = failures;
            return Next.RetryAfter(pause);
        }

        _logger.LogError(cause, "Event {EventType} of app {App} failed for good after {Attempt} attempts, reference {Reference}",
            inbound.EventType, inbound.App, failures, entry.Reference);
        var outcome = await CommitAsync(inbound, entry, new Reaction(async effects =>
        {
            await _inbox.RecordFailureAsync(effects.Unit, entry.Id, failures);
            return _notices.Tell(inbound, entry.Reference, effects) ? Outcome.FailedTold(cause.GetType().Name) : Outcome.Failed(cause.GetType().Name);
        }), effect: false);
        _failures.TryRemove(entry.Id, out _);
        _metrics.Ended(inbound, outcome, TimeSpan.Zero, _clock.GetUtcNow() - inbound.ReceivedAt);
        return Next.Finished;
    }

    private sealed class AlreadyFinishedException : Exception;
}

/// <summary>Tells people what happens when the normal answer does not come.</summary>
internal interface INotices
{
    /// <summary>For a click that takes longer than the platform waits.</summary>
    Toast StillWorking();

    /// <summary>Puts a short friendly message with the reference into the effects; false when there is nobody to tell.</summary>
    bool Tell(InboundEvent inbound, string reference, IEffects effects);

    /// <summary>What the receiver of a message that cannot be sent gets instead.</summary>
    OutboxMessage Lost(OutboxEntry entry);
}

/// <summary>How events are handled. Section <c>Larkspur:Dispatch</c>.</summary>
public sealed class DispatchOptions
{
    /// <summary>False: events are recorded and acknowledged, and handled by a later start. Default true.</summary>
    public bool Enabled { get; set; } = true;

    /// <summary>Ordering keys (chats) handled at once. Default 64.</summary>
    public int Parallelism { get; set; } = 64;

    /// <summary>Events held in memory; more wait in the database. Default 10,000.</summary>
    public int Capacity { get; set; } = 10_000;

    /// <summary>Time a handler has. Default 30 s.</summary>
    public TimeSpan HandlerTimeout { get; set; } = TimeSpan.FromSeconds(30);

    private static readonly TimeSpan[] DefaultPauses = [TimeSpan.FromMilliseconds(200), TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(5)];

    /// <summary>Pauses between the attempts of a failing handler; after the last attempt the user is told. Empty: 0.2 s, 1 s, 5 s.</summary>
    /// <remarks>Empty and not filled with the default, because configuration adds to what stands in a list.</remarks>
    public TimeSpan[] RetryPauses { get; set; } = [];

    /// <summary>The pauses that count.</summary>
    internal IReadOnlyList<TimeSpan> Pauses => RetryPauses.Length > 0 ? RetryPauses : DefaultPauses;

    /// <summary>Pause before an event is tried again when the database was away. Default 1 s.</summary>
    public TimeSpan StoragePause { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>Time a click may take before its request is answered "in progress". Default 2.5 s: Feishu waits 3 s.</summary>
    public TimeSpan CallbackDeadline { get; set; } = TimeSpan.FromMilliseconds(2500);
}
