using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text.Json;
using Larkspur.Gateway.Diagnostics;
using Larkspur.Gateway.Inbox;
using Larkspur.Gateway.Outbox;
using Larkspur.Gateway.Storage;
using Larkspur.Gateway.Storage.Leases;

namespace Larkspur.Gateway.Dispatch;

/// <summary>Takes open inbox rows to their handlers and ends each row together with the handler's effects.</summary>
internal sealed class Dispatcher : OrderedWorker<InboxEntry>
{
    private readonly IDatabase _database;
    private readonly IInboxStore _inbox;
    private readonly IOutboxStore _outbox;
    private readonly OutboxSender _sender;
    private readonly EventRouter _router;
    private readonly INotices _notices;
    private readonly DispatchOptions _options;
    private readonly TimeProvider _clock;
    private readonly DispatchMetrics _metrics;
    private readonly ILogger<Dispatcher> _logger;
    private readonly ConcurrentDictionary<long, CallbackWaiter> _waiters = new();
    private readonly ConcurrentDictionary<long, Failed> _failures = new();

    public Dispatcher(IDatabase database, ILeases leases, IInboxStore inbox, IOutboxStore outbox, OutboxSender sender, EventRouter router, INotices notices,
        DispatchOptions options, TimeProvider clock, DispatchMetrics metrics, ILogger<Dispatcher> logger)
        : base(options.Enabled, new OrderedQueueOptions(options.Parallelism, options.Capacity) { LookEvery = LookEvery(database) }, leases, clock, logger)
    {
        _database = database;
        _inbox = inbox;
        _outbox = outbox;
        _sender = sender;
        _router = router;
        _notices = notices;
        _options = options;
        _clock = clock;
        _metrics = metrics;
        _logger = logger;
    }

    /// <summary>A request waits for the answer to this event, whichever process makes it. Before the commit: the answer may come right after it.</summary>
    public void Expect(long id, CallbackWaiter waiter) => _waiters[id] = waiter;

    /// <summary>The row under which a request waited is not recorded after all.</summary>
    public void Unexpect(long id, CallbackWaiter waiter) => _waiters.TryRemove(KeyValuePair.Create(id, waiter));

    /// <summary>Rows that another process has recorded.</summary>
    public async Task HeardAsync(IReadOnlyList<long> ids, CancellationToken cancellation)
    {
        foreach (var entry in await _inbox.LoadAsync(ids, cancellation)) Arrived(entry);
    }

    protected override Task<IReadOnlyList<InboxEntry>> LoadOpenAsync(Partitions parts, long afterId, int limit, CancellationToken cancellation)
    {
        foreach (var (id, waiter) in _waiters)
        {
            if (waiter.HasLeft) _waiters.TryRemove(id, out _);
        }

        return _inbox.LoadOpenAsync(parts, afterId, limit, cancellation);
    }

    protected override async ValueTask<Next> WorkAsync(InboxEntry entry, CancellationToken cancellation)
    {
        if (Leases.FenceOf(entry.Part) is not { } fence) return Next.Finished; // it runs where the lease is
        var failed = _failures.GetValueOrDefault(entry.Id) ?? new Failed(entry.Attempts, entry.NotBefore);
        if (failed.NotBefore - _clock.GetUtcNow() is { Ticks: > 0 } early) return Next.RetryAfter(early < _options.LongestPause ? early : _options.LongestPause);
        if (Leases.IsShared && await _inbox.EarlierAsync(entry, cancellation) is { } earlier) return Next.After(earlier);

        var inbound = entry.Event ?? await _inbox.ReadAsync(entry.Id, cancellation);
        using var activity = Correlation.Continue("inbox handle", ActivityKind.Consumer, inbound.TraceParent);
        activity?.Handling(inbound, entry.Id, failed.Attempts + 1);
        // What is queued from here on is this span's child; the transaction runs on the writer's thread, where no span is current.
        if (activity?.Id is { } span) inbound = inbound with { TraceParent = span };
        using var scope = _logger.BeginScope(Correlation.Scope(entry.Reference, entry.Id, eventId: inbound.EventId));
        var started = _clock.GetTimestamp();
        try
        {
            var reaction = await ReactAsync(inbound, entry, failed.Attempts + 1, cancellation);
            var outcome = await CommitAsync(inbound, entry, fence, reaction);
            _failures.TryRemove(entry.Id, out _);
            _metrics.Ended(inbound, outcome, _clock.GetElapsedTime(started), _clock.GetUtcNow() - inbound.ReceivedAt);
            activity?.Handled(outcome);
            _logger.LogInformation("Event {EventType} of app {App}: {Outcome}{Reason}", inbound.EventType, inbound.App, outcome.Name, outcome.Reason is { } why ? $", {why}" : "");
            return Next.Finished;
        }
        catch (StorageUnavailableException e)
        {
            // Not the handler's fault and no attempt of its own: the key waits until the database is back.
            activity?.Failed("storage_unavailable");
            _logger.LogWarning("The database is away ({Reason}); the event waits", e.Message);
            return Next.RetryAfter(_options.StoragePause);
        }
        catch (Exception e) when (!cancellation.IsCancellationRequested)
        {
            activity?.Failed(e.GetType().Name);
            return await FailAsync(inbound, entry, fence, failed.Attempts + 1, e);
        }
    }

    private async ValueTask<Reaction> ReactAsync(InboundEvent inbound, InboxEntry entry, int attempt, CancellationToken cancellation)
    {
        var handler = _router.Find(inbound.Platform, inbound.EventType);
        if (handler is null) return new Reaction(static _ => ValueTask.FromResult(UnhandledEvents.NoHandler));
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

    private async Task<Outcome> CommitAsync(InboundEvent inbound, InboxEntry entry, Fence fence, Reaction reaction, bool effect = true)
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
                var effects = new Effects(unit, _outbox, inbound, _clock.GetUtcNow());
                var outcome = await reaction.Apply(effects);
                if (inline || elsewhere) await effects.HoldAnswerAsync(entry.WaitingNode ?? Leases.Node);
                else effects.SendAnswer();
                await effects.StoreAsync(entry.Id, entry.Reference, _sender.Stored);
                if (elsewhere) await KeepAnswerAsync(unit, entry, effects);
                if (!await _inbox.FinishAsync(unit, entry.Id, fence, outcome, effect, effects.Now)) throw new AlreadyFinishedException();
                return (effects, outcome);
            });
        }
        catch (AlreadyFinishedException)
        {
            _logger.LogWarning("The event had ended before, or is worked on by another process now; this run had no effect");
            outcome = Outcome.Ignored("already_finished");
            waiter?.Unclaim();
            return outcome;
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

    /// <summary>Another process has the request that waits for this click's answer, and may still write it.</summary>
    private bool WaitsElsewhere(InboundEvent inbound, InboxEntry entry) =>
        entry.WaitingNode is { } node && node != Leases.Node && _clock.GetUtcNow() - inbound.ReceivedAt < _options.CallbackDeadline;

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
            if (!_waiters.TryRemove(id, out var waiter)) continue; // the request is another process's
            if (await _inbox.AnswerAsync(id, cancellation) is not { } kept) continue;
            var answer = JsonSerializer.Deserialize<CallbackAnswer>(kept);
            var inbound = await _inbox.ReadAsync(id, cancellation);
            var entry = new InboxEntry
            {
                Id = id, App = inbound.App, OrderingKey = inbound.OrderingKey, Part = inbound.Part, Reference = Reference.For(inbound.Platform, inbound.App, inbound.EventId),
            };
            var held = await _database.TransactAsync(unit => _outbox.HeldForAsync(unit, id), cancellation);
            if (!waiter.TryClaim() || !waiter.TryDeliver(new GivenAnswer(answer, written => SettleAsync(inbound, entry, answer, held, new EventOrigin(inbound.ReceivedAt, inbound.OccurredAt), written))))
                await DeliverLateAsync(inbound, entry, answer, held);
        }
    }

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
            _logger.LogWarning(e, "The answer to the click of inbox row {InboxId} stays held; the card is updated by message", entry.Id);
        }
    }

    /// <summary>The request left after the claim: its answer follows in a transaction of its own.</summary>
    private Task DeliverLateAsync(InboundEvent inbound, InboxEntry entry, CallbackAnswer? answer, long? held) => _database.TransactAsync(async unit =>
    {
        if (held is { } id) await _outbox.DropHeldAsync(unit, id);
        var effects = new Effects(unit, _outbox, inbound, _clock.GetUtcNow());
        if (answer is not null) effects.Answer(answer);
        effects.SendAnswer();
        await effects.StoreAsync(entry.Id, entry.Reference, _sender.Stored, firstOrdinal: 1000);
    });

    private async Task<Next> FailAsync(InboundEvent inbound, InboxEntry entry, Fence fence, int failures, Exception cause)
    {
        _metrics.Failed(inbound);
        if (cause is not UnreadableEventException && failures <= _options.Pauses.Count)
        {
            var pause = _options.Pauses[failures - 1];
            _logger.LogWarning(cause, "Attempt {Attempt} to handle {EventType} failed, reference {Reference}; next in {Pause}",
                failures, inbound.EventType, entry.Reference, pause);
            var notBefore = _clock.GetUtcNow() + pause;
            await _database.TransactAsync(unit => _inbox.RecordFailureAsync(unit, entry.Id, fence, failures, notBefore));
            _failures[entry.Id] = new Failed(failures, notBefore);
            return Next.RetryAfter(pause);
        }

        _logger.LogError(cause, "Event {EventType} of app {App} failed for good after {Attempt} attempts, reference {Reference}",
            inbound.EventType, inbound.App, failures, entry.Reference);
        var outcome = await CommitAsync(inbound, entry, fence, new Reaction(async effects =>
        {
            await _inbox.RecordFailureAsync(effects.Unit, entry.Id, fence, failures, effects.Now);
            return _notices.Tell(inbound, entry.Reference, effects) ? Outcome.FailedTold(cause.GetType().Name) : Outcome.Failed(cause.GetType().Name);
        }), effect: false);
        _failures.TryRemove(entry.Id, out _);
        _metrics.Ended(inbound, outcome, TimeSpan.Zero, _clock.GetUtcNow() - inbound.ReceivedAt);
        return Next.Finished;
    }

    private sealed record Failed(int Attempts, DateTimeOffset NotBefore);

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

    /// <summary>A recorded pause that is longer was written before the clock was set back.</summary>
    internal TimeSpan LongestPause => Pauses.Max();

    /// <summary>Pause before an event is tried again when the database was away. Default 1 s.</summary>
    public TimeSpan StoragePause { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>Time a click may take before its request is answered "in progress". Default 2.5 s: Feishu waits 3 s.</summary>
    public TimeSpan CallbackDeadline { get; set; } = TimeSpan.FromMilliseconds(2500);
}
