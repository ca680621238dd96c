using Larkspur.EndToEnd.Tests.WebClient;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Larkspur.EndToEnd.Tests.Console;

/// <summary>Messages that go away by themselves.</summary>
public sealed class ToastTests(ChromiumFixture chromium)
{
    private const string OtherPassword = "wide-lantern-harbour-31";

    [Theory]
    [InlineData("en", ColorScheme.Light, 1280, "Close", "The two new passwords do not match", "The current password is wrong")]
    [InlineData("zh", ColorScheme.Dark, 390, "关闭", "两次输入的新密码不一样", "当前密码不正确")]
    public async Task They_lie_above_one_another_and_are_closed_one_by_one(string language, ColorScheme theme, int width, string close,
        string differ, string wrong)
    {
        await using var fixture = await ConsoleFixture.StartAsync(chromium);
        var page = await fixture.LogInAsync(language: language, theme: theme, width: width, height: 844, path: "/console/profile");
        await ChangePasswordAsync(page, "not my password", OtherPassword, "something else 5");
        await Expect(page.GetByRole(AriaRole.Alert)).ToHaveTextAsync(differ);
        await ChangePasswordAsync(page, "not my password", OtherPassword, OtherPassword);
        var toasts = page.Locator(".lk-toast");
        await Expect(toasts).ToHaveCountAsync(2);
        await Expect(page.GetByRole(AriaRole.Alert).Last).ToContainTextAsync(wrong);
        await ConsoleFixture.PictureAsync(page, $"toasts-{language}-{theme.ToString().ToLowerInvariant()}-{width}");
        var (upper, lower) = ((await toasts.First.BoundingBoxAsync())!, (await toasts.Last.BoundingBoxAsync())!);
        Assert.True(upper.Y + upper.Height <= lower.Y && lower.Y + lower.Height <= 844, "They lie over each other, or below the window.");
        Assert.True(upper.X >= 0 && upper.X + upper.Width <= width, $"It is at {upper.X}, {upper.Width} px wide.");

        // Whoever closes one goes on where they were.
        var field = page.Locator(".lk-form input[type=password]").First;
        await field.FocusAsync();
        await toasts.Filter(new LocatorFilterOptions { HasText = differ }).GetByRole(AriaRole.Button,
            new LocatorGetByRoleOptions { Name = close, Exact = true }).ClickAsync();
        await Expect(toasts).ToContainTextAsync([wrong]);
        await Expect(field).ToBeFocusedAsync();
        Assert.Empty(fixture.PageErrors);
    }

    [Fact]
    public async Task One_goes_when_its_time_is_over_which_stands_still_while_somebody_reads_it()
    {
        await using var fixture = await ConsoleFixture.StartAsync(chromium);
        var page = await fixture.LogInAsync(path: "/console/profile");
        // Things that shall not move are no reason for it to stay.
        await page.EmulateMediaAsync(new PageEmulateMediaOptions { ReducedMotion = ReducedMotion.Reduce });
        await ChangePasswordAsync(page, ConsoleFixture.Password, OtherPassword, OtherPassword);
        var toast = page.Locator(".lk-toast");
        await Expect(page.Locator(".lk-toasts [role=status]")).ToContainTextAsync("Password changed");
        await toast.HoverAsync();
        await StateAsync("paused");
        await page.Mouse.MoveAsync(5, 5);
        await StateAsync("running");
        await toast.GetByRole(AriaRole.Button).FocusAsync();
        await StateAsync("paused");
        await page.Locator("h1").FocusAsync();
        await StateAsync("running");
        await toast.EvaluateAsync("e => e.getAnimations()[0].currentTime = 4990");
        await Expect(toast).ToHaveCountAsync(0);
        Assert.Empty(fixture.PageErrors);

        Task StateAsync(string state) => page.WaitForFunctionAsync(
            "state => document.querySelector('.lk-toast').getAnimations()[0].playState === state", state);
    }

    [Fact]
    public async Task On_a_phone_the_open_menu_lies_above_it()
    {
        await using var fixture = await ConsoleFixture.StartAsync(chromium);
        var page = await fixture.LogInAsync(width: 390, height: 560, path: "/console/profile");
        await ChangePasswordAsync(page, ConsoleFixture.Password, OtherPassword, OtherPassword);
        var toast = page.Locator(".lk-toast");
        await toast.HoverAsync();
        Assert.Equal("lk-toast", await TopAsync());
        await page.Locator("#lk-menu").CheckAsync();
        Assert.Equal("lk-side", await TopAsync());
        Assert.Equal("paused", await toast.EvaluateAsync<string>("e => e.getAnimations()[0].playState"));
        await ConsoleFixture.PictureAsync(page, "toast-menu");

        // What lies uppermost where the message is.
        Task<string> TopAsync() => toast.EvaluateAsync<string>(
            """
            e => {
              const place = e.getBoundingClientRect();
              const top = document.elementFromPoint(place.left + place.width / 2, place.top + place.height / 2);
              return top.closest('.lk-toast, .lk-side')?.classList[0] ?? top.tagName;
            }
            """);
    }

    private static async Task ChangePasswordAsync(IPage page, string current, string wanted, string again)
    {
        var fields = page.Locator(".lk-form input[type=password]");
        await fields.Nth(0).FillAsync(current);
        await fields.Nth(1).FillAsync(wanted);
        await fields.Nth(2).FillAsync(again);
        await page.Locator(".lk-form:has(input[type=password]) button[type=submit]").ClickAsync();
    }
}
