namespace Larkspur.Emulator.Tests.WeCom;

public sealed class BotPollTests : WeComTest
{
    /// <summary>The platform asks again every second.</summary>
    protected override TimeProvider Time => TimeProvider.System;

    [Fact]
    public async Task Without_a_connection_the_address_is_asked_again_until_the_stream_ends()
    {
        await using var receiver = await WeComReceiver.StartAsync();
        await ActAsync(new { platform = "wecom", @do = "set_callback", of = "aibot", url = receiver.Url, verify = false });
        var asked = 0;
        receiver.Answer = r => (200, receiver.JsonReply(Interlocked.Increment(ref asked) switch
        {
            1 => """{"msgtype":"stream","stream":{"id":"s1","finish":false,"content":"一","feedback":{"id":"f"}}}""",
            2 => """{"msgtype":"stream","stream":{"id":"s1","finish":false,"content":"一二"}}""",
            _ => """{"msgtype":"stream","stream":{"id":"s1","finish":true,"content":"一二三"}}""",
        }));
        await ActAsync(new { platform = "wecom", @as = "alice", @do = "send", text = "hi", to = "aibot" });
        var first = await receiver.NextAsync();
        Assert.True(first.Signed);
        Assert.Equal(("", "text", "application/json; charset=utf-8"), (first.Receiver, Text(first.Json, "msgtype"), first.ContentType));
        Assert.NotNull(first.Json["response_url"]);
        var message = await WaitAsync(new { platform = "wecom", @as = "alice", @do = "wait", to = "aibot", from = "aibot", finished = true });
        Assert.Equal(("一二三", 3, "f"), (Text(message, "text"), message["stream"]!["frames"]!.GetValue<int>(), Text(message, "feedback_id")));
        var poll = await receiver.NextAsync();
        Assert.Equal(("stream", "s1", "alice"), (Text(poll.Json, "msgtype"), poll.Json["stream"]!["id"]!.GetValue<string>(), poll.Json["from"]!["userid"]!.GetValue<string>()));
    }
}
