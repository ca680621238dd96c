namespace Larkspur.Gateway.Robots;

/// <summary>For the SDKs' clients of robots: the outbox has the permit when it calls, and one more would be waited for in vain.</summary>
internal sealed class PermittedCalls : IRateLimiter
{
    public static PermittedCalls Instance { get; } = new();

    public ValueTask<TimeSpan> WaitAsync(string key, RateLimit limit, CancellationToken cancellationToken = default) =>
        ValueTask.FromResult(TimeSpan.Zero);

    /// <summary>The channel pauses the robot's budget itself.</summary>
    public void Pause(string key, TimeSpan pause)
    {
    }
}
