namespace Larkspur;

/// <summary>The starts of the last <c>limit</c> calls in a ring: a call may start when the oldest of them has left the window.</summary>
internal sealed class SlidingWindow(int limit, TimeSpan length)
{
    private readonly long _length = length.Ticks + length.Ticks / 50;
    private readonly long[] _starts = new long[limit];
    private int _next;
    private int _count;

    public int Limit => _starts.Length;

    /// <summary>The window under a limit that may have changed. Its past goes with it: a new limit is no new budget.</summary>
    public static SlidingWindow? For(int? limit, TimeSpan length, SlidingWindow? before)
    {
        if (limit is not { } calls) return null;
        if (before?.Limit == calls) return before;
        var window = new SlidingWindow(calls, length);
        for (int age = Math.Min(before?._count ?? 0, calls); age > 0; age--)
        {
            window.Add(before!._starts[(before._next + before.Limit - age) % before.Limit]);
        }

        return window;
    }

    /// <summary>Even distance between calls at the full rate.</summary>
    public long Spacing => _length / _starts.Length;

    /// <summary>Earliest start of the next call.</summary>
    public long Opens => _count < _starts.Length ? 0 : _starts[_next] + _length;

    public void Add(long now)
    {
        _starts[_next] = now;
        _next = (_next + 1) % _starts.Length;
        if (_count < _starts.Length) _count++;
    }

    public bool IsIdle(long now) => _count == 0 || _starts[(_next + _starts.Length - 1) % _starts.Length] + _length <= now;
}
