using System.Net.WebSockets;
using System.Text.Json.Nodes;

namespace Larkspur.Emulator.Tests.DingTalk;

public sealed class StreamTests : DingTalkTest
{
    [Fact]
    public async Task Opening_wants_the_secret_and_topics_that_are_enabled()
    {
        var wrong = await OpenAsync(StreamClient.Opening("wrong"));
        Assert.Equal((401, "authFailed"), (wrong.Status, wrong.Code));
        Assert.Equal(400, (await OpenAsync(StreamClient.Opening(App.ClientSecret, ("EVENT", "bpms_instance_change")))).Status);
        Assert.Equal(400, (await OpenAsync(StreamClient.Opening(App.ClientSecret, ("CALLBACK", "/v1.0/nothing")))).Status);
        Assert.StartsWith("ws://", (await OpenAsync(StreamClient.Opening(App.ClientSecret))).Json["endpoint"]!.GetValue<string>(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_accept_json_the_answer_is_xml()
    {
        var reply = await SendAsync(HttpMethod.Post, "/v1.0/gateway/connections/open", StreamClient.Opening(App.ClientSecret));
        Assert.StartsWith("<?xml", reply.Text, StringComparison.Ordinal);
        Assert.Contains("<ticket>", reply.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_ticket_opens_one_connection_within_90_seconds()
    {
        var url = await AddressAsync();
        await using var first = await StreamClient.DialAsync(url);
        await Assert.ThrowsAsync<WebSocketException>(() => StreamClient.DialAsync(url));
        var late = await AddressAsync();
        await Emulator.AdvanceAsync(TimeSpan.FromSeconds(91));
        await Assert.ThrowsAsync<WebSocketException>(() => StreamClient.DialAsync(late));
    }

    [Fact]
    public async Task An_event_has_its_name_in_the_headers_and_only_data_in_the_frame()
    {
        await using var client = await StreamClient.ConnectAsync(Emulator.Http);
        var pushed = PushAsync(new { processInstanceId = "pi-1", type = "start" });
        var frame = await client.NextAsync();
        await client.AckAsync(frame, """{"status":"SUCCESS","message":"ok"}""");
        var answer = await pushed;
        Assert.Equal((200, "stream-1"), (answer["status"]!.GetValue<int>(), answer["through"]!.GetValue<string>()));
        Assert.Equal(("EVENT", "*", "bpms_instance_change"), (frame.Type, frame.Topic, frame.Header("eventType")));
        Assert.Equal(App.CorpId, frame.Header("eventCorpId"));
        Assert.Equal("pi-1", frame.Data["processInstanceId"]!.GetValue<string>());
    }

    [Fact]
    public async Task A_frame_goes_to_one_connection_that_listens_to_it()
    {
        await using var events = await StreamClient.ConnectAsync(Emulator.Http, ("EVENT", "*"));
        await using var robot = await StreamClient.ConnectAsync(Emulator.Http, ("CALLBACK", "/v1.0/im/bot/messages/get"));
        await SayAsync("for the robot");
        Assert.Equal(" for the robot".Trim(), (await robot.NextAsync()).Data["text"]!["content"]!.GetValue<string>());
        var pushed = PushAsync(new { });
        await events.AckAsync(await events.NextAsync(), """{"status":"SUCCESS"}""");
        Assert.Equal("stream-1", (await pushed)["through"]!.GetValue<string>());
    }

    [Fact]
    public async Task A_message_that_nobody_acknowledges_comes_once_more_under_the_same_id()
    {
        await using var client = await StreamClient.ConnectAsync(Emulator.Http);
        await SayAsync("hello");
        var first = await client.NextAsync();
        await Emulator.AdvanceAsync(TimeSpan.FromSeconds(61));
        var second = await client.NextAsync();
        Assert.Equal(first.Header("messageId"), second.Header("messageId"));
        Assert.Equal(first.Data["msgId"]!.GetValue<string>(), second.Data["msgId"]!.GetValue<string>());
        await client.AckAsync(second, """{"response":null}""");
        var pushes = await PushesAsync(2);
        Assert.Equal([2, 1], pushes.Select(p => p.Attempt));
    }

    [Fact]
    public async Task A_connection_is_told_before_it_is_closed_and_gets_nothing_new()
    {
        await using var leaving = await StreamClient.ConnectAsync(Emulator.Http);
        await ActAsync(new { platform = "dingtalk", @do = "disconnect", reason = "upgrade" });
        var notice = await leaving.NextAsync();
        Assert.Equal(("SYSTEM", "disconnect", "upgrade"), (notice.Type, notice.Topic, notice.Data["reason"]!.GetValue<string>()));
        await using var next = await StreamClient.ConnectAsync(Emulator.Http);
        await SayAsync("after");
        Assert.Equal("after", (await next.NextAsync()).Data["text"]!["content"]!.GetValue<string>());
        await Emulator.AdvanceAsync(TimeSpan.FromSeconds(11));
        Assert.Null(await leaving.ReceiveAsync());
    }

    [Fact]
    public async Task What_goes_to_a_deaf_connection_is_lost_and_it_hears_again_when_it_is_no_more()
    {
        await using var client = await StreamClient.ConnectAsync(Emulator.Http);
        await ActAsync(new { platform = "dingtalk", @do = "deaf" });
        Assert.True((await StateAsync())["connections"]![0]!["deaf"]!.GetValue<bool>());
        await SayAsync("unheard");
        await UntilAsync(async () =>
        {
            await Emulator.AdvanceAsync(TimeSpan.FromSeconds(30));
            return Emulator.State.Inspector.Pushes().Count == 2; // both tries
        });
        await ActAsync(new { platform = "dingtalk", @do = "deaf", remove = true });
        await SayAsync("heard");
        Assert.Equal("heard", (await client.NextAsync()).Data["text"]!["content"]!.GetValue<string>());
    }

    [Fact]
    public async Task A_dropped_connection_is_gone_from_the_list()
    {
        await using var client = await StreamClient.ConnectAsync(Emulator.Http);
        await ActAsync(new { platform = "dingtalk", @do = "disconnect", id = "stream-1", abrupt = true });
        Assert.Null(await client.ReceiveAsync());
        await UntilAsync(async () => (await StateAsync())["connections"]!.AsArray().Count == 0);
    }

    [Fact]
    public async Task What_is_no_acknowledgement_is_counted_and_hurts_nobody()
    {
        await using var client = await StreamClient.ConnectAsync(Emulator.Http);
        foreach (var nonsense in new[] { "hello", "[]", """{"headers":{}}""", """{"code":200,"headers":{"messageId":"never sent"}}""" }) await client.SendAsync(nonsense);
        await UntilAsync(async () => (await StateAsync())["connections"]![0]!["strays"]!.GetValue<int>() == 4);
        var pushed = PushAsync(new { });
        await client.AckAsync(await client.NextAsync(), "", 404);
        Assert.Equal(404, (await pushed)["status"]!.GetValue<int>());
    }

    [Fact]
    public async Task Opening_can_be_refused_for_a_while()
    {
        await ActAsync(new { platform = "dingtalk", @do = "refuse", status = 503, count = 1 });
        Assert.Equal(503, (await OpenAsync(StreamClient.Opening(App.ClientSecret))).Status);
        Assert.Equal(200, (await OpenAsync(StreamClient.Opening(App.ClientSecret))).Status);
    }

    private Task<DingTalkReply> OpenAsync(object body) => SendAsync(HttpMethod.Post, "/v1.0/gateway/connections/open", body, accept: "application/json");

    private async Task<string> AddressAsync() => (await OpenAsync(StreamClient.Opening(App.ClientSecret))).Json is var answer ? $"{answer["endpoint"]}?ticket={answer["ticket"]}" : "";

    private Task<JsonObject> PushAsync(object @event) => Emulator.ControlAsync(HttpMethod.Post, "push", new { platform = "dingtalk", transport = "stream", type = "bpms_instance_change", @event });

    private Task SayAsync(string text) => ActAsync(new { platform = "dingtalk", @as = "alice", @do = "send", text });
}
