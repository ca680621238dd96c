using System.Text.RegularExpressions;
using Larkspur.EndToEnd.Tests.WebClient;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Larkspur.EndToEnd.Tests.Console;

public sealed class NotificationPageTests(ChromiumFixture chromium)
{
    [Fact]
    public async Task A_template_is_edited_judged_seen_saved_and_sent_to_Bob()
    {
        await using var fixture = await ConsoleFixture.StartAsync(chromium);
        await ConsoleSeed.SwitchOnAsync(fixture);
        var page = await fixture.LogInAsync(path: "/console/notification-types");
        await page.Locator("tr[data-type='pr.submitted'] a").ClickAsync();
        await Expect(page.Locator("h1")).ToHaveTextAsync("Requisition to approve");
        var preview = page.Locator("[data-preview]");
        await Expect(preview).ToContainTextAsync("A requisition needs your approval");
        await Expect(preview).ToContainTextAsync("采购申请待您审批");
        await Expect(preview.GetByText("Approve", new LocatorGetByTextOptions { Exact = true })).ToBeVisibleAsync();
        await Expect(page.Locator("[data-save]")).ToBeDisabledAsync();

        // A placeholder that nobody defined is found beside the field, and a broken text is.
        var template = page.Locator("#type-template");
        var original = await template.InputValueAsync();
        await template.FillAsync(original.Replace("${supplier}", "${vendor}", StringComparison.Ordinal));
        await Expect(page.Locator("[data-findings=template]")).ToContainTextAsync("vendor");
        await Expect(page.Locator("[data-no-preview]")).ToBeVisibleAsync();
        await ConsoleFixture.PictureAsync(page, "type-finding");
        await page.Locator("[data-save]").ClickAsync();
        await Expect(page.GetByText("Not saved: fix what is marked first")).ToBeVisibleAsync();
        await template.FillAsync(original + "}");
        await Expect(page.Locator("[data-findings=template]")).ToContainTextAsync("It is not valid JSON: line");

        await template.FillAsync(original.Replace("A requisition needs your approval", "Please decide on this requisition", StringComparison.Ordinal));
        await Expect(preview).ToContainTextAsync("Please decide on this requisition");
        await Expect(page.Locator("[data-findings=template] .lk-finding")).ToHaveCountAsync(0);
        await page.Locator("[data-save]").ClickAsync();
        await Expect(page.GetByText("Saved; the next notification uses it")).ToBeVisibleAsync();
        await Expect(page.GetByText("console:admin")).ToBeVisibleAsync();
        await Expect(page.Locator("[data-save]")).ToBeDisabledAsync();

        await page.Locator("input[name=email]").FillAsync("bob@mica.example");
        await page.Locator("[data-test]").ClickAsync();
        await Expect(page.Locator("[data-sent]")).ToBeVisibleAsync();
        await fixture.Emulator.WaitForMessageAsync("from=app&contains=Please%20decide%20on%20this%20requisition");
        await page.Locator("[data-sent] a").ClickAsync();
        await Expect(page.Locator("table").GetByText("bob@mica.example")).ToBeVisibleAsync();
        await Expect(page.Locator(".lk-state-good").GetByText("Sent")).ToBeVisibleAsync();
        await ConsoleFixture.PictureAsync(page, "notification-test");

        await fixture.OpenAsync(page, "/console/notification-types/pr.submitted");
        await page.GetByText("Restore the original").ClickAsync();
        await ConsoleFixture.SureAsync(page, "Restore the original");
        await Expect(preview).ToContainTextAsync("A requisition needs your approval");
        Assert.Empty(fixture.PageErrors);
    }

    [Fact]
    public async Task A_type_of_ones_own_is_begun_saved_switched_off_and_deleted()
    {
        await using var fixture = await ConsoleFixture.StartAsync(chromium);
        var page = await fixture.LogInAsync(path: "/console/notification-types");
        await page.Locator("input[name=name]").FillAsync("Not A Name");
        await page.GetByText("Begin", new PageGetByTextOptions { Exact = true }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Alert)).ToContainTextAsync("A name is like invoice.received");
        await page.Locator("input[name=name]").FillAsync("invoice.received");
        await page.GetByText("Begin", new PageGetByTextOptions { Exact = true }).ClickAsync();
        await Expect(page.Locator("[data-preview]")).ToContainTextAsync("Please have a look");
        await page.Locator("#type-title-en").FillAsync("Invoice received");
        await page.Locator("[data-save]").ClickAsync();
        await Expect(page.Locator("h1")).ToHaveTextAsync("Invoice received");

        await fixture.OpenAsync(page, "/console/notification-types");
        var row = page.Locator("tr[data-type='invoice.received']");
        await row.GetByText("Turn off").ClickAsync();
        await ConsoleFixture.SureAsync(page, "Turn off");
        await Expect(row.GetByText("Off", new LocatorGetByTextOptions { Exact = true })).ToBeVisibleAsync();

        await row.Locator("a").ClickAsync();
        await page.GetByText("Delete", new PageGetByTextOptions { Exact = true }).ClickAsync();
        await ConsoleFixture.SureAsync(page, "Delete");
        await Expect(page).ToHaveURLAsync(new Regex("/console/notification-types$"));
        await Expect(row).ToHaveCountAsync(0);
        Assert.Empty(fixture.PageErrors);
    }

    [Fact]
    public async Task An_operator_resolves_a_notification_and_withdraws_a_payment()
    {
        await using var fixture = await ConsoleFixture.StartAsync(chromium);
        await ConsoleSeed.SwitchOnAsync(fixture);
        await ConsoleSeed.RequisitionAsync(fixture);
        var payment = await ConsoleSeed.PaymentAsync(fixture);
        var page = await fixture.LogInAsync(path: "/console/notifications");
        await page.GetByText("PR-2026-0042").ClickAsync();
        await Expect(page.GetByText("Nobody of this name is in the directory")).ToBeVisibleAsync();
        await page.GetByText("Resolve", new PageGetByTextOptions { Exact = true }).ClickAsync();
        await page.Locator("input[name=zh]").FillAsync("已下单");
        await page.Locator(".lk-form button[type=submit]").ClickAsync();
        await Expect(page.GetByRole(AriaRole.Alert)).ToContainTextAsync("both languages");
        await page.Locator("input[name=en]").FillAsync("Ordered");
        await page.Locator(".lk-form button[type=submit]").ClickAsync();
        await ConsoleFixture.SureAsync(page, "Resolve");
        await Expect(page.Locator(".lk-card-line")).ToHaveTextAsync("Ordered");
        await Expect(page.GetByText("Resolved", new PageGetByTextOptions { Exact = true })).ToBeVisibleAsync();
        await ConsoleFixture.PictureAsync(page, "notification-resolved");

        await fixture.OpenAsync(page, "/console/payments/" + payment);
        await page.GetByText("Withdraw", new PageGetByTextOptions { Exact = true }).ClickAsync();
        await ConsoleFixture.SureAsync(page, "Withdraw");
        await Expect(page.Locator("dd .lk-state").GetByText("Canceled")).ToBeVisibleAsync(new LocatorAssertionsToBeVisibleOptions { Timeout = 30_000 });
        await Expect(page.Locator(".lk-timeline")).ToContainTextAsync("console:admin");
        await ConsoleFixture.PictureAsync(page, "payment-canceled");
        Assert.Empty(fixture.PageErrors);
    }
}
