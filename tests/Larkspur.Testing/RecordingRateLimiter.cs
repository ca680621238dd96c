using System.Collections.Concurrent;

namespace Larkspur.Testing;

/// <summary>Gives every permit at once and remembers what was asked for.</summary>
public sealed class RecordingRateLimiter : IRateLimiter
{
    public ConcurrentQueue<(string Key, RateLimit Limit)> Permits { get; } = new();

    public ConcurrentQueue<(string Key, TimeSpan Pause)> Pauses { get; } = new();

    public ValueTask<TimeSpan> WaitAsync(string key, RateLimit limit, CancellationToken cancellationToken = default)
    {
        Permits.Enqueue((key, limit));
        return ValueTask.FromResult(TimeSpan.Zero);
    }

    public void Pause(string key, TimeSpan pause) => Pauses.Enqueue((key, pause));
}
