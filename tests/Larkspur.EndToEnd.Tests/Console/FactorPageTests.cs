using System.Text.RegularExpressions;
using Larkspur.EndToEnd.Tests.WebClient;
using Larkspur.Gateway.Audit;
using Larkspur.Gateway.Console.Accounts;
using Larkspur.Gateway.Console.LogIn;
using Larkspur.Gateway.Settings;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Larkspur.EndToEnd.Tests.Console;

public sealed class FactorPageTests(ChromiumFixture chromium)
{
    private const string OtherPassword = "quiet-meadow-lantern-4";

    [Theory]
    [InlineData("en", ColorScheme.Light, 1280)]
    [InlineData("zh", ColorScheme.Dark, 390)]
    public async Task A_second_factor_is_set_up_used_at_the_log_in_and_turned_off(string language, ColorScheme theme, int width)
    {
        await using var fixture = await ConsoleFixture.StartAsync(chromium);
        var page = await fixture.LogInAsync(language: language, theme: theme, width: width, height: 844, path: "/console/profile");
        await page.Locator("[data-begin]").ClickAsync();
        var secret = (await page.Locator("[data-totp]").InnerTextAsync()).Replace(" ", "", StringComparison.Ordinal);
        await Expect(page.Locator(".lk-qr")).ToBeVisibleAsync();
        await PictureAsync("profile-factor");
        await page.Locator("input[name=factor-code]").FillAsync("000000");
        await page.Locator("[data-set-up]").ClickAsync();
        await Expect(page.Locator(".lk-toast")).ToBeVisibleAsync();
        // The next step's code is good already, and for longest.
        await page.Locator("input[name=factor-code]").FillAsync(TotpCodes.At(secret, TimeProvider.System.GetUtcNow().AddSeconds(30)));
        await page.Locator("[data-set-up]").ClickAsync();
        var codes = (await page.Locator("#lk-recovery").InputValueAsync()).Split('\n');
        Assert.Equal(10, codes.Length);
        await PictureAsync("profile-recovery");
        await fixture.OpenAsync(page, "/console/profile");
        await Expect(page.Locator("[data-factor=on] [data-left]")).ToHaveTextAsync("10");
        await Expect(page.Locator("#lk-recovery")).ToHaveCountAsync(0);
        await PictureAsync("profile-on");

        // The second step, without any script.
        var other = await fixture.BrowserAsync(language, width, 844, theme);
        await other.GotoAsync(fixture.Address + "/console/login?back=/console/profile");
        await other.Locator("input[name=name]").FillAsync("admin");
        await other.Locator("input[name=password]").FillAsync(ConsoleFixture.Password);
        await other.Keyboard.PressAsync("Enter");
        await Expect(other).ToHaveURLAsync(new Regex("/console/login/code"));
        Assert.Equal(0, await other.Locator("script").CountAsync());
        await ConsoleFixture.FitsAsync(other);
        await PictureOfAsync(other, "login-code");
        await other.Locator("input[name=code]").FillAsync("123");
        await other.Keyboard.PressAsync("Enter");
        await Expect(other.GetByRole(AriaRole.Alert)).ToBeVisibleAsync();
        await other.Locator("input[name=code]").FillAsync(codes[3]);
        await other.Keyboard.PressAsync("Enter");
        await ConsoleFixture.LiveAsync(other);
        await Expect(other).ToHaveURLAsync(new Regex("/console/profile"));
        await Expect(other.Locator("[data-left]")).ToHaveTextAsync("9");

        // Both sessions are listed, this one marked; the other one is ended from here.
        await Expect(other.Locator("[data-session]")).ToHaveCountAsync(2);
        await Expect(other.Locator("[data-session=own]")).ToContainTextAsync("Chrome");
        await PictureOfAsync(other, "profile-sessions");
        await other.Locator("[data-session=other] button").ClickAsync();
        await Expect(other.Locator("[data-session]")).ToHaveCountAsync(1);
        await Expect(page).ToHaveURLAsync(new Regex("/console/login"));

        await other.Locator("[data-factor=on] .lk-danger").ClickAsync();
        await other.Locator(".lk-dialog [data-yes]").ClickAsync();
        await Expect(other.Locator("[data-factor=off]")).ToBeVisibleAsync();
        await other.Locator("[data-everywhere]").ClickAsync();
        await other.Locator(".lk-dialog [data-yes]").ClickAsync();
        await Expect(other).ToHaveURLAsync(new Regex("/console/login"));
        Assert.Empty(fixture.PageErrors);

        Task PictureAsync(string name) => PictureOfAsync(page, name);

        Task PictureOfAsync(IPage of, string name) => ConsoleFixture.PictureAsync(of,
            $"{name}-{language}-{theme.ToString().ToLowerInvariant()}-{width}");
    }

    [Theory]
    [InlineData("zh", ColorScheme.Light, 390)]
    [InlineData("en", ColorScheme.Dark, 1280)]
    public async Task Who_has_to_have_one_sets_it_up_before_anything_else_and_an_administrator_resets_it(string language, ColorScheme theme,
        int width)
    {
        await using var fixture = await ConsoleFixture.StartAsync(chromium);
        await fixture.Gateway.Services.GetRequiredService<AccountStore>().CreateAsync(Actor.System, "olga", null, Role.Operator, OtherPassword,
            TestContext.Current.CancellationToken);
        var admin = await fixture.LogInAsync(language: language, theme: theme, width: width, height: 844, path: "/console/settings");
        await admin.Locator("#s-console-require_second_factor").SelectOptionAsync("all");
        await admin.Locator("form:has(#s-console-require_second_factor) button[type=submit]").ClickAsync();
        var settings = fixture.Gateway.Services.GetRequiredService<ISettings>();
        await ConsoleSeed.UntilAsync(() => Task.FromResult(settings.Now[SecondFactorPolicy.Setting].Text == "all"));

        var page = await fixture.BrowserAsync(language, width, 844, theme);
        await page.GotoAsync(fixture.Address + "/console/login");
        await page.Locator("input[name=name]").FillAsync("olga");
        await page.Locator("input[name=password]").FillAsync(OtherPassword);
        await page.Keyboard.PressAsync("Enter");
        await Expect(page).ToHaveURLAsync(new Regex("/console/login/second-factor"));
        Assert.Equal(0, await page.Locator("script").CountAsync());
        await ConsoleFixture.FitsAsync(page);
        await ConsoleFixture.PictureAsync(page, $"login-factor-{language}-{theme.ToString().ToLowerInvariant()}-{width}");
        await page.GotoAsync(fixture.Address + "/console");
        await Expect(page).ToHaveURLAsync(new Regex("/console/login$"));
        await page.GotoAsync(fixture.Address + "/console/login/second-factor");
        var secret = (await page.Locator("[data-totp]").InnerTextAsync()).Replace(" ", "", StringComparison.Ordinal);
        await page.Locator("input[name=code]").FillAsync(TotpCodes.At(secret, TimeProvider.System.GetUtcNow().AddSeconds(30)));
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.Locator("ul.lk-recovery li")).ToHaveCountAsync(10);
        await ConsoleFixture.FitsAsync(page);
        await ConsoleFixture.PictureAsync(page, $"login-recovery-{language}-{theme.ToString().ToLowerInvariant()}-{width}");
        await page.Locator(".lk-form button[type=submit]").ClickAsync();
        await ConsoleFixture.LiveAsync(page);

        await fixture.OpenAsync(admin, "/console/accounts");
        await ConsoleFixture.PictureAsync(admin, $"accounts-factor-{language}-{theme.ToString().ToLowerInvariant()}-{width}");
        await admin.Locator("tr[data-account=olga] [data-reset]").ClickAsync();
        await admin.Locator(".lk-dialog [data-yes]").ClickAsync();
        await Expect(admin.Locator("tr[data-account=olga] [data-reset]")).ToHaveCountAsync(0);
        await Expect(page).ToHaveURLAsync(new Regex("/console/login"));
        Assert.Empty(fixture.PageErrors);
    }
}
