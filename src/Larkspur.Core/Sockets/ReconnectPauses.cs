namespace Larkspur.Sockets;

/// <summary>
/// When the next try to connect is made: after failures from 1 s, doubled up to the longest pause, half of each left to chance.
/// </summary>
/// <remarks>All clients of a server lose it in the same instant, so every pause has a random part.</remarks>
/// <param name="longest">The longest pause.</param>
/// <param name="random">Jitter; null: the shared one.</param>
public sealed class ReconnectPauses(TimeSpan longest, Random? random = null)
{
    /// <summary>A connection that lives no longer is as good as a failed try: something ends it again and again.</summary>
    public static readonly TimeSpan ShortLife = TimeSpan.FromSeconds(10);

    private static readonly TimeSpan First = TimeSpan.FromSeconds(1);

    private readonly Random _random = random ?? Random.Shared;
    private int _failures;

    /// <summary>
    /// A connection ended, or is about to: the next try comes within a second, unless the connection lived shorter than <see
    /// cref="ShortLife"/>.
    /// </summary>
    public TimeSpan AfterLoss(TimeSpan lived)
    {
        if (lived < ShortLife) return AfterFailure();
        _failures = 0;
        return UpTo(First);
    }

    /// <summary>A try failed.</summary>
    public TimeSpan AfterFailure()
    {
        TimeSpan half = First * Math.Min(Math.Pow(2, Math.Min(_failures++, 20)), longest / First) / 2;
        return half + UpTo(half);
    }

#pragma warning disable CA5394 // Jitter needs no cryptographic randomness.
    private TimeSpan UpTo(TimeSpan most) => most * _random.NextDouble();
#pragma warning restore CA5394
}
