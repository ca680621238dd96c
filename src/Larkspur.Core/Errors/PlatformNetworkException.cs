namespace Larkspur;

/// <summary>No answer from a platform: no connection, a broken one, or a time-out.</summary>
public sealed class PlatformNetworkException(string platform, string message, bool effectUnknown, bool timedOut, Exception? inner = null)
    : Exception(message, inner)
{
    /// <summary>Which platform.</summary>
    public string Platform { get; } = platform;

    /// <summary>
    /// True: the request may have been carried out although no answer came, so a write may only be repeated under its idempotency key.
    /// False: the request never left, or only reads.
    /// </summary>
    public bool EffectUnknown { get; } = effectUnknown;

    /// <summary>The request may have left; false: no connection was made.</summary>
    public bool Sent { get; init; } = true;

    /// <summary>Time ran out, as against a connection that failed.</summary>
    public bool TimedOut { get; } = timedOut;
}
