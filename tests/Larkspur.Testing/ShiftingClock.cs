namespace Larkspur.Testing;

/// <summary>The system's clock after somebody moved its hands: the time of day jumps, and what measures durations (timestamps, timers) does not notice.</summary>
public sealed class ShiftingClock : TimeProvider
{
    private long _shift;

    public override DateTimeOffset GetUtcNow() => System.GetUtcNow().AddTicks(Interlocked.Read(ref _shift));

    /// <summary>Moves the hands, either way.</summary>
    public void Shift(TimeSpan by) => Interlocked.Add(ref _shift, by.Ticks);
}
