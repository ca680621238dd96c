using Larkspur.EndToEnd.Tests.WebClient;
using Larkspur.Testing;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Larkspur.EndToEnd.Tests.Console;

public sealed class OverviewPageTests(ChromiumFixture chromium)
{
    [Fact]
    public async Task The_overview_draws_what_happened_names_what_failed_and_leads_to_what_waits()
    {
        await using var fixture = await ConsoleFixture.StartAsync(chromium, new Dictionary<string,
            string?> { ["DINGTALK_CLIENT_ID"] = "ding1", ["DINGTALK_CLIENT_SECRET"] = "s", ["DINGTALK_ROBOT_CODE"] = "ding1",
            ["DINGTALK_BASE_URL"] = "http://127.0.0.1:1" });
        await ConsoleSeed.SwitchOnAsync(fixture);
        await ConsoleSeed.RequisitionAsync(fixture);
        await ConsoleSeed.PaymentAsync(fixture);
        await fixture.Emulator.ActAsync(new { @as = "bob", @do = "send", chat = fixture.Emulator.State.P2pChat("bob",
            GatewayApp.AppId)!.ChatId, text = "/help" });
        // A card to somebody whom the platform does not know is given up.
        var page = await fixture.LogInAsync(path: "/console/welcome");
        await page.Locator("[data-next]").ClickAsync();
        await page.Locator("[data-next]").ClickAsync();
        await page.Locator("input[name=person]").FillAsync("nobody@mica.example");
        await page.Locator("[data-send]").ClickAsync();
        await Expect(page.Locator("[data-card=dead]")).ToBeVisibleAsync();

        await fixture.OpenAsync(page, "/console");
        await Expect(page.Locator("[data-chart=events] figcaption")).ToContainTextAsync("event");
        await Expect(page.Locator("[data-chart=events] svg")).ToHaveAttributeAsync("aria-label",
            new System.Text.RegularExpressions.Regex("^Events and messages: [1-9]"));
        await Expect(page.Locator("[data-chart=failures] figcaption")).ToContainTextAsync("1 delivery");
        await Expect(page.Locator("[data-chart=latency] figcaption")).ToContainTextAsync("P99");
        await Expect(page.Locator(".lk-kinds")).ToContainTextAsync("invalid_230034");
        Assert.Equal(24, await page.Locator("[data-chart=events] g").CountAsync());
        await page.Locator("[data-week]").ClickAsync();
        await Expect(page.Locator("[data-chart=events] g")).ToHaveCountAsync(28);
        await Expect(page.Locator("[data-apps]")).ToContainTextAsync("DingTalk");
        await Expect(page.Locator("[data-duties]")).ToContainTextAsync("One payment waits for its approval");
        await ConsoleFixture.PictureAsync(page, "overview-filled");

        await page.Locator("[data-failures] a").First.ClickAsync();
        await Expect(page).ToHaveURLAsync(new System.Text.RegularExpressions.Regex("/console/deliveries.*row="));
        await fixture.OpenAsync(page, "/console");
        await page.Locator("[data-duties] a[href*=outbox]").ClickAsync();
        await Expect(page.Locator("tr[data-row]").First).ToBeVisibleAsync();
        Assert.Empty(fixture.PageErrors);
    }

    [Theory]
    [InlineData("zh", ColorScheme.Dark, 390)]
    [InlineData("en", ColorScheme.Light, 390)]
    public async Task It_fits_a_phone(string language, ColorScheme theme, int width)
    {
        await using var fixture = await ConsoleFixture.StartAsync(chromium);
        await ConsoleSeed.SwitchOnAsync(fixture);
        await ConsoleSeed.RequisitionAsync(fixture);
        var page = await fixture.LogInAsync(language: language, width: width, theme: theme);
        await Expect(page.Locator("[data-chart=failures]")).ToBeVisibleAsync();
        await ConsoleFixture.FitsAsync(page);
        await ConsoleFixture.PictureAsync(page, $"overview-filled-{language}-{width}");
        Assert.Empty(fixture.PageErrors);
    }
}
