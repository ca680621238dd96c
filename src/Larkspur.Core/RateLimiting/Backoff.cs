namespace Larkspur;

/// <summary>Exponential back-off with full jitter: a random time between nothing and the doubled ceiling, so that many clients do not return together.</summary>
/// <param name="first">Ceiling of the first pause.</param>
/// <param name="longest">Ceiling of every pause.</param>
/// <param name="random">Source of the jitter; null: the shared one.</param>
public sealed class Backoff(TimeSpan first, TimeSpan longest, Random? random = null)
{
    private readonly Random _random = random ?? Random.Shared;

    /// <summary>The pause before try <paramref name="retry"/> (1 = the first retry).</summary>
    public TimeSpan Next(int retry)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(retry, 1);
        double ceiling = Math.Min(first.TotalMilliseconds * Math.Pow(2, Math.Min(retry - 1, 30)), longest.TotalMilliseconds);
#pragma warning disable CA5394 // Jitter needs no cryptographic randomness.
        return TimeSpan.FromMilliseconds(_random.NextDouble() * ceiling);
#pragma warning restore CA5394
    }
}
