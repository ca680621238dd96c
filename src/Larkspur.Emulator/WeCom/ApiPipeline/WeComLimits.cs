namespace Larkspur.Emulator.WeCom.ApiPipeline;

/// <summary>Sliding windows on virtual time, each in 60 slices.</summary>
internal sealed class WeComLimits(VirtualClock clock, EmulatorSettings settings) : IResettableState
{
    public static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);
    public static readonly TimeSpan Hour = TimeSpan.FromHours(1);
    public static readonly TimeSpan Day = TimeSpan.FromDays(1);
    private const int Slices = 60;
    private const int MostWindows = 100_000;

    private readonly Lock _gate = new();
    private readonly Dictionary<(string Key, TimeSpan Span), Window> _windows = [];

    /// <param name="key">What is limited: an API, a conversation, a key.</param>
    /// <param name="penalty">How long everything is refused once the limit was passed.</param>
    /// <param name="cost">How many at once.</param>
    /// <returns><see langword="false"/> when it would be more than <paramref name="limit"/> in <paramref name="span"/>.</returns>
    public bool TryTake(string key, int limit, TimeSpan span, TimeSpan penalty = default, int cost = 1)
    {
        var factor = span == Minute ? settings.MinuteLimitFactor ?? settings.RateLimitFactor : settings.RateLimitFactor;
        if (factor <= 0) return true;
        var most = Math.Max(1, (int)Math.Min(int.MaxValue, limit * factor));
        var now = clock.GetUtcNow();
        lock (_gate)
        {
            if (!_windows.TryGetValue((key, span), out var window))
            {
                if (_windows.Count >= MostWindows) Sweep(now);
                window = _windows[(key, span)] = new Window();
            }

            if (now < window.BlockedUntil) return false;
            if (window.Take(now.Ticks / (span.Ticks / Slices), most, cost)) return true;
            window.BlockedUntil = now + penalty;
            return false;
        }
    }

    /// <summary>Whether a penalty of this key still runs.</summary>
    public bool Blocked(string key, TimeSpan span)
    {
        lock (_gate) return _windows.TryGetValue((key, span), out var window) && clock.GetUtcNow() < window.BlockedUntil;
    }

    public void Reset()
    {
        lock (_gate) _windows.Clear();
    }

    private void Sweep(DateTimeOffset now)
    {
        foreach (var (key, window) in _windows.ToArray())
        {
            if (now >= window.BlockedUntil && window.Newest < (now.Ticks / (key.Span.Ticks / Slices)) - Slices) _windows.Remove(key);
        }
    }

    private sealed class Window
    {
        private readonly int[] _counts = new int[Slices];
        private int _sum;

        public long Newest { get; private set; }

        public DateTimeOffset BlockedUntil { get; set; }

        public bool Take(long slice, int most, int cost)
        {
            for (var i = Math.Max(Newest + 1, slice - Slices + 1); i <= slice; i++)
            {
                _sum -= _counts[i % Slices];
                _counts[i % Slices] = 0;
            }

            Newest = Math.Max(Newest, slice);
            if (_sum + cost > most) return false;
            _counts[Newest % Slices] += cost;
            _sum += cost;
            return true;
        }
    }
}
