using System.Diagnostics;
using System.Runtime.CompilerServices;
using Larkspur.Gateway.Common;
using Larkspur.Gateway.Queueing;
using Larkspur.Gateway.Storage;
using Larkspur.Gateway.Storage.Leases;
using Larkspur.Gateway.Telemetry;

namespace Larkspur.Gateway.Outbox;

/// <summary>
/// Sends outbox rows: in order per lane, the most urgent class first, no faster than the platform takes them; again and again under one key while that can
/// help, then into the dead letters.
/// </summary>
internal sealed partial class OutboxSender : OrderedWorker<OutboxEntry>
{
    /// <summary>The reason of what a channel did not foresee.</summary>
    private const string Fault = "fault";

    /// <summary>No request waits so long for its answer.</summary>
    private static readonly TimeSpan LongestRequest = TimeSpan.FromMinutes(1);

    /// <summary>How long a row of a newer version waits for a process that knows what to do with it.</summary>
    private static readonly TimeSpan NewerPatience = TimeSpan.FromHours(24);
    private static readonly TimeSpan NewerPause = TimeSpan.FromSeconds(30);

    private readonly OutboxScope _scope;
    private readonly IDatabase _database;
    private readonly IOutboxStore _store;
    private readonly OutboxParts _parts;
    private readonly TimeProvider _clock;
    private readonly Random _random;
    private readonly ILossMessages _lossMessages;
    private readonly OutboxMetrics _metrics;
    private readonly OutboxReports _reports;
    private readonly OutboxRefusals _refusals;
    private readonly ILogger<OutboxSender> _logger;
    private readonly LaneRateLimiter _lanes;

    /// <summary>By the entry and not by its row: what is read from the table again knows what other processes made of it since.</summary>
    private readonly ConditionalWeakTable<OutboxEntry, Retry> _retries = [];

    public OutboxSender(OutboxScope scope, IDatabase database, ILeases leases, IOutboxStore store, IEnumerable<IChannel> channels, ISendPolicy policy, OutboxOptions options,
        TimeProvider clock, Random random, ILossMessages lossMessages, OutboxMetrics metrics, OutboxReports reports, OutboxRefusals refusals,
        ILogger<OutboxSender> logger)
        : this(scope, database, leases, store, OutboxParts.Create(channels, policy, options, clock, random, logger), options,
            clock, random, lossMessages, metrics, reports, refusals, logger)
    {
    }

    private OutboxSender(OutboxScope scope, IDatabase database, ILeases leases, IOutboxStore store, OutboxParts parts, OutboxOptions options,
        TimeProvider clock, Random random, ILossMessages lossMessages, OutboxMetrics metrics, OutboxReports reports, OutboxRefusals refusals,
        ILogger<OutboxSender> logger)
        : base(options.Enabled, OutboxParts.Bounds(options) with { LookEvery = LookEvery(database) }, leases, clock, logger, OutboxOrder.Instance, parts.Scheduler)
    {
        _scope = scope;
        _database = database;
        _store = store;
        _parts = parts;
        _clock = clock;
        _random = random;
        _lossMessages = lossMessages;
        _metrics = metrics;
        metrics.Watch(parts.Queues);
        _reports = reports;
        _refusals = refusals;
        _logger = logger;
        _lanes = new LaneRateLimiter(clock);
    }

    /// <summary>A row of this scope was written in this transaction: it is sent once that is durable, here or where its lease is.</summary>
    public void Stored(IUnitOfWork unit, OutboxEntry entry)
    {
        unit.AfterCommit(() => Arrived(entry));
        if (!Leases.Held.Contains(entry.Partition)) unit.Announce(Topics.Outbox, entry.Id);
    }

    /// <summary>Before a look into the table: a process may have died with answers in its hands.</summary>
    protected override async Task<IReadOnlyList<OutboxEntry>> LoadOpenAsync(Partitions partitions, int rank, long afterId, int limit, CancellationToken cancellation)
    {
        var priority = (OutboxPriority)rank;
        if (afterId == 0 && priority == OutboxPriority.Answer && _scope == OutboxScope.Platforms)
        {
            var released = await _database.TransactAsync(unit => _store.ReleaseHeldAsync(unit, _clock.GetUtcNow() - LongestRequest), cancellation);
            if (released > 0) AnswersReleased(released);
        }

        var found = await _store.LoadOpenAsync(_scope, partitions, priority, afterId, limit, cancellation);
        _metrics.RowsRead(found.Count);
        return found;
    }

    protected override async Task<IReadOnlyList<IReadOnlyList<OutboxEntry>>> LoadLanesAsync(
        IReadOnlyList<LaneWish> lanes, int rank, CancellationToken cancellation)
    {
        var found = await _store.LoadLanesAsync(lanes, (OutboxPriority)rank, cancellation);
        _metrics.RowsRead(found.Sum(static f => f.Count));
        return found;
    }

    protected override ValueTask<WorkResult> WorkAsync(OutboxEntry entry, CancellationToken cancellation) =>
        _refusals.GuardAsync(entry, () => AttemptAsync(entry, cancellation),
            (fence, why) => DieAsync(entry, fence, RefusedTransaction.Reason, why, unsure: true), () => Ended(entry));

    private async ValueTask<WorkResult> AttemptAsync(OutboxEntry entry, CancellationToken cancellation)
    {
        if (Leases.FenceOf(entry.Partition) is not { } fence) return WithoutFence(entry);
        var channel = _parts.ChannelOf(entry);
        var policy = channel.Policy;
        var now = _clock.GetUtcNow();
        var early = entry.NotBefore - now;
        // A time further ahead than any pause was written before the clock was set back; nobody is kept waiting for it to come round again.
        if (early > (entry.Message.Delay > policy.LongestPause ? entry.Message.Delay : policy.LongestPause)) early = TimeSpan.Zero;
        // The queue keeps the entry it was given; what later attempts changed is in _retries.
        var retry = _retries.TryGetValue(entry, out var known) ? known : null;
        if (retry is null && early > TimeSpan.Zero) return WorkResult.RetryAfter(early);

        using var activity = Correlation.Continue("outbox send", ActivityKind.Producer, entry.TraceParent);
        using var scope = _logger.BeginScope(Correlation.Scope(entry.Reference, entry.InboxId, entry.Id));
        retry ??= new Retry(entry.Attempts, entry.FirstTriedAt);
        activity?.Sending(entry, retry.Attempts + 1);

        // While versions follow each other: whoever knows the operation takes the partition sooner or later.
        if (entry.IsNewer && now - entry.CreatedAt < NewerPatience) return WorkResult.RetryAfter(NewerPause);
        if (entry.Unreadable is { } damage) return await DieAsync(entry, fence, "unreadable_row", damage, unsure: retry.UnsureSince is not null);
        if (channel is NoChannel) return await DieAsync(entry, fence, "no_channel", $"No channel sends to the platform \"{entry.Platform}\"", unsure: retry.UnsureSince is not null);
        if (channel.Away(entry) is { } away) return WorkResult.RetryAfter(away);
        if (now - (channel.WaitsSince(entry) ?? entry.CreatedAt) > policy.Patience)
            return await DieAsync(entry, fence, "expired", "The platform did not take it for too long", unsure: retry.UnsureSince is not null);
        if (IsKeyForgotten(entry, policy, retry)) return await DieOfDoubtAsync(entry, fence);
        if (_parts.IsDropped(entry)) return await SupersedeAsync(entry, fence);
        if (channel.HoldBack(entry) is { } hold) return WorkResult.RetryAfter(hold);

        var begin = await _database.TransactAsync(unit => _store.BeginAttemptAsync(unit, entry, fence, now, Leases.MayBeShared), CancellationToken.None);
        if (begin.Earlier is { } earlier) return WorkResult.After(earlier);
        _metrics.Superseded(begin.Superseded);
        // The partition may have gone and come back meanwhile: then it is not the row that is closed but the lease that is outdated.
        if (begin.Start == AttemptStart.Closed && Leases.FenceOf(entry.Partition) != fence) return WorkResult.Again;
        if (begin.Start != AttemptStart.Begun) return Ended(entry);

        var attempt = new OutboxAttempt(fence, begin.Number);
        var queue = _parts.Queues.At(entry)!;
        if (!await queue.TakeAsync(entry)) return await TakeBackAsync(entry, attempt, retry);
        _parts.Scheduler.PermitAcquired();
        return await SendAsync(channel, queue, entry, attempt, retry, cancellation);
    }

    private async Task<WorkResult> SendAsync(
        IChannel channel, PermitQueue queue, OutboxEntry entry, OutboxAttempt attempt, Retry retry, CancellationToken cancellation)
    {
        var fence = attempt.Fence;
        var policy = channel.Policy;
        var now = _clock.GetUtcNow();
        // Once more: the database and the permit may have been long in coming, and this process may have stood still meanwhile.
        if (Leases.FenceOf(entry.Partition) != fence || !await IsCurrentAsync(entry, policy, attempt))
        {
            _metrics.TakenBack();
            return await TakeBackAsync(entry, attempt, retry);
        }

        if (IsKeyForgotten(entry, policy, retry)) return await DieOfDoubtAsync(entry, attempt);
        if (policy.PerLane is { } perLane) _lanes.Started(entry.Key, perLane);
        // Should the database go away before the outcome is in it, the platform may have the message all the same, for however long that lasts.
        _retries.AddOrUpdate(entry, retry with { Attempts = retry.Attempts + 1, UnsureSince = retry.UnsureSince ?? now });
        try
        {
            var started = _clock.GetTimestamp();
            SendReceipt receipt;
            using (CallGate.Open(() => Leases.FenceOf(entry.Partition) == fence && !IsKeyForgotten(entry, policy, retry)))
                receipt = await channel.SendAsync(entry with { Attempts = attempt.Number.GetValueOrDefault(1) - 1 }, cancellation);
            queue.Tell(entry, serves: true);
            await RecordSentAsync(entry, receipt);
            Activity.Current?.Sent(receipt);
            _metrics.Sent(entry, _clock.GetElapsedTime(started), _clock.GetUtcNow() - entry.CreatedAt);
            MessageSent(entry.Message.Operation, entry.Message.TargetType, receipt.MessageId, receipt.LogId, retry.Attempts + 1);
            return Ended(entry) with { WithOlder = entry.IsChange };
        }
        catch (CallStoppedException)
        {
            _metrics.TakenBack();
            return await TakeBackAsync(entry, attempt, retry);
        }
        catch (Exception e) when (
            e is not StorageUnavailableException && !RefusedTransaction.Is(e) && !cancellation.IsCancellationRequested)
        {
            // What a channel did not foresee may have had its effect; it is tried again until the key is too old.
            var failure = e as ChannelException ?? new ChannelException(Fault, e.Message, transient: true, e) { Ambiguous = true };
            queue.Tell(entry, failure.Blame == Blame.Platform ? false : failure.Transient ? null : true);
            return await FailAsync(entry, policy, attempt, failure, retry, now);
        }
    }

    /// <summary>Also while stopping: the platform has it. Whoever asked for it may fail at the news; it is not sent again for
    /// that.</summary>
    private async Task RecordSentAsync(OutboxEntry entry, SendReceipt receipt)
    {
        try
        {
            await _database.TransactAsync(async unit =>
            {
                await SentAsync(unit);
                await _reports.SentAsync(unit, entry, receipt, _clock.GetUtcNow());
            }, CancellationToken.None);
        }
        catch (Exception e) when (e is not StorageUnavailableException)
        {
            ListenerFailed(entry.Id, receipt.MessageId, e);
            await _database.TransactAsync(SentAsync, CancellationToken.None);
        }

        async ValueTask<bool> SentAsync(IUnitOfWork unit)
        {
            var sentAt = _clock.GetUtcNow();
            if (await _store.SentAsync(unit, entry.Id, receipt, sentAt)) return true;
            if (entry.IsChange) await RepeatNewestAsync(unit, entry, sentAt);
            return false;
        }
    }

    /// <summary>
    /// What the platform would do twice is asked for once more where others would have written that they do it: this process's own clock
    /// says nothing of a time for which the whole machine stood still.
    /// </summary>
    private async ValueTask<bool> IsCurrentAsync(OutboxEntry entry, DeliveryPolicy policy, OutboxAttempt attempt) =>
        !Leases.MayBeShared || !policy.IsUnprotected(entry.Message.Operation)
        || await _store.IsCurrentAsync(entry.Id, attempt, CancellationToken.None);

    private async Task<WorkResult> FailAsync(OutboxEntry entry, DeliveryPolicy policy, OutboxAttempt attempt, ChannelException e, Retry retry, DateTimeOffset now)
    {
        if (e.NotTried)
        {
            _retries.AddOrUpdate(entry, retry);
            await _database.TransactAsync(unit => _store.TakeBackAttemptAsync(unit, entry.Id, attempt, retry.UnsureSince));
            return WorkResult.RetryAfter(e.RetryAfter ?? policy.PauseAfter(0, _random) ?? policy.LongestPause);
        }

        if (!e.Transient) return await DieAsync(entry, attempt, e.Reason, e.Message, e, tell: e.ContentRefused, unsure: retry.UnsureSince is not null || e.Ambiguous);
        if (policy.PauseAfter(retry.Failures, _random) is not { } pause)
            return await DieAsync(entry, attempt, e.Reason, $"Attempt {retry.Attempts + 1} was the last: {e.Message}", e, unsure: retry.UnsureSince is not null || e.Ambiguous);
        if (e.RetryAfter > pause) pause = e.RetryAfter.Value;
        // The endpoint's limit was hit: the rate limiter has closed it and gives fewer permits. The message waits for nothing but its own.
        var limited = e.Blame == Blame.Endpoint;
        if (limited) pause = TimeSpan.Zero;
        // A definite no (refused connection, rate limit) leaves nothing on the platform and no doubt; doubt from an earlier attempt stays.
        var unsureSince = retry.UnsureSince ?? (e.Ambiguous ? now : null);
        _retries.AddOrUpdate(entry, new Retry(retry.Attempts + 1, unsureSince) { Failures = retry.Failures + (limited ? 0 : 1) });
        _metrics.Retried(e.Reason);
        Activity.Current?.Failed(e.Reason, e.LogId);
        // Expected on any bad day: one sentence; the stack for those who ask for it.
        AttemptFailed(retry.Attempts + 1, e.Reason, e.LogId ?? "none", e.Message, pause);
        AttemptFailedBecause(retry.Attempts + 1, e);
        await _database.TransactAsync(async unit =>
        {
            var failedAt = _clock.GetUtcNow();
            var kept = await _store.PostponeAsync(unit, entry.Id, attempt, e.Reason, failedAt + pause, unsureSince is not null);
            if (!kept && e.Ambiguous && entry.IsChange) await RepeatNewestAsync(unit, entry, failedAt);
        });
        // The receiver's own limit holds for every class. A change that may still be on its way must not come after a newer one.
        var closes = e.Blame == Blame.Receiver || (entry.IsChange && e.Ambiguous);
        var opens = _lanes.OpensIn(entry.Key);
        return WorkResult.RetryAfter(pause) with { KeyPause = closes && pause > opens ? pause : opens, WithOlder = entry.IsChange };
    }

    /// <summary>Nothing was sent: the lease went, or the message became too old, while it waited.</summary>
    private async Task<WorkResult> TakeBackAsync(OutboxEntry entry, OutboxAttempt attempt, Retry retry)
    {
        _retries.AddOrUpdate(entry, retry);
        await _database.TransactAsync(
            unit => _store.TakeBackAttemptAsync(unit, entry.Id, attempt, retry.UnsureSince), CancellationToken.None);
        return Leases.FenceOf(entry.Partition) is null ? WithoutFence(entry) : WorkResult.Again;
    }

    /// <summary>A change was made, or may have been, after another process had ended it in favour of a newer one: the newest goes once
    /// more, for this one may have come after it.</summary>
    private async ValueTask RepeatNewestAsync(IUnitOfWork unit, OutboxEntry late, DateTimeOffset now)
    {
        if (await _store.NewestChangeAsync(unit, late) is not { } newest) return;
        var again = await _store.AddOnceAsync(unit, newest with
        {
            Id = 0, IdempotencyKey = IdempotencyKeys.ForRepeatOf(newest, late), CreatedAt = now, NotBefore = now,
            Attempts = 0, FirstTriedAt = null, Origin = null,
        });
        if (again is null) return;
        Stored(unit, again);
        NewestSentAgain(newest.Message.Target, again.Id);
    }

    private bool IsKeyForgotten(OutboxEntry entry, DeliveryPolicy policy, Retry retry) =>
        policy.IsKeyForgotten(entry.Message.Operation, retry.UnsureSince, _clock.GetUtcNow());

    private Task<WorkResult> DieOfDoubtAsync(OutboxEntry entry, OutboxAttempt attempt) =>
        DieAsync(entry, attempt, "unsure_past_key_lifetime", "An earlier attempt may have arrived, and the platform no longer remembers its key", tell: true, unsure: true);

    private WorkResult Ended(OutboxEntry entry)
    {
        _retries.Remove(entry);
        _reports.Ended(entry.Id);
        return WorkResult.Finished with { KeyPause = _lanes.OpensIn(entry.Key) };
    }

    private async Task<WorkResult> SupersedeAsync(OutboxEntry entry, Fence fence)
    {
        if (await _database.TransactAsync(unit => _store.SupersedeAsync(unit, entry.Id, fence, "economy", _clock.GetUtcNow()))) _metrics.Superseded(1);
        return Ended(entry);
    }

    /// <param name="entry">The message that will not be sent.</param>
    /// <param name="attempt">Where that was found.</param>
    /// <param name="reason">Kept with the dead letter.</param>
    /// <param name="message">The reason in words, for the log.</param>
    /// <param name="cause">The channel's refusal, if there was one.</param>
    /// <param name="tell">The receiver can be reached and waits for this: a short message with the reference takes its place.</param>
    /// <param name="unsure">An attempt may have arrived all the same: replaying it must mind its key's lifetime.</param>
    private async Task<WorkResult> DieAsync(OutboxEntry entry, OutboxAttempt attempt, string reason, string message, ChannelException? cause = null, bool tell = false, bool unsure = false)
    {
        var plainer = cause is { ContentRefused: true } && entry.Message.FallsBack && !entry.IsFallback && !entry.IsLossMessage ? _parts.ChannelOf(entry).Plainer(entry, cause) : null;
        var died = await _database.TransactAsync(async unit =>
        {
            var now = _clock.GetUtcNow();
            if (!await _store.DeadAsync(unit, entry.Id, attempt, reason, now, unsure)) return false; // it is another process's, or has ended
            await _reports.DeadAsync(unit, entry, reason, message, now, Leases.Node);
            if (plainer is not null)
            {
                var instead = await _store.AddOnceAsync(unit, entry with
                {
                    Id = 0, Message = plainer with { Owner = entry.Message.Owner }, IdempotencyKey = IdempotencyKeys.ForFallbackOf(entry.IdempotencyKey), Partition = OutboxEntry.PartitionOf(entry.App, plainer.Lane),
                    CreatedAt = now, NotBefore = now, Attempts = 0, FirstTriedAt = null, Origin = null,
                });
                // Once: what was replayed and refused again was said before.
                if (instead is null) return true;
                await OutboxReports.FellBackAsync(unit, entry, instead, now, Leases.Node);
                Stored(unit, instead);
                return true;
            }

            // A lost frame is told by the next one.
            if (!tell || !entry.Message.FallsBack || entry.IsLossMessage || entry.Message.Priority == OutboxPriority.Frame) return true;
            // Once: a message that was replayed and refused again has told its loss already.
            if (_lossMessages.Lost(entry) is not { } words) return true;
            var told = await _store.AddOnceAsync(unit, entry with
            {
                Id = 0, Message = words with { Owner = entry.Message.Owner }, IdempotencyKey = IdempotencyKeys.ForLossOf(entry), CreatedAt = now, NotBefore = now, Attempts = 0, FirstTriedAt = null, Origin = null,
            });
            if (told is not null) Stored(unit, told);
            return true;
        });
        if (!died) return Ended(entry);
        _metrics.Dead(entry, reason, cause?.ContentRefused == true);
        Activity.Current?.Failed(reason, cause?.LogId);
        MessageDeadLettered(entry.Id, reason, cause?.LogId, message, plainer is null ? "" : $" Its facts go as {plainer.MessageType}.",
            // A refusal says all there is; where it was noticed in the code helps with a fault only.
            cause is { Reason: Fault } ? cause : null);
        return Ended(entry) with { WithOlder = entry.IsChange };
    }

    /// <param name="Attempts">Attempts so far.</param>
    /// <param name="UnsureSince">Since when the platform may have it.</param>
    private sealed record Retry(int Attempts, DateTimeOffset? UnsureSince)
    {
        /// <summary>Attempts that failed for another reason than the endpoint's limit.</summary>
        public int Failures { get; init; } = Attempts;
    }

    [LoggerMessage(LogLevel.Information,
        "{Count} answers were not written by the process that had them; their cards are updated by message")]
    private partial void AnswersReleased(int count);
    [LoggerMessage(LogLevel.Information, "Sent {Operation} to {TargetType} as message {MessageId}, log id {LogId}, attempt {Attempt}")]
    private partial void MessageSent(OutboxOperation operation, string targetType, string? messageId, string? logId, int attempt);
    [LoggerMessage(LogLevel.Error, "Outbox row {OutboxId} was sent as message {MessageId}, and whoever asked for it failed at the news")]
    private partial void ListenerFailed(long outboxId, string? messageId, Exception error);
    [LoggerMessage(LogLevel.Warning, "Attempt {Attempt} to send failed ({Reason}, log id {LogId}): {Detail}; next in {Pause}")]
    private partial void AttemptFailed(int attempt, string reason, string logId, string detail, TimeSpan pause);
    [LoggerMessage(LogLevel.Debug, "Attempt {Attempt} to send failed")]
    private partial void AttemptFailedBecause(int attempt, Exception error);
    [LoggerMessage(LogLevel.Warning,
        "An older face of message {Target} may have come after a newer one; the newest is sent again as {OutboxId}")]
    private partial void NewestSentAgain(string target, long outboxId);
    [LoggerMessage(LogLevel.Error, "Message {OutboxId} will not be sent ({Reason}, log id {LogId}): {Detail}{Instead}")]
    private partial void MessageDeadLettered(long outboxId, string reason, string? logId, string detail, string instead, Exception? error);
}
