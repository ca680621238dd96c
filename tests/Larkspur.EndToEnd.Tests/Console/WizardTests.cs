using Larkspur.EndToEnd.Tests.WebClient;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Larkspur.EndToEnd.Tests.Console;

[Collection(ChromiumCollection.Name)]
public sealed class WizardTests(ChromiumFixture chromium)
{
    [Fact]
    public async Task The_wizard_leads_from_an_empty_database_to_a_card_in_a_persons_chat_and_is_resumed_where_it_was_left()
    {
        await using var stage = await ConsoleStage.StartAsync(chromium, new Dictionary<string, string?> { ["LARKSPUR_ADMIN_PASSWORD"] = "" });
        var page = await stage.BrowserAsync("en");
        await page.GotoAsync(stage.Address + "/console/setup");
        await page.Locator("input[name=code]").FillAsync(stage.SetupCode);
        await page.Locator("input[name=name]").FillAsync("anna");
        await page.Locator("input[name=password]").FillAsync(ConsoleStage.Password);
        await page.Locator(".lk-form button[type=submit]").ClickAsync();
        await ConsoleStage.LiveAsync(page);

        var current = page.Locator(".lk-steps [aria-current=step]");
        await Expect(current).ToHaveTextAsync("Connect an app");
        // The app of these tests is the environment's, so its fields are locked.
        await Expect(page.Locator("#s-auth-feishu-app_id")).ToBeDisabledAsync();
        await ConsoleStage.PictureAsync(page, "wizard-connect");
        await page.Locator("[data-next]").ClickAsync();

        await Expect(current).ToHaveTextAsync("Test");
        await page.GetByText("Test now").ClickAsync();
        await Expect(page.Locator("[data-trial=ok]")).ToContainTextAsync("It works");
        await ConsoleStage.PictureAsync(page, "wizard-test");
        await page.Locator("[data-next]").ClickAsync();

        await Expect(current).ToHaveTextAsync("Choose notices");
        await stage.OpenAsync(page, "/console/welcome");
        await Expect(current).ToHaveTextAsync("Choose notices");
        await page.Locator("#s-auth-feishu-enabled").CheckAsync();
        await page.Locator("#s-auth-feishu-notify_on_pr").CheckAsync();
        await page.Locator("[data-next]").ClickAsync();

        await Expect(current).ToHaveTextAsync("First card");
        await page.Locator("input[name=person]").FillAsync("bob@mica.example");
        await page.GetByText("Send", new PageGetByTextOptions { Exact = true }).ClickAsync();
        await Expect(page.Locator("[data-card=sent]")).ToContainTextAsync("The card has arrived");
        await ConsoleStage.PictureAsync(page, "wizard-card");
        await stage.Emulator.WaitForMessageAsync("from=app&contains=Larkspur%20is%20connected");
        await page.Locator("[data-next]").ClickAsync();
        await Expect(page.GetByText("All set").Last).ToBeVisibleAsync();

        await stage.OpenAsync(page, "/console/settings");
        await Expect(page.Locator("#s-auth-feishu-notify_on_pr")).ToBeCheckedAsync();
        await stage.OpenAsync(page, "/console/audit");
        await Expect(page.GetByText("setting.changed").First).ToBeVisibleAsync();
        await ConsoleStage.PictureAsync(page, "audit-filled");
        Assert.Empty(stage.PageErrors);
    }
}
