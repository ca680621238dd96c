using System.Text.RegularExpressions;
using Larkspur.EndToEnd.Tests.WebClient;
using Larkspur.Testing;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Larkspur.EndToEnd.Tests.Console;

[Collection(ChromiumCollection.Name)]
public sealed class WizardTests(ChromiumFixture chromium)
{
    [Fact]
    public async Task The_wizard_leads_from_an_empty_database_to_a_card_in_a_persons_chat_and_is_resumed_where_it_was_left()
    {
        await using var fixture = await ConsoleFixture.StartAsync(chromium, new Dictionary<string, string?> { ["LARKSPUR_ADMIN_PASSWORD"] = "" });
        var page = await fixture.BrowserAsync("en");
        await page.GotoAsync(fixture.Address + "/console/setup");
        await page.Locator("input[name=code]").FillAsync(fixture.SetupCode);
        await page.Locator("input[name=name]").FillAsync("anna");
        await page.Locator("input[name=password]").FillAsync(ConsoleFixture.Password);
        await page.Locator(".lk-form button[type=submit]").ClickAsync();
        await ConsoleFixture.LiveAsync(page);

        var current = page.Locator(".lk-steps [aria-current=step]");
        await Expect(current).ToHaveTextAsync("Connect an app");
        // The app of these tests is the environment's, so its fields are locked.
        await Expect(page.Locator("#s-auth-feishu-app_id")).ToBeDisabledAsync();
        await ConsoleFixture.PictureAsync(page, "wizard-connect");
        await page.Locator("[data-next]").ClickAsync();

        await Expect(current).ToHaveTextAsync("Test");
        // Who has no mouse goes on from the steps, and what the step is for comes before leaving it out.
        await Expect(page.Locator(".lk-steps")).ToBeFocusedAsync();
        await Expect(page.Locator("[data-next]")).ToHaveTextAsync("Skip");
        await Expect(page.Locator("[data-next]")).Not.ToHaveClassAsync(new Regex("lk-primary"));
        await Expect(page.Locator("[data-try]")).ToHaveClassAsync(new Regex("lk-primary"));
        await page.Locator("[data-try]").FocusAsync();
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.Locator("[data-trial=ok]")).ToContainTextAsync("It works");
        await Expect(page.Locator("[data-try]")).ToBeFocusedAsync();
        await Expect(page.Locator("[data-next]")).ToHaveClassAsync(new Regex("lk-primary"));
        await ConsoleFixture.PictureAsync(page, "wizard-test");
        await page.Locator("[data-next]").ClickAsync();

        await Expect(current).ToHaveTextAsync("Choose notifications");
        await fixture.OpenAsync(page, "/console/welcome");
        await Expect(current).ToHaveTextAsync("Choose notifications");
        await page.Locator("#s-auth-feishu-enabled").CheckAsync();
        await page.Locator("#s-auth-feishu-notify_on_pr").CheckAsync();
        await page.Locator("[data-next]").ClickAsync();

        await Expect(current).ToHaveTextAsync("First card");
        await page.Locator("input[name=person]").FillAsync("bob@mica.example");
        await page.GetByText("Send", new PageGetByTextOptions { Exact = true }).ClickAsync();
        await Expect(page.Locator("[data-card=sent]")).ToContainTextAsync("The card has arrived");
        await ConsoleFixture.PictureAsync(page, "wizard-card");
        await fixture.Emulator.WaitForMessageAsync("from=app&contains=Larkspur%20is%20connected");
        await page.Locator("[data-next]").ClickAsync();
        await Expect(page.GetByText("All set").Last).ToBeVisibleAsync();

        await fixture.OpenAsync(page, "/console/settings");
        await Expect(page.Locator("#s-auth-feishu-notify_on_pr")).ToBeCheckedAsync();
        await fixture.OpenAsync(page, "/console/audit");
        await Expect(page.GetByText("setting.changed").First).ToBeVisibleAsync();
        await ConsoleFixture.PictureAsync(page, "audit-filled");
        Assert.Empty(fixture.PageErrors);
    }

    [Fact]
    public async Task An_administrator_connects_an_app_that_no_variable_names_without_a_restart_and_the_first_card_reaches_bob()
    {
        await using var fixture = await ConsoleFixture.StartAsync(chromium, new Dictionary<string, string?>(ConsoleFixture.NoApp) { ["LARKSPUR_ADMIN_PASSWORD"] = null });
        var page = await fixture.BrowserAsync("en");
        await page.GotoAsync(fixture.Address + "/console");
        await page.GetByText("Set the gateway up").ClickAsync();
        await page.Locator("input[name=code]").FillAsync(fixture.SetupCode);
        await page.Locator("input[name=name]").FillAsync("anna");
        await page.Locator("input[name=password]").FillAsync(ConsoleFixture.Password);
        await page.Locator(".lk-form button[type=submit]").ClickAsync();
        await ConsoleFixture.LiveAsync(page);

        // Nothing entered yet: the test says what is missing. Then a wrong secret: it says that.
        var (current, next) = (page.Locator(".lk-steps [aria-current=step]"), page.Locator("[data-next]"));
        await Expect(current).ToHaveTextAsync("Connect an app");
        await page.Locator("#s-auth-feishu-app_id").FillAsync(GatewayApp.AppId);
        await page.Locator("#s-auth-feishu-app_secret").FillAsync("not the secret");
        await page.Locator("#s-auth-feishu-encrypt_key").FillAsync(GatewayApp.EncryptKey);
        await page.Locator("#s-auth-feishu-verification_token").FillAsync(GatewayApp.VerificationToken);
        await next.ClickAsync();
        await Expect(current).ToHaveTextAsync("Test");
        await page.GetByText("Test now").ClickAsync();
        await Expect(page.Locator("[data-trial=failed]")).ToBeVisibleAsync();
        await Expect(page.Locator("[data-check=credentials]")).ToContainTextAsync("App Secret");
        await ConsoleFixture.PictureAsync(page, "wizard-test-failed");

        await page.GetByText("Back", new PageGetByTextOptions { Exact = true }).ClickAsync();
        await Expect(current).ToHaveTextAsync("Connect an app");
        await page.Locator("button#s-auth-feishu-app_secret").ClickAsync();
        await page.Locator("input#s-auth-feishu-app_secret").FillAsync(GatewayApp.AppSecret);
        await next.ClickAsync();
        await Expect(current).ToHaveTextAsync("Test");
        await page.GetByText("Test now").ClickAsync();
        await Expect(page.Locator("[data-trial=ok]")).ToContainTextAsync("It works");
        await ConsoleFixture.PictureAsync(page, "wizard-test-entered");
        await next.ClickAsync();

        await Expect(current).ToHaveTextAsync("Choose notifications");
        await page.Locator("#s-auth-feishu-enabled").CheckAsync();
        await page.Locator("#s-auth-feishu-notify_on_payment").CheckAsync();
        await next.ClickAsync();
        await Expect(current).ToHaveTextAsync("First card");
        await Expect(page.Locator("[data-away]")).ToHaveCountAsync(0);
        await page.Locator("input[name=person]").FillAsync("bob@mica.example");
        await page.GetByText("Send", new PageGetByTextOptions { Exact = true }).ClickAsync();
        await Expect(page.Locator("[data-card=sent]")).ToContainTextAsync("The card has arrived");
        var bob = fixture.Emulator.State.P2pChat("bob", GatewayApp.AppId)!.ChatId;
        await fixture.Emulator.WaitForMessageAsync($"chat={bob}&from=app&contains=Larkspur%20is%20connected");
        await next.ClickAsync();
        await Expect(page.GetByText("All set").Last).ToBeVisibleAsync();
        Assert.DoesNotContain(GatewayApp.AppSecret, await page.ContentAsync(), StringComparison.Ordinal);

        await page.GetByLabel("Log out").ClickAsync();
        await Expect(page).ToHaveURLAsync(new Regex("/console/login$"));
        await page.Locator("input[name=name]").FillAsync("anna");
        await page.Locator("input[name=password]").FillAsync(ConsoleFixture.Password);
        await page.Keyboard.PressAsync("Enter");
        await ConsoleFixture.LiveAsync(page);
        await fixture.OpenAsync(page, "/console/connections");
        await Expect(page.GetByText(GatewayApp.AppId)).ToBeVisibleAsync();
        Assert.Empty(fixture.PageErrors);
    }
}
