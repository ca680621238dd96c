using Larkspur.Emulator.Feishu.Catalogue;
using Larkspur.Emulator.World;

namespace Larkspur.Emulator.Feishu.Front;

/// <summary>Windows of one second and one minute per API, app and tenant; a window opens with its first call. Virtual time.</summary>
public sealed class RateLimiter(VirtualClock clock, EmulatorSettings settings)
{
    private const int MostWindows = 100_000;

    private readonly Lock _gate = new();
    private readonly Dictionary<(string Key, int Seconds), Window> _windows = [];

    /// <exception cref="ApiRefusedException">99991400 with the two rate-limit headers, HTTP 429 or, on older APIs, 400.</exception>
    public void Pass(ApiEndpoint endpoint, BotApp app)
    {
        var key = $"{endpoint.Id}/{app.AppId}/{app.TenantKey}";
        if (endpoint.PerMinute is { } perMinute) Pass(endpoint, key, perMinute, 60);
        if (endpoint.PerSecond is { } perSecond) Pass(endpoint, key, perSecond, 1);
    }

    /// <summary>A limit of one receiver, message or the like.</summary>
    public bool TryPass(string key, int perSecond) => Take(key, perSecond, 1) is null;

    /// <inheritdoc cref="TryPass(string, int)"/>
    /// <param name="seconds">1 or 60.</param>
    public bool TryPass(string key, int limit, int seconds) => Take(key, limit, seconds) is null;

    public void Clear()
    {
        lock (_gate) _windows.Clear();
    }

    private void Pass(ApiEndpoint endpoint, string key, int limit, int seconds)
    {
        if (Take(key, limit, seconds) is not { } reset) return;
        throw new ApiRefusedException(endpoint.OverLimitStatus, 99991400, "request trigger frequency limit")
        {
            Headers = new Dictionary<string, string>
            {
                ["x-ogw-ratelimit-limit"] = limit.ToString(),
                ["x-ogw-ratelimit-reset"] = reset.ToString(),
            },
        };
    }

    /// <returns>Seconds until the window recovers when the limit is reached.</returns>
    private int? Take(string key, int limit, int seconds)
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
