using Larkspur.EndToEnd.Tests.WebClient;
using Larkspur.Gateway.Api.Keys;
using Larkspur.Gateway.Audit;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Larkspur.EndToEnd.Tests.Console;

/// <summary>The dialog that asks before something is done.</summary>
public sealed class QuestionTests(ChromiumFixture chromium)
{
    [Theory]
    [InlineData("en", ColorScheme.Light, 1280, "Revoke")]
    [InlineData("zh", ColorScheme.Dark, 390, "吊销")]
    public async Task Each_way_out_but_yes_leaves_everything_as_it_was(string language, ColorScheme theme, int width, string revoke)
    {
        await using var fixture = await ConsoleFixture.StartAsync(chromium);
        var key = await KeyAsync(fixture);
        var page = await fixture.LogInAsync(language: language, theme: theme, width: width, height: 700, path: "/console/api-keys");
        var button = page.Locator("tr[data-key=erp] .lk-danger");
        var dialog = page.GetByRole(AriaRole.Alertdialog, new PageGetByRoleOptions { Name = revoke, Exact = true });

        await AskAsync();
        await Expect(dialog).ToHaveAccessibleDescriptionAsync(await dialog.Locator("p").InnerTextAsync());
        var place = (await dialog.BoundingBoxAsync())!;
        Assert.True(place.X >= 0 && place.X + place.Width <= width, $"The dialog is at {place.X}, {place.Width} px wide.");
        await ConsoleFixture.PictureAsync(page, $"question-{language}-{theme.ToString().ToLowerInvariant()}-{width}");
        await dialog.Locator("[data-cancel]").ClickAsync();
        await LeftAsync();

        await AskAsync();
        await page.Keyboard.PressAsync("Escape");
        await LeftAsync();

        // Text that is marked beyond the edge is no click beside the dialog.
        await AskAsync();
        await page.Mouse.MoveAsync(place.X + 30, place.Y + (place.Height / 2));
        await page.Mouse.DownAsync();
        await page.Mouse.MoveAsync(3, 3);
        await page.Mouse.UpAsync();
        await Expect(dialog).ToBeVisibleAsync();
        // The first moment belongs to the second half of a double click.
        await page.WaitForFunctionAsync("from => performance.now() - from > 500", await page.EvaluateAsync<double>("performance.now()"));
        await page.Mouse.ClickAsync(3, 3);
        await LeftAsync();
        Assert.Null((await FindAsync(fixture, key))!.RevokedAt);

        await AskAsync();
        await dialog.Locator("[data-yes]").ClickAsync();
        await Expect(page.Locator("tr[data-key=erp]")).ToHaveCountAsync(0);
        Assert.NotNull((await FindAsync(fixture, key))!.RevokedAt);
        Assert.Empty(fixture.PageErrors);

        async Task AskAsync()
        {
            await button.ClickAsync();
            await Expect(dialog.Locator("[data-cancel]")).ToBeFocusedAsync();
        }

        async Task LeftAsync()
        {
            await Expect(dialog).ToHaveCountAsync(0);
            await Expect(button).ToBeFocusedAsync();
        }
    }

    [Fact]
    public async Task A_question_goes_with_the_page_that_asked_and_the_next_page_can_ask()
    {
        await using var fixture = await ConsoleFixture.StartAsync(chromium);
        var key = await KeyAsync(fixture);
        var page = await fixture.LogInAsync(path: "/console/accounts");
        await page.Locator("nav a[href='/console/api-keys']").ClickAsync();
        await page.Locator("tr[data-key=erp] .lk-danger").ClickAsync();
        await Expect(page.Locator(".lk-dialog")).ToBeVisibleAsync();
        await page.EvaluateAsync("history.back()");
        await Expect(page.Locator("tr[data-account=admin]")).ToBeVisibleAsync();
        await Expect(page.Locator(".lk-dialog")).ToHaveCountAsync(0);
        await page.EvaluateAsync("history.forward()");
        await page.Locator("tr[data-key=erp] .lk-danger").ClickAsync();
        await ConsoleFixture.SureAsync(page, "Revoke");
        await Expect(page.Locator("tr[data-key=erp]")).ToHaveCountAsync(0);
        Assert.NotNull((await FindAsync(fixture, key))!.RevokedAt);
        Assert.Empty(fixture.PageErrors);
    }

    [Fact]
    public async Task A_question_does_not_lie_over_the_way_out_when_the_gateway_cannot_be_reached()
    {
        await using var fixture = await ConsoleFixture.StartAsync(chromium);
        await KeyAsync(fixture);
        var page = await fixture.LogInAsync(path: "/console/api-keys");
        await page.Locator("tr[data-key=erp] .lk-danger").ClickAsync();
        await Expect(page.Locator(".lk-dialog")).ToBeVisibleAsync();

        // Blazor's script says so by these classes; a question that cannot be answered stays until it can.
        await SayAsync("components-reconnect-show");
        await page.Keyboard.PressAsync("Escape");
        await Expect(page.Locator(".lk-dialog")).ToBeVisibleAsync();
        await SayAsync("components-reconnect-failed");
        await Expect(page.Locator(".lk-dialog")).ToBeHiddenAsync();
        await page.GetByText("Try again").ClickAsync(new LocatorClickOptions { Trial = true });
        await SayAsync("components-reconnect-hide");
        await Expect(page.Locator(".lk-dialog")).ToBeVisibleAsync();
        await page.Locator(".lk-dialog [data-cancel]").ClickAsync();
        await Expect(page.Locator(".lk-dialog")).ToHaveCountAsync(0);
        Assert.Empty(fixture.PageErrors);

        Task SayAsync(string state) => page.Locator("#components-reconnect-modal").EvaluateAsync(
            "(modal, state) => modal.className = 'lk-reconnect ' + state", state);
    }

    private static async Task<long> KeyAsync(ConsoleFixture fixture) =>
        (await fixture.Gateway.Services.GetRequiredService<ApiKeys>().CreateAsync(new KeyGrant(Actor.System),
            new NewApiKey("erp", ["status:read"]), TestContext.Current.CancellationToken)).Key.Id;

    private static Task<ApiKeyRow?> FindAsync(ConsoleFixture fixture, long id) =>
        fixture.Gateway.Services.GetRequiredService<ApiKeys>().FindAsync(id, TestContext.Current.CancellationToken);
}
