namespace Larkspur;

/// <summary>A limit: both windows count at once, null means that the window does not exist.</summary>
/// <param name="PerSecond">Calls in any second.</param>
/// <param name="PerMinute">Calls in any minute.</param>
public readonly record struct RateLimit(int? PerSecond, int? PerMinute)
{
    /// <summary>Largest number of calls in a window that is kept: a hundred times the highest documented one. A window remembers every start in it.</summary>
    public const int Most = 100_000;

    /// <summary>There is nothing to keep.</summary>
    public bool IsNone => PerSecond is null && PerMinute is null;

    /// <summary>The limit for a tenant that has more or less than what is documented.</summary>
    /// <param name="factor">More than nothing; 1 changes nothing.</param>
    /// <returns>Whole calls, rounded down. What is less than one call a second becomes calls per minute; less than one a minute is not kept.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The factor is not positive.</exception>
    public RateLimit Times(double factor)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(factor);
        if (factor is 1) return this;
        int? minute = PerMinute * factor is { } perMinute ? Whole(perMinute) : null;
        if (PerSecond * factor is not { } perSecond) return new(null, minute);
        return perSecond >= 1 ? new(Whole(perSecond), minute) : new(1, Math.Min(Whole(perSecond * 60), minute ?? Most));
    }

    // What a factor like 1.1 makes of 10 is 11.000000000000002, and of 0.1 x 30 it may be 2.9999999999999996.
    private static int Whole(double calls) => (int)Math.Clamp(Math.Floor(calls + 1e-9), 1, Most);
}
