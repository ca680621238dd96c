using System.Collections.Concurrent;
using System.Net.WebSockets;
using System.Text.Json;
using Larkspur.DingTalk.Cards;
using Larkspur.DingTalk.Events;
using Larkspur.DingTalk.Robots;
using Larkspur.DingTalk.StreamMode;
using Larkspur.Sockets;

namespace Larkspur.DingTalk.Tests.StreamMode;

public sealed class StreamTests : IAsyncLifetime
{
    private const string Message = """{"msgId":"msg-1","conversationId":"cid1","conversationType":"1","senderStaffId":"alice","msgtype":"text","text":{"content":" hello"},"createAt":1700000000000}""";

    /// <summary>Of the wall's clock, for what never comes.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    private readonly CancellationTokenSource _stop = new();
    private readonly ManualTimeProvider _clock = new();
    private DingTalkStub _platform = null!;
    private StreamStub _stub = null!;
    private Task _running = Task.CompletedTask;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _platform = await DingTalkStub.StartAsync();
        _stub = new StreamStub(_platform);
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        long started = Environment.TickCount64;
        while (!_running.IsCompleted)
        {
            Assert.True(Environment.TickCount64 - started < 60_000, "The stream did not stop within a minute.");
            _clock.Advance(TimeSpan.FromSeconds(1));
            await Task.WhenAny(_running, Task.Delay(10, CancellationToken.None));
        }

        await _platform.DisposeAsync();
        _stop.Dispose();
    }

    [Fact]
    public async Task It_subscribes_to_what_handlers_take_and_answers_pings()
    {
        DingTalkStream stream = Start(new DingTalkDispatcher().OnMessage((_, _) => Task.CompletedTask).OnEvent<JsonElement>("x", (_, _, _) => Task.CompletedTask));
        StreamStubConnection connection = await _stub.ConnectionAsync(1);
        JsonElement open = Assert.Single(_stub.Opens);
        Assert.Equal("""[{"type":"EVENT","topic":"*"},{"type":"CALLBACK","topic":"/v1.0/im/bot/messages/get"}]""", open.GetProperty("subscriptions").GetRawText());
        await connection.SendAsync("SYSTEM", "ping", """{"opaque":"0d1b"}""", "p1");
        StubAck pong = await connection.AckAsync("p1");
        Assert.Equal((200, "OK", """{"opaque":"0d1b"}"""), (pong.Code, pong.Message, pong.Data));
        Assert.Equal("ping", pong.Whole.GetProperty("headers").GetProperty("topic").GetString());
        await Wait.Until(() => stream.Status.State == SocketState.Proven);
    }

    [Fact]
    public async Task Messages_cards_and_events_reach_their_handlers_and_are_answered()
    {
        var seen = new ConcurrentQueue<object>();
        DingTalkClient client = _platform.Client(clock: _clock);
        Start(new DingTalkDispatcher()
            .OnMessage((m, _) => { seen.Enqueue(m.Said); return Task.CompletedTask; })
            .OnCard((c, _) =>
            {
                seen.Enqueue($"{c.OutTrackId} {c.UserId} {c.ActionIds[0]} {c.Parameters["amount"]}");
                return Task.FromResult(new CardAnswer { Variables = new CardVariables().With("state", "done"), PrivateVariables = new CardVariables().With("mine", true) });
            })
            .OnEvent<ApprovalTaskChanged>(DingTalkEventTypes.BpmsTaskChange, (e, d, _) => { seen.Enqueue($"{d.Id} {e.TaskId} {e.Type} {d.CorpId}"); return Task.CompletedTask; }), client: client);
        StreamStubConnection connection = await _stub.ConnectionAsync(1);

        await connection.SendAsync("CALLBACK", DingTalkTopics.RobotMessage, Message, "m1");
        Assert.Equal((200, """{"response":null}"""), Of(await connection.AckAsync("m1")));

        await connection.SendAsync("CALLBACK", DingTalkTopics.CardCallback,
            """{"type":"actionCallback","outTrackId":"card-7","corpId":"ding1","userId":"bob","content":"{\"cardPrivateData\":{\"actionIds\":[\"btn1\"],\"params\":{\"amount\":12}}}"}""", "c1");
        StubAck card = await connection.AckAsync("c1");
        Assert.Equal("""{"response":{"cardUpdateOptions":{"updateCardDataByKey":true,"updatePrivateDataByKey":true},"cardData":{"cardParamMap":{"state":"done"}},"userPrivateData":{"cardParamMap":{"mine":"true"}}}}""", card.Data);

        await connection.SendAsync("EVENT", "*", """{"processInstanceId":"pi","taskId":99,"type":"start"}""", "e1", new { eventType = "bpms_task_change", eventId = "ev-1", eventCorpId = "ding1", eventBornTime = "1700000000000" });
        Assert.Equal((200, """{"status":"SUCCESS","message":"OK"}"""), Of(await connection.AckAsync("e1")));
        Assert.Equal(["hello", "card-7 bob btn1 12", "ev-1 99 start ding1"], seen.Order().Select(s => s).OrderByDescending(s => ((string)s)[0] == 'h').ThenBy(s => s));
        Assert.Equal(3, client.Usage[DingTalkUseKind.Delivery]);
    }

    [Fact]
    public async Task What_nobody_takes_is_said_so_and_events_are_not_asked_for_again()
    {
        Start(new DingTalkDispatcher().OnMessage((_, _) => Task.CompletedTask));
        StreamStubConnection connection = await _stub.ConnectionAsync(1);
        await connection.SendAsync("CALLBACK", "/v1.0/graph/api/invoke", "{}", "g1");
        Assert.Equal(404, (await connection.AckAsync("g1")).Code);
        await connection.SendAsync("EVENT", "*", "{}", "e1", new { eventType = "user_add_org", eventId = "ev-1" });
        Assert.Equal((200, """{"status":"SUCCESS","message":"OK"}"""), Of(await connection.AckAsync("e1")));
        await connection.SendAsync("NOVEL", "x", "{}", "n1");
        Assert.Equal(404, (await connection.AckAsync("n1")).Code);
    }

    [Fact]
    public async Task A_handler_that_fails_gets_the_event_again_and_a_callback_is_answered_with_500()
    {
        int runs = 0;
        Start((d, _) => Interlocked.Increment(ref runs) <= 2 ? throw new InvalidOperationException("not now") : Task.FromResult(DingTalkAck.Received));
        StreamStubConnection connection = await _stub.ConnectionAsync(1);
        await connection.SendAsync("EVENT", "*", "{}", "e1", new { eventType = "x", eventId = "ev-1" });
        Assert.Equal((200, """{"status":"LATER","message":"handler failed"}"""), Of(await connection.AckAsync("e1")));
        await connection.SendAsync("CALLBACK", DingTalkTopics.RobotMessage, Message, "m1");
        Assert.Equal(500, (await connection.AckAsync("m1")).Code);
        await connection.SendAsync("EVENT", "*", "{}", "e1", new { eventType = "x", eventId = "ev-1" });
        Assert.Equal("""{"status":"SUCCESS","message":"OK"}""", (await connection.AckAsync("e1", 2)).Data);
        Assert.Equal(3, runs);
    }

    [Fact]
    public async Task A_repetition_gets_the_same_answer_and_no_second_run_under_either_id()
    {
        int runs = 0;
        Start((_, _) =>
        {
            Interlocked.Increment(ref runs);
            return Task.FromResult(DingTalkAck.Received);
        });
        StreamStubConnection connection = await _stub.ConnectionAsync(1);
        await connection.SendAsync("CALLBACK", DingTalkTopics.RobotMessage, Message, "m1");
        await connection.AckAsync("m1");
        await connection.SendAsync("CALLBACK", DingTalkTopics.RobotMessage, Message, "m1");
        await connection.AckAsync("m1", 2);
        await connection.SendAsync("CALLBACK", DingTalkTopics.RobotMessage, Message, "m2");
        Assert.Equal((200, """{"response":null}"""), Of(await connection.AckAsync("m2")));
        Assert.Equal(1, runs);

        // The answer is here, and its sender may not know yet: the time it has for sending would run out.
        await Wait.Until(() => _clock.PendingTimers == 0);
        _clock.Advance(TimeSpan.FromMinutes(5.1));
        await connection.SendAsync("CALLBACK", DingTalkTopics.RobotMessage, Message, "m3");
        await connection.AckAsync("m3");
        Assert.Equal(2, runs);
    }

    [Fact]
    public async Task A_repetition_of_what_is_at_work_waits_for_its_answer()
    {
        var finish = new TaskCompletionSource();
        int runs = 0;
        Start(async (_, _) =>
        {
            Interlocked.Increment(ref runs);
            await finish.Task;
            return DingTalkAck.Received;
        });
        StreamStubConnection connection = await _stub.ConnectionAsync(1);
        await connection.SendAsync("CALLBACK", DingTalkTopics.RobotMessage, Message, "m1");
        await connection.SendAsync("CALLBACK", DingTalkTopics.RobotMessage, Message, "m1");
        await PingedAsync(connection);
        Assert.DoesNotContain(connection.Answers, a => a.GetProperty("headers").GetProperty("messageId").GetString() == "m1");
        finish.SetResult();
        await connection.AckAsync("m1", 2);
        Assert.Equal(1, runs);
    }

    [Theory]
    [InlineData("no json")]
    [InlineData("[]")]
    [InlineData("""{"type":"CALLBACK","data":"{}"}""")]
    [InlineData("""{"type":"CALLBACK","headers":{"topic":"x"},"data":"{}"}""")]
    [InlineData("""{"type":"CALLBACK","headers":{"topic":"x","messageId":"a","messageId":"b"},"data":"{}"}""")]
    [InlineData("""{"type":"CALLBACK","headers":{"topic":"x","messageId":"\ud800"},"data":"{}"}""")]
    public async Task What_is_no_frame_is_left_and_the_connection_goes_on(string text)
    {
        Start((_, _) => throw new InvalidOperationException("must not run"));
        StreamStubConnection connection = await _stub.ConnectionAsync(1);
        await connection.SendRawAsync(text);
        await PingedAsync(connection);
        Assert.Single(connection.Answers);
    }

    [Theory]
    [InlineData("CALLBACK", DingTalkTopics.RobotMessage, "no json")]
    [InlineData("CALLBACK", DingTalkTopics.RobotMessage, "{}")]
    [InlineData("CALLBACK", DingTalkTopics.RobotMessage, """{"msgId":"a","msgId":"b"}""")]
    [InlineData("CALLBACK", DingTalkTopics.CardCallback, "{}")]
    [InlineData("CALLBACK", "", "{}")]
    [InlineData("EVENT", "*", "{}")]
    public async Task A_frame_that_delivers_nothing_is_answered_with_400(string type, string topic, string data)
    {
        Start((_, _) => throw new InvalidOperationException("must not run"));
        StreamStubConnection connection = await _stub.ConnectionAsync(1);
        await connection.SendAsync(type, topic, data, "bad");
        Assert.Equal(400, (await connection.AckAsync("bad")).Code);
    }

    [Fact]
    public async Task A_frame_beyond_all_bounds_ends_the_connection_and_another_is_made()
    {
        Start((_, _) => Task.FromResult(DingTalkAck.Received));
        StreamStubConnection connection = await _stub.ConnectionAsync(1);
        Task sending = connection.SendRawAsync(new string('x', (2 << 20) + 100_000)).ContinueWith(static _ => { }, TaskScheduler.Default);
        await AdvanceUntil(() => _stub.Count == 2);
        await sending.WaitAsync(Patience, Cancel);
    }

    [Fact]
    public async Task An_announced_end_makes_another_connection_first_and_running_work_is_answered_on_the_old_one()
    {
        var finish = new TaskCompletionSource();
        DingTalkStream stream = Start(async (_, _) =>
        {
            await finish.Task;
            return DingTalkAck.Received;
        });
        StreamStubConnection old = await _stub.ConnectionAsync(1);
        await old.SendAsync("CALLBACK", DingTalkTopics.RobotMessage, Message, "m1");
        await old.SendAsync("SYSTEM", "disconnect", """{"reason":"gateway closing"}""");
        await AdvanceUntil(() => _stub.Count == 2);
        Assert.False(old.Ended.IsCompleted);
        Assert.True(stream.Status.IsConnected);
        finish.SetResult();
        await old.AckAsync("m1");
        await old.CloseAsync();
        await old.Ended.WaitAsync(Patience, Cancel);
        await PingedAsync(await _stub.ConnectionAsync(2));
        Assert.True(stream.Status.IsConnected);
        Assert.Equal(2, _stub.Count);
    }

    [Fact]
    public async Task An_old_connection_that_the_platform_forgets_to_close_is_closed()
    {
        Start((_, _) => Task.FromResult(DingTalkAck.Received));
        StreamStubConnection old = await _stub.ConnectionAsync(1);
        await old.SendAsync("SYSTEM", "disconnect", "{}");
        await AdvanceUntil(() => _stub.Count == 2);
        await AdvanceUntil(() => old.Ended.IsCompleted);
        await PingedAsync(await _stub.ConnectionAsync(2));
    }

    [Fact]
    public async Task The_old_connection_serves_while_no_new_one_can_be_made()
    {
        DingTalkStream stream = Start((_, _) => Task.FromResult(DingTalkAck.Received));
        StreamStubConnection old = await _stub.ConnectionAsync(1);
        _stub.RefuseHandshake = true;
        await old.SendAsync("SYSTEM", "disconnect", "{}");
        await AdvanceUntil(() => _stub.Opens.Count >= 3);
        await old.SendAsync("CALLBACK", DingTalkTopics.RobotMessage, Message, "m1");
        await old.AckAsync("m1");
        Assert.True(stream.Status.IsConnected);
        _stub.RefuseHandshake = false;
        await AdvanceUntil(() => _stub.Count == 2);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_lost_connection_comes_back_with_a_new_ticket(bool abort)
    {
        DingTalkStream stream = Start((_, _) => Task.FromResult(DingTalkAck.Received));
        StreamStubConnection first = await _stub.ConnectionAsync(1);
        // Not before the handshake is over on this side too: that would be a failed try.
        await Wait.Until(() => stream.Status.IsConnected);
        if (abort) first.Abort();
        else await first.CloseAsync();
        await AdvanceUntil(() => _stub.Count == 2);
        await PingedAsync(await _stub.ConnectionAsync(2));
        await Wait.Until(() => (stream.Status.Connects, stream.Status.Losses) == (2, 1));
    }

    [Fact]
    public async Task Failed_tries_wait_longer_and_longer_up_to_half_a_minute()
    {
        _stub.OnOpen = async (c, n) =>
        {
            if (n > 7) return false;
            await (n % 2 == 0 ? DingTalkStub.Html(c, 502, "<html>Bad gateway</html>") : DingTalkStub.Json(c, 500, """{"code":"server.error","message":"x"}"""));
            return true;
        };
        DateTimeOffset started = _clock.GetUtcNow();
        Start((_, _) => Task.FromResult(DingTalkAck.Received));
        await AdvanceUntil(() => _stub.Count == 1);
        // Without luck half of 1, 2, 4, 8, 16, 30, 30 s; the test's clock moves a second at a time and may run on a little.
        Assert.True(_clock.GetUtcNow() - started >= TimeSpan.FromSeconds(45.5));
    }

    [Theory]
    [InlineData("""{"code":"unauthorized.client","message":"x"}""", 401, DingTalkStreamFailure.AuthenticationFailed)]
    [InlineData("""{"code":"Forbidden.AccessDenied.IpNotInWhiteList","message":"x"}""", 403, DingTalkStreamFailure.Forbidden)]
    [InlineData("""{"code":"subscription.topic.invalid","message":"x"}""", 400, DingTalkStreamFailure.Configuration)]
    [InlineData("not the platform", 404, DingTalkStreamFailure.Configuration)]
    public async Task A_refusal_that_no_further_try_would_change_ends_it(string answer, int status, DingTalkStreamFailure failure)
    {
        _stub.OnOpen = async (c, _) =>
        {
            await DingTalkStub.Json(c, status, answer);
            return true;
        };
        var stream = new DingTalkStream(_platform.Client(clock: _clock), (_, _) => Task.FromResult(DingTalkAck.Received), random: new NoJitter());
        var refused = await Assert.ThrowsAsync<DingTalkStreamException>(() => stream.RunAsync(_stop.Token));
        Assert.Equal(failure, refused.Failure);
        Assert.DoesNotContain(DingTalkStub.ClientSecret, refused.ToString(), StringComparison.Ordinal);
        Assert.Equal(SocketState.Stopped, stream.Status.State);
    }

    [Theory]
    [InlineData("""{"endpoint":"ws://elsewhere/connect"}""")]
    [InlineData("""{"endpoint":"http://elsewhere/connect","ticket":"t"}""")]
    [InlineData("""{"ticket":"t"}""")]
    [InlineData("""{"status":1111,"wait":5,"source":"x5","punish":"deny"}""")]
    public async Task An_answer_without_an_address_is_a_failed_try(string answer)
    {
        _stub.OnOpen = async (c, n) =>
        {
            if (n > 1) return false;
            await DingTalkStub.Json(c, 200, answer);
            return true;
        };
        Start((_, _) => Task.FromResult(DingTalkAck.Received));
        await AdvanceUntil(() => _stub.Count == 1);
    }

    [Fact]
    public async Task A_connection_whose_pings_nobody_answers_is_given_up()
    {
        _stub.Deaf = true;
        Start((_, _) => Task.FromResult(DingTalkAck.Received),
            new DingTalkStreamOptions { KeepAliveInterval = TimeSpan.FromMilliseconds(50), KeepAliveTimeout = TimeSpan.FromMilliseconds(100) });
        await _stub.ConnectionAsync(1);
        _stub.Deaf = false;
        await AdvanceUntil(() => _stub.Count >= 2);
    }

    [Fact]
    public async Task No_more_are_at_work_than_allowed_and_no_more_wait()
    {
        var finish = new TaskCompletionSource();
        int atWork = 0;
        Start(async (_, _) =>
        {
            Interlocked.Increment(ref atWork);
            await finish.Task;
            return DingTalkAck.Received;
        }, new DingTalkStreamOptions { MaxInHand = 2, MaxWaiting = 1 });
        StreamStubConnection connection = await _stub.ConnectionAsync(1);
        for (int i = 1; i <= 4; i++) await connection.SendAsync("EVENT", "*", "{}", $"e{i}", new { eventType = "x", eventId = $"ev-{i}" });
        Assert.Contains("LATER", (await connection.AckAsync("e4")).Data, StringComparison.Ordinal);
        Assert.Equal(2, Volatile.Read(ref atWork));
        finish.SetResult();
        for (int i = 1; i <= 3; i++) Assert.Contains("SUCCESS", (await connection.AckAsync($"e{i}")).Data, StringComparison.Ordinal);
        Assert.Equal(3, atWork);
    }

    [Fact]
    public async Task Stopping_finishes_what_is_in_hand_and_says_goodbye()
    {
        var finish = new TaskCompletionSource();
        var begun = new TaskCompletionSource();
        DingTalkStream stream = Start(async (_, _) =>
        {
            begun.SetResult();
            await finish.Task;
            return DingTalkAck.Received;
        });
        StreamStubConnection connection = await _stub.ConnectionAsync(1);
        await connection.SendAsync("CALLBACK", DingTalkTopics.RobotMessage, Message, "m1");
        await begun.Task.WaitAsync(Patience, Cancel);
        await _stop.CancelAsync();
        finish.SetResult();
        await _running.WaitAsync(Patience, Cancel);
        await connection.AckAsync("m1");
        Assert.Equal(SocketState.Stopped, stream.Status.State);
        await connection.Ended.WaitAsync(Patience, Cancel);
        Assert.Equal(1, _stub.Count);
    }

    [Fact]
    public async Task A_card_s_answer_after_two_seconds_is_known_to_be_late()
    {
        var settled = new TaskCompletionSource<bool>();
        Start((_, _) =>
        {
            _clock.Advance(TimeSpan.FromSeconds(2.1));
            return Task.FromResult(DingTalkAck.Answer(CardAnswer.Nothing) with
            {
                AnswerSent = inTime =>
                {
                    settled.SetResult(inTime);
                    return Task.CompletedTask;
                },
            });
        });
        StreamStubConnection connection = await _stub.ConnectionAsync(1);
        await connection.SendAsync("CALLBACK", DingTalkTopics.CardCallback, """{"outTrackId":"c"}""", "c1");
        Assert.Equal("""{"response":{}}""", (await connection.AckAsync("c1")).Data);
        Assert.False(await settled.Task.WaitAsync(Patience, Cancel));
    }

    [Fact]
    public async Task It_runs_once_at_a_time_and_its_listener_may_fail()
    {
        DingTalkStream stream = Start((_, _) => Task.FromResult(DingTalkAck.Received));
        stream.StateChanged += _ => throw new InvalidOperationException("listener");
        await Assert.ThrowsAsync<InvalidOperationException>(() => stream.RunAsync(Cancel));
        StreamStubConnection connection = await _stub.ConnectionAsync(1);
        await connection.CloseAsync();
        await AdvanceUntil(() => _stub.Count == 2);
    }

    private static (int, string) Of(StubAck ack) => (ack.Code, ack.Data);

    private static async Task PingedAsync(StreamStubConnection connection)
    {
        string id = Guid.NewGuid().ToString("N");
        await connection.SendAsync("SYSTEM", "ping", "{}", id);
        await connection.AckAsync(id);
    }

    private async Task AdvanceUntil(Func<bool> condition)
    {
        long started = Environment.TickCount64;
        while (!condition())
        {
            Assert.True(Environment.TickCount64 - started < 60_000, "It did not happen within a minute.");
            // Only what sleeps is woken: a try that is on the network is not to be timed out by a clock that runs ahead of it.
            if (_clock.PendingTimers > 0) _clock.Advance(TimeSpan.FromSeconds(1));
            await Task.Delay(20, Cancel);
        }
    }

    /// <summary>Patient on the test's clock, which runs ahead of the network.</summary>
    private DingTalkClient Client() => _platform.Client(o => o.CallTimeout = o.AttemptTimeout = TimeSpan.FromHours(1), _clock);

    private DingTalkStream Start(DingTalkDispatcher dispatcher, DingTalkClient? client = null)
    {
        var stream = new DingTalkStream(client ?? Client(), dispatcher, random: new NoJitter());
        _running = stream.RunAsync(_stop.Token);
        return stream;
    }

    private DingTalkStream Start(DingTalkStreamHandler handler, DingTalkStreamOptions? options = null)
    {
        options ??= new DingTalkStreamOptions();
        options.ConnectTimeout = TimeSpan.FromHours(1); // on the test's clock, which runs ahead of the network
        var stream = new DingTalkStream(Client(), handler, options, random: new NoJitter());
        _running = stream.RunAsync(_stop.Token);
        return stream;
    }
}
