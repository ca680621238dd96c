using System.Net.WebSockets;
using System.Text;
using System.Text.Json;
using Larkspur.Feishu.Events;
using Larkspur.Feishu.LongConnection;

namespace Larkspur.Messaging.Tests.LongConnection;

/// <summary>Frames against bytes made by hand.</summary>
public sealed class FrameTests
{
    /// <summary>SeqID 0, LogID 0, service 3355, method 0, header type=ping: the zeros are written too.</summary>
    private const string Ping = "0800" + "1000" + "189B1A" + "2000" + "2A0C" + "0A0474797065" + "120470696E67";

    [Fact]
    public async Task The_first_ping_comes_at_once_and_has_every_required_field()
    {
        await using var platform = await SocketPlatform.StartAsync();
        await using var client = new RunningConnection(platform.Address);
        var socket = await platform.NextAsync();
        Assert.Equal(Ping, Convert.ToHexString((await socket.PingAsync()).ToBytes()[..^2])); // without the empty payload that WireFrame writes
        Assert.Equal(SocketPlatform.AppId, platform.LastRequest!["AppID"]!.GetValue<string>());
        Assert.Equal(SocketPlatform.Secret, platform.LastRequest!["AppSecret"]!.GetValue<string>());
    }

    [Fact]
    public async Task An_event_is_answered_with_its_own_frame_once_the_handler_is_done()
    {
        await using var platform = await SocketPlatform.StartAsync();
        var durable = new TaskCompletionSource();
        await using var client = new RunningConnection(platform.Address, async _ =>
        {
            await durable.Task;
            return FeishuAck.Received;
        });
        var socket = await platform.NextAsync();
        var sent = socket.Part("m1", "1", "0", Encoding.UTF8.GetBytes(Events.Message("ev_1")));
        await socket.SendAsync(sent);
        var delivery = await client.NextAsync();
        Assert.Equal(("ev_1", "im.message.receive_v1", FeishuDeliveryKind.Event, "2.0"), (delivery.EventId, delivery.EventType, delivery.Kind, delivery.Schema));
        Assert.False(socket.HasAnswer);

        durable.SetResult();
        var answer = await socket.AnswerAsync();
        Assert.Equal((sent.SeqId, sent.LogId, sent.Service, sent.Method), (answer.SeqId, answer.LogId, answer.Service, answer.Method));
        Assert.Equal(sent.Headers, answer.Headers.Take(sent.Headers.Count));
        Assert.Equal("biz_rt", answer.Headers[^1].Key);
        Assert.True(long.Parse(answer.Headers[^1].Value) >= 0);
        Assert.Equal((sent.PayloadEncoding, sent.PayloadType, sent.LogIdNew), (answer.PayloadEncoding, answer.PayloadType, answer.LogIdNew));
        Assert.Equal("""{"code":200}""", answer.Text);
    }

    [Fact]
    public async Task A_click_is_answered_with_the_body_in_base64_and_its_handler_hears_that_it_left()
    {
        await using var platform = await SocketPlatform.StartAsync();
        var settled = new TaskCompletionSource<bool>();
        await using var client = new RunningConnection(platform.Address, _ => Task.FromResult(FeishuAck.Answer("""{"toast":{"type":"info","content":"好"}}"""u8.ToArray(), left =>
        {
            settled.SetResult(left);
            return Task.CompletedTask;
        })));
        var socket = await platform.NextAsync();
        await socket.PushAsync(Events.Click("ev_c"));
        var answer = JsonDocument.Parse((await socket.AnswerAsync()).Text).RootElement;
        Assert.Equal(200, answer.GetProperty("code").GetInt32());
        Assert.Equal("""{"toast":{"type":"info","content":"好"}}""", Encoding.UTF8.GetString(answer.GetProperty("data").GetBytesFromBase64()));
        Assert.True(await settled.Task.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken));
        Assert.Equal(FeishuDeliveryKind.Callback, (await client.NextAsync()).Kind);
    }

    [Fact]
    public async Task A_failing_handler_is_a_500()
    {
        await using var platform = await SocketPlatform.StartAsync();
        await using var client = new RunningConnection(platform.Address, _ => throw new InvalidOperationException("no disk"));
        var socket = await platform.NextAsync();
        await socket.PushAsync(Events.Message("ev_f"));
        Assert.Equal("""{"code":500}""", (await socket.AnswerAsync()).Text);
        Assert.Contains(client.Log, line => line.Contains("ev_f", StringComparison.Ordinal) && line.Contains("no disk", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Schema_1_is_read_as_well()
    {
        await using var platform = await SocketPlatform.StartAsync();
        await using var client = new RunningConnection(platform.Address);
        await (await platform.NextAsync()).PushAsync(Events.First("uuid-1"));
        var delivery = await client.NextAsync();
        Assert.Equal(("uuid-1", "approval_instance", "1.0"), (delivery.EventId, delivery.EventType, delivery.Schema));
    }

    [Theory]
    [InlineData("not json")]
    [InlineData("""{"schema":"2.0","header":{"event_id":"e","event_id":"f","event_type":"x"},"event":{}}""")]
    [InlineData("""{"encrypt":"AAAA"}""")]
    [InlineData("""{"challenge":"c","token":"t","type":"url_verification"}""")]
    public async Task What_is_no_event_is_refused_and_the_connection_lives_on(string payload)
    {
        await using var platform = await SocketPlatform.StartAsync();
        await using var client = new RunningConnection(platform.Address);
        var socket = await platform.NextAsync();
        await socket.PushAsync(payload);
        Assert.Equal("""{"code":500}""", (await socket.AnswerAsync()).Text);
        await socket.PushAsync(Events.Message("ev_next"));
        Assert.Equal("ev_next", (await client.NextAsync()).EventId);
    }

    [Fact]
    public async Task An_event_of_another_app_is_refused()
    {
        await using var platform = await SocketPlatform.StartAsync();
        await using var client = new RunningConnection(platform.Address);
        var socket = await platform.NextAsync();
        await socket.PushAsync(Events.Message("ev_other", appId: "cli_ffffffffffffffff"));
        Assert.Equal("""{"code":500}""", (await socket.AnswerAsync()).Text);
        Assert.Contains(client.Log, line => line.Contains("WrongApp", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Noise_is_left_without_an_answer()
    {
        await using var platform = await SocketPlatform.StartAsync();
        await using var client = new RunningConnection(platform.Address);
        var socket = await platform.NextAsync();
        await socket.SendAsync([0xff, 0xff, 0xff], WebSocketMessageType.Binary);
        await socket.SendAsync([0x08, 0x01], WebSocketMessageType.Binary); // a frame without its required fields
        await socket.SendAsync("hello"u8.ToArray(), WebSocketMessageType.Text);
        await socket.PushAsync(Events.Click("ev_card"), type: "card"); // no client takes these
        await socket.PushAsync(Events.Message("ev_real"));
        Assert.Equal("ev_real", (await client.NextAsync()).EventId);
        Assert.Equal("""{"code":200}""", (await socket.AnswerAsync()).Text);
        Assert.False(socket.HasAnswer);
    }
}
