using Larkspur.Emulator.State;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Larkspur.EndToEnd.Tests.WebClient;

/// <summary>Light and dark, and that nothing lies on anything else.</summary>
public sealed class LookTests(ChromiumFixture chromium)
{
    private const string Day = "rgb(245, 245, 249)";
    private const string Night = "rgb(18, 18, 26)";
    private static readonly string[] Pages = ["/?as=bob", "/approvals?as=bob", "/cards", "/wecom?as=bob", "/wecom/approvals?as=bob", "/dingtalk?as=bob"];

    [Fact]
    public async Task The_theme_follows_the_system_until_it_is_chosen_and_the_choice_holds_on_every_page()
    {
        await using var fixture = await PlatformFixture.StartAsync(chromium);
        var page = await fixture.OpenAsync("/?as=alice", before: p => p.EmulateMediaAsync(new() { ColorScheme = ColorScheme.Dark }));
        await Expect(page.Locator("body")).ToHaveCSSAsync("background-color", Night);
        await page.EmulateMediaAsync(new() { ColorScheme = ColorScheme.Light });
        await Expect(page.Locator("body")).ToHaveCSSAsync("background-color", Day);
        await Expect(page.GetByRole(AriaRole.Link, new() { Name = "System" })).ToHaveAttributeAsync("aria-current", "true");

        // It changes in place: what somebody has begun to do stays.
        await page.Locator("#chat-filter").FillAsync("begun");
        await page.GetByRole(AriaRole.Link, new() { Name = "Dark" }).ClickAsync();
        await Expect(page.Locator("body")).ToHaveCSSAsync("background-color", Night);
        await Expect(page.Locator("#chat-filter")).ToHaveValueAsync("begun");
        await Expect(page.GetByRole(AriaRole.Link, new() { Name = "Dark" })).ToHaveAttributeAsync("aria-current", "true");
        await Expect(page.GetByRole(AriaRole.Link, new() { Name = "System" })).Not.ToHaveAttributeAsync("aria-current", "true");

        foreach (var path in Pages)
        {
            await page.GotoAsync(new Uri(fixture.Emulator.BaseUrl, path).AbsoluteUri);
            await Expect(page.Locator("html")).ToHaveAttributeAsync("data-theme", "dark");
            await Expect(page.Locator("body")).ToHaveCSSAsync("background-color", Night);
        }

        await page.GetByRole(AriaRole.Link, new() { Name = "System" }).ClickAsync();
        await Expect(page.Locator("body")).ToHaveCSSAsync("background-color", Day);
        Assert.Empty(fixture.PageErrors);
    }

    [Fact]
    public async Task Without_any_script_the_theme_is_a_link_that_is_remembered()
    {
        await using var fixture = await PlatformFixture.StartAsync(chromium);
        using var http = new HttpClient(new HttpClientHandler { UseCookies = true }) { BaseAddress = fixture.Emulator.BaseUrl };
        var cancellation = TestContext.Current.CancellationToken;
        var first = await http.GetStringAsync("/?as=bob&view=inspector", cancellation);
        Assert.Contains("href=\"/?as=bob&amp;view=inspector&amp;theme=dark\"", first, StringComparison.Ordinal);
        Assert.Contains("data-theme=\"auto\"", first, StringComparison.Ordinal);
        Assert.Contains("data-theme=\"dark\"", await http.GetStringAsync("/?as=bob&view=inspector&theme=dark", cancellation), StringComparison.Ordinal);
        Assert.Contains("data-theme=\"dark\"", await http.GetStringAsync("/dingtalk", cancellation), StringComparison.Ordinal);
        Assert.Contains("data-theme=\"dark\"", await http.GetStringAsync("/?theme=pitch-black", cancellation), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("en", 1280)]
    [InlineData("zh", 1280)]
    [InlineData("en", 390)]
    [InlineData("zh", 390)]
    public async Task A_toast_covers_neither_the_title_nor_the_place_to_write_and_can_be_closed(string language, int width)
    {
        await using var fixture = await WebClientFixture.StartAsync(chromium);
        var said = new string('长', 60) + " a long answer of the bot that takes several lines of the toast";
        fixture.Answer = _ => Task.FromResult($$"""{"toast":{"type":"success","content":"{{said}}"} }""");
        fixture.BotShows(SeededCompany.PurchasingChat, """
            {"elements":[{"tag":"action","actions":[{"tag":"button","text":{"tag":"plain_text","content":"Go"},"value":{"a":1}}]}]}
            """);
        var page = await fixture.OpenAsync("bob", SeededCompany.PurchasingChat, language, width, width == 390 ? 844 : 800);
        await page.GetByRole(AriaRole.Button, new() { Name = "Go" }).ClickAsync();
        var toast = page.Locator(".toast-success");
        await Expect(toast).ToHaveTextAsync(said);
        await WebClientFixture.PictureAsync(page, $"toast-{language}-{width}");
        var box = (await toast.BoundingBoxAsync())!;
        foreach (var part in new[] { ".talk-head", ".composer" }) Assert.False(Meets(box, (await page.Locator(part).BoundingBoxAsync())!), part);
        Assert.InRange(box.X + box.Width, 0, width);

        await toast.GetByRole(AriaRole.Button).ClickAsync();
        await Expect(toast).ToHaveCountAsync(0);
        Assert.Empty(fixture.PageErrors);
    }

    [Fact]
    public async Task A_toast_goes_with_its_time_even_where_nothing_shall_move_and_stays_while_it_is_pointed_at()
    {
        await using var fixture = await WebClientFixture.StartAsync(chromium);
        var page = await fixture.OpenAsync("alice", SeededCompany.PurchasingChat, before: p => p.EmulateMediaAsync(new() { ReducedMotion = ReducedMotion.Reduce }));
        fixture.State.ChangeChat(SeededCompany.PurchasingChat, static c => c with { People = c.People.Remove("alice") });
        await page.Locator("#draft").FillAsync("hi");
        await page.Keyboard.PressAsync("Enter");
        var toast = page.Locator(".toast-error");
        await toast.HoverAsync();
        Assert.Equal("paused", await toast.EvaluateAsync<string>("e => e.getAnimations()[0].playState"));
        await page.Mouse.MoveAsync(5, 5);
        await toast.EvaluateAsync("e => { e.getAnimations()[0].currentTime = 9990; }");
        await Expect(toast).ToHaveCountAsync(0);
    }

    [Theory]
    [InlineData("light", "zh", 1280)]
    [InlineData("dark", "en", 1280)]
    [InlineData("light", "en", 390)]
    [InlineData("dark", "zh", 390)]
    [InlineData("light", "en", 1280)]
    [InlineData("dark", "zh", 1280)]
    [InlineData("light", "zh", 390)]
    [InlineData("dark", "en", 390)]
    public async Task Every_text_can_be_read_and_none_lies_on_another(string theme, string language, int width)
    {
        await using var fixture = await PlatformFixture.StartAsync(chromium);
        var chat = await FillAsync(fixture);
        var shown = new Dictionary<string, string>
        {
            ["chats"] = "/?as=carol", ["chat"] = $"/?as=carol&chat={chat}", ["inspector"] = $"/?as=carol&chat={chat}&view=inspector",
            ["approvals"] = "/approvals?as=carol", ["cards"] = "/cards", ["wecom-chats"] = "/wecom?as=carol",
            ["wecom"] = $"/wecom?as=carol&chat={PlatformFixture.AppChat("carol")}", ["wecom-approvals"] = "/wecom/approvals?as=carol",
            ["dingtalk-chats"] = "/dingtalk?as=carol", ["dingtalk"] = $"/dingtalk?as=carol&chat={await RobotChatAsync(fixture)}",
        };
        var wrong = new List<string>();
        var page = await fixture.OpenAsync($"/?as=carol&theme={theme}", language, width, width == 390 ? 844 : 800);
        foreach (var (name, path) in shown)
        {
            await page.GotoAsync(new Uri(fixture.Emulator.BaseUrl, path).AbsoluteUri);
            await page.WaitForSelectorAsync("body[data-live]");
            if (name == "cards") await SampleAsync(page);
            if (name == "inspector") await OpenTraceAsync(page);
            await WebClientFixture.PictureAsync(page, $"look-{name}-{theme}-{language}-{width}");
            wrong.AddRange((await PageSight.CollisionsAsync(page)).Select(hit => $"{name}: {hit}"));
            wrong.AddRange((await PageSight.FaintAsync(page)).Select(hit => $"{name}: {hit}"));
            if (await page.Locator(".rail").IsVisibleAsync())
            {
                wrong.AddRange((await PageSight.CollisionsAsync(page, ".rail", 4)).Select(hit => $"{name}, rail: {hit}"));
            }

            Assert.Equal(width, await page.EvaluateAsync<int>("document.documentElement.scrollWidth"));
        }

        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
        Assert.Empty(fixture.PageErrors);
    }

    [Fact]
    public async Task Reactions_and_thumbs_are_drawn_and_need_no_font_of_pictures()
    {
        await using var fixture = await WebClientFixture.StartAsync(chromium);
        var said = fixture.BotSays(fixture.BotChatOf("alice"), "text", """{"text":"Well?"}""");
        fixture.People.React("alice", said.MessageId, "HEART");
        var page = await fixture.OpenAsync("alice", fixture.BotChatOf("alice"));
        var message = page.Locator($"#m-{said.MessageId}");
        await message.HoverAsync();
        await message.Locator("summary").ClickAsync();
        await Expect(message.Locator(".emoji-menu button svg")).ToHaveCountAsync(8);
        await WebClientFixture.PictureAsync(page, "reactions");
        var letters = await page.EvaluateAsync<string[]>("[...document.querySelectorAll('button, summary')].map(b => b.textContent).filter(t => /\\p{Extended_Pictographic}/u.test(t))");
        Assert.Empty(letters);
        await Expect(message.Locator(".reactions svg[aria-label=HEART]")).ToBeVisibleAsync();
    }

    /// <summary>What opens over a page.</summary>
    [Theory]
    [InlineData("light", "en", 1280)]
    [InlineData("dark", "zh", 1280)]
    [InlineData("dark", "en", 390)]
    public async Task Menus_lists_and_questions_can_be_read(string theme, string language, int width)
    {
        await using var fixture = await WebClientFixture.StartAsync(chromium);
        var said = fixture.BotSays(SeededCompany.PurchasingChat, "text", """{"text":"Well?"}""");
        fixture.BotShows(SeededCompany.PurchasingChat, SampleCards.PurchaseRequest);
        var page = await fixture.OpenPathAsync($"/?as=bob&chat={SeededCompany.PurchasingChat}&theme={theme}", language, width, width == 390 ? 844 : 800);
        var message = page.Locator($"#m-{said.MessageId}");
        await message.HoverAsync();
        await message.Locator("summary").ClickAsync();
        await Expect(message.Locator(".emoji-menu")).ToBeVisibleAsync();
        await WebClientFixture.PictureAsync(page, $"look-menu-{theme}-{language}-{width}");
        Assert.Empty(await PageSight.FaintAsync(page));
        foreach (var opened in new[] { ".tools", ".emoji-menu" })
        {
            var box = (await message.Locator(opened).BoundingBoxAsync())!;
            Assert.True(box.X >= 0 && box.X + box.Width <= width, $"{opened} is cut off: {box.X} to {box.X + box.Width} of {width}");
        }

        await page.Keyboard.PressAsync("Escape");

        await page.Locator(".cb-danger").ClickAsync();
        await Expect(page.Locator("#confirm")).ToBeVisibleAsync();
        await WebClientFixture.PictureAsync(page, $"look-question-{theme}-{language}-{width}");
        Assert.Empty(await PageSight.FaintAsync(page));
        Assert.Equal(width, await page.EvaluateAsync<int>("document.documentElement.scrollWidth"));
    }

    private static bool Meets(LocatorBoundingBoxResult a, LocatorBoundingBoxResult b) =>
        a.X < b.X + b.Width && b.X < a.X + a.Width && a.Y < b.Y + b.Height && b.Y < a.Y + a.Height;

    /// <summary>Something to see on every page of Carol's.</summary>
    private static async Task<string> FillAsync(PlatformFixture fixture)
    {
        var (state, people) = (fixture.Emulator.State, fixture.Emulator.People);
        var chat = SeededCompany.FinanceChat;
        state.Put(TestPicture.Stored("img_seed"));
        foreach (var card in new[] { SampleCards.Everything, SampleCards.Rarities, SampleCards.PurchaseRequest })
        {
            var now = state.Clock.GetUtcNow();
            state.AddMessage(new Message
            {
                MessageId = state.Ids.Next("om_"), ChatId = chat, SenderKind = SenderKind.App, SenderId = state.Apps[0].AppId, MsgType = "interactive", Content = card,
                Rendered = card, Card = new CardState { Json = card, IsV2 = card.Contains("2.0", StringComparison.Ordinal), Shared = true }, CreateTime = now, UpdateTime = now,
            });
        }

        var said = people.SendText("bob", chat, "@Carol please look at https://example.com").MessageId!;
        people.SendText("carol", chat, "Done, thanks!", said);
        people.React("carol", said, "THUMBSUP");
        people.SendFile("bob", chat, "contract.pdf", new byte[12_345]);
        await fixture.WeComSaysAsync("template_card", PlatformCards.Buttons, "carol");
        await fixture.WeComSaysAsync("markdown", new { content = "### Payment\n**Northwind** <font color=\"warning\">due today</font>\n> [look](https://example.com)" }, "carol");
        await fixture.DingTalkSaysAsync("sampleMarkdown", new { title = "t", text = "### Weekly\n- Orders: **12**\n\n> All by Friday" }, "carol");
        await fixture.DingTalkCardAsync("order", new { title = "Order NW-7", supplier = "Northwind", buttons = """[{"id":"a","text":"Approve"}]""" }, "carol");
        using var refused = await fixture.Emulator.Http.GetAsync("/open-apis/im/v1/chats", TestContext.Current.CancellationToken);
        return chat;
    }

    private static async Task<string> RobotChatAsync(PlatformFixture fixture)
    {
        using var made = await fixture.Emulator.Http.GetAsync("/dingtalk?as=carol", TestContext.Current.CancellationToken);
        var chats = (await fixture.StateAsync("dingtalk"))["chats"]!.AsArray();
        return chats.Single(c => c!["type"]!.GetValue<string>() == "robot" && c["people"]!.AsArray().Any(p => p!.GetValue<string>() == "carol"))!["chat_id"]!.GetValue<string>();
    }

    private static async Task SampleAsync(IPage page)
    {
        await page.Locator("#sample").SelectOptionAsync("approval");
        await Expect(page.Locator(".frame-phone .card")).ToBeVisibleAsync();
    }

    private static async Task OpenTraceAsync(IPage page)
    {
        var trace = page.Locator("details[data-platform=dingtalk]").First;
        await trace.Locator("summary").First.ClickAsync();
        await Expect(trace.Locator(".payload").First).ToBeVisibleAsync();
    }
}
