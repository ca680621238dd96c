using Larkspur.EndToEnd.Tests.WebClient;
using static Microsoft.Playwright.Assertions;

namespace Larkspur.EndToEnd.Tests.Console;

public sealed class SettingsPageTests(ChromiumFixture chromium)
{
    private const string Secret = "a-secret-nobody-reads-back-58";

    [Fact]
    public async Task A_value_that_does_not_fit_is_refused_whole_and_a_secret_is_never_shown_again()
    {
        await using var fixture = await ConsoleFixture.StartAsync(chromium, ConsoleFixture.NoApp);
        var page = await fixture.LogInAsync(path: "/console/settings");
        var save = page.Locator("section:has(#s-auth-feishu-app_id) button[type=submit]");
        await page.Locator("#s-auth-feishu-app_id").FillAsync("wrong");
        await page.Locator("input#s-auth-feishu-app_secret").FillAsync(Secret);
        await save.ClickAsync();
        await Expect(page.Locator(".lk-problem")).ToContainTextAsync("begins with cli_");
        await ConsoleFixture.PictureAsync(page, "settings-refused");
        // Nothing of it was kept.
        await fixture.OpenAsync(page, "/console/settings");
        await Expect(page.Locator("#s-auth-feishu-app_id")).ToHaveValueAsync("");
        await Expect(page.Locator("input#s-auth-feishu-app_secret")).ToBeVisibleAsync();

        await page.Locator("#s-auth-feishu-app_id").FillAsync("cli_0123456789abcdef");
        await page.Locator("input#s-auth-feishu-app_secret").FillAsync(Secret);
        await save.ClickAsync();
        await Expect(page.Locator("button#s-auth-feishu-app_secret")).ToHaveTextAsync("Replace");
        foreach (var path in (string[])["/console/settings", "/console/audit"])
        {
            await fixture.OpenAsync(page, path);
            Assert.DoesNotContain(Secret, await page.ContentAsync(), StringComparison.Ordinal);
        }

        Assert.DoesNotContain(fixture.Gateway.Logs.Lines, l => l.Message.Contains(Secret, StringComparison.Ordinal));
        Assert.Empty(fixture.PageErrors);
    }
}
