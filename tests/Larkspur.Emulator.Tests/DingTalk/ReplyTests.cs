using System.Text.Json.Nodes;

namespace Larkspur.Emulator.Tests.DingTalk;

/// <summary>A person replies to a message of the chat.</summary>
public sealed class ReplyTests : DingTalkTest
{
    private const string Png = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";

    [Fact]
    public async Task The_robot_gets_the_words_of_what_somebody_said_beside_those_of_the_reply()
    {
        await using var client = await StreamClient.ConnectAsync(Emulator.Http);
        var group = await GroupAsync();
        var said = await SendAsync(new { platform = "dingtalk", @as = "bob", @do = "send", chat = group, text = "NW-7 comes on Friday", at = false });
        await SendAsync(new { platform = "dingtalk", @as = "alice", @do = "send", chat = group, text = "is that so?", reply_to = said });
        var body = (await client.NextAsync()).Data;
        Assert.Equal((" is that so?", true, said), (Texts(body, "content"), body["text"]!["isReplyMsg"]!.GetValue<bool>(), body["originalMsgId"]!.GetValue<string>()));
        var replied = Replied(body);
        Assert.Equal(("text", said, "NW-7 comes on Friday"), (Said(replied, "msgType"), Said(replied, "msgId"), Said(replied["content"]!, "content")));
        Assert.StartsWith("$:LWCP_v1:$", Said(replied, "senderId"), StringComparison.Ordinal);
        Assert.NotEqual(Said(body, "senderId"), Said(replied, "senderId"));
        Assert.InRange(replied["createdAt"]!.GetValue<long>(), 1, body["createAt"]!.GetValue<long>());
        Assert.Null(body["originalProcessQueryKey"]);
        Assert.Equal(said, (await MessagesAsync(group))[^1]["reply_to"]!.GetValue<string>());
    }

    [Theory]
    [InlineData("picture", "a.png", """["downloadCode","pictureDownloadCode"]""")]
    [InlineData("file", "a.pdf", """["fileName","downloadCode"]""")]
    [InlineData("audio", "a.amr", """["downloadCode","recognition"]""")]
    [InlineData("video", "a.mp4", """["downloadCode","videoType"]""")]
    public async Task Of_a_file_it_gets_the_code_that_downloads_it(string type, string name, string members)
    {
        await using var client = await StreamClient.ConnectAsync(Emulator.Http);
        var said = await SendAsync(new { platform = "dingtalk", @as = "alice", @do = "send", msg_type = type, name, base64 = Png });
        await client.NextAsync();
        var replied = Replied(await ReplyAsync(client, said));
        Assert.Equal(type, Said(replied, "msgType"));
        Assert.Equal(members, new JsonArray([.. replied["content"]!.AsObject().Select(m => (JsonNode?)m.Key).Order(Comparer<JsonNode?>.Create((a, b) => Rank(members, a).CompareTo(Rank(members, b))))]).ToJsonString());
        var download = await CallAsync(HttpMethod.Post, "/v1.0/robot/messageFiles/download", new { downloadCode = Said(replied["content"]!, "downloadCode"), robotCode = App.RobotCode });
        Assert.Equal(Convert.FromBase64String(Png), await Emulator.Http.GetByteArrayAsync(new Uri(download.Json["downloadUrl"]!.GetValue<string>()), TestContext.Current.CancellationToken));

        static int Rank(string all, JsonNode? name) => all.IndexOf(name!.ToJsonString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Parts_of_a_rich_text_come_in_their_order()
    {
        await using var client = await StreamClient.ConnectAsync(Emulator.Http);
        var said = await SendAsync(new { platform = "dingtalk", @as = "alice", @do = "send", msg_type = "richText", text = "see", base64 = Png });
        await client.NextAsync();
        var parts = Replied(await ReplyAsync(client, said))["content"]!["richText"]!.AsArray();
        Assert.Equal(["text:see", "picture:"], parts.Select(p => $"{Said(p!, "msgType")}:{p!["content"]}"));
        Assert.NotEmpty(Said(parts[1]!, "downloadCode"));
    }

    [Fact]
    public async Task A_rich_text_may_itself_be_a_reply()
    {
        await using var client = await StreamClient.ConnectAsync(Emulator.Http);
        var said = await SendAsync(new { platform = "dingtalk", @as = "alice", @do = "send", text = "first" });
        await client.NextAsync();
        await SendAsync(new { platform = "dingtalk", @as = "alice", @do = "send", msg_type = "richText", text = "and this?", base64 = Png, reply_to = said });
        var content = (await client.NextAsync()).Data["content"]!;
        Assert.True(content["isReplyMsg"]!.GetValue<bool>());
        Assert.Equal("first", Said(content["repliedMsg"]!["content"]!, "content"));
    }

    [Fact]
    public async Task Of_what_the_robot_said_it_gets_the_text_and_of_a_card_the_elements_that_the_person_sees()
    {
        await using var client = await StreamClient.ConnectAsync(Emulator.Http);
        await CallAsync(HttpMethod.Post, "/v1.0/robot/oToMessages/batchSend", new { robotCode = App.RobotCode, userIds = new[] { "alice" }, msgKey = "sampleMarkdown", msgParam = """{"title":"t","text":"# Two parcels"}""" });
        var markdown = (await MessagesAsync())[^1];
        var body = await ReplyAsync(client, Said(markdown, "message_id"));
        Assert.Equal(("markdown", "# Two parcels"), (Said(Replied(body), "msgType"), Said(Replied(body)["content"]!, "text")));
        Assert.Equal((Said(markdown, "process_query_key"), Said(body, "chatbotUserId")), (Said(body, "originalProcessQueryKey"), Said(Replied(body), "senderId")));

        var made = await CallAsync(HttpMethod.Post, "/v1.0/card/instances/createAndDeliver", new
        {
            outTrackId = "c-1", cardTemplateId = "t.schema", openSpaceId = "dtv1.card//IM_ROBOT.alice", imRobotOpenDeliverModel = new { spaceType = "IM_ROBOT" },
            cardData = new { cardParamMap = new { title = "Order", content = "**late**", supplier = "somebody", buttons = """[{"id":"a","text":"Agree"}]""" } },
            privateData = new { alice = new { cardParamMap = new { supplier = "Northwind" } } },
        });
        body = await ReplyAsync(client, Said((await MessagesAsync())[^1], "message_id"));
        Assert.Equal("interactiveCard", Said(Replied(body), "msgType"));
        Assert.Equal(["Order", "**late**", "supplier", "Northwind"], Texts(Replied(body)["content"]!["cardContent"]!));
        Assert.Equal(Said(made.Json["result"]!["deliverResults"]![0]!, "carrierId"), Said(body, "originalProcessQueryKey"));

        static IEnumerable<string> Texts(JsonNode element) =>
            Said(element, "elementType") == "TEXT" ? [Said(element, "value")] : element["children"]!.AsArray().SelectMany(c => Texts(c!));
    }

    [Fact]
    public async Task A_client_may_send_the_head_alone_or_nothing_but_the_id()
    {
        await using var client = await StreamClient.ConnectAsync(Emulator.Http);
        var said = await SendAsync(new { platform = "dingtalk", @as = "alice", @do = "send", text = "first" });
        await client.NextAsync();
        await SendAsync(new { platform = "dingtalk", @as = "alice", @do = "send", text = "so?", reply_to = said, reply_detail = "head" });
        Assert.Equal(["createdAt", "msgId", "msgType", "senderId"], Replied((await client.NextAsync()).Data).AsObject().Select(m => m.Key).Order(StringComparer.Ordinal));
        await SendAsync(new { platform = "dingtalk", @as = "alice", @do = "send", text = "so?", reply_to = said, reply_detail = "id" });
        var body = (await client.NextAsync()).Data;
        Assert.Equal((said, true), (Said(body, "originalMsgId"), body["text"]!["isReplyMsg"]!.GetValue<bool>()));
        Assert.Null(body["text"]!["repliedMsg"]);
    }

    [Fact]
    public async Task Nobody_replies_to_what_is_not_there_or_with_what_cannot()
    {
        var group = await GroupAsync();
        var elsewhere = await SendAsync(new { platform = "dingtalk", @as = "alice", @do = "send", chat = group, text = "here", at = false });
        var here = await SendAsync(new { platform = "dingtalk", @as = "alice", @do = "send", text = "there" });
        Assert.Contains("no message", await RefusedAsync(new { platform = "dingtalk", @as = "alice", @do = "send", text = "x", reply_to = elsewhere }), StringComparison.Ordinal);
        Assert.Contains("no message", await RefusedAsync(new { platform = "dingtalk", @as = "alice", @do = "send", text = "x", reply_to = "unknown" }), StringComparison.Ordinal);
        Assert.Contains("richText", await RefusedAsync(new { platform = "dingtalk", @as = "alice", @do = "send", msg_type = "file", base64 = Png, reply_to = here }), StringComparison.Ordinal);
        Assert.Contains("reply_detail", await RefusedAsync(new { platform = "dingtalk", @as = "alice", @do = "send", text = "x", reply_to = here, reply_detail = "much" }), StringComparison.Ordinal);
        Assert.Contains("missing", await RefusedAsync(new { platform = "dingtalk", @as = "alice", @do = "send", text = "x", reply_detail = "id" }), StringComparison.Ordinal);
        Assert.Equal(2, (await MessagesAsync()).Length);
    }

    private async Task<string> SendAsync(object action) => (await ActAsync(action))["message_id"]!.GetValue<string>();

    private async Task<JsonNode> ReplyAsync(StreamClient client, string to)
    {
        await SendAsync(new { platform = "dingtalk", @as = "alice", @do = "send", text = "what is this?", reply_to = to });
        return (await client.NextAsync()).Data;
    }

    private async Task<string> RefusedAsync(object action)
    {
        using var response = await System.Net.Http.Json.HttpClientJsonExtensions.PostAsJsonAsync(Emulator.Http, "/_emulator/act", action, TestContext.Current.CancellationToken);
        Assert.False(response.IsSuccessStatusCode);
        return await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
    }

    private static JsonNode Replied(JsonNode body) => body["text"]!["repliedMsg"]!;

    private static string Texts(JsonNode body, string name) => Said(body["text"]!, name);

    private static string Said(JsonNode node, string name) => node[name]!.GetValue<string>();
}
