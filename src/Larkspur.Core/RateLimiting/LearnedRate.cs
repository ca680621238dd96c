namespace Larkspur;

/// <summary>What was learned about one key. Times are clock timestamps.</summary>
internal sealed class LearnedRate(long frequency)
{
    private const double Decrease = 0.7;
    private const double Recovery = 0.05;

    private readonly Lock _gate = new();
    private int? _perSecond;
    private int? _perMinute;
    private double _share = 1;
    private long _shareSince;
    private long? _lastRefusal;
    private long _lowerAgain = long.MinValue;
    private bool _forgotten;

    public RateLimit Current(RateLimit documented, long now, out bool forgotten)
    {
        lock (_gate)
        {
            bool announced = (_perSecond ?? _perMinute) is not null && !IsLongAgo(now);
            double share = Share(documented, now);
            forgotten = _forgotten = !announced && share >= 1;
            if (forgotten) return documented;
            RateLimit ceiling = announced
                ? new(Lower(documented.PerSecond, _perSecond), Lower(documented.PerMinute, _perMinute))
                : documented;
            return share >= 1 ? ceiling : ceiling.Times(share);
        }
    }

    /// <returns>False: this one was forgotten in between.</returns>
    public bool TryRefuse(RateLimit documented, RateLimit published, int? announced, TimeSpan pause, long now)
    {
        lock (_gate)
        {
            if (_forgotten) return false;
            if (IsLongAgo(now)) (_perSecond, _perMinute) = (null, null);
            bool lower = announced is { } ceiling && Learn(documented, published, ceiling, pause);

            // What was on its way when the rate was lowered says nothing about the lower rate.
            if (!lower && now >= _lowerAgain)
            {
                _share = Share(documented, now) * Decrease;
                _shareSince = now;
            }

            if (now >= _lowerAgain) _lowerAgain = now + (long)(Math.Max(pause.TotalSeconds, 1) * frequency);
            _lastRefusal = now;
            return true;
        }
    }

    /// <summary>
    /// The header does not name its window. A number that is documented is that window's; else a reset beyond a second is a minute's, and one within
    /// it is a minute's when no second is that large.
    /// </summary>
    /// <returns>True when the ceiling is lower than the one that was kept.</returns>
    private bool Learn(RateLimit documented, RateLimit published, int ceiling, TimeSpan reset)
    {
        if (ceiling == published.PerSecond || ceiling == published.PerMinute) return false;
        bool minute = reset > TimeSpan.FromSeconds(1) || (published.PerMinute is not null && !(ceiling < published.PerSecond));
        int? kept = minute ? Lower(documented.PerMinute, _perMinute) : Lower(documented.PerSecond, _perSecond);
        if (kept <= ceiling) return false;
        if (minute) _perMinute = ceiling;
        else _perSecond = ceiling;
        return true;
    }

    private double Share(RateLimit documented, long now)
    {
        if (_share >= 1) return 1;
        double window = documented.PerSecond is null && _perSecond is null ? 60 : 1;
        return Math.Min(1, _share + Recovery * Math.Floor(Seconds(now - _shareSince) / window));
    }

    private bool IsLongAgo(long now) => _lastRefusal is { } last && Seconds(now - last) >= LearnedRates.Patience.TotalSeconds;

    private double Seconds(long ticks) => ticks / (double)frequency;

    private static int? Lower(int? a, int? b) => a is null ? b : b is null ? a : Math.Min(a.Value, b.Value);
}
