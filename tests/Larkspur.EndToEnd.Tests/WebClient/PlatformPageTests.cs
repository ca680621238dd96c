using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Larkspur.EndToEnd.Tests.WebClient;

public sealed class PlatformPageTests(ChromiumFixture chromium)
{
    private const string Script = "<script>window.owned=1</script><img src=x onerror='window.owned=1'>";

    [Fact]
    public async Task The_rail_changes_the_platform_and_keeps_the_person_and_the_other_way_round()
    {
        await using var fixture = await PlatformFixture.StartAsync(chromium);
        var page = await fixture.OpenAsync("/?as=bob");
        foreach (var (name, path) in new[] { ("WeCom", "/wecom"), ("DingTalk", "/dingtalk"), ("Feishu", "/") })
        {
            await page.Locator(".platforms a", new() { HasTextString = name }).ClickAsync();
            await Expect(page.Locator("body[data-live]")).ToHaveAttributeAsync("data-as", "bob");
            Assert.Equal(path, new Uri(page.Url).AbsolutePath);
            await Expect(page.Locator(".platforms a[aria-current]")).ToHaveTextAsync(name);
        }

        await page.Locator(".platforms a", new() { HasTextString = "DingTalk" }).ClickAsync();
        await page.Locator(".people [data-person=carol]").ClickAsync();
        await Expect(page.Locator("body.dingtalk[data-live]")).ToHaveAttributeAsync("data-as", "carol");
        Assert.Empty(fixture.PageErrors);
    }

    [Fact]
    public async Task No_text_becomes_script_markup_or_a_dangerous_address()
    {
        await using var fixture = await PlatformFixture.StartAsync(chromium);
        var markdown = $"{Script} [x](javascript:window.owned=1) <font color=\"x' onclick='window.owned=1\">f</font> ![i](https://example.com/i.png) <@alice>";
        await fixture.WeComSaysAsync("text", new { content = $"{Script} <a href=\"javascript:window.owned=1\">x</a> <a href=\"https://example.com\">ok</a>" });
        await fixture.WeComSaysAsync("markdown", new { content = markdown });
        await fixture.WeComSaysAsync("textcard", new { title = Script, description = $"<div class=\"gray\">g</div>{Script}", url = "https://example.com/a" });
        await fixture.WeComSaysAsync("news", new { articles = new[] { new { title = Script, description = Script, url = "https://example.com/n", picurl = "https://example.com/p.png" } } });
        await fixture.WeComSaysAsync("template_card", new
        {
            card_type = "text_notice", main_title = new { title = Script, desc = Script }, sub_title_text = Script, card_action = new { type = 1, url = "javascript:window.owned=1" },
            horizontal_content_list = new object[] { new { keyname = Script, value = Script, type = 1, url = "javascript:window.owned=1" } }, jump_list = new[] { new { type = 1, title = Script, url = "javascript:window.owned=1" } },
        });
        await fixture.DingTalkSaysAsync("sampleText", new { content = Script });
        await fixture.DingTalkSaysAsync("sampleMarkdown", new { title = Script, text = markdown });
        await fixture.DingTalkSaysAsync("sampleActionCard", new { title = Script, text = markdown, singleTitle = Script, singleURL = "javascript:window.owned=1" });
        await fixture.DingTalkSaysAsync("sampleLink", new { title = Script, text = Script, picUrl = "https://example.com/p.png", messageUrl = "javascript:window.owned=1" });
        await fixture.DingTalkCardAsync("hostile", new { title = Script, msgContent = markdown, note = Script, buttons = $$"""[{"text":"{{Script.Replace("\"", "", StringComparison.Ordinal)}}","url":"javascript:window.owned=1"}]""" });

        foreach (var page in new[] { await fixture.WeComAsync("alice", PlatformFixture.AppChat("alice"), height: 1600), await fixture.DingTalkAsync("alice", height: 1600) })
        {
            await Expect(page.Locator(".msg")).ToHaveCountAsync(5);
            foreach (var part in await page.Locator(".messages a, .messages button").AllAsync()) await part.DispatchEventAsync("click");
            Assert.Null(await page.EvaluateAsync<int?>("window.owned ?? null"));
            Assert.Equal(0, await page.EvaluateAsync<int>("document.querySelectorAll('.messages script, .messages iframe, .messages style, .messages [style]').length"));
            Assert.Equal(0, await page.EvaluateAsync<int>("[...document.querySelectorAll('.messages *')].filter(e => [...e.attributes].some(a => a.name.startsWith('on'))).length"));
            Assert.Equal(0, await page.EvaluateAsync<int>("[...document.querySelectorAll('.messages [href]')].filter(e => !/^https?:$/.test(new URL(e.getAttribute('href'), location).protocol)).length"));
            Assert.Equal(0, await page.EvaluateAsync<int>("[...document.querySelectorAll('.messages img')].filter(e => new URL(e.src).origin !== location.origin).length"));
        }

        Assert.Empty(fixture.PageErrors);
    }

    [Fact]
    public async Task Actions_need_our_own_page_and_a_chat_of_others_stays_closed()
    {
        await using var fixture = await PlatformFixture.StartAsync(chromium);
        foreach (var platform in new[] { "wecom", "dingtalk" })
        {
            using var forged = await fixture.Emulator.Http.PostAsync($"/ui/platforms/{platform}/send", System.Net.Http.Json.JsonContent.Create(new { @as = "alice", chat = PlatformFixture.AppChat("alice"), text = "x" }), TestContext.Current.CancellationToken);
            Assert.Equal(System.Net.HttpStatusCode.Forbidden, forged.StatusCode);
        }

        await fixture.WeComSaysAsync("text", new { content = "for Bob alone" }, "bob");
        using var peek = await fixture.Emulator.Http.GetAsync($"/ui/platforms/wecom/messages?as=alice&chat={PlatformFixture.AppChat("bob")}", TestContext.Current.CancellationToken);
        Assert.Equal(System.Net.HttpStatusCode.NotFound, peek.StatusCode);
        using var none = await fixture.Emulator.Http.GetAsync("/ui/platforms/feishu/chats?as=alice", TestContext.Current.CancellationToken);
        Assert.Equal(System.Net.HttpStatusCode.NotFound, none.StatusCode);
    }

    [Theory]
    [InlineData("en", 1280, 800)]
    [InlineData("zh", 1280, 800)]
    [InlineData("en", 390, 800)]
    [InlineData("zh", 390, 800)]
    public async Task Both_pages_fit_the_window(string language, int width, int height)
    {
        await using var fixture = await PlatformFixture.StartAsync(chromium);
        await using var bot = await PlatformBot.ConnectAsync(fixture);
        await fixture.WeComSaysAsync("markdown", new { content = "### 付款提醒\n**供应商** `NW-7` 的发票 <font color=\"warning\">今天到期</font>\n> [查看](https://example.com)" });
        await fixture.WeComSaysAsync("template_card", PlatformCards.Notification);
        await fixture.WeComSaysAsync("template_card", PlatformCards.Buttons);
        await fixture.WeComSaysAsync("template_card", PlatformCards.Vote);
        await fixture.WeComSaysAsync("textcard", new { title = "Meeting room", description = "<div class=\"gray\">today</div>Room 4 <div class=\"highlight\">at 15:00</div>", url = "https://example.com" });
        await fixture.DingTalkSaysAsync("sampleMarkdown", new { title = "t", text = "### Weekly\n- Orders: **12**\n- Late: 1\n\n> All by Friday" });
        await fixture.DingTalkSaysAsync("sampleActionCard6", new { title = "Leave of Bob", text = "Two days, from **Monday**", buttonTitle1 = "Agree", buttonUrl1 = "https://example.com/1", buttonTitle2 = "Refuse", buttonUrl2 = "https://example.com/2" });
        await fixture.DingTalkSaysAsync("sampleLink", new { title = "Handbook", text = "What is new", picUrl = "", messageUrl = "https://example.com/h" });
        await fixture.DingTalkCardAsync("order", new { title = "Order NW-7", supplier = "Northwind", amount = "12,300.00", buttons = """[{"id":"a","text":"Approve"},{"id":"r","text":"Reject"}]""" });
        await fixture.DingTalkCardAsync("answer", new { msgContent = "| Item | Count |\n|---|---|\n| Monitor | 8 |\n\nThe order **arrives** on Friday", flowStatus = "2" });
        var suffix = $"{language}-{width}";
        var wecom = await fixture.WeComAsync("alice", PlatformFixture.AppChat("alice"), language, width, height);
        await Expect(wecom.Locator(".tcard")).ToHaveCountAsync(3);
        await FitsAsync(wecom, "platform-wecom-" + suffix);
        var dingtalk = await fixture.DingTalkAsync("alice", null, language, width, height);
        await Expect(dingtalk.Locator(".icard")).ToHaveCountAsync(2);
        await FitsAsync(dingtalk, "platform-dingtalk-" + suffix);
        await FitsAsync(await fixture.OpenAsync("/wecom?as=alice", language, width, height), "platform-wecom-list-" + suffix);
        var list = await fixture.OpenAsync("/dingtalk?as=alice", language, width, height);
        await FitsAsync(list, "platform-dingtalk-list-" + suffix);
        foreach (var part in new[] { ".people [data-person=bob]", ".platforms [data-go=wecom]", ".rail-foot [data-go=inspector]" }) await Expect(list.Locator(part)).ToBeInViewportAsync();

        var ai = await fixture.WeComAsync("alice", "aibot_alice", language, width, height);
        await ai.Locator("#draft").FillAsync("Who approves?");
        await ai.Keyboard.PressAsync("Enter");
        await bot.AnswerAsync(await bot.QuestionAsync("Who approves?"), "<think>Small amount</think>1. Bob\n2. Carol\n\n```json\n{\"ok\":true}\n```");
        await Expect(ai.Locator(".typing li")).ToHaveCountAsync(2);
        await FitsAsync(ai, "platform-aibot-" + suffix);
    }

    private static async Task FitsAsync(IPage page, string name)
    {
        await WebClientFixture.PictureAsync(page, name);
        Assert.Equal(0, await page.EvaluateAsync<int>("Math.max(0, document.documentElement.scrollWidth - innerWidth)"));
        Assert.Equal(0, await page.EvaluateAsync<int>("[...document.querySelectorAll('.scroll')].filter(e => e.scrollWidth > e.clientWidth + 1).length"));
        Assert.Equal(0, await page.EvaluateAsync<int>("[...document.querySelectorAll('a, button, input, select, textarea')].filter(e => e.type !== 'hidden' && !(e.getAttribute('aria-label') || e.title || e.textContent.trim() || e.labels?.length || e.alt)).length"));
    }
}
