using System.Text.Json.Nodes;
using Larkspur.Emulator.WeCom.Callbacks;

namespace Larkspur.Emulator.Tests.WeCom;

public sealed class CallbackTests : WeComTest
{
    private const string VectorKey = "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG";

    [Theory]
    [InlineData("hello", "wwtest0001", "Q3stYC6hdFzMh9T8HCvyDOeIhHlXzS3ndXGTEaYhkRiJl8tCXvDDz6Z74kIJyp9Lk7YYHw2a1q9Yw+6dVnrZfw==", "c48b760851ed4eedecd0724912876864a8b2cf1e")]
    [InlineData("ab", "wwtest0001", "Q3stYC6hdFzMh9T8HCvyDJ7SYgErHOxAlEI/M8v1Efmp5tP7hKCAjIi62l3j3JQvaZIgwwGuxPzfKfjrgzB4kQ==", "a1ea334a71e2f74fa814a4cd6d5c4ab53cc401a5")]
    [InlineData("""{"msgid":"m1"}""", "", "Q3stYC6hdFzMh9T8HCvyDEY2iVidOrlnhoSdcl1GE0VScv6lMfzxWkBYVae0NNBcmHSZ66vTMYCvZkZkSSM8qQ==", "44de367521a1d248ddb4a931d7f54ffc9bad1fc7")]
    public void Texts_are_sealed_and_signed_as_in_the_published_vectors(string text, string receiver, string encrypted, string signature)
    {
        var crypt = new CallbackCrypt("larkToken", VectorKey, receiver);
        Assert.Equal(encrypted, crypt.Encrypt(text, "0123456789abcdef"u8));
        Assert.Equal(signature, crypt.Sign("1700000000", "nonce42", encrypted));
        Assert.Equal(text, crypt.Open(signature, "1700000000", "nonce42", encrypted));
        Assert.Throws<BadCallbackException>(() => crypt.Open(signature, "1700000001", "nonce42", encrypted));
        Assert.Throws<BadCallbackException>(() => new CallbackCrypt("larkToken", VectorKey, "wwother").Open(signature, "1700000000", "nonce42", encrypted));
    }

    [Fact]
    public async Task An_address_is_taken_after_it_answered_the_check_with_the_bare_text()
    {
        await using var receiver = await WeComReceiver.StartAsync();
        receiver.Answer = _ => (200, "\"quoted\"");
        Assert.Contains("echostr", await RefusedActionAsync(new { platform = "wecom", @do = "set_callback", url = receiver.Url }), StringComparison.Ordinal);
        receiver.Answer = _ => (500, "");
        Assert.Contains("500", await RefusedActionAsync(new { platform = "wecom", @do = "set_callback", url = receiver.Url }), StringComparison.Ordinal);
        receiver.Answer = _ => (200, "");
        await ActAsync(new { platform = "wecom", @do = "set_callback", url = receiver.Url });
        Assert.Equal(receiver.Url, Text(await StateAsync(), "callback_url"));
    }

    [Fact]
    public async Task What_a_person_says_arrives_and_the_answer_stands_in_the_chat()
    {
        await using var receiver = await StartReceiverAsync();
        receiver.Answer = r => (200, receiver.Reply(WeComReceiver.PassiveText(r.Element("FromUserName"), "echo " + r.Element("Content"))));
        var said = await ActAsync(new { platform = "wecom", @as = "alice", @do = "send", text = "订单 ]]> <b>&😀", to = "app" });
        var request = await receiver.NextAsync();
        Assert.True(request.Signed);
        Assert.Equal((Corp.CorpId, Corp.CorpId, "alice", "text", "订单 ]]> <b>&😀", Text(said, "msgid"), "1000002", "text/xml; charset=utf-8"),
            (request.Receiver, request.Element("ToUserName"), request.Element("FromUserName"), request.Element("MsgType"), request.Element("Content"), request.Element("MsgId"), request.Element("AgentID"), request.ContentType));
        var answer = await WaitAsync(new { platform = "wecom", @as = "alice", @do = "wait", from = "app", after = Text(said, "message_id") });
        Assert.Equal("echo 订单 ]]> <b>&😀", Text(answer, "text"));
    }

    [Fact]
    public async Task A_failing_address_is_tried_three_times_with_the_same_message()
    {
        await using var receiver = await StartReceiverAsync();
        var tries = 0;
        receiver.Answer = _ => (Interlocked.Increment(ref tries) < 3 ? 502 : 200, "success");
        var said = await ActAsync(new { platform = "wecom", @as = "bob", @do = "send", text = "hi" });
        var requests = new[] { await receiver.NextAsync(), await receiver.NextAsync(), await receiver.NextAsync() };
        Assert.Single(requests.Select(r => (r.Element("MsgId"), r.Element("CreateTime"))).Distinct());
        Assert.Equal(3, requests.Select(r => r.Raw).Distinct().Count());
        Assert.Equal("accepted", await OutcomeAsync(Text(said, "message_id")));
        var pushes = (await Emulator.ControlAsync(HttpMethod.Get, "pushes"))["pushes"]!.AsArray().Where(p => p!["type"]!.GetValue<string>() == "text");
        Assert.Equal([3, 2, 1], pushes.Select(p => p!["attempt"]!.GetValue<int>()));
    }

    [Theory]
    [InlineData("forged", "-40001")]
    [InlineData("receiver", "-40005")]
    [InlineData("person", "-40005")]
    [InlineData("dtd", "-40002")]
    [InlineData("kind", "40008")]
    [InlineData("update", "template_card_event")]
    public async Task An_answer_that_is_not_right_shows_nothing(string flaw, string verdict)
    {
        await using var receiver = await StartReceiverAsync();
        var right = WeComReceiver.PassiveText("alice", "answer");
        receiver.Answer = _ => (200, flaw switch
        {
            "forged" => receiver.Reply(right, token: "other"),
            "receiver" => receiver.Reply(right, receiver: "wwother"),
            "person" => receiver.Reply(WeComReceiver.PassiveText("bob", "answer")),
            "dtd" => "<!DOCTYPE xml [<!ENTITY a \"b\">]><xml>&a;</xml>",
            "kind" => receiver.Reply(right.Replace("[text]", "[hologram]", StringComparison.Ordinal)),
            _ => receiver.Reply(right.Replace("[text]", "[update_button]", StringComparison.Ordinal)),
        });
        var said = await ActAsync(new { platform = "wecom", @as = "alice", @do = "send", text = "hi" });
        Assert.Contains(verdict, await OutcomeAsync(Text(said, "message_id")), StringComparison.Ordinal);
        Assert.Single(await MessagesAsync(AppChat("alice")));
    }

    [Fact]
    public async Task Coming_in_and_pictures_have_their_fields()
    {
        await using var receiver = await StartReceiverAsync();
        await ActAsync(new { platform = "wecom", @as = "carol", @do = "enter" });
        Assert.Equal(("enter_agent", ""), (await receiver.NextAsync()) is var entered ? (entered.Element("Event"), entered.Element("EventKey")) : default);
        await ActAsync(new { platform = "wecom", @as = "carol", @do = "send", msg_type = "image", base64 = Convert.ToBase64String(Png) });
        var picture = await receiver.NextAsync();
        Assert.Equal(Png, await Emulator.Http.GetByteArrayAsync(picture.Element("PicUrl"), Cancel));
        using var media = await Emulator.Http.GetAsync($"/cgi-bin/media/get?access_token={await TokenAsync()}&media_id={picture.Element("MediaId")}", Cancel);
        Assert.Equal(Png, await media.Content.ReadAsByteArrayAsync(Cancel));
        Assert.Contains("file", await RefusedActionAsync(new { platform = "wecom", @as = "carol", @do = "send", msg_type = "file", base64 = "QUJD" }), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Events_can_be_doubled_and_put_out_of_order()
    {
        await using var receiver = await StartReceiverAsync();
        await Emulator.ControlAsync(HttpMethod.Post, "faults", new { @event = "text", reply = "duplicate", count = 1 });
        await ActAsync(new { platform = "wecom", @as = "alice", @do = "send", text = "twice" });
        Assert.Equal((await receiver.NextAsync()).Element("MsgId"), (await receiver.NextAsync()).Element("MsgId"));
        await Emulator.ControlAsync(HttpMethod.Post, "faults", new { @event = "text", reply = "reorder", count = 1 });
        await ActAsync(new { platform = "wecom", @as = "alice", @do = "send", text = "first" });
        await ActAsync(new { platform = "wecom", @as = "alice", @do = "send", text = "second" });
        Assert.Equal(["second", "first"], new[] { (await receiver.NextAsync()).Element("Content"), (await receiver.NextAsync()).Element("Content") });
    }

    [Fact]
    public async Task Anything_can_be_pushed_by_hand()
    {
        await using var receiver = await WeComReceiver.StartAsync();
        receiver.Answer = _ => (200, "success");
        var pushed = await PushAsync($$$"""
            {"platform":"wecom","transport":"webhook","callbackUrl":"{{{receiver.Url}}}","type":"sys_approval_change","repeat":2,"event":{"FromUserName":"sys","CreateTime":1700000000,
            "ApprovalInfo":{"SpNo":202611210001,"SpStatus":2,"Notifyer":[{"UserId":"bob"},{"UserId":"carol"}]} } }
            """);
        Assert.Equal((200, 2), (pushed["status"]!.GetValue<int>(), pushed["results"]!.AsArray().Count));
        var request = await receiver.NextAsync();
        Assert.Equal(("sys", "1700000000", "202611210001"), (request.Element("FromUserName"), request.Element("CreateTime"), request.Element("SpNo")));
        Assert.Contains("<Notifyer><UserId><![CDATA[bob]]></UserId></Notifyer><Notifyer>", request.Text, StringComparison.Ordinal);
        await receiver.NextAsync();

        await PushAsync($$$"""{"platform":"wecom","callbackUrl":"{{{receiver.Url}}}","type":"text","encrypt":false,"event":{"MsgId":"77","Content":"plain"} }""");
        var plain = await receiver.NextAsync();
        Assert.Equal((false, "plain", "77"), (plain.Signed, plain.Element("Content"), plain.Element("MsgId")));
    }

    private Task<JsonObject> PushAsync(string body) => Emulator.ControlAsync(HttpMethod.Post, "push", JsonNode.Parse(body));

    private async Task<string> OutcomeAsync(string messageId)
    {
        using var watch = Emulator.State.Watch();
        using var timer = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (true)
        {
            var outcome = (await StateAsync())["messages"]!.AsArray().Single(m => m!["message_id"]!.GetValue<string>() == messageId)!["outcome"]!.GetValue<string>();
            if (outcome.Length > 0) return outcome;
            await watch.Changes.ReadAsync(timer.Token);
        }
    }

    private async Task<WeComReceiver> StartReceiverAsync()
    {
        var receiver = await WeComReceiver.StartAsync();
        await ActAsync(new { platform = "wecom", @do = "set_callback", url = receiver.Url, verify = false });
        return receiver;
    }
}
