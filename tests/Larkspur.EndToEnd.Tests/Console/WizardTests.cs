using System.Text.RegularExpressions;
using Larkspur.EndToEnd.Tests.WebClient;
using Larkspur.Gateway.Apps.Feishu;
using Larkspur.Gateway.Audit;
using Larkspur.Gateway.Settings;
using Larkspur.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Larkspur.EndToEnd.Tests.Console;

public sealed class WizardTests(ChromiumFixture chromium)
{
    [Fact]
    public async Task The_wizard_leads_from_an_empty_database_to_a_card_in_a_persons_chat_and_is_resumed_where_it_was_left()
    {
        await using var fixture = await ConsoleFixture.StartAsync(chromium, new Dictionary<string, string?> { ["LARKSPUR_ADMIN_PASSWORD"] = "" });
        var page = await SetUpAsync(fixture);
        var (current, next) = (page.Locator(".lk-steps [aria-current=step]"), page.Locator("[data-next]"));
        await Expect(current).ToHaveTextAsync("Connect an app");
        // The app of these tests is the environment's, so its fields are locked; the integration is still switched on by connecting.
        await Expect(page.Locator("#s-auth-feishu-app_id")).ToBeDisabledAsync();
        await page.Locator("[data-connect]").FocusAsync();
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.Locator("[data-trial=ok]")).ToContainTextAsync("It works");
        await Expect(page.Locator("[data-connect]")).ToBeFocusedAsync();
        await ConsoleFixture.PictureAsync(page, "wizard-connect");
        await next.ClickAsync();

        await Expect(current).ToHaveTextAsync("Choose notifications");
        // Who has no mouse goes on from the steps.
        await Expect(page.Locator(".lk-steps")).ToBeFocusedAsync();
        await fixture.OpenAsync(page, "/console/welcome");
        await Expect(current).ToHaveTextAsync("Choose notifications");
        await page.Locator("#s-auth-feishu-notify_on_pr").CheckAsync();
        await next.ClickAsync();

        await Expect(current).ToHaveTextAsync("First card");
        // What the step is for comes before leaving it out, and without a card the end does not claim that everything works.
        await Expect(next).ToHaveTextAsync("Skip");
        await Expect(next).Not.ToHaveClassAsync(new Regex("lk-primary"));
        await next.ClickAsync();
        await Expect(page.Locator("[data-end=unproven]")).ToContainTextAsync("Sending is not proven yet");
        await page.Locator("[data-end] button").ClickAsync();
        await SendAsync(page, "nobody@mica.example");
        await Expect(page.Locator("[data-card=dead]")).ToContainTextAsync("It did not arrive: ");
        await Expect(page.Locator("[data-card=dead]")).Not.ToContainTextAsync("invalid_");
        await SendAsync(page, "bob@mica.example");
        await Expect(page.Locator("[data-card=sent]")).ToContainTextAsync("The card has arrived");
        await ConsoleFixture.PictureAsync(page, "wizard-card");
        await fixture.Emulator.WaitForMessageAsync("from=app&contains=Larkspur%20is%20connected");
        await next.ClickAsync();
        await Expect(page.Locator("[data-end=ready]")).ToContainTextAsync("The gateway is ready");
        await ConsoleFixture.PictureAsync(page, "wizard-ready");

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
        var page = await SetUpAsync(fixture);
        var (current, next, connect) = (page.Locator(".lk-steps [aria-current=step]"), page.Locator("[data-next]"),
            page.Locator("[data-connect]"));
        await Expect(current).ToHaveTextAsync("Connect an app");

        // Nothing entered: there is no way on, and what is missing says so.
        await next.ClickAsync();
        await Expect(page.Locator("[data-stopped]")).ToBeVisibleAsync();
        await connect.ClickAsync();
        await Expect(page.Locator(".lk-setting:has(#s-auth-feishu-app_id) .lk-problem")).ToHaveTextAsync("Enter a value");
        await Expect(page.Locator(".lk-setting:has(#s-auth-feishu-app_secret) .lk-problem")).ToHaveTextAsync("Enter a value");
        await Expect(current).ToHaveTextAsync("Connect an app");

        // A wrong secret: the integration stays off.
        await page.Locator("#s-auth-feishu-app_id").FillAsync(GatewayApp.AppId);
        await page.Locator("#s-auth-feishu-app_secret").FillAsync("not the secret");
        await page.Locator("#s-auth-feishu-encrypt_key").FillAsync(GatewayApp.EncryptKey);
        await page.Locator("#s-auth-feishu-verification_token").FillAsync(GatewayApp.VerificationToken);
        await connect.ClickAsync();
        await Expect(page.Locator("[data-trial=failed]")).ToContainTextAsync("the integration stays off");
        await Expect(page.Locator("[data-check=credentials]")).ToContainTextAsync("App Secret");
        await Expect(page.Locator("[data-platform=feishu]")).ToContainTextAsync("Not connected");
        await ConsoleFixture.PictureAsync(page, "wizard-test-failed");

        // Nothing of it was kept: what works is what is saved.
        await page.Locator("input#s-auth-feishu-app_secret").FillAsync(GatewayApp.AppSecret);
        await connect.ClickAsync();
        await Expect(page.Locator("[data-trial=ok]")).ToContainTextAsync("the integration is on");
        await Expect(page.Locator("[data-platform=feishu]")).ToContainTextAsync("Connected");
        await page.Locator("[data-guide] summary").ClickAsync();
        await Expect(page.Locator("[data-guide]")).ToContainTextAsync("card.action.trigger");
        await ConsoleFixture.PictureAsync(page, "wizard-guide");
        await next.ClickAsync();

        await Expect(current).ToHaveTextAsync("Choose notifications");
        await page.Locator("#s-auth-feishu-notify_on_payment").CheckAsync();
        await next.ClickAsync();
        await Expect(current).ToHaveTextAsync("First card");
        await SendAsync(page, "bob@mica.example");
        await Expect(page.Locator("[data-card=sent]")).ToContainTextAsync("The card has arrived");
        var bob = fixture.Emulator.State.P2pChat("bob", GatewayApp.AppId)!.ChatId;
        await fixture.Emulator.WaitForMessageAsync($"chat={bob}&from=app&contains=Larkspur%20is%20connected");
        await next.ClickAsync();
        await Expect(page.Locator("[data-end=ready]")).ToBeVisibleAsync();
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

    [Fact]
    public async Task A_mistyped_secret_is_refused_and_the_app_that_works_goes_on()
    {
        await using var fixture = await ConsoleFixture.StartAsync(chromium, ConsoleFixture.NoApp);
        await fixture.Gateway.Services.GetRequiredService<ISettings>().ChangeAsync(Actor.System, new Dictionary<string, string?>
        {
            [FeishuIntegration.Enabled] = "true", [FeishuIntegration.AppId] = GatewayApp.AppId,
            [FeishuIntegration.AppSecret] = GatewayApp.AppSecret, [FeishuIntegration.EncryptKey] = GatewayApp.EncryptKey,
            [FeishuIntegration.VerificationToken] = GatewayApp.VerificationToken,
        }, TestContext.Current.CancellationToken);
        var apps = fixture.Gateway.Services.GetRequiredService<FeishuApps>();
        var (app, changes) = (apps.Get(FeishuApps.Default), 0);
        using var listening = apps.OnChange(() => Interlocked.Increment(ref changes));
        var page = await fixture.LogInAsync(path: "/console/welcome");
        await page.Locator("button#s-auth-feishu-app_secret").ClickAsync();
        await page.Locator("input#s-auth-feishu-app_secret").FillAsync("mistyped");
        await page.Locator("[data-connect]").ClickAsync();
        await Expect(page.Locator("[data-trial=failed]")).ToContainTextAsync("goes on with what it had before");
        await Expect(page.Locator("[data-check=credentials]")).ToContainTextAsync("App Secret");
        await Expect(page.Locator("[data-platform=feishu]")).ToContainTextAsync("Connected");
        await ConsoleFixture.PictureAsync(page, "wizard-goes-on");
        Assert.Equal(0, changes);
        Assert.Same(app, apps.Get(FeishuApps.Default));
        Assert.Equal(GatewayApp.AppSecret, fixture.Gateway.Services.GetRequiredService<ISettings>().Now.Text(FeishuIntegration.AppSecret));
        Assert.Empty(fixture.PageErrors);
    }

    private static async Task<IPage> SetUpAsync(ConsoleFixture fixture)
    {
        var page = await fixture.BrowserAsync("en");
        await page.GotoAsync(fixture.Address + "/console/setup");
        await page.Locator("input[name=code]").FillAsync(fixture.SetupCode);
        await page.Locator("input[name=name]").FillAsync("anna");
        await page.Locator("input[name=password]").FillAsync(ConsoleFixture.Password);
        await page.Locator(".lk-form button[type=submit]").ClickAsync();
        await ConsoleFixture.LiveAsync(page);
        return page;
    }

    private static async Task SendAsync(IPage page, string person)
    {
        await page.Locator("input[name=person]").FillAsync(person);
        await page.Locator("[data-send]").ClickAsync();
    }
}
