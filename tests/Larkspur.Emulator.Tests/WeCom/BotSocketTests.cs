#pragma warning disable CA5351 // The platform checks files by MD5.
using System.Net.WebSockets;
using System.Security.Cryptography;
using System.Text.Json.Nodes;

namespace Larkspur.Emulator.Tests.WeCom;

public sealed class BotSocketTests : WeComTest
{
    private const string Respond = "aibot_respond_msg";

    [Fact]
    public async Task A_wrong_secret_is_refused_and_nothing_else_is_heard()
    {
        await using var client = await BotClient.ConnectAsync(Emulator, "wrong");
        Assert.Equal(853000, Code(client.Subscription));
        Assert.Equal(853000, await client.CodeAsync("aibot_send_msg", new { chatid = "alice" }));
        await SayAsync("anybody there?");
        Assert.DoesNotContain((await Emulator.ControlAsync(HttpMethod.Get, "pushes"))["pushes"]!.AsArray(), p => p!["transport"]!.GetValue<string>() == "ws");
    }

    [Fact]
    public async Task An_answer_grows_frame_by_frame_before_the_persons_eyes()
    {
        await using var client = await BotClient.ConnectAsync(Emulator);
        await SayAsync("你好");
        var question = await client.NextAsync();
        var body = question["body"]!;
        Assert.Equal(("aibot_msg_callback", "text", "你好", "single", "alice", Corp.AiBotId),
            (Text(question, "cmd"), body["msgtype"]!.GetValue<string>(), body["text"]!["content"]!.GetValue<string>(), body["chattype"]!.GetValue<string>(), body["from"]!["userid"]!.GetValue<string>(), body["aibotid"]!.GetValue<string>()));
        Assert.Null(body["response_url"]);

        Assert.Equal(0, await client.StreamAsync(question, "s1", "一"));
        Assert.Equal(("一", false, 1), await StreamAsync());
        Assert.Equal(0, await client.StreamAsync(question, "s1", "一二"));
        Assert.Equal(("一二", false, 2), await StreamAsync());
        Assert.Equal(0, await client.StreamAsync(question, "s1", "一二三", finish: true));
        Assert.Equal(("一二三", true, 3), await StreamAsync());
        Assert.Equal(846608, await client.StreamAsync(question, "s1", "more"));
        Assert.Equal(2, (await MessagesAsync("aibot_alice")).Count);

        async Task<(string, bool, int)> StreamAsync()
        {
            var message = (await MessagesAsync("aibot_alice"))[^1];
            return (Text(message, "text"), message["stream"]!["finished"]!.GetValue<bool>(), message["stream"]!["frames"]!.GetValue<int>());
        }
    }

    [Fact]
    public async Task A_stream_lives_six_minutes_and_an_answer_a_day()
    {
        await using var client = await BotClient.ConnectAsync(Emulator);
        await SayAsync("slow");
        var question = await client.NextAsync();
        Assert.Equal(0, await client.StreamAsync(question, "s1", "begun"));
        await Emulator.AdvanceAsync(TimeSpan.FromMinutes(6));
        Assert.Equal(846608, await client.StreamAsync(question, "s1", "late"));
        Assert.Equal(846608, await client.StreamAsync(question, "s2", "late"));
        Assert.Equal(0, await client.CodeAsync(Respond, new { msgtype = "markdown", markdown = new { content = "still" } }, BotClient.ReqId(question)));
        await Emulator.AdvanceAsync(TimeSpan.FromHours(24));
        Assert.Equal(846605, await client.CodeAsync(Respond, new { msgtype = "markdown", markdown = new { content = "x" } }, BotClient.ReqId(question)));
        Assert.Equal(846605, await client.CodeAsync(Respond, new { msgtype = "markdown", markdown = new { content = "x" } }, "made-up"));
    }

    [Theory]
    [InlineData("""{"msgtype":"stream","stream":{"content":"x"}}""", 40058)]
    [InlineData("""{"msgtype":"stream"}""", 40058)]
    [InlineData("""{"msgtype":"stream_with_template_card","stream":{"id":"s","content":"x"}}""", 40008)]
    [InlineData("""{"msgtype":"stream","stream":{"id":"s","finish":true,"msg_item":[{"msgtype":"image","image":{"base64":"","md5":""}}]}}""", 40058)]
    [InlineData("""{"msgtype":"text","text":{"content":"x"}}""", 40008)]
    [InlineData("""{"msgtype":"file","file":{"media_id":"x"}}""", 40007)]
    [InlineData("""{"msgtype":"template_card","template_card":{"card_type":"x"}}""", 42031)]
    [InlineData("""{"msgtype":"markdown","markdown":{"content":""}}""", 44004)]
    public async Task An_answer_that_breaks_a_rule_is_refused(string answer, long code)
    {
        await using var client = await BotClient.ConnectAsync(Emulator);
        await SayAsync("hi");
        var question = await client.NextAsync();
        Assert.Equal(code, await client.CodeAsync(Respond, JsonNode.Parse(answer)!, BotClient.ReqId(question)));
        Assert.Single(await MessagesAsync("aibot_alice"));
    }

    [Fact]
    public async Task Texts_have_their_bound_in_bytes()
    {
        await using var client = await BotClient.ConnectAsync(Emulator);
        await SayAsync("long");
        var question = await client.NextAsync();
        Assert.Equal(0, await client.StreamAsync(question, "s", new string('x', 20_480)));
        Assert.Equal(45002, await client.StreamAsync(question, "s", new string('x', 20_478) + "字"));
    }

    [Fact]
    public async Task Thirty_frames_a_minute_are_enough_for_a_conversation()
    {
        await using var client = await BotClient.ConnectAsync(Emulator);
        await SayAsync("fast");
        var question = await client.NextAsync();
        for (var i = 0; i < 30; i++) Assert.Equal(0, await client.StreamAsync(question, "s", $"{i}"));
        Assert.Equal(45009, await client.StreamAsync(question, "s", "31"));
        Assert.Equal(45009, await client.CodeAsync("aibot_send_msg", new { chatid = "alice", msgtype = "markdown", markdown = new { content = "x" } }));
        await Emulator.AdvanceAsync(TimeSpan.FromMinutes(1));
        Assert.Equal(0, await client.StreamAsync(question, "s", "32", finish: true));
    }

    [Fact]
    public async Task The_bot_speaks_first_only_where_it_was_spoken_to()
    {
        await using var client = await BotClient.ConnectAsync(Emulator);
        object To(string chat, int type = 0) => new { chatid = chat, chat_type = type, msgtype = "markdown", markdown = new { content = "早" } };
        Assert.Equal(93006, await client.CodeAsync("aibot_send_msg", To("alice")));
        await SayAsync("hi");
        await client.NextAsync();
        Assert.Equal(0, await client.CodeAsync("aibot_send_msg", To("alice", 1)));
        Assert.Equal(93006, await client.CodeAsync("aibot_send_msg", To("alice", 2)));
        const string group = "wrLarkspurPurchasing0000000000001";
        Assert.Equal(93006, await client.CodeAsync("aibot_send_msg", To(group)));
        await ActAsync(new { platform = "wecom", @as = "alice", @do = "send", text = "谁负责?", to = "aibot", chat = group });
        var mentioned = await client.NextAsync();
        Assert.Equal(("group", group, "@Larkspur 谁负责?"), (mentioned["body"]!["chattype"]!.GetValue<string>(), mentioned["body"]!["chatid"]!.GetValue<string>(), mentioned["body"]!["text"]!["content"]!.GetValue<string>()));
        Assert.Equal(0, await client.CodeAsync("aibot_send_msg", To(group, 2)));
        await ActAsync(new { platform = "wecom", @as = "alice", @do = "send", text = "nobody hears", chat = group });
        Assert.Equal(["@Larkspur 谁负责?", "早", "nobody hears"], (await MessagesAsync(group)).Select(m => Text(m, "text")));
    }

    [Fact]
    public async Task Coming_in_is_told_once_a_day_and_welcomed_once_within_five_seconds()
    {
        await using var client = await BotClient.ConnectAsync(Emulator);
        object welcome = new { msgtype = "text", text = new { content = "欢迎" } };
        await ActAsync(new { platform = "wecom", @as = "alice", @do = "enter", to = "aibot" });
        var entered = await client.NextAsync();
        Assert.Equal("enter_chat", entered["body"]!["event"]!["eventtype"]!.GetValue<string>());
        Assert.Equal(0, await client.CodeAsync("aibot_respond_welcome_msg", welcome, BotClient.ReqId(entered)));
        Assert.Equal(846605, await client.CodeAsync("aibot_respond_welcome_msg", welcome, BotClient.ReqId(entered)));
        Assert.False((await ActAsync(new { platform = "wecom", @as = "alice", @do = "enter", to = "aibot" }))["ok"]!.GetValue<bool>());
        await Emulator.AdvanceAsync(TimeSpan.FromDays(1));
        await ActAsync(new { platform = "wecom", @as = "alice", @do = "enter", to = "aibot" });
        var again = await client.NextAsync();
        await Emulator.AdvanceAsync(TimeSpan.FromSeconds(5));
        Assert.Equal(846605, await client.CodeAsync("aibot_respond_welcome_msg", welcome, BotClient.ReqId(again)));
    }

    [Fact]
    public async Task A_card_is_pressed_and_updated_and_an_answer_is_rated()
    {
        await using var client = await BotClient.ConnectAsync(Emulator);
        await SayAsync("card");
        var question = await client.NextAsync();
        Assert.Equal(0, await client.CodeAsync(Respond, new { msgtype = "template_card", template_card = ButtonCard("t1", "yes", "no") }, BotClient.ReqId(question)));
        await ActAsync(new { platform = "wecom", @as = "alice", @do = "click", to = "aibot", key = "no" });
        var press = await client.NextAsync();
        var detail = press["body"]!["event"]!["template_card_event"]!;
        Assert.Equal(("no", "t1", "button_interaction"), (detail["event_key"]!.GetValue<string>(), detail["task_id"]!.GetValue<string>(), detail["card_type"]!.GetValue<string>()));
        object Update(string task) => new { response_type = "update_template_card", template_card = new { card_type = "text_notice", task_id = task, main_title = new { title = "拒绝" }, card_action = new { type = 0 } } };
        Assert.Equal(42014, await client.CodeAsync("aibot_respond_update_msg", Update("t2"), BotClient.ReqId(press)));
        Assert.Equal(0, await client.CodeAsync("aibot_respond_update_msg", Update("t1"), BotClient.ReqId(press)));
        Assert.Equal("拒绝", Text((await MessagesAsync("aibot_alice"))[^1], "text"));

        Assert.Equal(0, await client.StreamAsync(question, "s1", "答", finish: true, feedback: "f-1"));
        var answer = (await MessagesAsync("aibot_alice"))[^1];
        Assert.Equal("f-1", Text(answer, "feedback_id"));
        await ActAsync(new { platform = "wecom", @as = "alice", @do = "feedback", message_id = Text(answer, "message_id"), rating = "bad", content = "不准", reasons = new[] { 2 } });
        var rated = (await client.NextAsync())["body"]!["event"]!;
        Assert.Equal("""{"id":"f-1","type":2,"content":"不准","inaccurate_reason_list":[2]}""", Larkspur.Emulator.Wire.CanonicalJson.Write(rated["feedback_event"]));
    }

    [Fact]
    public async Task A_new_connection_throws_the_old_one_out()
    {
        await using var first = await BotClient.ConnectAsync(Emulator);
        await using var second = await BotClient.ConnectAsync(Emulator);
        Assert.Equal("disconnected_event", (await first.NextAsync())["body"]!["event"]!["eventtype"]!.GetValue<string>());
        await Assert.ThrowsAsync<WebSocketException>(first.NextAsync);
        await SayAsync("to the second");
        Assert.Equal("aibot_msg_callback", Text(await second.NextAsync(), "cmd"));
    }

    [Fact]
    public async Task A_file_goes_up_in_pieces_and_a_persons_file_comes_down_encrypted()
    {
        await using var client = await BotClient.ConnectAsync(Emulator);
        var bytes = RandomNumberGenerator.GetBytes(600 * 1024);
        var md5 = Convert.ToHexStringLower(MD5.HashData(bytes));
        var begun = await client.AskAsync("aibot_upload_media_init", new { type = "file", filename = "a.bin", total_size = bytes.Length, total_chunks = 2, md5 });
        var upload_id = begun["body"]!["upload_id"]!.GetValue<string>();
        Assert.Equal(40058, await client.CodeAsync("aibot_upload_media_chunk", new { upload_id, chunk_index = 3, base64_data = "QUJD" }));
        Assert.Equal(0, await client.CodeAsync("aibot_upload_media_chunk", new { upload_id, chunk_index = 1, base64_data = Convert.ToBase64String(bytes, 0, 512 * 1024) }));
        Assert.Equal(0, await client.CodeAsync("aibot_upload_media_chunk", new { upload_id, chunk_index = 2, base64_data = Convert.ToBase64String(bytes, 512 * 1024, 88 * 1024) }));
        var done = await client.AskAsync("aibot_upload_media_finish", new { upload_id });
        await SayAsync("file");
        var question = await client.NextAsync();
        Assert.Equal(0, await client.CodeAsync(Respond, new { msgtype = "file", file = new { media_id = done["body"]!["media_id"]!.GetValue<string>() } }, BotClient.ReqId(question)));
        Assert.Equal("a.bin", Text((await MessagesAsync("aibot_alice"))[^1], "text"));

        await ActAsync(new { platform = "wecom", @as = "alice", @do = "send", to = "aibot", msg_type = "image", base64 = Convert.ToBase64String(Png) });
        var image = (await client.NextAsync())["body"]!["image"]!;
        var sealed_ = await Emulator.Http.GetByteArrayAsync(image["url"]!.GetValue<string>(), Cancel);
        using var aes = Aes.Create();
        aes.Key = Convert.FromBase64String(image["aeskey"]!.GetValue<string>());
        var plain = aes.DecryptCbc(sealed_, aes.Key[..16], PaddingMode.None);
        Assert.Equal(Png, plain[..^plain[^1]]);
        await Emulator.AdvanceAsync(TimeSpan.FromMinutes(5));
        using var gone = await Emulator.Http.GetAsync(image["url"]!.GetValue<string>(), Cancel);
        Assert.Equal(404, (int)gone.StatusCode);
    }

    [Theory]
    [InlineData("not json")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("""{"cmd":"aibot_respond_msg","headers":{"req_id":7}}""")]
    [InlineData("""{"cmd":"../../etc","headers":{"req_id":"r"}}""")]
    [InlineData("""{"cmd":"ping","cmd":"ping","headers":{"req_id":"r"}}""")]
    public async Task A_broken_frame_is_refused_and_the_connection_lives(string frame)
    {
        await using var client = await BotClient.ConnectAsync(Emulator);
        await client.SendAsync(frame);
        Assert.Equal(40058, Code(await client.NextAsync()));
        Assert.Equal(0, await client.CodeAsync("ping", new { }));
    }

    [Fact]
    public async Task Too_large_or_binary_frames_end_the_connection_and_faults_hit_single_commands()
    {
        await using (var client = await BotClient.ConnectAsync(Emulator))
        {
            await Emulator.ControlAsync(HttpMethod.Post, "faults", new { path = "/aibot/ws/aibot_send_msg", status = 429, count = 1 });
            Assert.Equal(45009, await client.CodeAsync("aibot_send_msg", new { }));
            await client.SendAsync("x", WebSocketMessageType.Binary);
            await Assert.ThrowsAsync<WebSocketException>(client.NextAsync);
        }

        await using var other = await BotClient.ConnectAsync(Emulator);
        await other.SendAsync(new string('x', (1 << 20) + 1));
        await Assert.ThrowsAsync<WebSocketException>(other.NextAsync);
    }

    private Task SayAsync(string text) => ActAsync(new { platform = "wecom", @as = "alice", @do = "send", text, to = "aibot" });
}
