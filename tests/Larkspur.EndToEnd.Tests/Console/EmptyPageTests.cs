using System.Text.RegularExpressions;
using Larkspur.EndToEnd.Tests.WebClient;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Larkspur.EndToEnd.Tests.Console;

/// <summary>A page without anything says what will be here and leads there.</summary>
public sealed class EmptyPageTests(ChromiumFixture chromium)
{
    [Fact]
    public async Task Empty_pages_have_nothing_to_filter_and_lead_on()
    {
        await using var fixture = await ConsoleFixture.StartAsync(chromium);
        var page = await fixture.LogInAsync(path: "/console/notifications");
        // What the API does while the integration is off: it refuses.
        await Expect(page.Locator(".lk-banner")).ToContainTextAsync("notifications of business systems are refused");
        await Expect(page.Locator(".lk-filter")).ToHaveCountAsync(0);
        await page.Locator(".lk-empty a").ClickAsync();
        await Expect(page).ToHaveURLAsync(new Regex("/console/notification-types$"));

        await fixture.OpenAsync(page, "/console/payments");
        await Expect(page.Locator(".lk-filter")).ToHaveCountAsync(0);
        await page.Locator(".lk-empty a").ClickAsync();
        await Expect(page).ToHaveURLAsync(new Regex("/console/settings$"));

        // Who has filtered everything away is led back.
        await fixture.OpenAsync(page, "/console/payments?state=approved");
        await Expect(page.Locator(".lk-empty")).ToContainTextAsync("No matching payments");
        await page.GetByText("Show all").ClickAsync();
        await Expect(page.Locator(".lk-empty")).ToContainTextAsync("No payment yet");

        await fixture.OpenAsync(page, "/console/deliveries?box=inbox&status=dead");
        await Expect(page.Locator(".lk-empty")).ToContainTextAsync("No dead letters");
        await fixture.OpenAsync(page, "/console/deliveries?box=outbox");
        await Expect(page.Locator(".lk-empty")).ToContainTextAsync("No message yet");
        Assert.Empty(fixture.PageErrors);
    }
}
