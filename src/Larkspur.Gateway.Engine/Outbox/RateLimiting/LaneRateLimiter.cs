using System.Collections.Concurrent;

namespace Larkspur.Gateway.Outbox;

/// <summary>The starts of each lane's latest messages: so many within any second, counted from start to start, so that slow answers cost no rate.</summary>
internal sealed class LaneRateLimiter(TimeProvider clock)
{
    private const int SweepEvery = 1024;

    // The platform counts arrivals, we count starts: a little longer, for what the network bunches.
    private static readonly TimeSpan Window = TimeSpan.FromMilliseconds(1020);

    private readonly ConcurrentDictionary<string, Starts> _lanes = new(StringComparer.Ordinal);
    private int _made;

    /// <summary>A message of the lane starts now.</summary>
    public void Started(string lane, int perSecond)
    {
        var starts = _lanes.GetOrAdd(lane, static (_, most) => new Starts(most), perSecond);
        lock (starts) starts.Add(clock.GetTimestamp());
        if (Interlocked.Increment(ref _made) % SweepEvery == 0) Sweep();
    }

    /// <summary>Time until the lane's next message may start.</summary>
    public TimeSpan OpensIn(string lane)
    {
        if (!_lanes.TryGetValue(lane, out var starts)) return TimeSpan.Zero;
        lock (starts)
        {
            if (!starts.IsFull) return TimeSpan.Zero;
            var left = Window - clock.GetElapsedTime(starts.Oldest);
            return left > TimeSpan.Zero ? left : TimeSpan.Zero;
        }
    }

    private void Sweep()
    {
        foreach (var (lane, starts) in _lanes)
        {
            // Whoever adds to it between the look and the removal costs one start that is not counted.
            if (clock.GetElapsedTime(starts.Latest) > Window) _lanes.TryRemove(KeyValuePair.Create(lane, starts));
        }
    }

    private sealed class Starts(int most)
    {
        private readonly long[] _at = new long[most];
        private int _count;

        public bool IsFull => _count >= _at.Length;

        public long Oldest => _at[_count % _at.Length];

        public long Latest => _at[(_count + _at.Length - 1) % _at.Length];

        public void Add(long at) => _at[_count++ % _at.Length] = at;
    }
}
