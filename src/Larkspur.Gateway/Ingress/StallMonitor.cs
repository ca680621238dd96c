using System.Diagnostics;

namespace Larkspur.Gateway.Ingress;

/// <summary>
/// Knows when this process stood still: paused with its machine, collecting garbage, swapped out, or without a free thread. What lay in
/// the kernel's buffers meanwhile is older than it looks.
/// </summary>
/// <remarks>
/// By the machine's counter, which goes on while a process stands still, and by its time of day, which was set forward when the whole
/// machine stood still: never by a clock that a test moves. A time of day that was wrong costs a message too many at most.
/// </remarks>
internal sealed class StallMonitor : IDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan Shortest = TimeSpan.FromMilliseconds(150);
    private static readonly TimeSpan Remembered = TimeSpan.FromMinutes(1);

    /// <summary>From the end of a stall until all is read that came in meanwhile, generously.</summary>
    private static readonly TimeSpan Arrival = TimeSpan.FromSeconds(1);

    private readonly Lock _gate = new();
    private readonly List<(long End, TimeSpan Length)> _stalls = [];
    private readonly Timer _timer;
    private long _last = Stopwatch.GetTimestamp();
    private DateTimeOffset _lastTime = TimeProvider.System.GetUtcNow();

    public StallMonitor() => _timer = new Timer(static monitor => ((StallMonitor)monitor!).Look(), this, Interval, Interval);

    /// <summary>How long it may have stood still before it read what it read so long ago, while that lay there already.</summary>
    /// <param name="readBefore">How long ago it was read.</param>
    public TimeSpan Before(TimeSpan readBefore)
    {
        lock (_gate)
        {
            Look();
            var sum = TimeSpan.Zero;
            foreach (var (end, length) in _stalls)
            {
                var ended = Stopwatch.GetElapsedTime(end);
                if (ended > readBefore + Arrival) continue;
                // What of it came after the reading is in the time since then.
                var before = ended + length - readBefore;
                if (before > TimeSpan.Zero) sum += before < length ? before : length;
            }

            return sum;
        }
    }

    public void Dispose() => _timer.Dispose();

    private void Look()
    {
        lock (_gate)
        {
            var (now, time) = (Stopwatch.GetTimestamp(), TimeProvider.System.GetUtcNow());
            var (counted, told) = (Stopwatch.GetElapsedTime(_last, now), time - _lastTime);
            (_last, _lastTime) = (now, time);
            _stalls.RemoveAll(stall => Stopwatch.GetElapsedTime(stall.End, now) > Remembered);
            var late = (told > counted ? told : counted) - Interval;
            if (late >= Shortest) _stalls.Add((now, late));
        }
    }
}
