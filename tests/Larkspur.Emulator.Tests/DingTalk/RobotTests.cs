using System.Globalization;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace Larkspur.Emulator.Tests.DingTalk;

public sealed class RobotTests : DingTalkTest
{
    // The seeded robot of the purchasing group, as docs/emulator-dingtalk.md names it.
    private const string Webhook = "/robot/send?access_token=5f0d2a7be1c94b0fa6d38e2c71b4905d";
    private const string Secret = "SECemulatorgrouprobot";

    [Fact]
    public async Task A_message_names_its_sender_and_where_to_answer()
    {
        await using var client = await StreamClient.ConnectAsync(Emulator.Http);
        var sent = await SayAsync("hello");
        var frame = await client.NextAsync();
        var body = frame.Data;
        Assert.Equal(("CALLBACK", "/v1.0/im/bot/messages/get"), (frame.Type, frame.Topic));
        Assert.Equal(("1", "alice", "text", "hello"), (Said("conversationType"), Said("senderStaffId"), Said("msgtype"), body["text"]!["content"]!.GetValue<string>()));
        Assert.Equal(sent["message_id"]!.GetValue<string>(), Said("msgId"));
        Assert.StartsWith("$:LWCP_v1:$", Said("senderId"), StringComparison.Ordinal);
        Assert.InRange(body["sessionWebhookExpiredTime"]!.GetValue<long>() - body["createAt"]!.GetValue<long>(), 5_400_000, 5_460_000);
        Assert.Null(body["conversationTitle"]);

        string Said(string name) => body[name]!.GetValue<string>();
    }

    [Fact]
    public async Task In_a_group_the_robot_hears_what_mentions_it_and_no_files()
    {
        await using var client = await StreamClient.ConnectAsync(Emulator.Http);
        var group = await GroupAsync();
        Assert.False((await ActAsync(new { platform = "dingtalk", @as = "alice", @do = "send", chat = group, text = "among us", at = false }))["delivered_to_robot"]!.GetValue<bool>());
        Assert.False((await ActAsync(new { platform = "dingtalk", @as = "alice", @do = "send", chat = group, msg_type = "file", name = "a.pdf", base64 = "AAAA" }))["delivered_to_robot"]!.GetValue<bool>());
        await ActAsync(new { platform = "dingtalk", @as = "alice", @do = "send", chat = group, text = "approve", at_people = new[] { "bob" } });
        var body = (await client.NextAsync()).Data;
        Assert.Equal(("2", group, "采购协作群", " approve"), (body["conversationType"]!.GetValue<string>(), body["conversationId"]!.GetValue<string>(), body["conversationTitle"]!.GetValue<string>(), body["text"]!["content"]!.GetValue<string>()));
        Assert.Equal(body["chatbotUserId"]!.GetValue<string>(), body["atUsers"]![0]!["dingtalkId"]!.GetValue<string>());
        Assert.Equal("bob", body["atUsers"]![1]!["staffId"]!.GetValue<string>());
    }

    [Fact]
    public async Task Without_a_stream_messages_are_posted_with_a_signature_and_the_response_may_answer()
    {
        await using var receiver = await WebhookReceiver.StartAsync();
        receiver.Answer = _ => (200, """{"msgtype":"text","text":{"content":"at once"}}""");
        await ActAsync(new { platform = "dingtalk", @do = "configure", callbackUrl = receiver.Url });
        await SayAsync("hello");
        var received = await receiver.NextAsync();
        var timestamp = received.Headers["timestamp"];
        Assert.Equal(Convert.ToBase64String(HMACSHA256.HashData(Encoding.UTF8.GetBytes(App.ClientSecret), Encoding.UTF8.GetBytes(timestamp + "\n" + App.ClientSecret))), received.Headers["sign"]);
        Assert.Equal("hello", received.Json["text"]!["content"]!.GetValue<string>());
        await PushesAsync(1);
        Assert.Equal(["hello", "at once"], (await MessagesAsync()).Select(m => m["text"]!.GetValue<string>()));
    }

    [Fact]
    public async Task A_session_is_answered_until_it_ends()
    {
        await using var client = await StreamClient.ConnectAsync(Emulator.Http);
        await SayAsync("hello");
        var path = new Uri((await client.NextAsync()).Data["sessionWebhook"]!.GetValue<string>()).PathAndQuery;
        Assert.Equal(0, (await SendAsync(HttpMethod.Post, path, new { msgtype = "actionCard", actionCard = new { title = "t", text = "# x", btns = new[] { new { title = "Open", actionURL = "https://a.example" } } } })).ErrCode);
        Assert.Equal(0, (await SendAsync(HttpMethod.Post, path, new { msgtype = "empty" })).ErrCode);
        Assert.Equal(400105, (await SendAsync(HttpMethod.Post, path, new { msgtype = "sampleText" })).ErrCode);
        Assert.Equal(40035, (await SendAsync(HttpMethod.Post, path, new { msgtype = "link", link = new { title = "t", text = "x", messageURL = "https://a.example" } })).ErrCode);
        var said = Assert.Single(await MessagesAsync(), m => m["sender"]!["type"]!.GetValue<string>() == "robot");
        Assert.Equal("https://a.example", said["links"]![0]!["url"]!.GetValue<string>());
        await Emulator.AdvanceAsync(TimeSpan.FromSeconds(5401));
        Assert.Equal(40035, (await SendAsync(HttpMethod.Post, path, new { msgtype = "text", text = new { content = "late" } })).ErrCode);
    }

    [Fact]
    public async Task Over_the_month_a_message_comes_without_its_texts()
    {
        await ActAsync(new { platform = "dingtalk", @do = "configure", edition = "standard", deliveries = 3000 });
        await using var client = await StreamClient.ConnectAsync(Emulator.Http);
        await SayAsync("hello");
        var body = (await client.NextAsync()).Data;
        Assert.Equal("20001", body["errorCode"]!.GetValue<string>());
        Assert.Null(body["text"]);
    }

    [Fact]
    public async Task The_robot_writes_to_people_asks_who_read_it_and_takes_it_back()
    {
        await ActAsync(new { platform = "dingtalk", @do = "configure", flow_controlled = new[] { "carol" } });
        var sent = (await BatchAsync(["alice", "bob", "carol", "mallory"], "sampleMarkdown", """{"title":"t","text":"# hi"}""")).Json;
        Assert.Equal(("mallory", "carol"), (sent["invalidStaffIdList"]![0]!.GetValue<string>(), sent["flowControlledStaffIdList"]![0]!.GetValue<string>()));
        Assert.Equal(2, (await MessagesAsync()).Length);
        await ActAsync(new { platform = "dingtalk", @as = "alice", @do = "read" });
        var key = sent["processQueryKey"]!.GetValue<string>();
        var read = await CallAsync(HttpMethod.Get, $"/v1.0/robot/oToMessages/readStatus?robotCode={App.RobotCode}&processQueryKey={Uri.EscapeDataString(key)}");
        Assert.Equal(["alice:READ", "bob:UNREAD"], read.Json["messageReadInfoList"]!.AsArray().Select(m => $"{m!["userId"]}:{m["readStatus"]}"));
        var recalled = await CallAsync(HttpMethod.Post, "/v1.0/robot/otoMessages/batchRecall", new { robotCode = App.RobotCode, processQueryKeys = new[] { key, "unknown" } });
        Assert.Equal(key, recalled.Json["successResult"]![0]!.GetValue<string>());
        Assert.NotNull(recalled.Json["failedResult"]!["unknown"]);
        Assert.All(await MessagesAsync(), m => Assert.True(m["recalled"]!.GetValue<bool>()));
        Assert.Equal(501, (await CallAsync(HttpMethod.Post, "/v1.0/robot/oToMessages/batchRecall", new { })).Status);
    }

    [Theory]
    [InlineData("sampleText", """{"text":"x"}""", "invalidParameter.msgParam.invalid")]
    [InlineData("sampleText", "no json", "invalidParameter.msgParam.invalid")]
    [InlineData("sampleText", "", "invalidParameter.msgParam.empty")]
    [InlineData("text", """{"content":"x"}""", "invalidParameter.msgKey.invalid")]
    [InlineData("", "{}", "invalidParameter.msgKey.empty")]
    [InlineData("sampleActionCard6", """{"title":"t","text":"x","actionTitle1":"a","actionURL1":"b"}""", "invalidParameter.msgParam.invalid")]
    [InlineData("sampleFile", """{"mediaId":"@unknown","fileName":"a","fileType":"pdf"}""", "resource.not.found")]
    [InlineData("sampleFile", """{"mediaId":"@unknown","fileName":"a","fileType":"exe"}""", "invalidParameter.msgParam.invalid")]
    public async Task What_cannot_be_sent_is_named(string key, string param, string code) => Assert.Equal((400, code), await BatchAsync(["alice"], key, param) is var r ? (r.Status, r.Code) : default);

    [Fact]
    public async Task Bounds_of_a_send_are_kept()
    {
        Assert.Equal("too.many.people", (await BatchAsync([.. Enumerable.Range(0, 21).Select(i => "u" + i.ToString(CultureInfo.InvariantCulture))], "sampleText", """{"content":"x"}""")).Code);
        Assert.Equal("invalidParameter.userIds.empty", (await BatchAsync([], "sampleText", """{"content":"x"}""")).Code);
        Assert.Equal("msgParam.tooLong", (await BatchAsync(["alice"], "sampleText", new JsonObject { ["content"] = new string('你', 5001) }.ToJsonString(new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))).Code);
        Assert.Equal("invalidParameter.robotCode.notExsit", (await CallAsync(HttpMethod.Post, "/v1.0/robot/oToMessages/batchSend", new { robotCode = "other" })).Code);
        Assert.Equal("resource.not.found", (await GroupSendAsync("cidnothing==")).Code);
        var group = (await ActAsync(new { platform = "dingtalk", @as = "bob", @do = "create_group", name = "Short", people = new[] { "alice" } }))["chat_id"]!.GetValue<string>();
        Assert.Equal(200, (await GroupSendAsync(group)).Status);
        await ActAsync(new { platform = "dingtalk", @as = "bob", @do = "disband", chat = group });
        Assert.Equal("group.disbanded", (await GroupSendAsync(group)).Code);
    }

    [Fact]
    public async Task Uploads_are_sent_and_what_people_send_is_downloaded()
    {
        using var form = new MultipartFormDataContent { { new StringContent("file"), "type" } };
        using var part = new ByteArrayContent([1, 2, 3]);
        part.Headers.ContentDisposition = new ContentDispositionHeaderValue("form-data") { Name = "media" };
        form.Add(part);
        using var response = await Emulator.Http.PostAsync(new Uri($"/media/upload?access_token={await TokenAsync()}", UriKind.Relative), form, TestContext.Current.CancellationToken);
        var uploaded = JsonNode.Parse(await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken))!;
        var id = uploaded["media_id"]!.GetValue<string>();
        Assert.Equal(200, (await BatchAsync(["alice"], "sampleFile", $$"""{"mediaId":"{{id}}","fileName":"a.pdf","fileType":"pdf"}""")).Status);

        await using var client = await StreamClient.ConnectAsync(Emulator.Http);
        await ActAsync(new { platform = "dingtalk", @as = "alice", @do = "send", msg_type = "audio", base64 = "AQID", recognition = "你好" });
        var content = (await client.NextAsync()).Data["content"]!;
        Assert.Equal("你好", content["recognition"]!.GetValue<string>());
        var code = content["downloadCode"]!.GetValue<string>();
        var download = await CallAsync(HttpMethod.Post, "/v1.0/robot/messageFiles/download", new { downloadCode = code, robotCode = App.RobotCode });
        Assert.Equal([1, 2, 3], await Emulator.Http.GetByteArrayAsync(new Uri(download.Json["downloadUrl"]!.GetValue<string>()), TestContext.Current.CancellationToken));
        Assert.Equal("resource.not.found", (await CallAsync(HttpMethod.Post, "/v1.0/robot/messageFiles/download", new { downloadCode = "x", robotCode = App.RobotCode })).Code);
    }

    [Fact]
    public async Task A_group_robot_checks_its_signature()
    {
        var now = DateTimeOffset.UtcNow;
        Assert.Equal(0, (await SignedAsync(now, Secret)).ErrCode);
        Assert.Equal(0, (await SignedAsync(now.AddMinutes(-59), Secret)).ErrCode);
        Assert.Equal((310000, "invalid timestamp"), await SignedAsync(now.AddMinutes(-61), Secret) is var old ? (old.ErrCode, old.Json["errmsg"]!.GetValue<string>()) : default);
        Assert.Equal((310000, "sign not match"), await SignedAsync(now, "SECwrong") is var wrong ? (wrong.ErrCode, wrong.Json["errmsg"]!.GetValue<string>()) : default);
        Assert.Equal("invalid timestamp", (await SendAsync(HttpMethod.Post, Webhook, Text("x"))).Json["errmsg"]!.GetValue<string>());
        Assert.Equal(2, (await MessagesAsync()).Length);
    }

    [Fact]
    public async Task A_group_robot_wants_its_keyword_and_a_known_address()
    {
        var hook = await AddRobotAsync(new[] { "alarm" }, []);
        Assert.Equal((310000, "keywords not in content"), await SendAsync(HttpMethod.Post, hook, Text("hello")) is var r ? (r.ErrCode, r.Json["errmsg"]!.GetValue<string>()) : default);
        Assert.Equal(0, (await SendAsync(HttpMethod.Post, hook, Text("an alarm"))).ErrCode);
        var far = await AddRobotAsync([], new[] { "10.0.0.0/8" });
        Assert.Contains("not in whitelist", (await SendAsync(HttpMethod.Post, far, Text("hello"))).Json["errmsg"]!.GetValue<string>(), StringComparison.Ordinal);
        Assert.Equal(400101, (await SendAsync(HttpMethod.Post, "/robot/send", Text("x"))).ErrCode);
        Assert.Equal(400106, (await SendAsync(HttpMethod.Post, "/robot/send?access_token=unknown", Text("x"))).ErrCode);
    }

    [Fact]
    public async Task A_group_robot_that_says_more_than_twenty_in_a_minute_is_silent_for_ten()
    {
        var hook = await AddRobotAsync(new[] { "a" }, []);
        for (var i = 0; i < 20; i++) Assert.Equal(0, (await SendAsync(HttpMethod.Post, hook, Text("a"))).ErrCode);
        Assert.Equal(410100, (await SendAsync(HttpMethod.Post, hook, Text("a"))).ErrCode);
        await Emulator.AdvanceAsync(TimeSpan.FromMinutes(9));
        Assert.Equal(410100, (await SendAsync(HttpMethod.Post, hook, Text("a"))).ErrCode);
        await Emulator.AdvanceAsync(TimeSpan.FromMinutes(2));
        Assert.Equal(0, (await SendAsync(HttpMethod.Post, hook, Text("a"))).ErrCode);
    }

    [Fact]
    public async Task A_group_robots_message_with_a_known_msgUuid_is_said_once()
    {
        var hook = await AddRobotAsync(new[] { "a" }, []);
        for (var i = 0; i < 3; i++) Assert.Equal(0, (await SendAsync(HttpMethod.Post, hook, new { msgtype = "text", text = new { content = "a" }, msgUuid = "u-1" })).ErrCode);
        Assert.Single(await MessagesAsync());
    }

    private Task<JsonObject> SayAsync(string text) => ActAsync(new { platform = "dingtalk", @as = "alice", @do = "send", text });

    private Task<DingTalkReply> BatchAsync(string[] userIds, string msgKey, string msgParam) => CallAsync(HttpMethod.Post, "/v1.0/robot/oToMessages/batchSend", new { robotCode = App.RobotCode, userIds, msgKey, msgParam });

    private Task<DingTalkReply> GroupSendAsync(string openConversationId) =>
        CallAsync(HttpMethod.Post, "/v1.0/robot/groupMessages/send", new { robotCode = App.RobotCode, openConversationId, msgKey = "sampleText", msgParam = """{"content":"x"}""" });

    private async Task<DingTalkReply> SignedAsync(DateTimeOffset at, string secret)
    {
        var timestamp = at.ToUnixTimeMilliseconds().ToString(CultureInfo.InvariantCulture);
        var sign = Convert.ToBase64String(HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), Encoding.UTF8.GetBytes(timestamp + "\n" + secret)));
        return await SendAsync(HttpMethod.Post, $"{Webhook}&timestamp={timestamp}&sign={Uri.EscapeDataString(sign)}", Text("x"));
    }

    private async Task<string> AddRobotAsync(string[] keywords, string[] addresses) =>
        (await ActAsync(new { platform = "dingtalk", @as = "bob", @do = "add_robot", chat = await GroupAsync(), name = "R", keywords, addresses }))["webhook"]!.GetValue<string>();

    private static object Text(string content) => new { msgtype = "text", text = new { content } };
}
