using Larkspur.EndToEnd.Tests.WebClient;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Larkspur.EndToEnd.Tests.Console;

public sealed class ConsolePageTests(ChromiumFixture chromium)
{
    /// <summary>Every page of the console. A new one is added here.</summary>
    private static readonly string[] Pages = ["/console", "/console/welcome", "/console/nowhere", "/console/connections",
        "/console/notifications", "/console/notifications/{notification}", "/console/notification-types",
        "/console/notification-types/pr.submitted", "/console/templates", "/console/templates/new/decision", "/console/templates/new/card", "/console/messages", "/console/assistant", "/console/people",
        "/console/people/{person}", "/console/directory", "/console/directory?show=departments",
        "/console/directory?show=links", "/console/directory/runs/1", "/console/permissions", "/console/payments", "/console/payments/{payment}",
        "/console/deliveries", "/console/deliveries?box=outbox&status=dead", "/console/settings", "/console/webhooks", "/console/robots", "/console/api-keys", "/console/doctor", "/console/accounts", "/console/audit", "/console/profile",
        "/console/approvals", "/console/approvals/default/{instance}", "/console/quota", "/console/schedules", "/console/commands", "/console/web-chat",
        "/console/authorizations", "/console/syncs", "/console/syncs?show=connections", "/console/syncs/new/setup"];

    /// <summary>Names and numbers, which are the same in every language.</summary>
    private static readonly string[] Untranslated = ["Webhook", "webhook-id", "PR-2026-0042", "PAY-2026-0007", "Larkspur", "admin", "Alice Chen"];

    [Theory]
    [InlineData("zh", ColorScheme.Light, 1280)]
    [InlineData("en", ColorScheme.Dark, 1280)]
    [InlineData("en", ColorScheme.Light, 390)]
    [InlineData("zh", ColorScheme.Dark, 390)]
    public async Task Every_page_shows_itself_whole_and_without_an_error(string language, ColorScheme theme, int width)
    {
        await using var fixture = await ConsoleFixture.StartAsync(chromium);
        await ConsoleSeed.SwitchOnAsync(fixture);
        var (notification, payment) = (await ConsoleSeed.RequisitionAsync(fixture), await ConsoleSeed.PaymentAsync(fixture));
        var person = await ConsoleSeed.PersonAsync(fixture);
        await ConsoleSeed.DirectoryAsync(fixture);
        var instance = await ApprovalSeed.PurchaseAsync(fixture);
        await AuthorizationSeed.AskAsync(fixture.Gateway, "bob");
        var page = await fixture.LogInAsync(language: language, theme: theme, width: width, height: width == 390 ? 844 : 800);
        foreach (var path in Pages)
        {
            await fixture.OpenAsync(page, path.Replace("{notification}", notification, StringComparison.Ordinal).Replace("{payment}", payment, StringComparison.Ordinal)
                .Replace("{person}", person, StringComparison.Ordinal).Replace("{instance}", instance, StringComparison.Ordinal));
            if (path == "/console/payments") await Expect(page.Locator("[data-definition]")).ToBeVisibleAsync();
            if (path == "/console/approvals") await Expect(page.Locator("[data-instances]")).ToBeVisibleAsync();
            if (path.EndsWith("{instance}", StringComparison.Ordinal)) await Expect(page.Locator("[data-rows]")).ToBeVisibleAsync();
            await Expect(page.Locator("h1, .lk-empty h2").First).ToBeVisibleAsync();
            await Expect(page.Locator("html")).ToHaveAttributeAsync("lang", language == "zh" ? "zh-CN" : "en");
            await ConsoleFixture.PictureAsync(page, $"{(path == "/console" ? "overview" : path["/console/".Length..].Split('?')[0].Replace("{", "", StringComparison.Ordinal).Replace("}", "", StringComparison.Ordinal).Replace('/', '-'))}-{language}-{theme.ToString().ToLowerInvariant()}-{width}");
            await ConsoleFixture.FitsAsync(page);
            if (language == "zh")
            {
                foreach (var heading in await page.Locator(".lk-main :is(h1, h2, th)").AllInnerTextsAsync())
                    Assert.True(heading.Length == 0 || heading.Any(c => c >= 0x4e00) || Untranslated.Any(heading.Contains), $"{path}: \"{heading}\" is not Chinese");
            }

            var html = await page.ContentAsync();
            foreach (var secret in (string[])[Larkspur.Testing.GatewayApp.AppSecret, Larkspur.Testing.GatewayApp.EncryptKey, Larkspur.Testing.GatewayApp.VerificationToken, ConsoleFixture.Password, Larkspur.Testing.GatewayApp.ApiKey])
                Assert.DoesNotContain(secret, html, StringComparison.Ordinal);
        }

        Assert.Empty(fixture.PageErrors);
    }
}
