using System.Threading.Channels;
using Larkspur.Sockets;
using Larkspur.WeCom.AiBots;
using Larkspur.WeCom.Cards;
using Larkspur.WeCom.Media;

namespace Larkspur.WeCom.Tests.AiBots;

/// <summary>The long connection against a server that plays the platform.</summary>
public sealed class AiBotConnectionTests : IAsyncLifetime
{
    private const string Text = """{"msgid":"m-1","aibotid":"aib-test","chattype":"single","from":{"userid":"alice"},"msgtype":"text","text":{"content":"你好"}}""";

    private readonly Channel<AiBotDelivery> _received = Channel.CreateUnbounded<AiBotDelivery>();
    private readonly CancellationTokenSource _stop = new();
    private StubBotPlatform _platform = null!;
    private AiBotConnection _connection = null!;
    private Task _running = Task.CompletedTask;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _platform = await StubBotPlatform.StartAsync();

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _running.ContinueWith(_ => { }, TaskScheduler.Default).WaitAsync(StubBotPlatform.Bound);
        await _platform.DisposeAsync();
        _stop.Dispose();
    }

    [Fact]
    public async Task A_message_comes_and_is_answered_under_its_request_id()
    {
        await StartAsync();
        Assert.Equal((StubBotPlatform.BotId, StubBotPlatform.Secret), Ids(_platform.Of("aibot_subscribe").Single()));
        AiBotDelivery delivery = await DeliverAsync();
        Assert.Equal(("m-1", "alice", "alice", false, "r-1"), (delivery.Id, delivery.From, delivery.Conversation, delivery.IsGroup, delivery.RequestId));
        Assert.Equal(new BotTextReceived("你好"), delivery.Content);
        await _connection.RespondAsync(delivery, AiBotAnswer.Markdown("**好**"), Cancel);
        StubFrame answer = _platform.Of("aibot_respond_msg").Single();
        Assert.Equal("r-1", answer.RequestId);
        Assert.Equal("**好**", answer.Body.GetProperty("markdown").GetProperty("content").GetString());
    }

    [Fact]
    public async Task A_stream_shows_the_whole_text_each_time_and_its_end_always()
    {
        var clock = new ManualTimeProvider();
        await StartAsync(clock: clock);
        AiBotDelivery delivery = await DeliverAsync();
        AiBotSocketStream stream = _connection.OpenStream(delivery);
        Assert.True(await stream.WriteAsync("一", Cancel));
        Assert.False(await stream.WriteAsync("一二", Cancel));
        clock.Advance(TimeSpan.FromSeconds(3));
        Assert.True(await stream.WriteAsync("一二三", Cancel));
        await stream.FinishAsync("一二三四", Cancel);
        StubFrame[] frames = [.. _platform.Of("aibot_respond_msg")];
        Assert.Equal(["一", "一二三", "一二三四"], frames.Select(f => f.Body.GetProperty("stream").GetProperty("content").GetString()!));
        Assert.Equal([false, false, true], frames.Select(f => f.Body.GetProperty("stream").GetProperty("finish").GetBoolean()));
        Assert.All(frames, f => Assert.Equal(("r-1", stream.Id), (f.RequestId, f.Body.GetProperty("stream").GetProperty("id").GetString())));
        await Assert.ThrowsAsync<InvalidOperationException>(() => stream.WriteAsync("more", Cancel));
    }

    [Fact]
    public async Task The_limits_are_told_by_their_names()
    {
        var clock = new ManualTimeProvider();
        await StartAsync(clock: clock, change: o => o.HeartbeatInterval = TimeSpan.FromHours(20));
        AiBotDelivery delivery = await DeliverAsync();
        AiBotSocketStream stream = _connection.OpenStream(delivery);
        await LimitAsync(AiBotLimit.ContentBytes, () => stream.WriteAsync(new string('好', 6827), Cancel));
        Assert.True(await stream.WriteAsync(new string('好', 6826), Cancel));
        clock.Advance(TimeSpan.FromMinutes(6));
        await LimitAsync(AiBotLimit.StreamLife, () => stream.FinishAsync("x", Cancel));
        _platform.Judge = f => f.Command == "aibot_respond_msg" ? 846608 : 0;
        await LimitAsync(AiBotLimit.StreamLife, () => _connection.RespondAsync(delivery, AiBotAnswer.Markdown("x"), Cancel));
        _platform.Judge = f => f.Command == "aibot_respond_msg" ? 846605 : 0;
        await LimitAsync(AiBotLimit.ReplyWindow, () => _connection.RespondAsync(delivery, AiBotAnswer.Markdown("x"), Cancel));
        await LimitAsync(AiBotLimit.ReplyWindow, () => _connection.WelcomeAsync(delivery, AiBotAnswer.Text("x"), Cancel));
        _platform.Judge = f => f.Command == "aibot_send_msg" ? 45009 : 0;
        WeComApiException tooFast = await Assert.ThrowsAsync<WeComApiException>(() => _connection.SendAsync("alice", false, AiBotAnswer.Markdown("x"), Cancel));
        Assert.Equal(FailureKind.RateLimited, tooFast.FailureKind);
    }

    [Fact]
    public async Task Welcome_card_update_push_and_upload_have_their_frames()
    {
        await StartAsync();
        AiBotDelivery entered = await DeliverAsync("""{"msgid":"e-1","aibotid":"aib-test","from":{"userid":"alice"},"msgtype":"event","event":{"eventtype":"enter_chat"}}""", "aibot_event_callback");
        Assert.IsType<BotChatEntered>(entered.Content);
        await _connection.WelcomeAsync(entered, AiBotAnswer.Text("欢迎"), Cancel);
        Assert.Equal("r-1", _platform.Of("aibot_respond_welcome_msg").Single().RequestId);
        await Assert.ThrowsAsync<WeComContentException>(() => _connection.WelcomeAsync(entered, AiBotAnswer.Markdown("x"), Cancel));

        AiBotDelivery clicked = await DeliverAsync("""
            {"msgid":"e-2","aibotid":"aib-test","from":{"userid":"alice"},"msgtype":"event","event":{"eventtype":"template_card_event","template_card_event":
            {"card_type":"vote_interaction","event_key":"submit","task_id":"t-1","selected_items":{"selected_item":[{"question_key":"q","option_ids":{"option_id":["1","2"]}}]}}}}
            """.ReplaceLineEndings(""), "aibot_event_callback");
        var click = Assert.IsType<BotCardClicked>(clicked.Content);
        Assert.Equal(("submit", "t-1", "vote_interaction"), (click.Key, click.TaskId, click.CardType));
        Assert.Equal(["1", "2"], click.Selected.Single().OptionIds);
        await _connection.UpdateCardAsync(clicked, new NoticeCard { TaskId = "t-1", MainTitle = new("done"), CardAction = CardAction.Open("https://a.example") }, ["alice"], Cancel);
        StubFrame update = _platform.Of("aibot_respond_update_msg").Single();
        Assert.Equal("update_template_card", update.Body.GetProperty("response_type").GetString());
        Assert.Equal("t-1", update.Body.GetProperty("template_card").GetProperty("task_id").GetString());

        await _connection.SendAsync("group-1", true, AiBotAnswer.Markdown("早"), Cancel);
        StubFrame push = _platform.Of("aibot_send_msg").Single();
        Assert.Equal(("group-1", 2, "markdown"), (push.Body.GetProperty("chatid").GetString(), push.Body.GetProperty("chat_type").GetInt32(), push.Body.GetProperty("msgtype").GetString()));
        Assert.StartsWith("aibot_send_msg_", push.RequestId, StringComparison.Ordinal);

        byte[] file = [.. Enumerable.Range(0, 1_300_000).Select(i => (byte)i)];
        Assert.Equal("M-7", (await _connection.UploadAsync(MediaKind.File, new WeComFile("a.bin", file), Cancel)).MediaId);
        Assert.Equal(file, _platform.Uploaded);
        Assert.Equal(3, _platform.Of("aibot_upload_media_chunk").Count());
    }

    [Fact]
    public async Task A_lost_connection_comes_back_and_the_old_message_can_be_answered()
    {
        await StartAsync();
        AiBotDelivery delivery = await DeliverAsync();
        _platform.Drop();
        await _platform.UntilAsync(() => _platform.Connects >= 2);
        await ConnectedAsync(2);
        await _connection.RespondAsync(delivery, AiBotAnswer.Markdown("late"), Cancel);
        Assert.Equal("r-1", _platform.Of("aibot_respond_msg").Single().RequestId);
        Assert.NotNull(_connection.Status.Problem);
    }

    [Fact]
    public async Task What_is_on_its_way_when_the_connection_ends_is_in_doubt_and_not_repeated()
    {
        await StartAsync();
        AiBotDelivery delivery = await DeliverAsync();
        _platform.Judge = f => f.Command == "aibot_respond_msg" ? null : 0;
        Task answering = _connection.RespondAsync(delivery, AiBotAnswer.Markdown("x"), Cancel);
        await _platform.UntilAsync(() => _platform.Of("aibot_respond_msg").Any());
        _platform.Drop();
        Assert.True((await Assert.ThrowsAsync<PlatformNetworkException>(() => answering.WaitAsync(StubBotPlatform.Bound, Cancel))).EffectUnknown);
        await _platform.UntilAsync(() => _platform.Connects >= 2);
        Assert.Single(_platform.Of("aibot_respond_msg"));
    }

    [Fact]
    public async Task A_frame_without_acknowledgement_is_in_doubt_after_its_time()
    {
        var clock = new ManualTimeProvider();
        await StartAsync(clock: clock, change: o => o.HeartbeatInterval = TimeSpan.FromHours(20));
        AiBotDelivery delivery = await DeliverAsync();
        _platform.Judge = f => f.Command == "aibot_respond_msg" ? null : 0;
        Task answering = _connection.RespondAsync(delivery, AiBotAnswer.Markdown("x"), Cancel);
        await _platform.UntilAsync(() => _platform.Of("aibot_respond_msg").Any());
        await MoveUntilAsync(clock, answering);
        PlatformNetworkException lost = await Assert.ThrowsAsync<PlatformNetworkException>(() => answering.WaitAsync(StubBotPlatform.Bound, Cancel));
        Assert.True(lost.EffectUnknown && lost.TimedOut);
    }

    [Fact]
    public async Task Two_heartbeats_without_an_answer_end_the_connection()
    {
        var clock = new ManualTimeProvider();
        await StartAsync(clock: clock);
        _platform.Judge = f => f.Command == "ping" ? null : 0;
        var ended = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _connection.StateChanged += status =>
        {
            if (status.Problem?.Contains("had no answer", StringComparison.Ordinal) == true) ended.TrySetResult();
        };
        TimeSpan interval = new AiBotOptions().HeartbeatInterval;
        for (int beat = 1; beat <= 3; beat++)
        {
            // The session sleeps until its next heartbeat; the last one is out, or its own time would be due before.
            await clock.DueInAsync(interval);
            clock.Advance(interval);
            // In place of the third is the end.
            if (beat < 3) await _platform.UntilAsync(() => _platform.Of("ping").Count() >= beat);
        }

        await ended.Task.WaitAsync(StubBotPlatform.Bound, Cancel);
        await _platform.UntilAsync(() => _platform.Connects >= 2);
        Assert.Equal(2, _platform.Of("ping").Count());
    }

    [Fact]
    public async Task Another_connection_takes_the_bot_over_for_good()
    {
        await StartAsync();
        using var stop = new CancellationTokenSource();
        var second = new AiBotConnection(_platform.Options(), (_, _) => Task.CompletedTask, random: new NoJitter());
        Task other = second.RunAsync(stop.Token);
        AiBotConnectionException replaced = await Assert.ThrowsAsync<AiBotConnectionException>(() => _running.WaitAsync(StubBotPlatform.Bound, Cancel));
        Assert.Equal(AiBotConnectionFailure.Replaced, replaced.Failure);
        Assert.Equal(SocketState.Replaced, _connection.Status.State);
        Assert.IsType<BotReplaced>((await _received.Reader.ReadAsync(Cancel).AsTask().WaitAsync(StubBotPlatform.Bound, Cancel)).Content);
        await _platform.UntilAsync(() => _platform.Connects >= 2);
        await stop.CancelAsync();
        await other.WaitAsync(StubBotPlatform.Bound, Cancel);
    }

    [Fact]
    public async Task A_wrong_secret_is_tried_five_times_and_then_told_without_showing_it()
    {
        var clock = new ManualTimeProvider();
        _connection = new AiBotConnection(_platform.Options(o => o.Secret = "wrong-secret-value"), (_, _) => Task.CompletedTask, clock, random: new NoJitter());
        Task running = _connection.RunAsync(Cancel);
        foreach (double pause in (double[])[0.5, 1, 2, 4])
        {
            await clock.DueInAsync(TimeSpan.FromSeconds(pause));
            clock.Advance(TimeSpan.FromSeconds(pause));
        }

        AiBotConnectionException refused = await Assert.ThrowsAsync<AiBotConnectionException>(() => running.WaitAsync(StubBotPlatform.Bound, Cancel));
        Assert.Equal((AiBotConnectionFailure.Refused, 853000), (refused.Failure, refused.Code));
        Assert.DoesNotContain("wrong-secret-value", refused.ToString(), StringComparison.Ordinal);
        Assert.Equal(5, _platform.Of("aibot_subscribe").Count());
    }

    [Fact]
    public async Task What_is_no_frame_or_no_message_is_passed_over()
    {
        await StartAsync();
        await _platform.SendRawAsync("no json");
        await _platform.SendRawAsync("[]");
        await _platform.SendRawAsync("""{"cmd":"aibot_msg_callback","cmd":"x"}""");
        await _platform.SendRawAsync("""{"cmd":"aibot_msg_callback","headers":{"req_id":"r"},"body":{"no":"message"}}""");
        await _platform.SendRawAsync("""{"cmd":"something_new","headers":{"req_id":"r"},"body":{}}""");
        await _platform.SendRawAsync("""{"headers":{"req_id":"unknown"},"errcode":0}""");
        await _platform.SendRawAsync("{\"cmd\":\"aibot_msg_callback\",\"headers\":{\"req_id\":\"r-1\"},\"body\":" + Text.Replace("你好", "你\u0001好", StringComparison.Ordinal) + "}");
        Assert.Equal(new BotTextReceived("你好"), (await _received.Reader.ReadAsync(Cancel).AsTask().WaitAsync(StubBotPlatform.Bound, Cancel)).Content);
        Assert.Equal(1, _platform.Connects);
    }

    [Fact]
    public async Task Without_a_connection_nothing_is_sent_and_that_is_certain()
    {
        _connection = new AiBotConnection(_platform.Options(), (_, _) => Task.CompletedTask);
        PlatformNetworkException lost = await Assert.ThrowsAsync<PlatformNetworkException>(() => _connection.SendAsync("alice", false, AiBotAnswer.Markdown("x"), Cancel));
        Assert.False(lost.EffectUnknown || lost.Sent);
    }

    private static (string?, string?) Ids(StubFrame frame) => (frame.Body.GetProperty("bot_id").GetString(), frame.Body.GetProperty("secret").GetString());

    private static async Task LimitAsync(AiBotLimit limit, Func<Task> send) => Assert.Equal(limit, (await Assert.ThrowsAsync<AiBotLimitException>(send)).Limit);

    // Second by second, because a timer that is made a moment later counts from then.
    internal static async Task MoveUntilAsync(ManualTimeProvider clock, Task done)
    {
        long since = System.Diagnostics.Stopwatch.GetTimestamp();
        while (!done.IsCompleted)
        {
            Cancel.ThrowIfCancellationRequested();
            if (System.Diagnostics.Stopwatch.GetElapsedTime(since) > StubBotPlatform.Bound) throw new TimeoutException("The state was not reached.");
            clock.Advance(TimeSpan.FromSeconds(1));
            await Task.Yield();
        }
    }

    /// <summary>The same in steps that come now and then: a handshake against the clock is not outrun, and the pause after one that was ends.</summary>
    internal static async Task PassUntilAsync(ManualTimeProvider clock, Task done)
    {
        using var ticks = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        while (!done.IsCompleted)
        {
            await ticks.WaitForNextTickAsync(Cancel);
            clock.Advance(TimeSpan.FromMilliseconds(250));
        }

        await done;
    }

    private async Task StartAsync(TimeProvider? clock = null, Action<AiBotOptions>? change = null)
    {
        _connection = new AiBotConnection(_platform.Options(change), (delivery, _) => _received.Writer.WriteAsync(delivery, CancellationToken.None).AsTask(), clock, random: new NoJitter());
        _running = _connection.RunAsync(_stop.Token);
        await ConnectedAsync(1);
    }

    private async Task ConnectedAsync(long connects)
    {
        var connected = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        void Look(SocketStatus status)
        {
            if (status.IsConnected && status.Connects >= connects) connected.TrySetResult();
        }

        _connection.StateChanged += Look;
        Look(_connection.Status);
        await connected.Task.WaitAsync(StubBotPlatform.Bound, Cancel);
        _connection.StateChanged -= Look;
    }

    private async Task<AiBotDelivery> DeliverAsync(string body = Text, string command = "aibot_msg_callback")
    {
        await _platform.DeliverAsync(command, "r-1", body);
        return await _received.Reader.ReadAsync(Cancel).AsTask().WaitAsync(StubBotPlatform.Bound, Cancel);
    }
}
