using Larkspur.EndToEnd.Tests.WebClient;
using Larkspur.Gateway.Console.Accounts;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Larkspur.EndToEnd.Tests.Console;

public sealed class PeoplePageTests(ChromiumFixture chromium)
{
    private const string AuditorsPassword = "quiet-meadow-lantern-4";

    [Fact]
    public async Task An_administrator_gives_somebody_a_role_lets_it_use_the_assistant_and_shuts_them_out()
    {
        await using var fixture = await ConsoleFixture.StartAsync(chromium);
        var alice = await ConsoleSeed.PersonAsync(fixture);
        var page = await fixture.LogInAsync(path: "/console/permissions");
        await Expect(page.GetByText("No rule yet")).ToBeVisibleAsync();
        await page.Locator("[name=role-name]").FillAsync("testers");
        await page.Locator("[data-add-role] button").ClickAsync();
        await Expect(page.Locator("tr[data-role=testers]")).ToContainTextAsync("Nobody yet");

        await page.GetByText("Add a rule").First.ClickAsync();
        await page.Locator("[name=name]").FillAsync("assistant-for-testers");
        await page.Locator("[name=who]").SelectOptionAsync("some");
        await page.Locator(".lk-form button[type=submit]").ClickAsync();
        await Expect(page.Locator(".lk-toasts")).ToContainTextAsync("Choose whom it applies to");
        await page.Locator("input[name=role][value=testers]").CheckAsync();
        await page.Locator("[name=hours]").SelectOptionAsync("hours");
        foreach (var day in (string[])["sat", "sun"]) await page.Locator($"input[name=day][value={day}]").CheckAsync();
        await page.Locator("[name=from]").FillAsync("00:00");
        await page.Locator("[name=to]").FillAsync("00:00");
        await ConsoleFixture.PictureAsync(page, "permissions-form");
        await page.Locator(".lk-form button[type=submit]").ClickAsync();
        var rule = page.Locator("tr[data-rule=assistant-for-testers]");
        await Expect(rule).ToContainTextAsync("Mon, Tue, Wed, Thu, Fri, Sat, Sun 00:00–24:00");
        await Expect(rule).ToContainTextAsync("testers");

        // What the rule says is what her page says, before and after.
        await fixture.OpenAsync(page, "/console/people/" + alice);
        var feature = page.Locator("[data-feature=assistant]");
        await Expect(feature).ToContainTextAsync("no rule permits it");
        await page.Locator("[data-roles] input[value=testers]").CheckAsync();
        await Expect(feature).ToContainTextAsync("Yes");
        await ConsoleFixture.PictureAsync(page, "person");
        await page.Locator("[data-disable]").ClickAsync();
        await ConsoleFixture.SureAsync(page, "Shut out");
        await Expect(feature).ToContainTextAsync("shut out");
        await fixture.OpenAsync(page, "/console/people?state=disabled");
        await Expect(page.Locator($"tr[data-person={alice}]")).ToContainTextAsync("testers");
        await ConsoleFixture.PictureAsync(page, "people-shut-out");
        await page.Locator("[name=search]").FillAsync("nobody of this name");
        await page.Locator(".lk-filter button[type=submit]").ClickAsync();
        await Expect(page.GetByText("Nobody fits")).ToBeVisibleAsync();

        // A role that a rule names stays; the rule goes first.
        await fixture.OpenAsync(page, "/console/permissions");
        await page.Locator("tr[data-role=testers] .lk-danger").ClickAsync();
        await ConsoleFixture.SureAsync(page, "Delete");
        await Expect(page.Locator(".lk-toasts")).ToContainTextAsync("A rule names this role");
        await rule.Locator(".lk-danger").ClickAsync();
        await ConsoleFixture.SureAsync(page, "Delete");
        await Expect(rule).ToHaveCountAsync(0);
        await fixture.OpenAsync(page, "/console/audit");
        foreach (var action in (string[])["permission_rule.created", "permission_rule.deleted", "permission_role.changed", "person.disabled"])
            await Expect(page.Locator($"[title='{action}'], tr:has-text('{action}')").First).ToBeVisibleAsync();
        Assert.Empty(fixture.PageErrors);
    }

    [Fact]
    public async Task An_auditor_sees_people_and_rules_and_changes_neither()
    {
        await using var fixture = await ConsoleFixture.StartAsync(chromium);
        var alice = await ConsoleSeed.PersonAsync(fixture);
        await ConsoleSeed.AccountAsync(fixture, "olga", Role.Auditor, AuditorsPassword);
        var page = await fixture.LogInAsync("olga", AuditorsPassword, path: "/console/people");
        await page.Locator($"tr[data-person={alice}] a").ClickAsync();
        await Expect(page.Locator("[data-account=feishu]")).ToBeVisibleAsync();
        await Expect(page.Locator("[data-disable], .lk-main summary")).ToHaveCountAsync(0);
        await fixture.OpenAsync(page, "/console/permissions");
        await Expect(page.Locator(".lk-main button")).ToHaveCountAsync(0);
    }
}
