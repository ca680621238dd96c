using Larkspur.Emulator.Dify;
using Larkspur.Emulator.State;
using Larkspur.EndToEnd.Tests.WebClient;
using Larkspur.Gateway.Console.Accounts;
using Larkspur.Gateway.Storage;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Larkspur.EndToEnd.Tests.Console;

public sealed class AssistantPageTests(ChromiumFixture chromium)
{
    [Theory]
    [InlineData(1280, ColorScheme.Light)]
    [InlineData(390, ColorScheme.Dark)]
    public async Task It_shows_who_answers_asks_a_question_tries_the_masking_and_opens_what_was_unhelpful(int width, ColorScheme theme)
    {
        await using var fixture = await ConsoleFixture.StartAsync(chromium, Dify);
        await ConsoleSeed.SwitchOnAsync(fixture);
        await AskAsync(fixture, "What is left of the budget?");
        var page = await fixture.LogInAsync(path: "/console/assistant", width: width, height: 844, theme: theme);
        await Expect(page.Locator("[data-backend=default]")).ToContainTextAsync("In use");
        await Expect(page.Locator("[data-routes] tbody tr")).ToHaveCountAsync(2);
        await Expect(page.Locator("[data-routes] tbody tr").First).ToContainTextAsync("command /hr");

        await page.Locator("textarea[name=question]").FillAsync("Who approves travel?");
        await page.Locator("[data-try] button[type=submit]").ClickAsync();
        await Expect(page.Locator("[data-answer]")).ToContainTextAsync("Who approves travel?");

        await page.Locator("[data-mask] summary").ClickAsync();
        await page.Locator("select[name=route]").SelectOptionAsync("hr");
        await page.Locator("textarea[name=text]").FillAsync("Call 13800138000");
        await page.Locator("[data-mask] button[type=submit]").ClickAsync();
        await Expect(page.Locator("[data-masked]")).ToContainTextAsync("mobile 1");
        await Expect(page.Locator("[data-masked]")).Not.ToContainTextAsync("13800138000");

        var row = page.Locator("[data-turn]").First;
        await Expect(row).ToContainTextAsync("Answered");
        await Expect(page.Locator("main")).Not.ToContainTextAsync("What is left of the budget?");
        await row.Locator("button").ClickAsync();
        await Expect(page.Locator(".lk-history-box")).ToContainTextAsync("What is left of the budget?");
        await ConsoleFixture.FitsAsync(page);
        await ConsoleFixture.PictureAsync(page, $"assistant-{width}");
        await page.Locator("input[name=unhelpful]").CheckAsync();
        await Expect(page.Locator("[data-turn]")).ToHaveCountAsync(0);
        var lines = await ConsoleSeed.GetAsync(fixture, "audit?what=conversation.read");
        Assert.Equal("console:admin", Assert.Single(lines["items"]!.AsArray())!["who"]!.GetValue<string>());
        Assert.Empty(fixture.PageErrors);
    }

    [Fact]
    public async Task Who_is_no_administrator_reads_nobodys_questions()
    {
        await using var fixture = await ConsoleFixture.StartAsync(chromium, Dify);
        await ConsoleSeed.SwitchOnAsync(fixture);
        await AskAsync(fixture, "Something private");
        await ConsoleSeed.AccountAsync(fixture, "olga", Role.Operator, "wide-lantern-harbour-31");
        await ConsoleSeed.AccountAsync(fixture, "aud", Role.Auditor, "calm-river-window-77");
        var page = await fixture.LogInAsync("olga", "wide-lantern-harbour-31", path: "/console/assistant");
        await Expect(page.Locator("[data-turn]")).ToHaveCountAsync(1);
        await Expect(page.Locator("[data-turn] button")).ToHaveCountAsync(0);
        Assert.Empty(fixture.PageErrors);
        var auditor = await fixture.LogInAsync("aud", "calm-river-window-77", path: "/console/assistant");
        await Expect(auditor.Locator("[data-turns]")).ToHaveCountAsync(0);
    }

    private static Dictionary<string, string?> Dify(Uri platform) => new()
    {
        ["DIFY_BASE_URL"] = new Uri(platform, "v1").ToString(), ["DIFY_API_KEY"] = DifyApp.DefaultKey,
        ["Larkspur:Assistant:Routes:0:Name"] = "hr", ["Larkspur:Assistant:Routes:0:Backend"] = "default",
            ["Larkspur:Assistant:Routes:0:Command"] = "hr",
        ["Larkspur:Assistant:Routes:0:Masking"] = "mobile,id_card",
    };

    /// <summary>Bob asks in a group, and is answered.</summary>
    private static async Task AskAsync(ConsoleFixture fixture, string text)
    {
        await fixture.Emulator.ActAsync(new { @as = "bob", @do = "send", chat = SeededCompany.PurchasingChat,
            text = "@Larkspur 助手 " + text });
        var database = fixture.Gateway.Services.GetRequiredService<IDatabase>();
        await ConsoleSeed.UntilAsync(async () => await database.ReadAsync(
            async sql => await sql.NumberAsync("SELECT COUNT(*) FROM assistant_turn WHERE state = 1") == 1,
                TestContext.Current.CancellationToken));
    }
}
