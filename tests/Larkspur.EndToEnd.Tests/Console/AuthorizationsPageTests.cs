using System.Text.RegularExpressions;
using Larkspur.EndToEnd.Tests.WebClient;
using Larkspur.Gateway.Console.Accounts;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Larkspur.EndToEnd.Tests.Console;

/// <summary>What people let others do in their own name, as administrators see it and take it back.</summary>
public sealed class AuthorizationsPageTests(ChromiumFixture chromium)
{
    private const string AuditorsPassword = "quiet-meadow-lantern-4";

    [Fact]
    public async Task Nothing_is_filtered_where_nobody_was_asked()
    {
        await using var fixture = await ConsoleFixture.StartAsync(chromium);
        var page = await fixture.LogInAsync(path: "/console/authorizations");
        await Expect(page.Locator(".lk-empty")).ToContainTextAsync("No authorization yet");
        await Expect(page.Locator(".lk-filter")).ToHaveCountAsync(0);
        await ConsoleFixture.PictureAsync(page, "authorizations-none");
        await page.Locator(".lk-empty a").ClickAsync();
        await Expect(page).ToHaveURLAsync(new Regex("/console/api-keys$"));
        Assert.Empty(fixture.PageErrors);
    }

    [Fact]
    public async Task One_is_found_its_link_copied_and_another_taken_back()
    {
        await using var fixture = await ConsoleFixture.StartAsync(chromium);
        var given = await AuthorizationSeed.AskAsync(fixture.Gateway, "alice");
        await AuthorizationSeed.AnswerAsync(given.Link, "alice");
        var person = await AliceAsync(fixture, given.Id);
        var refused = await AuthorizationSeed.AskAsync(fixture.Gateway, "carol");
        await AuthorizationSeed.AnswerAsync(refused.Link, "carol", allows: false);
        var waiting = await AuthorizationSeed.AskAsync(fixture.Gateway, "bob", AuthorizationSeed.Scope, "task:task:read");
        var page = await fixture.LogInAsync(path: "/console/authorizations");
        await Expect(Row(page, given.Id)).ToContainTextAsync("Given");
        await Expect(Row(page, given.Id).Locator("td a")).ToHaveAttributeAsync("href", "/console/people/" + person);
        await Expect(Row(page, given.Id)).ToContainTextAsync("The administrators' integration");
        await Expect(Row(page, refused.Id)).ToContainTextAsync("Refused");
        await Expect(Row(page, refused.Id).Locator("button")).ToHaveCountAsync(0);
        await ConsoleFixture.PictureAsync(page, "authorizations");

        // Its link, by keyboard: what opens has the focus.
        await Row(page, waiting.Id).Locator("[data-link]").FocusAsync();
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.Locator("[data-copy]")).ToBeFocusedAsync();
        await Expect(page.Locator(".lk-copy input")).ToHaveValueAsync(waiting.Link);
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.Locator("[data-copy][data-copied]")).ToBeVisibleAsync();
        await ConsoleFixture.PictureAsync(page, "authorizations-link");

        await FilterAsync(page, "Alice");
        await Expect(page.Locator("tr[data-authorization]")).ToHaveCountAsync(1);
        await Row(page, given.Id).Locator("[data-withdraw]").ClickAsync();
        await Expect(page.Locator(".lk-dialog")).ToContainTextAsync("Alice Chen");
        await ConsoleFixture.PictureAsync(page, "authorizations-question");
        await ConsoleFixture.SureAsync(page, "Take back");
        await Expect(Row(page, given.Id)).ToContainTextAsync("taken back by the person or an administrator");
        // From her own page to what is hers, and back to all.
        await fixture.OpenAsync(page, "/console/people/" + person);
        await page.ClickAsync("[data-authorizations]");
        await Expect(page.Locator("tr[data-authorization]")).ToHaveCountAsync(1);
        await FilterAsync(page, "nobody at all");
        await Expect(page.Locator(".lk-empty")).ToContainTextAsync("No matching authorization");
        await page.GetByText("Show all").ClickAsync();
        await Expect(page.Locator("tr[data-authorization]")).ToHaveCountAsync(3);
        await page.SelectOptionAsync("select[name=state]", "waiting");
        await page.ClickAsync(".lk-filter button[type=submit]");
        await Expect(page.Locator("tr[data-authorization]")).ToHaveCountAsync(1);

        // A phone, in Chinese.
        var phone = await fixture.LogInAsync(language: "zh", theme: ColorScheme.Dark, width: 390, height: 844,
            path: "/console/authorizations");
        await Row(phone, waiting.Id).Locator("[data-link]").ClickAsync();
        await Expect(phone.Locator(".lk-copy input")).ToHaveValueAsync(waiting.Link);
        await ConsoleFixture.PictureAsync(phone, "authorizations-zh-dark-390");
        await ConsoleFixture.FitsAsync(phone);
        Assert.Empty(fixture.PageErrors);
    }

    [Fact]
    public async Task An_auditor_reads_them_and_takes_none_back()
    {
        await using var fixture = await ConsoleFixture.StartAsync(chromium);
        var waiting = await AuthorizationSeed.AskAsync(fixture.Gateway, "bob");
        await ConsoleSeed.AccountAsync(fixture, "olga", Role.Auditor, AuditorsPassword);
        var page = await fixture.LogInAsync("olga", AuditorsPassword, path: "/console/authorizations");
        await Expect(Row(page, waiting.Id)).ToContainTextAsync("Waiting");
        await Expect(page.Locator("[data-withdraw]")).ToHaveCountAsync(0);
        Assert.Empty(fixture.PageErrors);
    }

    private static ILocator Row(IPage page, string id) => page.Locator($"tr[data-authorization={id}]");

    private static async Task FilterAsync(IPage page, string person)
    {
        await page.FillAsync("input[name=person]", person);
        await page.ClickAsync(".lk-filter button[type=submit]");
    }

    /// <summary>Alice is known to the gateway, as the one who was asked.</summary>
    private static async Task<string> AliceAsync(ConsoleFixture fixture, string authorization)
    {
        var asked = await ConsoleSeed.GetAsync(fixture, "authorizations/" + authorization);
        return await AuthorizationSeed.KnownAsync(fixture.Gateway, asked["open_id"]!.GetValue<string>(), "Alice Chen");
    }
}
