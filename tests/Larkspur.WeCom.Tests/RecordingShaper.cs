using System.Collections.Concurrent;

namespace Larkspur.WeCom.Tests;

/// <summary>Gives every turn at once and remembers what was asked for.</summary>
internal sealed class RecordingShaper : IRateShaper
{
    public ConcurrentQueue<(string Key, RateLimit Limit)> Turns { get; } = new();

    public ConcurrentQueue<(string Key, TimeSpan Pause)> Pauses { get; } = new();

    public ValueTask<TimeSpan> WaitAsync(string key, RateLimit limit, CancellationToken cancellationToken = default)
    {
        Turns.Enqueue((key, limit));
        return ValueTask.FromResult(TimeSpan.Zero);
    }

    public void Pause(string key, TimeSpan pause) => Pauses.Enqueue((key, pause));
}
