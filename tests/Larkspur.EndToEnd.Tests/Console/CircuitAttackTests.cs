using System.Text.RegularExpressions;
using Larkspur.EndToEnd.Tests.WebClient;
using Larkspur.Gateway.Api.Keys;
using Larkspur.Gateway.Audit;
using Larkspur.Gateway.Console.Accounts;
using Larkspur.Gateway.Console.LogIn;
using Larkspur.Gateway.Storage;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Larkspur.EndToEnd.Tests.Console;

/// <summary>A browser sends over its circuit what the page does not offer.</summary>
public sealed class CircuitAttackTests(ChromiumFixture chromium, ITestOutputHelper output)
{
    private const string OtherPassword = "quiet-meadow-lantern-4";
    private const string Forged = "Send your password to mallory";

    [Fact]
    public async Task An_operator_cannot_edit_a_draft_and_sends_the_kept_type_only()
    {
        await using var fixture = await ConsoleFixture.StartAsync(chromium);
        await ConsoleSeed.SwitchOnAsync(fixture);
        await MakeAsync(fixture, "olga", Role.Operator);
        var page = await fixture.LogInAsync("olga", OtherPassword, path: "/console/notification-types/pr.submitted");
        // Read-only on the page; the server hears its events all the same.
        var template = page.Locator("#type-template");
        await Expect(template).ToHaveAttributeAsync("readonly", "");
        var forged = (await template.InputValueAsync()).Replace("\"title\"",
            "\"title\": { \"zh\": \"" + Forged + "\", \"en\": \"" + Forged + "\" }, \"was\"", StringComparison.Ordinal);
        await template.EvaluateAsync("(e, text) => { e.readOnly = false; e.value = text; e.dispatchEvent(new Event('input', { bubbles: true })); }", forged);
        await page.Locator("#type-title-en").EvaluateAsync("(e, text) => { e.readOnly = false; e.value = text; e.dispatchEvent(new Event('input', { bubbles: true })); }", Forged);
        await page.Locator("#type-decision").EvaluateAsync("e => { e.disabled = false; e.click(); }");
        await page.Locator("input[name=email]").FillAsync("bob@mica.example");
        await page.Locator("[data-test]").ClickAsync();
        await Expect(page.Locator("[data-sent]")).ToBeVisibleAsync();
        await page.Locator("[data-sent] a").ClickAsync();
        // The type's page shows two, in both languages; the notification's one.
        await Expect(page.Locator(".lk-card")).ToHaveCountAsync(1);
        await Expect(page.Locator(".lk-card")).Not.ToContainTextAsync(Forged);
        await Expect(page.Locator(".lk-card-buttons")).ToBeVisibleAsync();
        await fixture.OpenAsync(page, "/console/notification-types/pr.submitted");
        await Expect(template).Not.ToHaveValueAsync(new Regex(Forged));
    }

    [Fact]
    public async Task A_page_whose_account_was_demoted_does_nothing_more_and_is_loaded_anew()
    {
        await using var fixture = await ConsoleFixture.StartAsync(chromium);
        await MakeAsync(fixture, "ada", Role.Admin);
        var page = await fixture.LogInAsync("ada", OtherPassword, path: "/console/api-keys");
        await page.GetByText("Create a key").First.ClickAsync();
        await page.Locator(".lk-form [name=name]").FillAsync("backdoor");
        await page.GetByText("Read the gateway's state").CheckAsync();
        await fixture.Gateway.Services.GetRequiredService<AccountStore>().SetRoleAsync(Actor.System, "ada", Role.Operator,
            TestContext.Current.CancellationToken);
        // The page may be gone already, or go at this moment: it is loaded anew as soon as it hears of the demotion.
        try
        {
            await page.EvaluateAsync("() => document.querySelector('.lk-form button[type=submit]')?.click()");
        }
        catch (PlaywrightException e) when (e.Message.Contains("Execution context was destroyed", StringComparison.Ordinal))
        {
            output.WriteLine(e.Message);
        }

        await Expect(page.GetByText("This page needs another role")).ToBeVisibleAsync();
        Assert.Empty(await fixture.Gateway.Services.GetRequiredService<ApiKeys>().ListAsync(true, null, 10,
            TestContext.Current.CancellationToken));

        // And one that nobody touches.
        await fixture.OpenAsync(page, "/console/webhooks");
        await Expect(page.GetByText("Add a webhook")).ToHaveCountAsync(0);
        await fixture.Gateway.Services.GetRequiredService<AccountStore>().SetRoleAsync(Actor.System, "ada", Role.Admin,
            TestContext.Current.CancellationToken);
        await Expect(page.Locator("nav a[href='/console/accounts']")).ToHaveCountAsync(1);
        await fixture.Gateway.Services.GetRequiredService<AccountStore>().SetRoleAsync(Actor.System, "ada", Role.Auditor,
            TestContext.Current.CancellationToken);
        await Expect(page.Locator("nav a[href='/console/accounts']")).ToHaveCountAsync(0);
    }

    [Fact]
    public async Task An_old_session_makes_no_key_no_account_and_no_secret_without_the_password()
    {
        await using var fixture = await ConsoleFixture.StartAsync(chromium);
        var page = await fixture.LogInAsync(path: "/console/api-keys");
        await ForgetProofAsync(fixture);
        await page.GetByText("Create a key").First.ClickAsync();
        await page.Locator(".lk-form [name=name]").FillAsync("backdoor");
        await page.GetByText("Read the gateway's state").CheckAsync();
        await page.Locator(".lk-form button[type=submit]").First.ClickAsync();
        var dialog = page.Locator(".lk-dialog");
        await Expect(dialog.Locator("input[name=confirm-password]")).ToBeFocusedAsync();
        await ConsoleFixture.PictureAsync(page, "confirm-en");
        await dialog.Locator("input[name=confirm-password]").FillAsync("not my password");
        await dialog.Locator("[data-confirm]").ClickAsync();
        await Expect(dialog.GetByRole(AriaRole.Alert)).ToContainTextAsync("The current password is wrong");
        await dialog.GetByText("Cancel").ClickAsync();
        await Expect(page.Locator("#lk-secret")).ToHaveCountAsync(0);
        Assert.Empty(await fixture.Gateway.Services.GetRequiredService<ApiKeys>().ListAsync(true, null, 10,
            TestContext.Current.CancellationToken));

        await page.Locator(".lk-form button[type=submit]").First.ClickAsync();
        await dialog.Locator("input[name=confirm-password]").FillAsync(ConsoleFixture.Password);
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.Locator("#lk-secret")).ToHaveValueAsync(new Regex("^lk_"));

        // Four more wrong ones in the same session than it has left.
        await ForgetProofAsync(fixture);
        await fixture.OpenAsync(page, "/console/accounts");
        await page.GetByText("Add an account").First.ClickAsync();
        await page.Locator("input[name=name]").FillAsync("mallory");
        await page.Locator("input[name=password]").FillAsync(OtherPassword);
        await page.GetByText("Create", new PageGetByTextOptions { Exact = true }).ClickAsync();
        for (var i = 0; i < LogInPageService.MostFailures; i++)
        {
            await dialog.Locator("input[name=confirm-password]").FillAsync("not my password " + i);
            await dialog.Locator("[data-confirm]").ClickAsync();
            if (i < LogInPageService.MostFailures - 1) await Expect(dialog.Locator("input[name=confirm-password]")).ToHaveValueAsync("");
        }

        await Expect(page).ToHaveURLAsync(new Regex("/console/login"));
        Assert.Single(await fixture.Gateway.Services.GetRequiredService<AccountStore>().ListAsync(TestContext.Current.CancellationToken));
    }

    private static Task MakeAsync(ConsoleFixture fixture, string name, Role role) =>
        fixture.Gateway.Services.GetRequiredService<AccountStore>().CreateAsync(Actor.System, name, null, role, OtherPassword,
            TestContext.Current.CancellationToken);

    /// <summary>As if the last proof were long ago.</summary>
    private static async Task ForgetProofAsync(ConsoleFixture fixture)
    {
        await fixture.Gateway.Services.GetRequiredService<IDatabase>().TransactAsync(async unit =>
            await unit.ExecuteAsync("UPDATE console_session SET confirmed_at = 0"));
        fixture.Gateway.Services.GetRequiredService<Sessions>().Forget();
    }
}
