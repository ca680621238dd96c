namespace Larkspur.Gateway.Outbox;

/// <summary>
/// Whether the platform serves a key at all. One failure is that message's; several in a row without a success between are the platform's: then the key
/// pauses, longer each time, and one call at a time finds out whether it is back. Used under the queue's lock.
/// </summary>
internal sealed class CircuitBreaker(TimeProvider clock, Random random)
{
    private const int Streak = 3;

    private readonly Backoff _backoff = new(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(15), random);
    private int _failures;
    private long _begun;
    private TimeSpan _pause;

    /// <summary>One call at a time.</summary>
    public bool IsProbing => _failures >= Streak;

    /// <summary>Time until the next call may start.</summary>
    public TimeSpan OpensIn
    {
        get
        {
            if (!IsProbing) return TimeSpan.Zero;
            var left = _pause - clock.GetElapsedTime(_begun);
            return left > TimeSpan.Zero ? left : TimeSpan.Zero;
        }
    }

    public void Succeeded() => _failures = 0;

    /// <param name="startedAt">When the call started that failed. What was on its way when the pause began says nothing new.</param>
    public void Failed(long startedAt)
    {
        if (IsProbing && startedAt < _begun) return;
        if (++_failures < Streak) return;
        _begun = clock.GetTimestamp();
        _pause = _backoff.Next(_failures - Streak + 1);
    }
}
