using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Larkspur.EndToEnd.Tests.WebClient;

public sealed class PlatformDingTalkTests(ChromiumFixture chromium)
{
    [Fact]
    public async Task What_a_person_writes_reaches_the_robot_and_its_answer_appears_live()
    {
        await using var fixture = await PlatformFixture.StartAsync(chromium);
        var page = await fixture.DingTalkAsync("alice");
        await page.Locator("#draft").FillAsync("Any parcels?");
        await page.Keyboard.PressAsync("Enter");
        var told = await fixture.ToldAsync(b => b["text"]?["content"]?.GetValue<string>() == "Any parcels?");
        Assert.Equal("alice", told["senderStaffId"]!.GetValue<string>());

        using var answer = await fixture.Emulator.Http.PostAsync(told["sessionWebhook"]!.GetValue<string>(),
            System.Net.Http.Json.JsonContent.Create(new { msgtype = "markdown", markdown = new { title = "Parcels", text = "### Two\n- a monitor\n- a **chair**" } }), TestContext.Current.CancellationToken);
        await Expect(page.Locator(".card-md li b")).ToHaveTextAsync("chair");
        await Expect(page.Locator(".card-md .md-h3")).ToHaveTextAsync("Two");
        Assert.Empty(fixture.PageErrors);
    }

    [Fact]
    public async Task A_person_replies_to_a_message_and_the_page_shows_to_which()
    {
        await using var fixture = await PlatformFixture.StartAsync(chromium);
        var page = await fixture.DingTalkAsync("alice");
        await fixture.DingTalkSaysAsync("sampleMarkdown", new { title = "Parcels", text = "Two **parcels** <img src=x onerror='window.owned=1'>" });
        await page.Locator(".msg").First.HoverAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Reply", Exact = true }).ClickAsync();
        await Expect(page.Locator("#composer-context")).ToContainTextAsync("Replying to Larkspur Assistant");
        await page.Locator("#draft").FillAsync("Whose?");
        await page.Keyboard.PressAsync("Enter");
        var told = await fixture.ToldAsync(b => b["text"]?["content"]?.GetValue<string>() == "Whose?");
        Assert.StartsWith("Two **parcels**", told["text"]!["repliedMsg"]!["content"]!["text"]!.GetValue<string>(), StringComparison.Ordinal);
        await Expect(page.Locator("#composer-context")).ToBeHiddenAsync();
        await Expect(page.Locator(".msg.mine a.quote")).ToHaveTextAsync("Larkspur Assistant: Parcels");
        await page.Locator(".msg.mine a.quote").ClickAsync();

        await page.Locator(".msg.mine").HoverAsync();
        await page.Locator(".msg.mine [data-act=reply]").ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Cancel reply" }).ClickAsync();
        await page.Locator("#draft").FillAsync("Never mind");
        await page.Keyboard.PressAsync("Enter");
        told = await fixture.ToldAsync(b => b["text"]?["content"]?.GetValue<string>() == "Never mind");
        Assert.Null(told["text"]!["isReplyMsg"]);
        Assert.Null(await page.EvaluateAsync<int?>("window.owned ?? null"));
        Assert.Empty(fixture.PageErrors);
    }

    [Fact]
    public async Task An_ai_card_grows_with_its_stage_and_ends()
    {
        await using var fixture = await PlatformFixture.StartAsync(chromium);
        var page = await fixture.DingTalkAsync("alice");
        await fixture.DingTalkCardAsync("ai", new { msgContent = "", flowStatus = "1" });
        await Expect(page.Locator(".stage")).ToHaveTextAsync("Thinking");
        await FrameAsync("1", "The order", false);
        await Expect(page.Locator(".icard .typing")).ToHaveTextAsync("The order");
        await Expect(page.Locator(".stage")).ToHaveTextAsync("Writing");
        await FrameAsync("2", "The order is **late**", true);
        await Expect(page.Locator(".icard b")).ToHaveTextAsync("late");
        await Expect(page.Locator(".stage")).ToHaveTextAsync("Done");
        await Expect(page.Locator(".growing")).ToHaveCountAsync(0);

        Task FrameAsync(string guid, string content, bool last) =>
            fixture.DingTalkApiAsync(HttpMethod.Put, "/v1.0/card/streaming", new { outTrackId = "ai", guid, key = "msgContent", content, isFull = true, isFinalize = last, isError = false });
    }

    [Fact]
    public async Task A_press_on_a_card_asks_its_address_and_shows_the_answer()
    {
        await using var fixture = await PlatformFixture.StartAsync(chromium);
        fixture.Answer = body => body["outTrackId"] is null ? "{}" : """{"cardData":{"cardParamMap":{"title":"Leave","state":"approved"}}}""";
        await fixture.DingTalkApiAsync(HttpMethod.Post, "/v1.0/card/callbacks/register", new { callbackRouteKey = "k", callbackUrl = fixture.HookAddress + "/dingtalk", apiSecret = "secret1" });
        var page = await fixture.DingTalkAsync("alice");
        await fixture.DingTalkCardAsync("c", new { title = "Leave", state = "open", buttons = """[{"id":"yes","text":"Approve","params":{"n":1}}]""" }, route: "k");
        await page.GetByRole(AriaRole.Button, new() { Name = "Approve" }).ClickAsync();
        var told = await fixture.ToldAsync(b => b["outTrackId"]?.GetValue<string>() == "c");
        Assert.Contains("yes", told["content"]!.GetValue<string>(), StringComparison.Ordinal);
        await Expect(page.Locator(".icard dd")).ToHaveTextAsync("approved");
        await Expect(page.Locator(".icard-buttons")).ToHaveCountAsync(0);

        await fixture.DingTalkCardAsync("lost", new { title = "Nobody hears", buttons = """[{"id":"no","text":"Shout"}]""" });
        await page.GetByRole(AriaRole.Button, new() { Name = "Shout" }).ClickAsync();
        await Expect(page.Locator(".toast-error")).ToContainTextAsync("no client of Stream mode");
    }

    [Fact]
    public async Task In_a_group_the_robot_hears_what_mentions_it_and_work_notices_are_only_read()
    {
        await using var fixture = await PlatformFixture.StartAsync(chromium);
        var page = await fixture.DingTalkAsync("alice", await fixture.GroupAsync());
        await page.Locator("#mention-bot").UncheckAsync();
        await page.Locator("#draft").FillAsync("only for people");
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.Locator(".msg.mine .text")).ToHaveTextAsync("only for people");
        await page.Locator("#mention-bot").CheckAsync();
        await page.Locator("#draft").FillAsync("for the robot");
        await page.Keyboard.PressAsync("Enter");
        await fixture.ToldAsync(b => b["text"]?["content"]?.GetValue<string>().Trim() == "for the robot");
        Assert.DoesNotContain(fixture.FromDingTalk, b => b["text"]?["content"]?.GetValue<string>().Contains("only for people", StringComparison.Ordinal) == true);

        var token = (await fixture.JsonAsync(HttpMethod.Post, "/v1.0/oauth2/accessToken", new { appKey = PlatformFixture.Org.ClientId, appSecret = PlatformFixture.Org.ClientSecret }))["accessToken"]!.GetValue<string>();
        await fixture.JsonAsync(HttpMethod.Post, $"/topapi/message/corpconversation/asyncsend_v2?access_token={token}", new { agent_id = PlatformFixture.Org.AgentId, userid_list = "alice", msg = new { msgtype = "text", text = new { content = "The office closes at six" } } });
        await page.Locator(".chat:has-text('Work notices')").ClickAsync();
        await Expect(page.Locator(".msg .text")).ToHaveTextAsync("The office closes at six");
        await Expect(page.Locator("#draft")).ToHaveCountAsync(0);
        await Expect(page.Locator(".chats .badge")).ToHaveCountAsync(0);
    }
}
