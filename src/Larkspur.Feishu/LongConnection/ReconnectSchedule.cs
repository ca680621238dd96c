namespace Larkspur.Feishu.LongConnection;

/// <summary>When the next try is made.</summary>
/// <remarks>
/// After a loss all clients of a server would come back in the same instant: the first try comes at a random time within the platform's nonce, the ones after it at
/// its interval. As long as the platform has said nothing (the network was away when the process started) the pauses are ours, from 1 s to two minutes.
/// </remarks>
internal sealed class ReconnectSchedule(Random random)
{
    private static readonly TimeSpan FirstOwn = TimeSpan.FromSeconds(1);

    /// <summary>A connection that lives no longer, for the second time in a row, is as good as a failed try: something ends it again and again.</summary>
    private static readonly TimeSpan ShortLife = TimeSpan.FromSeconds(10);

    private int _failures;
    private int _short;

    /// <summary>A connection that was of use is lost.</summary>
    /// <param name="config">The pace.</param>
    /// <param name="lived">How long it lasted.</param>
    /// <returns>The pause, or null when no try is allowed.</returns>
    public TimeSpan? AfterLoss(ClientConfig config, TimeSpan lived)
    {
        _short = lived < ShortLife ? _short + 1 : 0;
        if (_short > 1) return AfterFailure(config, told: true);
        _failures = 0;
        return config.ReconnectCount == 0 ? null : Part(config.ReconnectNonce);
    }

    /// <summary>A try failed, or made a connection that ended before it was of use.</summary>
    /// <param name="config">The pace.</param>
    /// <param name="told">The platform has set it.</param>
    /// <returns>The pause, or null when as many tries have failed as are allowed.</returns>
    public TimeSpan? AfterFailure(ClientConfig config, bool told)
    {
        _failures++;
        if (config.ReconnectCount >= 0 && _failures >= config.ReconnectCount) return null;
        if (told) return config.ReconnectInterval + Part(config.ReconnectNonce);
        double ceiling = Math.Min(FirstOwn.TotalSeconds * Math.Pow(2, Math.Min(_failures - 1, 20)), config.ReconnectInterval.TotalSeconds);
        return TimeSpan.FromSeconds(ceiling / 2) + Part(TimeSpan.FromSeconds(ceiling / 2));
    }

#pragma warning disable CA5394 // Jitter needs no cryptographic randomness.
    private TimeSpan Part(TimeSpan of) => of * random.NextDouble();
#pragma warning restore CA5394
}
