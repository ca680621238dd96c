using Larkspur.EndToEnd.Tests.WebClient;
using Larkspur.Emulator.State;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Larkspur.EndToEnd.Tests.Console;

public sealed class MessagesPageTests(ChromiumFixture chromium)
{
    [Fact]
    public async Task An_administrator_writes_into_a_group_and_is_told_why_a_stranger_got_nothing()
    {
        await using var fixture = await ConsoleFixture.StartAsync(chromium);
        await ConsoleSeed.SwitchOnAsync(fixture);
        var page = await fixture.LogInAsync(path: "/console/messages");
        var send = page.Locator(".lk-form button[type=submit]");
        await page.Locator($"[data-group={SeededCompany.PurchasingChat}] button").ClickAsync();
        await page.Locator("[name=kind]").SelectOptionAsync("card");
        await page.Locator("[name=title]").FillAsync("Stocktaking");
        await page.Locator("[name=text]").FillAsync("On **Friday** at 15:00");
        await send.ClickAsync();
        await Expect(page.Locator("[data-outcome=sent]")).ToBeVisibleAsync();
        await ConsoleFixture.PictureAsync(page, "messages-sent");
        var said = fixture.Emulator.State.Messages(SeededCompany.PurchasingChat).Last(m => m.SenderKind == SenderKind.App);
        Assert.Contains("Stocktaking", said.Card!.Json, StringComparison.Ordinal);
        await Expect(page.Locator("[name=text]")).ToHaveValueAsync("");
        var lines = await ConsoleSeed.GetAsync(fixture, "audit?what=message.sent_by_hand");
        Assert.Equal("console:admin", Assert.Single(lines["items"]!.AsArray())!["who"]!.GetValue<string>());

        await page.Locator("[name=kind]").SelectOptionAsync("text");
        await page.Locator("[name=to]").FillAsync("not an address");
        await page.Locator("[name=text]").FillAsync("hello");
        await send.ClickAsync();
        await Expect(page.Locator(".lk-toasts")).ToContainTextAsync("Enter an email address");
        await page.Locator("[name=to]").FillAsync("nobody@mica.example");
        await send.ClickAsync();
        await Expect(page.Locator("[data-outcome=failed]")).ToContainTextAsync("Not sent");
        await ConsoleFixture.PictureAsync(page, "messages-failed");
        Assert.Empty(fixture.PageErrors);
    }
}
