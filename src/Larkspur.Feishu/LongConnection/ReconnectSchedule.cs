using Larkspur.Sockets;

namespace Larkspur.Feishu.LongConnection;

/// <summary>
/// When the next try is made: as the platform's <see cref="ClientConfig"/> says, and by the SDK's own pauses until the platform has said
/// anything.
/// </summary>
/// <remarks>After a loss the first try comes at a random time within the platform's nonce, the ones after it at its interval.</remarks>
internal sealed class ReconnectSchedule(CurrentClientConfig current, Random random)
{
    private readonly ReconnectPauses _own = new(ClientConfig.Default.ReconnectInterval, random);
    private int _failures;
    private int _shortLives;

    /// <summary>A connection that was of use is lost.</summary>
    /// <param name="lived">How long it lasted.</param>
    /// <returns>The pause, or null when no try is allowed.</returns>
    public TimeSpan? AfterLoss(TimeSpan lived)
    {
        _shortLives = lived < ReconnectPauses.ShortLife ? _shortLives + 1 : 0;
        if (_shortLives > 1) return AfterFailure();
        _failures = 0;
        return current.Value.ReconnectCount == 0 ? null : Nonce();
    }

    /// <summary>A try failed, or made a connection that ended before it was of use.</summary>
    /// <returns>The pause, or null when as many tries have failed as are allowed.</returns>
    public TimeSpan? AfterFailure()
    {
        _failures++;
        ClientConfig config = current.Value;
        if (config.ReconnectCount >= 0 && _failures >= config.ReconnectCount) return null;
        return current.IsFromPlatform ? config.ReconnectInterval + Nonce() : _own.AfterFailure();
    }

#pragma warning disable CA5394 // Jitter needs no cryptographic randomness.
    private TimeSpan Nonce() => current.Value.ReconnectNonce * random.NextDouble();
#pragma warning restore CA5394
}
