using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace Larkspur.Emulator.Tests.DingTalk;

public sealed class CardTests : DingTalkTest
{
    private const string AiTemplate = "02fcf2f4-5e02-4a85-b672-46d1f715543e.schema";

    [Fact]
    public async Task A_card_is_made_delivered_and_seen()
    {
        var group = await GroupAsync();
        var made = await MakeAsync("c-1", new JsonObject { ["title"] = "付款", ["amount"] = "12" }, $"dtv1.card//IM_ROBOT.alice;IM_GROUP.{group};IM_ROBOT.mallory");
        Assert.Equal(["True", "True", "False"], made.Json["result"]!["deliverResults"]!.AsArray().Select(r => r!["success"]!.GetValue<bool>().ToString()));
        Assert.Equal("spaceId is illegal", made.Json["result"]!["deliverResults"]![2]!["errorMsg"]!.GetValue<string>());
        Assert.Equal(2, (await MessagesAsync()).Length);
        var card = await CardAsync("c-1");
        Assert.Equal(2, card["places"]!.AsArray().Count);
        Assert.Equal("12", card["data"]!["amount"]!.GetValue<string>());
    }

    [Fact]
    public async Task Made_again_under_the_same_name_it_is_the_first_card_and_stands_there_once()
    {
        await MakeAsync("c-1", new JsonObject { ["amount"] = "12" });
        var again = await MakeAsync("c-1", new JsonObject { ["amount"] = "13" });
        Assert.True(again.Json["success"]!.GetValue<bool>());
        Assert.Single(await MessagesAsync());
        Assert.Equal("12", (await CardAsync("c-1"))["data"]!["amount"]!.GetValue<string>());
    }

    [Fact]
    public async Task An_update_replaces_all_unless_it_says_by_key()
    {
        await MakeAsync("c-1", new JsonObject { ["a"] = "1", ["b"] = "2" });
        await CallAsync(HttpMethod.Put, "/v1.0/card/instances", new { outTrackId = "c-1", cardData = new { cardParamMap = new { a = "3" } }, cardUpdateOptions = new { updateCardDataByKey = true } });
        Assert.Equal("""{"a":"3","b":"2"}""", (await CardAsync("c-1"))["data"]!.ToJsonString());
        await CallAsync(HttpMethod.Put, "/v1.0/card/instances", new { outTrackId = "c-1", cardData = new { cardParamMap = new { b = "4" } }, privateData = new { bob = new { cardParamMap = new { b = "mine" } } } });
        var card = await CardAsync("c-1");
        Assert.Equal("""{"b":"4"}""", card["data"]!.ToJsonString());
        Assert.Equal("""{"b":"mine"}""", card["private_data"]!["bob"]!.ToJsonString());
    }

    [Theory]
    [InlineData("""{"cardTemplateId":"t","cardData":{"cardParamMap":{}}}""", "param.outTrackIdEmpty")]
    [InlineData("""{"outTrackId":"x","cardData":{"cardParamMap":{}}}""", "param.cardTemplateIdEmpty")]
    [InlineData("""{"outTrackId":"x","cardTemplateId":"t"}""", "param.cardPublicDataEmpty")]
    [InlineData("""{"outTrackId":"x","cardTemplateId":"t","cardData":{"cardParamMap":{"n":1}}}""", "param.error")]
    [InlineData("""{"outTrackId":"x","cardTemplateId":"t","cardData":{"cardParamMap":{}},"privateData":{"mallory":{"cardParamMap":{}}}}""", "param.userIdNotExist")]
    [InlineData("""{"outTrackId":"x","cardTemplateId":"t","cardData":{"cardParamMap":{}}}""", "param.openSpaceIdEmpty")]
    [InlineData("""{"outTrackId":"x","cardTemplateId":"t","cardData":{"cardParamMap":{}},"openSpaceId":"IM_ROBOT.alice"}""", "param.openSpaceIdInvalid")]
    [InlineData("""{"outTrackId":"x","cardTemplateId":"t","cardData":{"cardParamMap":{}},"openSpaceId":"dtv1.card//IM_ROBOT.alice"}""", "param.openDeliverModelEmpty")]
    [InlineData("""{"outTrackId":"x","cardTemplateId":"t","cardData":{"cardParamMap":{}},"openSpaceId":"dtv1.card//IM_GROUP.g","imGroupOpenDeliverModel":{"robotCode":"other"}}""", "param.openDeliverModelError")]
    public async Task What_is_wrong_with_a_card_is_named(string body, string code)
    {
        Assert.Equal((400, code), await CallAsync(HttpMethod.Post, "/v1.0/card/instances/createAndDeliver", body) is var r ? (r.Status, r.Code) : default);
        Assert.Empty((await StateAsync())["cards"]!.AsArray());
    }

    [Fact]
    public async Task Variables_have_bounds()
    {
        Assert.Equal("param.error", (await MakeAsync("x", new JsonObject { ["a"] = new string('你', 342) })).Code);
        Assert.Equal("param.error", (await MakeAsync("x", new JsonObject { [new string('k', 101)] = "" })).Code);
        Assert.Equal("param.error", (await MakeAsync(new string('x', 101), [])).Code);
        Assert.Equal(200, (await MakeAsync(new string('x', 100), new JsonObject { ["a"] = new string('你', 341) })).Status);
    }

    [Fact]
    public async Task An_ai_card_grows_and_is_finished()
    {
        await MakeAsync("ai", new JsonObject { ["msgContent"] = "", ["flowStatus"] = "1" });
        Assert.Equal("PROCESSING", (await CardAsync("ai"))["stage"]!.GetValue<string>());
        await FrameAsync("g1", "Hel");
        Assert.Equal(("Hel", "INPUTTING", true), await ShownAsync());
        await FrameAsync("g1", "again under the same guid");
        await FrameAsync("g2", "Hello");
        Assert.Equal("Hello", Assert.Single(await MessagesAsync())["text"]!.GetValue<string>());
        await FrameAsync("g3", "Hello.", isFinalize: true);
        Assert.Equal(("Hello.", "FINISHED", false), await ShownAsync());
        Assert.Equal(3, (await CardAsync("ai"))["frames"]!.GetValue<int>());
        Assert.Equal(400, (await FrameAsync("g4", "more")).Status);
        Assert.Equal(200, (await FrameAsync("g3", "Hello.", isFinalize: true)).Status);
    }

    [Fact]
    public async Task An_ai_card_fails_and_keeps_what_was_read()
    {
        await MakeAsync("ai", new JsonObject { ["msgContent"] = "" });
        await FrameAsync("g1", "Hel");
        await FrameAsync("g2", "", isError: true);
        Assert.Equal(("Hel", "FAILED", false), await ShownAsync());
    }

    [Fact]
    public async Task A_frame_that_cannot_be_is_refused()
    {
        Assert.Equal((500, "unknownError"), await FrameAsync("g1", "x") is var r ? (r.Status, r.Code) : default);
        await MakeAsync("ai", new JsonObject { ["msgContent"] = "" });
        Assert.Equal(400, (await FrameAsync("g1", "x", isFull: false)).Status);
        Assert.Equal("param.empty", (await FrameAsync("", "x")).Code);
        await ActAsync(new { platform = "dingtalk", @do = "configure", streaming_content_bytes = 3072 });
        var tooLong = await FrameAsync("g1", new string('你', 1025));
        Assert.Equal("content is too large", tooLong.Json["message"]!.GetValue<string>());
        Assert.Equal(200, (await FrameAsync("g1", new string('你', 1024))).Status);
    }

    [Fact]
    public async Task Other_templates_may_append()
    {
        await MakeAsync("ai", new JsonObject { ["content"] = "" }, template: "own.schema");
        foreach (var part in new[] { "a", "b", "c" }) await CallAsync(HttpMethod.Put, "/v1.0/card/streaming", new { outTrackId = "ai", guid = part, key = "content", content = part, isFull = false });
        Assert.Equal("abc", (await CardAsync("ai"))["text"]!.GetValue<string>());
    }

    [Fact]
    public async Task A_click_over_the_stream_changes_the_card_by_its_answer()
    {
        await using var client = await StreamClient.ConnectAsync(Emulator.Http);
        await MakeAsync("c-1", new JsonObject { ["buttons"] = """[{"id":"ok","text":"同意","params":{"n":"1"}}]""", ["state"] = "open" });
        var clicked = ActAsync(new { platform = "dingtalk", @as = "alice", @do = "click", card = "c-1" });
        var frame = await client.NextAsync();
        Assert.Equal(("CALLBACK", "/v1.0/card/instances/callback", "actionCallback", "IM_ROBOT"), (frame.Type, frame.Topic, frame.Data["type"]!.GetValue<string>(), frame.Data["spaceType"]!.GetValue<string>()));
        Assert.Equal("""{"cardPrivateData":{"actionIds":["ok"],"params":{"n":"1"}}}""", frame.Data["content"]!.GetValue<string>());
        await client.AckAsync(frame, """{"response":{"cardUpdateOptions":{"updateCardDataByKey":true},"cardData":{"cardParamMap":{"state":"done"}},"userPrivateData":{"cardParamMap":{"mine":"1"}}}}""");
        Assert.True((await clicked)["card_changed"]!.GetValue<bool>());
        var card = await CardAsync("c-1");
        Assert.Equal("done", card["data"]!["state"]!.GetValue<string>());
        Assert.NotNull(card["data"]!["buttons"]);
        Assert.Equal("1", card["private_data"]!["alice"]!["mine"]!.GetValue<string>());
    }

    [Fact]
    public async Task A_click_that_nobody_answers_well_shows_a_failure_and_changes_nothing()
    {
        await MakeAsync("c-1", new JsonObject { ["state"] = "open" });
        Assert.StartsWith("no client of Stream mode", (await ClickAsync())["failure"]!.GetValue<string>(), StringComparison.Ordinal);
        await using var client = await StreamClient.ConnectAsync(Emulator.Http);
        var clicked = ClickAsync();
        await client.AckAsync(await client.NextAsync(), "", 500);
        Assert.Equal("the callback was answered 500", (await clicked)["failure"]!.GetValue<string>());
        clicked = ClickAsync();
        await client.AckAsync(await client.NextAsync(), """{"response":{"cardData":{"cardParamMap":{"state":5}}}}""");
        Assert.StartsWith("the answer is refused", (await clicked)["failure"]!.GetValue<string>(), StringComparison.Ordinal);
        Assert.Equal("open", (await CardAsync("c-1"))["data"]!["state"]!.GetValue<string>());
    }

    [Fact]
    public async Task A_click_over_http_goes_signed_to_the_registered_address()
    {
        await using var receiver = await WebhookReceiver.StartAsync();
        receiver.Answer = _ => (200, """{"cardData":{"cardParamMap":{"state":"done"}}}""");
        await CallAsync(HttpMethod.Post, "/v1.0/card/callbacks/register", new { callbackRouteKey = "k", callbackUrl = receiver.Url, apiSecret = "apiSecret1" });
        Assert.Equal(400, (await CallAsync(HttpMethod.Post, "/v1.0/card/callbacks/register", new { callbackRouteKey = "k", callbackUrl = receiver.Url, apiSecret = "other" })).Status);
        await MakeAsync("c-1", new JsonObject { ["state"] = "open" }, callbackType: "HTTP", routeKey: "k");
        Assert.True((await ClickAsync())["ok"]!.GetValue<bool>());
        var received = await receiver.NextAsync();
        Assert.Equal(Convert.ToBase64String(HMACSHA256.HashData(Encoding.UTF8.GetBytes("apiSecret1"), Encoding.UTF8.GetBytes(received.Headers["x-ddpaas-signature-timestamp"]))), received.Headers["x-ddpaas-signature"]);
        Assert.Equal("alice", received.Json["userId"]!.GetValue<string>());
        Assert.Equal("done", (await CardAsync("c-1"))["data"]!["state"]!.GetValue<string>());
    }

    private Task<JsonObject> ClickAsync() => ActAsync(new { platform = "dingtalk", @as = "alice", @do = "click", card = "c-1", action = "ok" });

    private async Task<(string, string, bool)> ShownAsync() =>
        await CardAsync("ai") is var c ? (c["text"]!.GetValue<string>(), c["stage"]!.GetValue<string>(), c["streaming"]!.GetValue<bool>()) : default;

    private Task<DingTalkReply> FrameAsync(string guid, string content, bool isFinalize = false, bool isError = false, bool isFull = true) =>
        CallAsync(HttpMethod.Put, "/v1.0/card/streaming", new { outTrackId = "ai", guid, key = "msgContent", content, isFull, isFinalize, isError });

    private Task<DingTalkReply> MakeAsync(string outTrackId, JsonObject data, string space = "dtv1.card//IM_ROBOT.alice", string template = AiTemplate, string callbackType = "STREAM", string? routeKey = null) =>
        CallAsync(HttpMethod.Post, "/v1.0/card/instances/createAndDeliver", new JsonObject
        {
            ["cardTemplateId"] = template, ["outTrackId"] = outTrackId, ["callbackType"] = callbackType, ["callbackRouteKey"] = routeKey, ["cardData"] = new JsonObject { ["cardParamMap"] = data },
            ["openSpaceId"] = space, ["imRobotOpenSpaceModel"] = new JsonObject { ["supportForward"] = true }, ["imRobotOpenDeliverModel"] = new JsonObject { ["spaceType"] = "IM_ROBOT" },
            ["imGroupOpenSpaceModel"] = new JsonObject(), ["imGroupOpenDeliverModel"] = new JsonObject { ["robotCode"] = App.RobotCode },
        }.ToJsonString());
}
