namespace Larkspur.Gateway.Queueing;

/// <summary>A clock whose time of day goes on evenly from where it was, whatever somebody does to the machine's: for pauses of libraries that
/// measure with it.</summary>
internal sealed class SteadyClock(TimeProvider clock) : TimeProvider
{
    private readonly DateTimeOffset _begun = clock.GetUtcNow();
    private readonly long _start = clock.GetTimestamp();

    public override long TimestampFrequency => clock.TimestampFrequency;

    public override DateTimeOffset GetUtcNow() => _begun + clock.GetElapsedTime(_start);

    public override long GetTimestamp() => clock.GetTimestamp();

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        clock.CreateTimer(callback, state, dueTime, period);
}
