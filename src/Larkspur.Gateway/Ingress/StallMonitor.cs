using System.Diagnostics;

namespace Larkspur.Gateway.Ingress;

/// <summary>
/// Knows when this process stood still: paused with its machine, collecting garbage, swapped out, or without a free thread. What lay in
/// the kernel's buffers meanwhile is older than it looks.
/// </summary>
/// <remarks>By the machine's own counter, which goes on while a process stands still, and never by a clock that a test moves.</remarks>
internal sealed class StallMonitor : IDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan Shortest = TimeSpan.FromMilliseconds(150);
    private static readonly TimeSpan Remembered = TimeSpan.FromMinutes(1);

    private readonly Lock _gate = new();
    private readonly List<(long End, TimeSpan Length)> _stalls = [];
    private readonly Timer _timer;
    private long _last = Stopwatch.GetTimestamp();

    public StallMonitor() => _timer = new Timer(static monitor => ((StallMonitor)monitor!).Look(), this, Interval, Interval);

    /// <summary>How long it stood still in all, of what ended within that time, at this moment included.</summary>
    public TimeSpan Within(TimeSpan last)
    {
        lock (_gate)
        {
            Look();
            var sum = TimeSpan.Zero;
            foreach (var (end, length) in _stalls)
            {
                if (Stopwatch.GetElapsedTime(end) <= last) sum += length;
            }

            return sum;
        }
    }

    public void Dispose() => _timer.Dispose();

    private void Look()
    {
        lock (_gate)
        {
            var now = Stopwatch.GetTimestamp();
            var late = Stopwatch.GetElapsedTime(_last, now) - Interval;
            _last = now;
            _stalls.RemoveAll(stall => Stopwatch.GetElapsedTime(stall.End, now) > Remembered);
            if (late >= Shortest) _stalls.Add((now, late));
        }
    }
}
