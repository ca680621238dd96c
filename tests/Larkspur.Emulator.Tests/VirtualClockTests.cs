using Larkspur.Emulator.State;
using Larkspur.Testing;

namespace Larkspur.Emulator.Tests;

public sealed class VirtualClockTests
{
    [Fact]
    public void Timers_fire_when_real_and_virtual_time_together_reach_them()
    {
        var real = new ManualTimeProvider();
        var clock = new VirtualClock(real);
        var fired = 0;
        using var timer = clock.CreateTimer(_ => fired++, null, TimeSpan.FromHours(1), Timeout.InfiniteTimeSpan);
        clock.Advance(TimeSpan.FromMinutes(59));
        Assert.Equal(0, fired);
        real.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(1, fired);
        clock.Advance(TimeSpan.FromDays(2));
        Assert.Equal(1, fired);
    }

    [Fact]
    public void Going_back_to_real_time_keeps_what_a_timer_still_had_to_wait()
    {
        var real = new ManualTimeProvider();
        var clock = new VirtualClock(real);
        var fired = 0;
        clock.Advance(TimeSpan.FromDays(1));
        using var timer = clock.CreateTimer(_ => fired++, null, TimeSpan.FromHours(1), TimeSpan.FromHours(1));
        clock.Reset();
        Assert.Equal(real.GetUtcNow(), clock.GetUtcNow());
        real.Advance(TimeSpan.FromHours(1));
        Assert.Equal(1, fired);
        clock.Advance(TimeSpan.FromHours(1));
        Assert.Equal(2, fired);
    }

    [Fact]
    public async Task A_wait_on_virtual_time_ends_when_the_clock_is_advanced()
    {
        var clock = new VirtualClock(new ManualTimeProvider());
        var waiting = Task.Delay(TimeSpan.FromDays(40), clock, TestContext.Current.CancellationToken);
        clock.Advance(TimeSpan.FromDays(40));
        await waiting;
    }
}
