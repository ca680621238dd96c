namespace Larkspur.Emulator.Wire;

/// <summary>Counts calls in windows of a second or a minute; a window opens with its first call. Virtual time; the rate factors of the settings hold.</summary>
public sealed class RateWindows(VirtualClock clock, EmulatorSettings settings) : IResettableState
{
    private const int MostWindows = 100_000;

    private readonly Lock _gate = new();
    private readonly Dictionary<(string Key, int Seconds), Window> _windows = [];

    public void Reset()
    {
        lock (_gate) _windows.Clear();
    }

    /// <param name="seconds">1 or 60.</param>
    /// <returns>Seconds until the window recovers when the limit is reached; <see langword="null"/> when the call may pass.</returns>
    public int? Take(string key, int limit, int seconds)
    {
        var factor = seconds == 60 ? settings.MinuteLimitFactor ?? settings.RateLimitFactor : settings.RateLimitFactor;
        if (factor <= 0) return null;
        var most = Math.Max(1, (int)(limit * factor));
        var now = clock.GetUtcNow();
        lock (_gate)
        {
            if (!_windows.TryGetValue((key, seconds), out var window) || now >= window.Ends)
            {
                if (_windows.Count >= MostWindows) Sweep(now);
                _windows[(key, seconds)] = new Window(now.AddSeconds(seconds), 1);
                return null;
            }

            if (window.Count >= most) return Math.Max(1, (int)Math.Ceiling((window.Ends - now).TotalSeconds));
            _windows[(key, seconds)] = window with { Count = window.Count + 1 };
            return null;
        }
    }

    private void Sweep(DateTimeOffset now)
    {
        foreach (var (key, window) in _windows.ToArray())
        {
            if (now >= window.Ends) _windows.Remove(key);
        }
    }

    private readonly record struct Window(DateTimeOffset Ends, int Count);
}
