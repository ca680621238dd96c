namespace Larkspur;

/// <summary>Gives calls permits under the limits of keys. <see cref="RateLimiter"/> does so for one process.</summary>
/// <remarks>
/// The key names everything that shares one budget, app included, so that several clients, or several processes, may use one rate
/// limiter. Callers name the limit with every wait; the last one named rules. Thread-safe.
/// </remarks>
public interface IRateLimiter
{
    /// <summary>Waits for a permit of the key. A permit is good for one request that starts now.</summary>
    /// <param name="key">What shares the budget.</param>
    /// <param name="limit">The budget. <see cref="RateLimit.IsNone"/>: only pauses hold the call.</param>
    /// <param name="cancellationToken">Ends the wait; the permit goes to the next.</param>
    /// <returns>How long the call waited.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A limit is not positive, or above <see cref="RateLimit.Most"/>.</exception>
    /// <exception cref="OperationCanceledException">Cancelled while waiting.</exception>
    ValueTask<TimeSpan> WaitAsync(string key, RateLimit limit, CancellationToken cancellationToken = default);

    /// <summary>
    /// The platform said that the key is closed: no permit before <paramref name="pause"/> has passed. Returns at once; a longer pause stands.
    /// </summary>
    void Pause(string key, TimeSpan pause);
}
