using System.Text.RegularExpressions;
using Larkspur.EndToEnd.Tests.WebClient;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Larkspur.EndToEnd.Tests.Console;

public sealed class LogInTests(ChromiumFixture chromium)
{
    [Fact]
    public async Task An_administrator_logs_in_changes_the_look_and_logs_out()
    {
        await using var fixture = await ConsoleFixture.StartAsync(chromium);
        var page = await fixture.BrowserAsync("en");
        await page.GotoAsync(fixture.Address + "/console");
        await Expect(page).ToHaveURLAsync(new Regex("/console/login$"));
        await ConsoleFixture.PictureAsync(page, "login-en");
        await page.Locator("input[name=name]").FillAsync("admin");
        await page.Locator("input[name=password]").FillAsync("not the password");
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.GetByRole(AriaRole.Alert)).ToContainTextAsync("Wrong account or password");

        await page.Locator("input[name=name]").FillAsync("Admin");
        await page.Locator("input[name=password]").FillAsync(ConsoleFixture.Password);
        await page.Keyboard.PressAsync("Enter");
        await ConsoleFixture.LiveAsync(page);
        await Expect(page.Locator("h1")).ToHaveTextAsync("Overview");
        await Expect(page.GetByText("Platform calls that succeed")).ToBeVisibleAsync();

        await page.GetByText("中文").ClickAsync();
        await Expect(page.Locator("h1")).ToHaveTextAsync("概览");
        await ConsoleFixture.LiveAsync(page);
        await page.GetByLabel("深色").ClickAsync();
        await Expect(page.Locator("html")).ToHaveAttributeAsync("data-theme", "dark");

        // Kept with the account: another browser that prefers otherwise shows the same.
        var other = await fixture.LogInAsync(language: "en");
        await Expect(other.Locator("html")).ToHaveAttributeAsync("data-theme", "dark");
        await Expect(other.Locator("h1")).ToHaveTextAsync("概览");

        await ConsoleFixture.LiveAsync(page);
        await page.GetByLabel("退出登录").ClickAsync();
        await Expect(page).ToHaveURLAsync(new Regex("/console/login$"));
        await page.GotoAsync(fixture.Address + "/console");
        await Expect(page).ToHaveURLAsync(new Regex("/console/login$"));
        Assert.Empty(fixture.PageErrors);
    }

    [Fact]
    public async Task The_first_account_needs_the_code_of_the_data_folder()
    {
        await using var fixture = await ConsoleFixture.StartAsync(chromium, new Dictionary<string, string?> { ["LARKSPUR_ADMIN_PASSWORD"] = "" });
        var page = await fixture.BrowserAsync("zh");
        await page.GotoAsync(fixture.Address + "/console/login");
        await page.GetByText("开始首次设置").ClickAsync();
        await ConsoleFixture.PictureAsync(page, "setup-zh");
        await FillAsync("AAAA-BBBB-CCCC-DDDD");
        await Expect(page.GetByRole(AriaRole.Alert)).ToContainTextAsync("设置码不对");
        // What was right stays.
        await Expect(page.Locator("input[name=display_name]")).ToHaveValueAsync("安娜");
        await FillAsync(fixture.SetupCode.ToLowerInvariant());
        await ConsoleFixture.LiveAsync(page);

        // Once there is an account, the code is worth nothing.
        var other = await fixture.BrowserAsync("en");
        await other.GotoAsync(fixture.Address + "/console/setup");
        await Expect(other.GetByText("exists already")).ToBeVisibleAsync();
        Assert.Empty(fixture.PageErrors);

        async Task FillAsync(string code)
        {
            await page.Locator("input[name=code]").FillAsync(code);
            if (await page.Locator("input[name=name]").InputValueAsync() != "anna")
            {
                await page.Locator("input[name=name]").FillAsync("anna");
                await page.Locator("input[name=display_name]").FillAsync("安娜");
            }

            await page.Locator("input[name=password]").FillAsync(ConsoleFixture.Password);
            await page.Locator(".lk-form button[type=submit]").ClickAsync();
        }
    }
}
