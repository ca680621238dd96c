using Larkspur.EndToEnd.Tests.WebClient;
using Larkspur.Testing;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Larkspur.EndToEnd.Tests.Console;

[Collection(ChromiumCollection.Name)]
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
}
