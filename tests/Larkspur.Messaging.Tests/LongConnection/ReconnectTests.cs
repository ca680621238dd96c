using Larkspur.Feishu.LongConnection;
using Larkspur.Sockets;

namespace Larkspur.Messaging.Tests.LongConnection;

/// <summary>When the client comes back, when it gives up, and how it notices that nobody is there.</summary>
public sealed class ReconnectTests
{
    private const string Slow = """{"ReconnectCount":-1,"ReconnectInterval":100,"ReconnectNonce":40,"PingInterval":60}""";

    /// <summary>How long a pong may take where pings are rarer.</summary>
    private static readonly TimeSpan Patience = new FeishuLongConnectionOptions().PongTimeout;

    [Fact]
    public async Task After_a_loss_it_waits_a_random_part_of_the_nonce_and_then_the_interval()
    {
        var clock = new ManualTimeProvider();
        await using var platform = await SocketPlatform.StartAsync();
        platform.ClientConfig = Slow;
        await using var client = new RunningConnection(platform.Address, clock: clock, random: new HalfRandom());
        await PongedAsync(client, await platform.NextAsync(), clock);
        platform.EndpointFault = () => (200, """{"code":1000040343,"msg":"internal"}""");
        await DropAsync(client, platform, clock);
        Assert.Equal(1, platform.Asked);

        clock.Advance(TimeSpan.FromSeconds(19)); // half of the nonce of 40 s is 20
        Assert.Equal(1, platform.Asked);
        clock.Advance(TimeSpan.FromSeconds(1));
        await UntilAsync(() => platform.Asked == 2, "the first try");
        await LogAsync(client, "next try in 00:02:00", 1); // interval and half of the nonce

        platform.EndpointFault = null;
        await clock.DueInAsync(TimeSpan.FromSeconds(120));
        clock.Advance(TimeSpan.FromSeconds(119));
        Assert.Equal(2, platform.Asked);
        clock.Advance(TimeSpan.FromSeconds(1));
        await platform.NextAsync();
        Assert.Equal(3, platform.Asked);
        Assert.Equal(2, (await client.StateAsync(SocketState.Unproven)).Connects);
    }

    [Fact]
    public async Task A_server_that_was_never_reached_is_tried_after_short_pauses_first()
    {
        var clock = new ManualTimeProvider();
        await using var platform = await SocketPlatform.StartAsync();
        platform.EndpointFault = () => (502, "<html>bad gateway</html>");
        await using var client = new RunningConnection(platform.Address, clock: clock, random: new HalfRandom());
        await LogAsync(client, "next try in 00:00:00.7500000", 1);
        await clock.DueInAsync(TimeSpan.FromSeconds(0.75));
        clock.Advance(TimeSpan.FromSeconds(0.75));
        await LogAsync(client, "next try in 00:00:01.5000000", 1);
        platform.EndpointFault = null;
        await clock.DueInAsync(TimeSpan.FromSeconds(1.5));
        clock.Advance(TimeSpan.FromSeconds(1.5));
        await platform.NextAsync();
    }

    [Fact]
    public async Task A_frame_beyond_the_bound_ends_the_connection_also_by_its_last_piece()
    {
        await using var platform = await SocketPlatform.StartAsync();
        await using var client = new RunningConnection(platform.Address);
        var socket = await platform.NextAsync();
        // The connection may end while the last of it is sent.
        var sending = socket.SendAsync(new byte[(2 << 20) + 1], System.Net.WebSockets.WebSocketMessageType.Binary);
        await LogAsync(client, "a frame has more than 2097152 bytes", 1);
        await Task.WhenAny(sending);
    }

    [Fact]
    public async Task A_connection_that_ends_again_and_again_is_not_made_without_a_pause()
    {
        var clock = new ManualTimeProvider();
        await using var platform = await SocketPlatform.StartAsync();
        platform.ClientConfig = """{"ReconnectCount":-1,"ReconnectInterval":60,"ReconnectNonce":0,"PingInterval":60}""";
        await using var client = new RunningConnection(platform.Address, clock: clock);
        for (var i = 0; i < 2; i++)
        {
            var socket = await platform.NextAsync();
            await socket.PingAsync();
            await socket.PushAsync(Events.Message($"ev_{i}"));
            await socket.AnswerAsync();
            socket.Drop();
        }

        await LogAsync(client, "next try in 00:00:00", 1);
        await LogAsync(client, "next try in 00:01:00", 1);
    }

    [Fact]
    public async Task As_many_tries_as_the_platform_allows_and_no_more()
    {
        await using var platform = await SocketPlatform.StartAsync();
        platform.ClientConfig = """{"ReconnectCount":2,"ReconnectInterval":1,"ReconnectNonce":0,"PingInterval":60}""";
        await using var client = new RunningConnection(platform.Address);
        var socket = await platform.NextAsync();
        await socket.PushAsync(Events.Message("ev"));
        await socket.AnswerAsync();
        platform.EndpointFault = () => (200, """{"code":1,"msg":"busy"}""");
        socket.Drop();
        var e = await Assert.ThrowsAsync<FeishuLongConnectionException>(() => client.Run.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken));
        Assert.Equal(FeishuLongConnectionFailure.ReconnectsExhausted, e.Failure);
        Assert.Equal(3, platform.Asked);
    }

    [Theory]
    [InlineData("""{"code":514,"msg":"auth","data":{}}""", FeishuLongConnectionFailure.AuthenticationFailed, 514)]
    [InlineData("""{"code":403,"msg":"no"}""", FeishuLongConnectionFailure.Forbidden, 403)]
    [InlineData("""{"code":1000040350,"msg":"too many"}""", FeishuLongConnectionFailure.TooManyConnections, 1000040350)]
    [InlineData("""{"code":1000040345,"msg":"what"}""", FeishuLongConnectionFailure.Configuration, 1000040345)]
    public async Task A_refusal_is_told_and_not_repeated(string answer, FeishuLongConnectionFailure failure, long code)
    {
        await using var platform = await SocketPlatform.StartAsync();
        platform.EndpointFault = () => (200, answer);
        await using var client = new RunningConnection(platform.Address);
        var e = await Assert.ThrowsAsync<FeishuLongConnectionException>(() => client.Run.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken));
        Assert.Equal((failure, code), (e.Failure, e.Code));
        Assert.Equal(1, platform.Asked);
        Assert.Equal(SocketState.Stopped, client.Connection.Status.State);
        Assert.Equal(e.Message, client.Connection.Status.Problem);
    }

    [Fact]
    public async Task A_wrong_secret_is_named_and_shown_nowhere()
    {
        await using var platform = await SocketPlatform.StartAsync();
        await using var client = new RunningConnection(platform.Address, secret: "a-wrong-secret");
        var e = await Assert.ThrowsAsync<FeishuLongConnectionException>(() => client.Run.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken));
        Assert.Equal(FeishuLongConnectionFailure.AuthenticationFailed, e.Failure);
        Assert.Contains("App Secret is wrong", e.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("a-wrong-secret", e + string.Join('\n', client.Log), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"code":1,"msg":"busy"}""")]
    [InlineData("""{"code":1000040343,"msg":"internal"}""")]
    [InlineData("""{"code":0,"msg":""}""")]
    [InlineData("""{"code":0,"msg":"","data":{"URL":"http://127.0.0.1/x"}}""")]
    [InlineData("[]")]
    public async Task What_may_pass_is_tried_again(string answer)
    {
        var clock = new ManualTimeProvider();
        await using var platform = await SocketPlatform.StartAsync();
        platform.EndpointFault = () => (200, answer);
        await using var client = new RunningConnection(platform.Address, clock: clock);
        await LogAsync(client, "next try in", 1);
        platform.EndpointFault = null;
        await clock.DueInAsync(TimeSpan.Zero, TimeSpan.FromSeconds(1));
        clock.Advance(TimeSpan.FromSeconds(1)); // not further: the try's own deadline runs on this clock too
        await platform.NextAsync();
    }

    [Theory]
    [InlineData("403", null, FeishuLongConnectionFailure.Forbidden)]
    [InlineData("514", "1000040350", FeishuLongConnectionFailure.TooManyConnections)]
    [InlineData("1000040350", null, FeishuLongConnectionFailure.TooManyConnections)]
    public async Task A_refused_handshake_says_why_in_its_headers(string status, string? code, FeishuLongConnectionFailure failure)
    {
        await using var platform = await SocketPlatform.StartAsync();
        platform.HandshakeFault = () => (403, Headers(status, code));
        await using var client = new RunningConnection(platform.Address);
        var e = await Assert.ThrowsAsync<FeishuLongConnectionException>(() => client.Run.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken));
        Assert.Equal(failure, e.Failure);
        Assert.DoesNotContain(SocketPlatform.Ticket, e + string.Join('\n', client.Log), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_ticket_that_is_used_up_is_replaced()
    {
        var clock = new ManualTimeProvider();
        await using var platform = await SocketPlatform.StartAsync();
        platform.HandshakeFault = () => (401, Headers("514", null));
        await using var client = new RunningConnection(platform.Address, clock: clock);
        await LogAsync(client, "refused the handshake (514", 1);
        platform.HandshakeFault = null;
        await clock.DueInAsync(TimeSpan.Zero, TimeSpan.FromSeconds(1));
        clock.Advance(TimeSpan.FromSeconds(1)); // not further: the try's own deadline runs on this clock too
        await platform.NextAsync();
        Assert.Equal(2, platform.Asked);
        Assert.DoesNotContain(SocketPlatform.Ticket, string.Join('\n', client.Log), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_ping_without_an_answer_means_deaf_and_the_connection_is_replaced()
    {
        var clock = new ManualTimeProvider();
        await using var platform = await SocketPlatform.StartAsync();
        platform.ClientConfig = Slow;
        await using var client = new RunningConnection(platform.Address, clock: clock, random: new HalfRandom());
        var socket = await platform.NextAsync();
        await PongedAsync(client, socket, clock);

        platform.Mute = true;
        clock.Advance(TimeSpan.FromSeconds(60));
        await socket.PingAsync();
        await clock.DueInAsync(Patience);
        clock.Advance(TimeSpan.FromSeconds(29));
        Assert.Equal(SocketState.Unproven, client.Connection.Status.State);
        clock.Advance(TimeSpan.FromSeconds(1));
        var deaf = await client.StateAsync(SocketState.Deaf);
        Assert.Contains("a ping had no answer for 30 s", deaf.Problem, StringComparison.Ordinal);
        await socket.Closed;

        platform.Mute = false;
        await LogAsync(client, "next try in", 1);
        await clock.DueInAsync(TimeSpan.FromSeconds(20));
        clock.Advance(TimeSpan.FromSeconds(20));
        await platform.NextAsync();
        Assert.Equal(1, client.Connection.Status.Losses);
    }

    [Fact]
    public async Task A_pong_sets_the_pace_from_then_on()
    {
        var clock = new ManualTimeProvider();
        await using var platform = await SocketPlatform.StartAsync();
        platform.ClientConfig = Slow;
        await using var client = new RunningConnection(platform.Address, clock: clock);
        var socket = await platform.NextAsync();
        await PongedAsync(client, socket, clock);
        platform.ClientConfig = """{"PingInterval":7,"ReconnectNonce":-7,"ReconnectInterval":"soon"}""";
        clock.Advance(TimeSpan.FromSeconds(60));
        await socket.PingAsync(); // its pong says: every 7 s
        await clock.DueInAsync(TimeSpan.FromSeconds(7));
        clock.Advance(TimeSpan.FromSeconds(7));
        await socket.PingAsync();
    }

    [Fact]
    public async Task Evidence_of_a_missed_event_replaces_a_connection_that_has_received_nothing_since()
    {
        var clock = new ManualTimeProvider();
        await using var platform = await SocketPlatform.StartAsync();
        platform.ClientConfig = """{"ReconnectCount":-1,"ReconnectInterval":1,"ReconnectNonce":0,"PingInterval":600}""";
        await using var client = new RunningConnection(platform.Address, clock: clock);
        var first = await platform.NextAsync();
        await PongedAsync(client, first, clock);
        var connected = clock.GetUtcNow();
        clock.Advance(TimeSpan.FromMinutes(5));
        Assert.False(client.Connection.ReportMissed(connected - TimeSpan.FromSeconds(1))); // it was not open then
        await first.PushAsync(Events.Message("ev_heard"));
        await first.AnswerAsync();
        await clock.DueInAsync(Patience, TimeSpan.MaxValue); // its answer's own deadline of 5 s runs on this clock too, until a little after it has arrived
        Assert.False(client.Connection.ReportMissed(clock.GetUtcNow() - TimeSpan.FromMinutes(1))); // it heard something later
        clock.Advance(TimeSpan.FromMinutes(2));
        Assert.True(client.Connection.ReportMissed(clock.GetUtcNow() - TimeSpan.FromMinutes(1)));
        await client.StateAsync(SocketState.Deaf);
        await platform.NextAsync(); // without a pause: the nonce is 0
    }

    [Fact]
    public async Task Connected_is_not_proven_until_an_event_has_come()
    {
        await using var platform = await SocketPlatform.StartAsync();
        await using var client = new RunningConnection(platform.Address);
        var socket = await platform.NextAsync();
        await client.StateAsync(SocketState.Unproven);
        await socket.PushAsync(Events.Message("ev"));
        var proven = await client.StateAsync(SocketState.Proven);
        Assert.NotNull(proven.LastDeliveryAt);
        socket.Drop();
        await client.StateAsync(SocketState.Connecting);
        await platform.NextAsync();
        Assert.Equal(proven.LastDeliveryAt, (await client.StateAsync(SocketState.Unproven)).LastDeliveryAt);
    }

    [Fact]
    public async Task Stopping_answers_what_is_in_hand_and_says_goodbye()
    {
        await using var platform = await SocketPlatform.StartAsync();
        var work = new TaskCompletionSource();
        await using var client = new RunningConnection(platform.Address, async _ =>
        {
            await work.Task;
            return FeishuAck.Received;
        });
        var socket = await platform.NextAsync();
        await socket.PushAsync(Events.Message("ev_in_hand"));
        await client.NextAsync();
        var stopping = client.StopAsync();
        Assert.False(stopping.IsCompleted);
        work.SetResult();
        Assert.Equal("""{"code":200}""", (await socket.AnswerAsync()).Text);
        Assert.Equal(System.Net.WebSockets.WebSocketCloseStatus.NormalClosure, await socket.Closed.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken));
        await stopping;
        Assert.Equal(SocketState.Stopped, client.Connection.Status.State);
    }

    private static Dictionary<string, string> Headers(string status, string? code)
    {
        var headers = new Dictionary<string, string> { ["Handshake-Status"] = status, ["Handshake-Msg"] = "refused" };
        if (code is not null) headers["Handshake-Autherrcode"] = code;
        return headers;
    }

    /// <summary>The first ping has its pong, and the client sleeps: until the next, or until the pong's time is up, should it have come after that was set. The ping's own 5 s are over.</summary>
    private static async Task PongedAsync(RunningConnection client, PlatformSocket socket, ManualTimeProvider clock)
    {
        await socket.PingAsync();
        await UntilAsync(() => client.Connection.Status.LastPongAt is not null, "the first pong");
        await clock.DueInAsync(Patience, TimeSpan.MaxValue);
    }

    private static async Task DropAsync(RunningConnection client, SocketPlatform platform, ManualTimeProvider clock)
    {
        await client.StateAsync(SocketState.Unproven);
        Assert.False(platform.HasNext);
        platform.DropAll();
        await client.StateAsync(SocketState.Connecting);
        await LogAsync(client, "next try in 00:00:20", 1);
        await clock.DueInAsync(TimeSpan.FromSeconds(20));
    }

    private static Task LogAsync(RunningConnection client, string contains, int times) =>
        UntilAsync(() => client.Log.Count(line => line.Contains(contains, StringComparison.Ordinal)) >= times, $"a log line with \"{contains}\"; there are: {string.Join('\n', client.Log)}");

    private static async Task UntilAsync(Func<bool> condition, string what)
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        using var ticks = new PeriodicTimer(TimeSpan.FromMilliseconds(5));
        while (!condition())
        {
            if (deadline.IsCancellationRequested) Assert.Fail("Waited in vain for " + what);
            await ticks.WaitForNextTickAsync(CancellationToken.None);
        }
    }

    private sealed class HalfRandom : Random
    {
        public override double NextDouble() => 0.5;
    }
}
