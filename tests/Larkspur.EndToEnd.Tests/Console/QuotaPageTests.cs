using System.Text.RegularExpressions;
using Larkspur.EndToEnd.Tests.WebClient;
using Larkspur.Gateway.Console.Accounts;
using Larkspur.Gateway.Quota;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Larkspur.EndToEnd.Tests.Console;

public sealed class QuotaPageTests(ChromiumFixture chromium)
{
    private const string AuditorsPassword = "quiet-meadow-lantern-4";

    [Fact]
    public async Task A_month_is_seen_used_up_and_an_administrator_lets_the_app_call_again()
    {
        await using var fixture = await ConsoleFixture.StartAsync(chromium, new Dictionary<string, string?>
        {
            ["Larkspur:Quota:MonthlyCap"] = "10000", ["Larkspur:Quota:DailyCaps:im.v1.message.create"] = "5000",
            ["Larkspur:Admin:FeishuReceiver"] = "oc_operations",
        });
        await ConsoleSeed.AccountAsync(fixture, "olga", Role.Auditor, AuditorsPassword);
        Count(fixture, "im.v1.message.create", 8_100);
        Count(fixture, "contact.v3.user.get", 40, counted: 0);

        var page = await fixture.LogInAsync(path: "/console/quota");
        var app = page.Locator("[data-app=default]");
        await Expect(app.Locator("[data-used]")).ToHaveTextAsync(new Regex("^8,1"));
        await Expect(app).ToContainTextAsync("of 10,000, 81 %");
        await Expect(app).ToContainTextAsync("oc_operations");
        await Expect(With(app.Locator(".lk-alarms li"), "80 % of the quota")).ToContainTextAsync("Told");
        await Expect(With(app.Locator(".lk-alarms li"), "95 % of the quota")).ToContainTextAsync("Not reached");
        await Expect(app.GetByRole(AriaRole.Img)).ToHaveAttributeAsync("aria-label", new Regex("of a quota of 10,000; .* by the end"));
        await Expect(app.GetByText("Let it call again")).ToHaveCountAsync(0);
        await app.GetByText("By API").ClickAsync();
        await Expect(With(app.Locator("tr"), "im.v1.message.create")).ToContainTextAsync("at most 5,000 a day");
        await ConsoleFixture.PictureAsync(page, "quota-by-api");
        await app.GetByText("By day").ClickAsync();
        await Expect(app.Locator("tbody tr")).ToHaveCountAsync(1);

        await fixture.OpenAsync(page, "/console");
        var burnDown = page.Locator("[data-chart=quota]");
        await Expect(burnDown).ToContainTextAsync(new Regex("8,1.* of 10,000, 81 %"));
        await Expect(burnDown.GetByRole(AriaRole.Img)).ToHaveAttributeAsync("aria-label", new Regex("of a quota of 10,000"));
        await ConsoleFixture.PictureAsync(page, "overview-quota");
        await burnDown.GetByRole(AriaRole.Link).ClickAsync();
        await Expect(app.Locator("[data-used]")).ToBeVisibleAsync();

        Count(fixture, "im.v1.message.create", 2_000);
        await Expect(Mode(app, "Used up")).ToBeVisibleAsync(Slowly);
        await ConsoleFixture.PictureAsync(page, "quota-used-up");
        var auditor = await fixture.LogInAsync("olga", AuditorsPassword, path: "/console/quota");
        await Expect(Mode(auditor.Locator("[data-app=default]"), "Used up")).ToBeVisibleAsync();
        await Expect(auditor.GetByText("Let it call again")).ToHaveCountAsync(0);

        await app.GetByText("Let it call again").ClickAsync();
        await ConsoleFixture.SureAsync(page, "Let it call again");
        await Expect(app).ToContainTextAsync("the gateway's own quota holds nothing");
        await Expect(Mode(app, "Used up")).ToHaveCountAsync(0);
        await fixture.OpenAsync(page, "/console/audit");
        await Expect(page.GetByText("App may call again")).ToBeVisibleAsync();
        Assert.Empty(fixture.PageErrors);
    }

    private static ILocator With(ILocator some, string text) => some.Filter(new LocatorFilterOptions { HasText = text });

    private static ILocator Mode(ILocator app, string word) => With(app.Locator(".lk-app .lk-state"), word);

    private static LocatorAssertionsToBeVisibleOptions Slowly => new() { Timeout = 30_000 };

    /// <summary>As if the app had called today.</summary>
    private static void Count(ConsoleFixture fixture, string api, long calls, long? counted = null)
    {
        var services = fixture.Gateway.Services;
        var today = services.GetRequiredService<QuotaCalendar>().Day(DateTimeOffset.UtcNow);
        services.GetRequiredService<QuotaRegistry>().Counts.Add(new("default", today, api), new(calls, 0, counted ?? calls));
    }
}
