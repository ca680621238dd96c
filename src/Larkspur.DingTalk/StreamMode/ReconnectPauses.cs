namespace Larkspur.DingTalk.StreamMode;

/// <summary>When the next try is made: after failures from 1 s, doubled to 30 s, each with half of it left to chance.</summary>
/// <remarks>The platform says nothing about it; the official clients have a fixed second (Node) or 60 s at most (Python).</remarks>
internal sealed class ReconnectPauses(Random random)
{
    private const double First = 1;
    private const double Longest = 30;

    /// <summary>A connection that lives no longer is as good as a failed try: something ends it again and again.</summary>
    private static readonly TimeSpan ShortLife = TimeSpan.FromSeconds(10);

    private int _failures;

    /// <summary>A connection ended, or is about to. All clients of a server learn that in the same instant: the next try comes within a second.</summary>
    public TimeSpan AfterLoss(TimeSpan lived)
    {
        if (lived < ShortLife) return AfterFailure();
        _failures = 0;
        return TimeSpan.FromSeconds(First) * Chance();
    }

    /// <summary>A try failed.</summary>
    public TimeSpan AfterFailure()
    {
        double ceiling = Math.Min(First * Math.Pow(2, Math.Min(_failures++, 20)), Longest);
        return TimeSpan.FromSeconds(ceiling / 2 * (1 + Chance()));
    }

#pragma warning disable CA5394 // Jitter needs no cryptographic randomness.
    private double Chance() => random.NextDouble();
#pragma warning restore CA5394
}
