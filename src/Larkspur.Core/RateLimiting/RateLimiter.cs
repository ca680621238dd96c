using System.Collections.Concurrent;

namespace Larkspur;

/// <summary>Lets calls start as fast as a platform allows and no faster, so that its limit is never what stops them.</summary>
/// <remarks>
/// Per key: sliding windows (a call counts for a second / a minute from its start), first come first served, and a pause when the platform itself
/// says so. An idle key may burst up to its limit; from then on waiting calls are spread evenly over the window, which keeps the count right even
/// when the network bunches them. Windows are kept 2 % longer than documented, for the same reason.
/// </remarks>
public sealed class RateLimiter(TimeProvider clock) : IRateLimiter
{
    private const int SweepEvery = 1024;

    private readonly ConcurrentDictionary<string, RateLimiterLane> _lanes = new(StringComparer.Ordinal);
    private readonly RateLimiterClock _time = new(clock);
    private int _made;

    /// <inheritdoc/>
    public ValueTask<TimeSpan> WaitAsync(string key, RateLimit limit, CancellationToken cancellationToken = default)
    {
        Check(limit.PerSecond);
        Check(limit.PerMinute);
        if (limit.IsNone && !_lanes.ContainsKey(key)) return ValueTask.FromResult(TimeSpan.Zero);
        while (true)
        {
            // A lane that was swept between our look and our wait refuses; the next look makes a new one.
            if (Lane(key).TryWait(limit, cancellationToken, out ValueTask<TimeSpan> permit)) return permit;
        }
    }

    /// <inheritdoc/>
    public void Pause(string key, TimeSpan pause)
    {
        while (!Lane(key).TryPause(pause))
        {
        }
    }

    private static void Check(int? limit)
    {
        if (limit is not { } calls) return;
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(calls, nameof(limit));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(calls, RateLimit.Most, nameof(limit));
    }

    private RateLimiterLane Lane(string key)
    {
        if (_lanes.TryGetValue(key, out RateLimiterLane? lane)) return lane;
        lane = _lanes.GetOrAdd(key, static (_, time) => new RateLimiterLane(time), _time);
        if (Interlocked.Increment(ref _made) % SweepEvery == 0) Sweep();
        return lane;
    }

    /// <summary>Keys come and go (receivers, tenants): idle ones are dropped now and then.</summary>
    private void Sweep()
    {
        foreach (KeyValuePair<string, RateLimiterLane> pair in _lanes)
        {
            if (pair.Value.TryRetire()) _lanes.TryRemove(pair);
        }
    }
}

/// <summary>Monotonic ticks since the rate limiter was made.</summary>
internal sealed class RateLimiterClock(TimeProvider clock)
{
    private readonly long _origin = clock.GetTimestamp();

    public long Now => clock.GetElapsedTime(_origin).Ticks;

    public ITimer Timer(TimerCallback callback) => clock.CreateTimer(callback, null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
}
