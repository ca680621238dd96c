using Larkspur.EndToEnd.Tests.WebClient;
using Larkspur.Testing;
using static Microsoft.Playwright.Assertions;

namespace Larkspur.EndToEnd.Tests.Console;

[Collection(ChromiumCollection.Name)]
public sealed class SettingsPageTests(ChromiumFixture chromium)
{
    private const string Secret = "a-secret-nobody-reads-back-58";

    [Fact]
    public async Task What_was_entered_is_saved_by_one_click_is_tested_and_not_lost_by_a_link()
    {
        await using var fixture = await ConsoleFixture.StartAsync(chromium, ConsoleFixture.NoApp);
        var page = await fixture.LogInAsync(path: "/console/settings");
        var form = page.Locator("section:has(#s-auth-feishu-app_id)");
        var save = form.Locator("button[type=submit]");
        await Expect(save).ToBeDisabledAsync();
        // By the keys alone: the field still has the focus when it is saved.
        await page.Locator("#s-auth-feishu-app_id").PressSequentiallyAsync("wrong");
        await Expect(save).ToBeEnabledAsync();
        await save.ClickAsync();
        await Expect(page.Locator(".lk-toasts")).ToContainTextAsync("begins with cli_");

        await page.Locator("nav a[href='/console/webhooks']").ClickAsync();
        await ConsoleFixture.PictureAsync(page, "settings-leave");
        await page.Locator(".lk-dialog").GetByText("Cancel").ClickAsync();
        await Expect(page.Locator("#s-auth-feishu-app_id")).ToHaveValueAsync("wrong");

        await page.Locator("#s-auth-feishu-app_id").FillAsync(GatewayApp.AppId);
        await page.Locator("input#s-auth-feishu-app_secret").FillAsync(GatewayApp.AppSecret);
        await save.ClickAsync();
        await Expect(page.Locator("button#s-auth-feishu-app_secret")).ToHaveTextAsync("Replace");
        // What it was refused for before is mended.
        await Expect(page.Locator(".lk-toasts")).Not.ToContainTextAsync("begins with cli_");
        await page.Locator("[data-test-connection]").ClickAsync();
        await Expect(page.Locator(".lk-checks").First).ToBeVisibleAsync();
        await ConsoleFixture.PictureAsync(page, "settings-tested");

        await page.Locator("#s-auth-feishu-app_id").FillAsync("half done");
        await page.Locator("nav a[href='/console/webhooks']").ClickAsync();
        await ConsoleFixture.SureAsync(page, "Leave without saving");
        await Expect(page.Locator("h1")).ToHaveTextAsync("Webhooks");
        Assert.Empty(fixture.PageErrors);
    }

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
        // Nothing of it was kept; the browser asks before it throws away what was entered.
        page.Dialog += (_, dialog) => _ = dialog.AcceptAsync();
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
