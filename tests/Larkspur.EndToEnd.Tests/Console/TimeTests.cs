using System.Text.RegularExpressions;
using Larkspur.EndToEnd.Tests.WebClient;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Larkspur.EndToEnd.Tests.Console;

/// <summary>Times are read by the clocks of whoever reads them: the console's by the browser's zone, a card's by its reader's, beside the chat's own.</summary>
public sealed class TimeTests(ChromiumFixture chromium)
{
    [Theory]
    [InlineData("America/St_Johns", "en")]
    [InlineData("Pacific/Chatham", "zh")]
    public async Task The_console_shows_times_by_the_browsers_clocks_and_names_the_zone(string zone, string language)
    {
        await using var fixture = await ConsoleFixture.StartAsync(chromium);
        var page = await fixture.LogInAsync(language: language, path: "/console/profile", zone: zone);

        await Expect(page.Locator(".lk-zone")).ToContainTextAsync(zone);
        var time = page.Locator("time").First;
        var (at, shown) = (DateTimeOffset.Parse((await time.GetAttributeAsync("datetime"))!, null), await time.TextContentAsync());
        var local = TimeZoneInfo.ConvertTime(at, TimeZoneInfo.FindSystemTimeZoneById(zone));
        Assert.Equal($"{local:yyyy-MM-dd HH:mm:ss}", shown);
        Assert.Contains($"{shown} {zone}, UTC{local:zzz}", await time.GetAttributeAsync("title"));
        await ChromiumFixture.PictureAsync(page, $"console-zone-{language}");

        // In lists a moment of today is so long ago.
        await fixture.OpenAsync(page, "/console/accounts");
        await Expect(page.Locator("td time").First).ToHaveTextAsync(new Regex(language == "zh" ? @"^(刚刚|\d+ (秒|分钟)前)$" : @"^(just now|\d+ (s|min) ago)$"));
        Assert.Empty(fixture.PageErrors);
    }

    [Fact]
    public async Task A_zone_that_the_gateway_does_not_know_leaves_the_companys_and_loads_no_page_for_ever()
    {
        await using var fixture = await ConsoleFixture.StartAsync(chromium);
        var page = await fixture.BrowserAsync();
        await page.AddInitScriptAsync("""
            const told = Intl.DateTimeFormat.prototype.resolvedOptions;
            Intl.DateTimeFormat.prototype.resolvedOptions = function () { return { ...told.call(this), timeZone: "Moon/Copernicus" }; };
            """);
        await fixture.LogInAsync(page, path: "/console/profile");

        await Expect(page.Locator(".lk-zone")).ToContainTextAsync("Asia/Shanghai, UTC+08:00");
        Assert.Empty(fixture.PageErrors);
    }

    [Fact]
    public async Task A_card_says_when_it_was_decided_by_the_clock_of_the_chat_that_it_stands_in()
    {
        await using var fixture = await ConsoleFixture.StartAsync(chromium);
        var chat = fixture.Emulator.State.P2pChat("alice", EmulatorApp.AppId)!.ChatId;
        await fixture.Emulator.SetCallbackAsync(new Uri(fixture.Gateway.Address, "/webhook/feishu").ToString(), verify: true);
        var page = await fixture.BrowserAsync(zone: "America/St_Johns");
        await page.GotoAsync($"{fixture.Emulator.BaseUrl}?as=alice&chat={chat}");
        await page.WaitForSelectorAsync("body[data-live]");
        await page.Locator("#draft").FillAsync("/approve-demo");
        await page.Keyboard.PressAsync("Enter");
        await page.Locator(".msg button", new() { HasTextRegex = new("^Approve$") }).ClickAsync();

        var told = page.Locator(".msg", new() { HasTextRegex = new Regex(@"Approved by .* at \d\d:\d\d") });
        await Expect(told).ToBeVisibleAsync();
        var said = Regex.Match((await told.TextContentAsync())!, @"Approved by .* at (?<time>\d\d:\d\d)").Groups["time"].Value;
        var now = TimeZoneInfo.ConvertTime(DateTimeOffset.UtcNow, TimeZoneInfo.FindSystemTimeZoneById("America/St_Johns"));
        // By no other clock: this zone is half an hour beside the full hours.
        Assert.InRange((now.TimeOfDay - TimeSpan.Parse(said, null) + TimeSpan.FromDays(1)).TotalMinutes % 1440, 0, 5);
    }
}
