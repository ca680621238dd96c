using System.Threading.Channels;
using Larkspur.Sockets;
using Larkspur.WeCom.AiBots;
using Microsoft.Extensions.Logging;

namespace Larkspur.WeCom.Tests.AiBots;

/// <summary>What must not end, hang or mislead a bot's long connection.</summary>
public sealed class AiBotTroubleTests : IAsyncLifetime
{
    private StubBotPlatform _platform = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _platform = await StubBotPlatform.StartAsync();

    public ValueTask DisposeAsync() => _platform.DisposeAsync();

    [Fact]
    public async Task No_frame_ends_the_connection()
    {
        Channel<AiBotDelivery> received = Channel.CreateUnbounded<AiBotDelivery>();
        await using var bot = new RunningBot(_platform, (delivery, ct) => received.Writer.WriteAsync(delivery, ct).AsTask());
        await bot.ConnectedAsync();
        // Half a surrogate pair: JSON that is no text.
        await _platform.DeliverAsync("aibot_msg_callback", "r-0", """{"msgid":"m-0","msgtype":"text","text":{"content":"\ud83d"}}""");
        await _platform.SendRawAsync("no json, with a secret");
        await _platform.DeliverAsync("aibot_msg_callback", "r-1", """{"msgid":"m-1","msgtype":"text","text":{"content":"好"},"other":"\ud83d"}""");
        AiBotDelivery delivery = await received.Reader.ReadAsync(Cancel).AsTask().WaitAsync(StubBotPlatform.Bound, Cancel);
        Assert.Equal(("m-1", new BotTextReceived("好")), (delivery.Id, delivery.Content));
        Assert.Equal(1, _platform.Connects);
        Assert.Contains(bot.Log.Lines, l => l.Level == LogLevel.Warning && l.Text.Contains("r-0", StringComparison.Ordinal));
        Assert.Contains(bot.Log.Lines, l => l.Level == LogLevel.Warning && l.Text.Contains("no frame", StringComparison.Ordinal));
        Assert.DoesNotContain(bot.Log.Lines, l => l.Text.Contains("with a secret", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Raw_control_characters_cost_no_message()
    {
        Channel<AiBotDelivery> received = Channel.CreateUnbounded<AiBotDelivery>();
        await using var bot = new RunningBot(_platform, (delivery, ct) => received.Writer.WriteAsync(delivery, ct).AsTask());
        await bot.ConnectedAsync();
        await _platform.DeliverAsync("aibot_msg_callback", "r-1", "{\r\n\t\"msgid\":\"m-1\",\n\"msgtype\":\"text\",\"text\":{\"content\":\"a\\\"\tb\n\r\u0001\\\\\"}}");
        AiBotDelivery delivery = await received.Reader.ReadAsync(Cancel).AsTask().WaitAsync(StubBotPlatform.Bound, Cancel);
        Assert.Equal(new BotTextReceived("a\"\tb\n\r\\"), delivery.Content);
    }

    [Fact]
    public async Task A_peer_that_takes_nothing_any_more_is_given_up()
    {
        var clock = new ManualTimeProvider();
        await using var bot = new RunningBot(_platform, clock: clock, change: o => o.HeartbeatInterval = TimeSpan.FromHours(20), rateLimiter: new RecordingRateLimiter());
        await bot.ConnectedAsync();
        var held = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var free = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _platform.Hold = frame =>
        {
            if (frame.Command != "aibot_send_msg") return Task.CompletedTask;
            held.TrySetResult();
            return free.Task;
        };
        try
        {
            // More than the buffers of both sides have room for.
            AiBotAnswer large = AiBotAnswer.Markdown(new string('\u0001', AiBotLimits.ContentBytes));
            Task[] sends = [.. Enumerable.Range(0, 250).Select(i => bot.Connection.SendAsync($"user-{i}", false, large, Cancel))];
            await held.Task.WaitAsync(StubBotPlatform.Bound, Cancel);
            // The first: while the clock goes on, a next connection that takes its time tells of another one.
            string? problem = null;
            await AiBotConnectionTests.MoveUntilAsync(clock, bot.UntilAsync(() => (problem ??= bot.Connection.Status.Problem) is not null));
            Assert.Contains("took no frame", problem, StringComparison.Ordinal);
            foreach (Task send in sends) await Assert.ThrowsAsync<PlatformNetworkException>(() => send.WaitAsync(StubBotPlatform.Bound, Cancel));
            // The clock may have outrun a handshake by now.
            await AiBotConnectionTests.PassUntilAsync(clock, bot.ConnectedAsync(2));
        }
        finally
        {
            free.TrySetResult();
        }
    }

    [Fact]
    public async Task A_handler_at_work_answers_before_the_connection_stops()
    {
        var begun = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        RunningBot bot = null!;
        bot = new RunningBot(_platform, async (delivery, ct) =>
        {
            begun.TrySetResult();
            await done.Task;
            await bot.Connection.RespondAsync(delivery, AiBotAnswer.Markdown("late"), ct);
        }, new ManualTimeProvider());
        await using (bot)
        {
            await bot.ConnectedAsync();
            await _platform.DeliverAsync("aibot_msg_callback", "r-1", Message(1));
            await begun.Task.WaitAsync(StubBotPlatform.Bound, Cancel);
            bot.Stop();
            done.TrySetResult();
            await bot.Task.WaitAsync(StubBotPlatform.Bound, Cancel);
            Assert.Equal("r-1", _platform.Of("aibot_respond_msg").Single().RequestId);
            Assert.Equal(SocketState.Stopped, bot.Connection.Status.State);
        }
    }

    [Fact]
    public async Task A_handler_that_does_not_end_does_not_hold_the_stop()
    {
        var begun = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var never = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var clock = new ManualTimeProvider();
        CancellationToken given = default;
        await using var bot = new RunningBot(_platform, (_, ct) =>
        {
            given = ct;
            begun.TrySetResult();
            return never.Task;
        }, clock, o => o.HeartbeatInterval = TimeSpan.FromHours(20));
        await bot.ConnectedAsync();
        await _platform.DeliverAsync("aibot_msg_callback", "r-1", Message(1));
        await begun.Task.WaitAsync(StubBotPlatform.Bound, Cancel);
        bot.Stop();
        Assert.False(given.IsCancellationRequested);
        await AiBotConnectionTests.MoveUntilAsync(clock, bot.Task);
        await bot.Task;
        Assert.True(given.IsCancellationRequested);
        Assert.Contains(bot.Log.Lines, l => l.Level == LogLevel.Warning && l.Text.Contains("Handlers did not end", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Handlers_at_work_and_deliveries_that_wait_are_bounded()
    {
        var free = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Channel<string> handled = Channel.CreateUnbounded<string>();
        int atWork = 0, most = 0;
        await using var bot = new RunningBot(_platform, async (delivery, ct) =>
        {
            most = Math.Max(most, Interlocked.Increment(ref atWork));
            await free.Task;
            Interlocked.Decrement(ref atWork);
            await handled.Writer.WriteAsync(delivery.Id, ct);
        }, change: o => (o.MaxInHand, o.MaxWaiting) = (1, 2));
        await bot.ConnectedAsync();
        for (int i = 1; i <= 4; i++) await _platform.DeliverAsync("aibot_msg_callback", $"r-{i}", Message(i));
        await bot.UntilAsync(() => bot.Log.Lines.Any(l => l.Level == LogLevel.Error && l.Text.Contains("m-4", StringComparison.Ordinal)));
        // Acknowledgements are read all the while.
        await bot.Connection.SendAsync("alice", false, AiBotAnswer.Markdown("x"), Cancel);
        free.TrySetResult();
        foreach (string expected in new[] { "m-1", "m-2", "m-3" }) Assert.Equal(expected, await handled.Reader.ReadAsync(Cancel).AsTask().WaitAsync(StubBotPlatform.Bound, Cancel));
        Assert.Equal(1, most);
    }

    [Fact]
    public async Task Only_a_connection_that_lasted_begins_the_pauses_anew()
    {
        var clock = new ManualTimeProvider();
        await using var bot = new RunningBot(_platform, clock: clock);
        // Without luck half of 1, 2, 4 and 8 s.
        double[] pauses = [0.5, 1, 2, 4];
        for (int i = 0; i < pauses.Length; i++)
        {
            await bot.ConnectedAsync(i + 1);
            _platform.Drop();
            await bot.UntilAsync(() => bot.Log.Pauses.Count() == i + 1);
            await clock.DueInAsync(TimeSpan.FromSeconds(pauses[i]));
            clock.Advance(TimeSpan.FromSeconds(pauses[i]));
        }

        await bot.ConnectedAsync(5);
        clock.Advance(TimeSpan.FromSeconds(10));
        _platform.Drop();
        await bot.ConnectedAsync(6);
        Assert.Equal([.. pauses, 0], bot.Log.Pauses.Select(p => p.TotalSeconds));
    }

    [Fact]
    public async Task Replaced_before_the_subscription_is_acknowledged_is_replaced()
    {
        _platform.BeforeAck = """{"cmd":"aibot_event_callback","headers":{"req_id":"kick-1"},"body":{"msgid":"kick-1","msgtype":"event","event":{"eventtype":"disconnected_event"}}}""";
        await using var bot = new RunningBot(_platform);
        AiBotConnectionException replaced = await Assert.ThrowsAsync<AiBotConnectionException>(() => bot.Task.WaitAsync(StubBotPlatform.Bound, Cancel));
        Assert.Equal(AiBotConnectionFailure.Replaced, replaced.Failure);
        Assert.Equal(SocketState.Replaced, bot.Connection.Status.State);
    }

    [Fact]
    public async Task The_window_of_an_event_is_looked_at_when_the_permit_has_come()
    {
        var clock = new ManualTimeProvider();
        var entered = new TaskCompletionSource<AiBotDelivery>(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var bot = new RunningBot(_platform, (delivery, _) =>
        {
            entered.TrySetResult(delivery);
            return Task.CompletedTask;
        }, clock, rateLimiter: new SlowPermits(clock, TimeSpan.FromSeconds(6)));
        await bot.ConnectedAsync();
        await _platform.DeliverAsync("aibot_event_callback", "r-1", """{"msgid":"e-1","from":{"userid":"alice"},"msgtype":"event","event":{"eventtype":"enter_chat"}}""");
        AiBotDelivery delivery = await entered.Task.WaitAsync(StubBotPlatform.Bound, Cancel);
        AiBotLimitException late = await Assert.ThrowsAsync<AiBotLimitException>(() => bot.Connection.WelcomeAsync(delivery, AiBotAnswer.Text("欢迎"), Cancel));
        Assert.Equal(AiBotLimit.ReplyWindow, late.Limit);
        Assert.Empty(_platform.Of("aibot_respond_welcome_msg"));
    }

    private static string Message(int number) => $$$"""{"msgid":"m-{{{number}}}","from":{"userid":"alice"},"msgtype":"text","text":{"content":"你好"}}""";

    /// <summary>Each permit takes its time.</summary>
    private sealed class SlowPermits(ManualTimeProvider clock, TimeSpan permit) : IRateLimiter
    {
        public ValueTask<TimeSpan> WaitAsync(string key, RateLimit limit, CancellationToken cancellationToken = default)
        {
            clock.Advance(permit);
            return ValueTask.FromResult(permit);
        }

        public void Pause(string key, TimeSpan pause) => throw new NotSupportedException();
    }
}
