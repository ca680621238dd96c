using System.Net.Http.Json;
using Larkspur.EndToEnd.Tests.WebClient;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Larkspur.EndToEnd.Tests.Console;

public sealed class CheckUpPageTests(ChromiumFixture chromium)
{
    [Theory]
    [InlineData("en", "App Secret is wrong", "Fix it in the developer console", ColorScheme.Dark, 1280)]
    [InlineData("zh", "App Secret 不正确", "在开发者后台处理", ColorScheme.Light, 390)]
    public async Task The_check_up_names_what_is_wrong_what_to_do_and_where_in_the_readers_language(string language, string finding, string mend, ColorScheme theme, int width)
    {
        await using var fixture = await ConsoleFixture.StartAsync(chromium, new Dictionary<string, string?> { ["FEISHU_APP_SECRET"] = "another-secret-0123" });
        var page = await fixture.LogInAsync(language: language, path: "/console/connections", theme: theme, width: width);
        await page.Locator(".lk-main a[href='/console/doctor']").ClickAsync();
        await ConsoleFixture.LiveAsync(page);
        await page.Locator(".lk-head .lk-primary").ClickAsync();
        await Expect(page.Locator("[data-report=failed]")).ToBeVisibleAsync(new LocatorAssertionsToBeVisibleOptions { Timeout = 45_000 });
        var check = page.Locator("[data-checks=failed] [data-check=credentials]");
        await Expect(check).ToContainTextAsync(finding);
        await Expect(check.GetByText(mend)).ToHaveAttributeAsync("href", new System.Text.RegularExpressions.Regex("^https?://"));
        await Expect(page.Locator("[data-checks=ok] [data-check=database]")).ToBeVisibleAsync();
        await ConsoleFixture.PictureAsync(page, $"doctor-failed-{language}-{width}");
        await ConsoleFixture.FitsAsync(page);
        Assert.Empty(fixture.PageErrors);
    }

    [Fact]
    public async Task Scopes_that_are_missing_are_named_and_the_report_stays_for_the_next_visit()
    {
        await using var fixture = await ConsoleFixture.StartAsync(chromium);
        using var switched = await fixture.Gateway.Http.PatchAsJsonAsync(new Uri("/api/v1/settings", UriKind.Relative),
            new Dictionary<string, object> { ["auth.feishu.enabled"] = true, ["auth.feishu.notify_on_pr"] = true }, TestContext.Current.CancellationToken);
        Assert.True(switched.IsSuccessStatusCode);
        var page = await fixture.LogInAsync();
        await fixture.Emulator.ControlAsync(HttpMethod.Post, $"apps/{Larkspur.Testing.GatewayApp.AppId}/scopes", new { revoke = new[] { "im:message", "im:message:send", "im:message:send_as_bot" } });
        await fixture.OpenAsync(page, "/console/doctor");
        await page.Locator(".lk-head .lk-primary").ClickAsync();
        await Expect(page.Locator("[data-checks=failed] [data-check=scopes] .lk-chips code").First).ToBeVisibleAsync(new LocatorAssertionsToBeVisibleOptions { Timeout = 45_000 });
        await ConsoleFixture.PictureAsync(page, "doctor-scopes");
        await fixture.OpenAsync(page, "/console/doctor");
        await Expect(page.Locator("[data-check=scopes]")).ToBeVisibleAsync();
        Assert.Empty(fixture.PageErrors);
    }
}
