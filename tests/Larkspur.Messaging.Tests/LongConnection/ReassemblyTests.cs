using System.Text;

namespace Larkspur.Messaging.Tests.LongConnection;

/// <summary>Events in several frames, honest and hostile.</summary>
public sealed class ReassemblyTests
{
    [Theory]
    [InlineData(2)]
    [InlineData(7)]
    [InlineData(300)]
    public async Task Parts_are_joined_in_order_whatever_order_they_come_in(int parts)
    {
        await using var platform = await SocketPlatform.StartAsync();
        await using var client = new RunningConnection(platform.Address);
        var socket = await platform.NextAsync();
        var bytes = Encoding.UTF8.GetBytes(Events.Message("ev_parts", new string('字', 2000)));
        var size = (bytes.Length + parts - 1) / parts;
        foreach (var i in Enumerable.Range(0, parts).Reverse())
            await socket.SendAsync(socket.Part("m", parts.ToString(), i.ToString(), bytes[Math.Min(i * size, bytes.Length)..Math.Min((i + 1) * size, bytes.Length)]));
        var delivery = await client.NextAsync();
        Assert.Equal("ev_parts", delivery.EventId);
        Assert.Equal(bytes, delivery.Json.ToArray());
        var answer = await socket.AnswerAsync();
        Assert.Equal("0", answer.Header("seq")); // the frame that completed it
        Assert.False(socket.HasAnswer);
    }

    [Fact]
    public async Task Two_events_may_come_interleaved()
    {
        await using var platform = await SocketPlatform.StartAsync();
        await using var client = new RunningConnection(platform.Address);
        var socket = await platform.NextAsync();
        byte[] a = Encoding.UTF8.GetBytes(Events.Message("ev_a")), b = Encoding.UTF8.GetBytes(Events.Message("ev_b"));
        await socket.SendAsync(socket.Part("a", "2", "0", a[..50]));
        await socket.SendAsync(socket.Part("b", "2", "1", b[50..]));
        await socket.SendAsync(socket.Part("b", "2", "0", b[..50]));
        await socket.SendAsync(socket.Part("a", "2", "1", a[50..]));
        Assert.Equal("ev_b", (await client.NextAsync()).EventId);
        Assert.Equal("ev_a", (await client.NextAsync()).EventId);
    }

    [Fact]
    public async Task A_part_that_does_not_come_within_ten_seconds_makes_the_rest_worthless()
    {
        var clock = new ManualTimeProvider();
        await using var platform = await SocketPlatform.StartAsync();
        await using var client = new RunningConnection(platform.Address, clock: clock);
        var socket = await platform.NextAsync();
        var bytes = Encoding.UTF8.GetBytes(Events.Message("ev_late"));
        await socket.SendAsync(socket.Part("late", "2", "0", bytes[..50]));
        await socket.PushAsync(Events.Message("ev_between"));
        Assert.Equal("ev_between", (await client.NextAsync()).EventId);
        await socket.AnswerAsync();
        await SettledAsync(clock); // sending has a deadline of its own on this clock, and ends a little after what was sent has arrived
        clock.Advance(TimeSpan.FromSeconds(10));
        await socket.SendAsync(socket.Part("late", "2", "1", bytes[50..]));
        await socket.PushAsync(Events.Message("ev_after"));
        Assert.Equal("ev_after", (await client.NextAsync()).EventId);

        // What is sent again as a whole is taken.
        await socket.SendAsync(socket.Part("late", "2", "0", bytes[..50]));
        await socket.SendAsync(socket.Part("late", "2", "1", bytes[50..]));
        Assert.Equal("ev_late", (await client.NextAsync()).EventId);
    }

    /// <summary>Until no timer of a passing kind has been seen for a while.</summary>
    private static async Task SettledAsync(ManualTimeProvider clock)
    {
        using var ticks = new PeriodicTimer(TimeSpan.FromMilliseconds(10));
        var (least, calm) = (int.MaxValue, 0);
        while (calm < 30 && await ticks.WaitForNextTickAsync(TestContext.Current.CancellationToken))
        {
            calm = clock.PendingTimers == least ? calm + 1 : 0;
            least = Math.Min(least, clock.PendingTimers);
        }
    }

    [Theory]
    [InlineData("2147483647", "0")]
    [InlineData("99999999999999999999", "0")]
    [InlineData("2", "2")]
    [InlineData("2", "-1")]
    [InlineData("1", "1")]
    [InlineData("many", "0")]
    public async Task Claims_that_cannot_be_are_refused(string sum, string seq)
    {
        await using var platform = await SocketPlatform.StartAsync();
        await using var client = new RunningConnection(platform.Address);
        var socket = await platform.NextAsync();
        await socket.SendAsync(socket.Part("m", sum, seq, "{}"u8.ToArray()));
        Assert.Equal("""{"code":500}""", (await socket.AnswerAsync()).Text);
    }

    [Fact]
    public async Task A_set_that_grows_beyond_any_event_is_refused_and_a_crowd_of_sets_costs_bounded_memory()
    {
        await using var platform = await SocketPlatform.StartAsync();
        await using var client = new RunningConnection(platform.Address);
        var socket = await platform.NextAsync();
        var part = new byte[400_000];
        for (var i = 0; i < 3; i++) await socket.SendAsync(socket.Part("big", "9", i.ToString(), part));
        Assert.Equal("""{"code":500}""", (await socket.AnswerAsync()).Text);

        for (var i = 0; i < 200; i++) await socket.SendAsync(socket.Part($"crowd-{i}", "2", "0", new byte[100_000]));
        await socket.PushAsync(Events.Message("ev_after_crowd"));
        Assert.Equal("ev_after_crowd", (await client.NextAsync()).EventId);
    }

    [Fact]
    public async Task A_set_that_changes_its_size_is_refused()
    {
        await using var platform = await SocketPlatform.StartAsync();
        await using var client = new RunningConnection(platform.Address);
        var socket = await platform.NextAsync();
        await socket.SendAsync(socket.Part("m", "3", "0", "{"u8.ToArray()));
        await socket.SendAsync(socket.Part("m", "2", "1", "}"u8.ToArray()));
        Assert.Equal("""{"code":500}""", (await socket.AnswerAsync()).Text);
    }
}
