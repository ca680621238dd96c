using System.Text.RegularExpressions;
using Larkspur.EndToEnd.Tests.WebClient;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Larkspur.EndToEnd.Tests.Console;

public sealed class AccountsPageTests(ChromiumFixture chromium)
{
    private const string NewPassword = "wide-lantern-harbour-31";

    [Fact]
    public async Task The_last_administrator_stays_one_whatever_a_page_sends()
    {
        await using var fixture = await ConsoleFixture.StartAsync(chromium);
        var page = await fixture.LogInAsync(path: "/console/accounts");
        var role = page.Locator("tr[data-account=admin] select");
        await Expect(role).ToBeDisabledAsync();
        await Expect(page.Locator("tr[data-account=admin]").GetByText("Disable")).ToHaveCountAsync(0);
        // A browser can be told otherwise; the server asks for itself.
        await role.EvaluateAsync("e => e.disabled = false");
        await role.SelectOptionAsync("Auditor");
        await Expect(page.Locator(".lk-toasts")).ToContainTextAsync("At least one active administrator must remain");
        await fixture.OpenAsync(page, "/console/accounts");
        await Expect(role).ToHaveValueAsync("Admin");
        Assert.Empty(fixture.PageErrors);
    }

    [Fact]
    public async Task Who_changes_the_password_stays_logged_in_here_and_nowhere_else()
    {
        await using var fixture = await ConsoleFixture.StartAsync(chromium);
        var other = await fixture.LogInAsync();
        var page = await fixture.LogInAsync(path: "/console/profile");
        await FillAsync("not my password", NewPassword);
        await Expect(page.Locator(".lk-toasts")).ToContainTextAsync("The current password is wrong");
        await FillAsync(ConsoleFixture.Password, NewPassword);
        await Expect(page.Locator(".lk-toasts")).ToContainTextAsync("Password changed");
        await Expect(other).ToHaveURLAsync(new Regex("/console/login"));
        await fixture.OpenAsync(page, "/console/profile");
        await Expect(page.Locator("h1")).ToHaveTextAsync("My account");

        await other.Locator("input[name=name]").FillAsync("admin");
        await other.Locator("input[name=password]").FillAsync(ConsoleFixture.Password);
        await other.Keyboard.PressAsync("Enter");
        await Expect(other.GetByRole(AriaRole.Alert)).ToContainTextAsync("Wrong account or password");
        await fixture.LogInAsync(password: NewPassword);

        async Task FillAsync(string current, string wanted)
        {
            var fields = page.Locator(".lk-form input[type=password]");
            await fields.Nth(0).FillAsync(current);
            await fields.Nth(1).FillAsync(wanted);
            await fields.Nth(2).FillAsync(wanted);
            await page.Locator(".lk-form button[type=submit]").ClickAsync();
        }
    }

    [Fact]
    public async Task The_keyboard_alone_logs_in_and_goes_through_the_navigation()
    {
        await using var fixture = await ConsoleFixture.StartAsync(chromium);
        var page = await fixture.BrowserAsync();
        await page.GotoAsync(fixture.Address + "/console/login");
        await TabToAsync("input[name=name]");
        await page.Keyboard.TypeAsync("admin");
        await page.Keyboard.PressAsync("Tab");
        await Expect(page.Locator("input[name=password]")).ToBeFocusedAsync();
        await page.Keyboard.TypeAsync(ConsoleFixture.Password);
        await page.Keyboard.PressAsync("Enter");
        await ConsoleFixture.LiveAsync(page);
        await Expect(page.Locator("h1")).ToHaveTextAsync("Overview");

        await TabToAsync("nav a[href='/console/settings']");
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.Locator("h1")).ToHaveTextAsync("Settings");
        await TabToAsync("#s-auth-feishu-enabled");
        await page.Keyboard.PressAsync("Space");
        await Expect(page.Locator("#s-auth-feishu-enabled")).ToBeCheckedAsync();

        async Task TabToAsync(string selector)
        {
            var wanted = page.Locator(selector);
            for (var i = 0; i < 60; i++)
            {
                if (await wanted.EvaluateAsync<bool>("e => e === document.activeElement")) return;
                await page.Keyboard.PressAsync("Tab");
            }

            Assert.Fail($"No Tab leads to {selector}.");
        }
    }
}
