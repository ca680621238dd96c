using System.Text.RegularExpressions;
using Larkspur.EndToEnd.Tests.WebClient;
using Larkspur.Testing;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Larkspur.EndToEnd.Tests.Console;

public sealed class ReferenceTests(ChromiumFixture chromium)
{
    [Fact]
    public async Task The_rendered_reference_of_the_REST_API_calls_with_the_readers_own_key()
    {
        await using var fixture = await ConsoleFixture.StartAsync(chromium);
        var page = await fixture.BrowserAsync();
        await page.GotoAsync(fixture.Address + "/docs");
        await page.Locator("#operations-tag-Operations").ClickAsync();
        var status = page.Locator("#operations-Operations-GetStatus");
        await Expect(status).ToBeVisibleAsync();
        await ConsoleFixture.PictureAsync(page, "reference");

        // With the reader's own key, which only this page's memory has.
        await page.Locator(".auth-wrapper .authorize").ClickAsync();
        await page.Locator(".auth-container", new PageLocatorOptions { HasText = "X-Api-Key" }).Locator("input").FillAsync(GatewayApp.ApiKey);
        await page.Locator(".auth-container", new PageLocatorOptions { HasText = "X-Api-Key" }).Locator("button.authorize").ClickAsync();
        await page.Locator(".btn-done").First.ClickAsync();
        await status.Locator(".opblock-summary-control").ClickAsync();
        await status.Locator(".try-out__btn").ClickAsync();
        await status.Locator(".execute").ClickAsync();
        await Expect(status.Locator(".live-responses-table tbody .response-col_status").First).ToContainTextAsync("200");
        Assert.Empty(fixture.PageErrors);
    }

    [Fact]
    public async Task The_rendered_reference_shows_the_examples_and_fills_them_in()
    {
        await using var fixture = await ConsoleFixture.StartAsync(chromium);
        var page = await fixture.BrowserAsync();
        await page.GotoAsync(fixture.Address + "/docs#/Messages/SendMessage");
        var send = page.Locator("#operations-Messages-SendMessage");
        await Expect(send.Locator(".body-param__example")).ToContainTextAsync("Order 4711 has arrived");
        await Expect(send.Locator(".responses-table .example").First).ToContainTextAsync("ZM7W-D4TG");
        await send.Locator(".try-out__btn").ClickAsync();
        await Expect(send.Locator("textarea.body-param__text")).ToHaveValueAsync(new Regex("Order 4711 has arrived"));
        await ConsoleFixture.PictureAsync(page, "reference-example");

        // On a phone, and for a value in the path.
        await page.SetViewportSizeAsync(390, 844);
        await page.GotoAsync(fixture.Address + "/docs#/Payments/GetPayment");
        await page.ReloadAsync();
        var payment = page.Locator("#operations-Payments-GetPayment");
        await payment.Locator(".try-out__btn").ClickAsync();
        await Expect(payment.Locator("tr[data-param-name='id'] input")).ToHaveValueAsync(new Regex("^pay_"));
        await Expect(payment.Locator(".opblock-summary-operation-id")).ToBeHiddenAsync();
        await ConsoleFixture.PictureAsync(page, "reference-example-390");
        Assert.Empty(fixture.PageErrors);
    }
}
