namespace Larkspur;

/// <summary>Gives calls their turns under the limits of keys. <see cref="RateShaper"/> does so for one process.</summary>
/// <remarks>
/// The key names everything that shares one budget, app included, so that several clients, or several processes, may use one shaper. Callers name the
/// limit with every wait; the last one named rules. Thread-safe.
/// </remarks>
public interface IRateShaper
{
    /// <summary>Waits for the key's turn. A turn is good for one request that starts now.</summary>
    /// <param name="key">What shares the budget.</param>
    /// <param name="limit">The budget. <see cref="RateLimit.IsNone"/>: only pauses hold the call.</param>
    /// <param name="cancellationToken">Ends the wait; the turn goes to the next.</param>
    /// <returns>How long the call waited.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A limit is not positive, or above <see cref="RateLimit.Most"/>.</exception>
    /// <exception cref="OperationCanceledException">Cancelled while waiting.</exception>
    ValueTask<TimeSpan> WaitAsync(string key, RateLimit limit, CancellationToken cancellationToken = default);

    /// <summary>The platform said that the key is closed: no turn before <paramref name="pause"/> has passed. Returns at once; a longer pause stands.</summary>
    void Pause(string key, TimeSpan pause);
}
