namespace Larkspur.Gateway.Tests.Api;

/// <summary>The system's clock, which a test lets skip time: what measures durations sees it pass, too. Timers do not notice.</summary>
internal sealed class SkippingClock : TimeProvider
{
    private long _skipped;

    public override DateTimeOffset GetUtcNow() => System.GetUtcNow().AddTicks(Interlocked.Read(ref _skipped));

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override long GetTimestamp() => System.GetElapsedTime(0, System.GetTimestamp()).Ticks + Interlocked.Read(ref _skipped);

    public void Advance(TimeSpan by) => Interlocked.Add(ref _skipped, by.Ticks);
}
