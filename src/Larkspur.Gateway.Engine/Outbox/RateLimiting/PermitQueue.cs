
namespace Larkspur.Gateway.Outbox;

/// <summary>
/// Messages under one budget wait here for a permit. One is asked for when somebody waits, and given when it comes to whoever is the most urgent
/// then: what arrives last may leave first. A few messages only stand here, ready to go; the others wait in their lanes.
/// </summary>
/// <remarks>
/// What can wait is spread evenly over the budget's windows, a minute's too: a permit then comes up every few hundredths of a second, and an answer takes the
/// next one, instead of finding the minute used up by notifications. Answers keep the right to a burst.
/// </remarks>
internal sealed partial class PermitQueue(IChannel channel, int most, TimeProvider clock, Random random, ILogger logger)
{
    /// <summary>Messages that stand ready: as many as may leave while one is recorded as begun, which is taken to last up to a twelfth of a second.</summary>
    private const int LeastAhead = 4;
    private const int MostAhead = 32;

    /// <summary>How far what is late may catch up, and how long a permit is good that came for somebody who had left.</summary>
    private static readonly TimeSpan Slack = TimeSpan.FromMilliseconds(100);

    private static readonly TimeSpan AskAgain = TimeSpan.FromSeconds(1);

    private readonly Lock _gate = new();
    private readonly Dictionary<long, PermitRequest> _requests = [];
    private readonly SortedSet<PermitRequest> _waiting = new(Comparer<PermitRequest>.Create(static (a, b) =>
        a.Entry.Rank != b.Entry.Rank ? a.Entry.Rank.CompareTo(b.Entry.Rank) : a.Entry.Id.CompareTo(b.Entry.Id)));
    private readonly CircuitBreaker _health = new(clock, random);
    private TaskCompletionSource _changed = New();
    private CancellationTokenSource? _asking;
    private bool _serving;
    private int _ahead = LeastAhead;
    private int _calling;
    private long _evenAt = long.MinValue;
    private long _spareUntil = long.MinValue;

    /// <summary>Messages that stand here without a permit, and those that have theirs and have not left.</summary>
    public (int Waiting, int Calling) Count
    {
        get { lock (_gate) return (_requests.Count - _calling, _calling); }
    }

    /// <summary>A message of this class may come to stand here. The less urgent ones do not count.</summary>
    public bool HasRoom(int rank)
    {
        lock (_gate)
        {
            var standing = 0;
            foreach (var request in _requests.Values)
            {
                if (!request.HasPermit && request.Entry.Rank <= rank) standing++;
            }

            // Half as many again for answers: calls that hang must not keep them in.
            return standing < _ahead && _requests.Count < (rank == 0 ? most + most / 2 + 1 : most);
        }
    }

    public void Enter(OutboxEntry entry)
    {
        lock (_gate) _requests[entry.Id] = new PermitRequest(entry);
    }

    /// <summary>Waits for the permit of a message that has entered.</summary>
    /// <returns>False: it was called back, and must not be sent now.</returns>
    public Task<bool> TakeAsync(OutboxEntry entry)
    {
        lock (_gate)
        {
            if (!_requests.TryGetValue(entry.Id, out var request) || request.IsRecalled) return Task.FromResult(false);
            _waiting.Add(request);
            if (_waiting.Min == request) Changed();
            if (!_serving)
            {
                _serving = true;
                _ = Task.Run(ServeAsync);
            }

            return request.Permit.Task;
        }
    }

    /// <summary>It comes back if it has no permit yet.</summary>
    public void Recall(OutboxEntry entry)
    {
        lock (_gate)
        {
            if (!_requests.TryGetValue(entry.Id, out var request) || request.HasPermit) return;
            request.IsRecalled = true;
            _waiting.Remove(request);
            if (_waiting.Count == 0) _asking?.Cancel();
            Changed();
            request.Permit.TrySetResult(false);
        }
    }

    public void RecallAll()
    {
        OutboxEntry[] entries;
        lock (_gate) entries = [.. _requests.Values.Where(static t => !t.HasPermit).Select(static t => t.Entry)];
        foreach (var entry in entries) Recall(entry);
    }

    /// <summary>What the platform made of it: true when it serves the key, false when it does not, null when that is not known.</summary>
    public void Tell(OutboxEntry entry, bool? serves)
    {
        lock (_gate)
        {
            if (serves is null || !_requests.TryGetValue(entry.Id, out var request)) return;
            if (serves.Value) _health.Succeeded();
            else _health.Failed(request.StartedAt);
        }
    }

    public void Leave(OutboxEntry entry)
    {
        lock (_gate)
        {
            if (!_requests.Remove(entry.Id, out var request)) return;
            if (request.HasPermit) _calling--;
            else _waiting.Remove(request);
            if (_waiting.Count == 0) _asking?.Cancel();
            Changed();
        }
    }

    private async Task ServeAsync()
    {
        while (true)
        {
            ChannelPace? pace;
            Task changed;
            TimeSpan wait;
            CancellationTokenSource? asking = null;
            lock (_gate)
            {
                if (_waiting.Min is not { } best)
                {
                    _serving = false;
                    return;
                }

                pace = channel.PaceOf(best.Entry);
                wait = TimeFor(best);
                changed = _changed.Task;
                if (wait <= TimeSpan.Zero)
                {
                    if (pace is null || _spareUntil >= clock.GetTimestamp())
                    {
                        Give(best, pace);
                        continue;
                    }

                    _asking = asking = new CancellationTokenSource();
                }
            }

            if (asking is null) await EitherAsync(changed, wait);
            else await AskAsync(pace!.Value, asking);
        }
    }

    private async Task AskAsync(ChannelPace pace, CancellationTokenSource asking)
    {
        var got = false;
        try
        {
            await pace.RateLimiter.WaitAsync(pace.Key, pace.Limit, asking.Token);
            got = true;
        }
        catch (OperationCanceledException) when (asking.IsCancellationRequested)
        {
            // Nobody waits any more.
        }
        catch (Exception e)
        {
            NoPermit(pace.Key, AskAgain, e);
            await Task.Delay(AskAgain, clock);
        }

        lock (_gate)
        {
            _asking = null;
            asking.Dispose();
            if (!got) return;
            if (_waiting.Min is { } best && TimeForHealth() <= TimeSpan.Zero) Give(best, pace);
            else _spareUntil = clock.GetTimestamp() + Ticks(Slack);
        }
    }

    private void Give(PermitRequest request, ChannelPace? pace)
    {
        var now = clock.GetTimestamp();
        _spareUntil = long.MinValue;
        _ahead = pace?.Limit.PerSecond is { } perSecond ? Math.Clamp(perSecond / 12, LeastAhead, MostAhead) : MostAhead;
        if (pace is { } paced) _evenAt = Math.Max(_evenAt, now - Ticks(Slack)) + Ticks(Spacing(paced.Limit));
        _waiting.Remove(request);
        request.HasPermit = true;
        request.StartedAt = now;
        _calling++;
        request.Permit.TrySetResult(true);
    }

    private TimeSpan TimeFor(PermitRequest best)
    {
        var health = TimeForHealth();
        if (best.Entry.Rank == 0 || _evenAt == long.MinValue) return health;
        var even = TimeSpan.FromSeconds((_evenAt - clock.GetTimestamp()) / (double)clock.TimestampFrequency);
        return even > health ? even : health;
    }

    private TimeSpan TimeForHealth() => _health.IsProbing && _calling > 0 ? AskAgain : _health.OpensIn;

    /// <summary>Even distance at the full rate; the rate limiter's windows are 2 % longer than the platform's.</summary>
    private static TimeSpan Spacing(RateLimit limit) => TimeSpan.FromSeconds(Math.Max(
        limit.PerSecond is { } perSecond ? 1.02 / perSecond : 0,
        limit.PerMinute is { } perMinute ? 61.2 / perMinute : 0));

    private async Task EitherAsync(Task changed, TimeSpan wait)
    {
        using var end = new CancellationTokenSource();
        await Task.WhenAny(changed, Task.Delay(wait, clock, end.Token));
        await end.CancelAsync();
    }

    private void Changed()
    {
        var changed = _changed;
        _changed = New();
        changed.TrySetResult();
    }

    private long Ticks(TimeSpan time) => (long)(time.TotalSeconds * clock.TimestampFrequency);

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private sealed class PermitRequest(OutboxEntry entry)
    {
        public OutboxEntry Entry { get; } = entry;

        public TaskCompletionSource<bool> Permit { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public bool HasPermit { get; set; }

        public bool IsRecalled { get; set; }

        public long StartedAt { get; set; }
    }

    [LoggerMessage(LogLevel.Warning, "There is no permit to be had for {Key}; asking again in {Pause}")]
    private partial void NoPermit(string key, TimeSpan pause, Exception error);
}
