using System.Collections.Concurrent;
using System.Diagnostics;
using Larkspur.Gateway.Channels;
using Larkspur.Gateway.Diagnostics;
using Larkspur.Gateway.Dispatch;
using Larkspur.Gateway.Storage;

namespace Larkspur.Gateway.Outbox;

/// <summary>Sends the outbox rows of a scope: in order per lane, again and again under one key while that can help, then into the dead letters.</summary>
internal sealed class OutboxSender : OrderedWorker<OutboxEntry>
{
    private readonly OutboxScope _scope;
    private readonly IDatabase _database;
    private readonly IOutboxStore _store;
    private readonly Dictionary<string, IChannel> _channels;
    private readonly TimeProvider _clock;
    private readonly Random _random;
    private readonly INotices _notices;
    private readonly OutboxMetrics _metrics;
    private readonly ILogger<OutboxSender> _logger;
    private readonly ConcurrentDictionary<long, Retry> _retries = new();
    private bool _released;

    public OutboxSender(OutboxScope scope, IDatabase database, IOutboxStore store, IEnumerable<IChannel> channels, OutboxOptions options, TimeProvider clock,
        Random random, INotices notices, OutboxMetrics metrics, ILogger<OutboxSender> logger)
        : base(options.Enabled, new OrderedQueueOptions(options.Parallelism, options.Capacity), clock, logger)
    {
        _scope = scope;
        _database = database;
        _store = store;
        _channels = channels.ToDictionary(c => c.Platform);
        _clock = clock;
        _random = random;
        _notices = notices;
        _metrics = metrics;
        _logger = logger;
    }

    /// <summary>Before anything else is sent: an earlier process may have died with answers in its hands.</summary>
    protected override async Task<IReadOnlyList<OutboxEntry>> LoadOpenAsync(long afterId, int limit, CancellationToken cancellation)
    {
        if (!_released && _scope == OutboxScope.Platforms)
        {
            var released = await _database.TransactAsync(_store.ReleaseHeldAsync, cancellation);
            if (released > 0) _logger.LogInformation("{Count} answers of an earlier process were not written; their cards are updated by message", released);
            _released = true;
        }

        return await _store.LoadOpenAsync(_scope, afterId, limit, cancellation);
    }

    protected override async ValueTask<Next> WorkAsync(OutboxEntry entry, CancellationToken cancellation)
    {
        var now = _clock.GetUtcNow();
        if (!_channels.TryGetValue(entry.Platform, out var channel))
            return await DieAsync(entry, "no_channel", $"This Larkspur knows no channel \"{entry.Platform}\"");
        var policy = channel.Policy;
        var early = entry.NotBefore - now;
        // A time further ahead than any pause was written before the clock was set back; nobody is kept waiting for it to come round again.
        if (early > (entry.Message.Delay > policy.LongestPause ? entry.Message.Delay : policy.LongestPause)) early = TimeSpan.Zero;
        // The queue keeps the entry it was given; what later attempts changed is in _retries.
        var retry = _retries.GetValueOrDefault(entry.Id);
        if (retry is null && early > TimeSpan.Zero) return Next.RetryAfter(early);

        using var activity = Correlation.Start("outbox send", entry.TraceParent);
        using var scope = _logger.BeginScope(Correlation.Scope(entry.Reference, entry.InboxId, entry.Id));
        var unsureSince = retry is null ? entry.FirstTriedAt : retry.UnsureSince;
        var attempts = retry?.Attempts ?? entry.Attempts;

        if (now - entry.CreatedAt > policy.Patience)
            return await DieAsync(entry, "expired", "The platform did not take it for too long");
        if (unsureSince is { } first && now - first > policy.KeyLifetime && entry.Message.Operation != OutboxOperation.Patch)
            return await DieAsync(entry, "unsure_past_key_lifetime", "An earlier attempt may have arrived, and the platform no longer remembers its key", tell: true);

        if (channel.HoldBack(entry) is { } hold) return Next.RetryAfter(hold);

        if (!await _database.TransactAsync(unit => _store.BeginAttemptAsync(unit, entry.Id, now), CancellationToken.None)) return Next.Finished;
        try
        {
            var started = _clock.GetTimestamp();
            var receipt = await channel.SendAsync(entry, cancellation);
            await Commit(unit => _store.SentAsync(unit, entry.Id, receipt, _clock.GetUtcNow()));
            _retries.TryRemove(entry.Id, out _);
            _metrics.Sent(entry, _clock.GetElapsedTime(started), _clock.GetUtcNow() - entry.CreatedAt);
            _logger.LogInformation("Sent {Operation} to {TargetType} as message {MessageId}, log id {LogId}, attempt {Attempt}",
                entry.Message.Operation, entry.Message.TargetType, receipt.MessageId, receipt.LogId, attempts + 1);
            return Next.FinishedThenPause(policy.LanePause);
        }
        catch (Exception e) when (e is not StorageUnavailableException && !cancellation.IsCancellationRequested)
        {
            // What a channel did not foresee may have had its effect; it is tried again until the key is too old.
            return await FailAsync(entry, policy, e as ChannelException ?? new ChannelException("fault", e.Message, transient: true, e) { Ambiguous = true }, attempts, unsureSince, now);
        }
    }

    private async Task<Next> FailAsync(OutboxEntry entry, DeliveryPolicy policy, ChannelException e, int attempts, DateTimeOffset? unsureSince, DateTimeOffset now)
    {
        if (!e.Transient) return await DieAsync(entry, e.Reason, e.Message, e, tell: e.ContentRefused);
        if (e.NotTried) return Next.RetryAfter(e.RetryAfter ?? policy.PauseAfter(0, _random) ?? policy.LongestPause);
        if (policy.PauseAfter(attempts, _random) is not { } pause) return await DieAsync(entry, e.Reason, $"Attempt {attempts + 1} was the last: {e.Message}", e);
        if (e.RetryAfter > pause) pause = e.RetryAfter.Value;
        // A definite no (refused connection, rate limit) leaves nothing on the platform and no doubt; doubt from an earlier attempt stays.
        unsureSince ??= e.Ambiguous ? now : null;
        _retries[entry.Id] = new Retry(attempts + 1, unsureSince);
        _metrics.Retried(e.Reason);
        // Expected on any bad day: one sentence; the stack for those who ask for it.
        _logger.LogWarning("Attempt {Attempt} to send failed ({Reason}, log id {LogId}): {Detail}; next in {Pause}", attempts + 1, e.Reason, e.LogId ?? "none", e.Message, pause);
        _logger.LogDebug(e, "Attempt {Attempt} to send failed", attempts + 1);
        await Commit(unit => _store.PostponeAsync(unit, entry.Id, e.Reason, _clock.GetUtcNow() + pause, unsureSince is not null));
        return Next.RetryAfter(pause);
    }

    /// <param name="entry">The message that will not be sent.</param>
    /// <param name="reason">Kept with the dead letter.</param>
    /// <param name="message">The reason in words, for the log.</param>
    /// <param name="cause">The channel's refusal, if there was one.</param>
    /// <param name="tell">The receiver can be reached and waits for this: a short message with the reference takes its place.</param>
    private async Task<Next> DieAsync(OutboxEntry entry, string reason, string message, ChannelException? cause = null, bool tell = false)
    {
        await Commit(async unit =>
        {
            var now = _clock.GetUtcNow();
            await _store.DeadAsync(unit, entry.Id, reason, now);
            if (!tell || entry.IsLossNotice) return;
            var notice = await _store.AddAsync(unit, entry with
            {
                Id = 0, Message = _notices.Lost(entry), IdempotencyKey = IdempotencyKeys.ForLossOf(entry), CreatedAt = now, NotBefore = now, Attempts = 0, FirstTriedAt = null,
            });
            unit.AfterCommit(() => Arrived(notice));
        });
        _retries.TryRemove(entry.Id, out _);
        _metrics.Dead(reason);
        Activity.Current?.SetStatus(ActivityStatusCode.Error, reason);
        _logger.LogError(cause, "Message {OutboxId} will not be sent ({Reason}, log id {LogId}): {Detail}", entry.Id, reason, cause?.LogId, message);
        return Next.Finished;
    }

    private Task<bool> Commit(Func<IUnitOfWork, ValueTask> work) => _database.TransactAsync(async unit =>
    {
        await work(unit);
        return true;
    });

    private sealed record Retry(int Attempts, DateTimeOffset? UnsureSince);
}

/// <summary>How the sender behaves. Section <c>Larkspur:Outbox</c>.</summary>
public sealed class OutboxOptions
{
    /// <summary>False: rows are kept and nothing is sent. Default true.</summary>
    public bool Enabled { get; set; } = true;

    /// <summary>Lanes sent at once. Default 32.</summary>
    public int Parallelism { get; set; } = 32;

    /// <summary>Rows held in memory; more wait in the database. Default 10,000.</summary>
    public int Capacity { get; set; } = 10_000;

    /// <summary>Callbacks held in memory for each destination; more wait in the database. Default 1,000.</summary>
    public int CallbackCapacity { get; set; } = 1_000;

    /// <summary>Distance between two messages of one lane. Default 200 ms: Feishu takes 5 per second per chat, person or updated message.</summary>
    public TimeSpan LanePause { get; set; } = TimeSpan.FromMilliseconds(200);

    /// <summary>Pause after the first failed attempt; doubles each time. Default 1 s.</summary>
    public TimeSpan FirstPause { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>Longest pause. Default 1 min.</summary>
    public TimeSpan LongestPause { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>Age at which a message is no longer worth sending. Default 24 h.</summary>
    public TimeSpan Patience { get; set; } = TimeSpan.FromHours(24);

    /// <summary>How long the platform is trusted to recognise an idempotency key. Default 55 min: Feishu remembers a <c>uuid</c> for an hour.</summary>
    public TimeSpan KeyLifetime { get; set; } = TimeSpan.FromMinutes(55);
}
