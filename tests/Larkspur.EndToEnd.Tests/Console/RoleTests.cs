using System.Text.RegularExpressions;
using Larkspur.EndToEnd.Tests.WebClient;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Larkspur.EndToEnd.Tests.Console;

public sealed class RoleTests(ChromiumFixture chromium)
{
    private const string AuditorsPassword = "quiet-meadow-lantern-4";

    [Fact]
    public async Task An_auditor_reads_and_changes_nothing_and_is_out_at_once_when_disabled()
    {
        await using var fixture = await ConsoleFixture.StartAsync(chromium);
        var admin = await fixture.LogInAsync(path: "/console/accounts");
        await admin.GetByText("Add an account").First.ClickAsync();
        await admin.Locator("input[name=name]").FillAsync("olga");
        await admin.Locator("select[name=role]").SelectOptionAsync("Auditor");
        await admin.Locator("input[name=password]").FillAsync(AuditorsPassword);
        await admin.GetByText("Create", new PageGetByTextOptions { Exact = true }).ClickAsync();
        await Expect(admin.Locator("tr[data-account=olga]")).ToBeVisibleAsync();
        await ConsoleFixture.PictureAsync(admin, "accounts-two");

        var auditor = await fixture.LogInAsync("olga", AuditorsPassword);
        await Expect(auditor.Locator("nav a[href='/console/accounts']")).ToHaveCountAsync(0);
        var refused = await auditor.GotoAsync(fixture.Address + "/console/accounts");
        Assert.Equal(403, refused!.Status);
        await Expect(auditor.GetByText("This page needs another role")).ToBeVisibleAsync();
        await fixture.OpenAsync(auditor, "/console/settings");
        await Expect(auditor.Locator("#s-auth-feishu-enabled")).ToBeDisabledAsync();
        await Expect(auditor.Locator("button[type=submit].lk-primary")).ToHaveCountAsync(0);

        // A live page that nobody touches is left within seconds.
        await admin.Locator("tr[data-account=olga]").GetByText("Disable").ClickAsync();
        await ConsoleFixture.SureAsync(admin, "Disable");
        await Expect(auditor).ToHaveURLAsync(new Regex("/console/login"));
        await Expect(admin.Locator("tr[data-account=olga]").GetByText("Disabled")).ToBeVisibleAsync();

        // Done within a circuit, and still known where from.
        await fixture.OpenAsync(admin, "/console/audit");
        await Expect(admin.Locator("tr", new PageLocatorOptions { HasText = "account.disabled" }).Locator("td").Last).ToHaveTextAsync("127.0.0.1");
    }
}
