using System.Text.RegularExpressions;
using Larkspur.EndToEnd.Tests.WebClient;
using Larkspur.Emulator.State;
using Larkspur.Gateway.Console.Accounts;
using Larkspur.Testing;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Larkspur.EndToEnd.Tests.Console;

public sealed class ApprovalsPageTests(ChromiumFixture chromium)
{
    private const string OtherPassword = "quiet-meadow-lantern-4";

    [Fact]
    public async Task An_operator_finds_an_instance_reads_it_and_withdraws_it()
    {
        await using var fixture = await ConsoleFixture.StartAsync(chromium);
        await ConsoleSeed.SwitchOnAsync(fixture);
        var instance = await ApprovalSeed.PurchaseAsync(fixture);
        await ApprovalSeed.SubscribeAsync(fixture);
        await ConsoleSeed.AccountAsync(fixture, "otto", Role.Operator, OtherPassword);
        var page = await fixture.LogInAsync("otto", OtherPassword, path: "/console/approvals");

        // The payments' form comes first, and says by its name what it is.
        await Expect(page.Locator($"[data-form='{SeededCompany.PaymentApprovalCode}']")).ToBeVisibleAsync();
        await Expect(page.Locator("[data-form] .lk-empty")).ToContainTextAsync("No instances in this period");
        await Expect(page.Locator("select[name=form] option")).ToHaveCountAsync(2);
        await page.Locator("select[name=form]").SelectOptionAsync("default/" + SeededCompany.PurchaseApprovalCode);
        await page.Locator("select[name=state]").SelectOptionAsync("APPROVED");
        await page.Locator("form[data-list] button").ClickAsync();
        await Expect(page.Locator("[data-form] .lk-empty")).ToContainTextAsync("No instances in this period");
        await page.GetByText("Show all of the last 7 days").ClickAsync();
        var row = page.Locator($"tr[data-instance='{instance}']");
        await Expect(row).ToContainTextAsync("艾丽丝");
        await Expect(row).ToContainTextAsync("Pending");
        await Expect(page.Locator("[data-form] dl")).ToContainTextAsync("Subscribed");
        await ConsoleFixture.PictureAsync(page, "approvals-purchases");

        await row.Locator("a").ClickAsync();
        await Expect(page.Locator("h1")).ToContainTextAsync("Purchase request by 艾丽丝");
        await Expect(page.Locator(".lk-head p")).ToContainTextAsync("Pending: waiting for ");
        var content = page.Locator("[data-content]");
        await Expect(content.Locator("[data-control=subject]")).ToHaveTextAsync("Laptops for hall 3");
        await Expect(content.Locator("[data-control=needed]")).ToContainTextAsync(", ");
        await Expect(content.Locator("[data-rows] tbody tr")).ToHaveCountAsync(2);
        await Expect(content.Locator("[data-rows] tbody tr").Last).ToContainTextAsync("1,200");
        await Expect(page.Locator("[data-line=PASS]")).ToContainTextAsync("cheap enough");
        await Expect(page.Locator("[data-line=COMMENT]")).ToContainTextAsync("please hurry");
        await Expect(page.Locator("[data-tasks] li")).ToHaveCountAsync(2);
        await Expect(content.Locator("pre")).ToBeHiddenAsync();
        await ConsoleFixture.PictureAsync(page, "approval-purchase");

        // Nobody decides for somebody here.
        await Expect(page.GetByRole(AriaRole.Button, new() { NameRegex = new Regex("approve|reject|pass on", RegexOptions.IgnoreCase) }))
            .ToHaveCountAsync(0);
        await page.Locator("[data-withdraw]").ClickAsync();
        await Expect(page.Locator(".lk-dialog")).ToContainTextAsync("in the name of 艾丽丝");
        await ConsoleFixture.PictureAsync(page, "approval-withdraw");
        await ConsoleFixture.SureAsync(page, "Withdraw");
        await Expect(page.Locator(".lk-head p")).ToContainTextAsync("Withdrawn before it was decided");
        await Expect(page.Locator("[data-withdraw], [data-tasks]")).ToHaveCountAsync(0);
        Assert.Equal("CANCELED", (await ApprovalSeed.InstanceAsync(fixture, instance))["status"]!.GetValue<string>());

        await fixture.OpenAsync(page, "/console/audit");
        foreach (var action in (string[])["approval_instance.read", "approval_instance.cancel"])
        {
            var line = page.Locator("tr", new() { HasText = action });
            await Expect(line).ToHaveCountAsync(1);
            await Expect(line).ToContainTextAsync("otto");
        }

        await fixture.OpenAsync(page, $"/console/approvals?code={SeededCompany.PurchaseApprovalCode}&state=RECALL");
        await Expect(row).ToContainTextAsync("Withdrawn");
        Assert.Empty(fixture.PageErrors);
    }

    [Fact]
    public async Task A_payments_instance_leads_to_the_payment_and_its_approvers_are_reminded()
    {
        await using var fixture = await ConsoleFixture.StartAsync(chromium);
        await ConsoleSeed.SwitchOnAsync(fixture);
        var payment = await ConsoleSeed.PaymentAsync(fixture);
        var page = await fixture.LogInAsync(path: "/console/approvals", language: "zh", theme: ColorScheme.Dark, width: 390, height: 844);
        await page.Locator("tr[data-instance] a").ClickAsync();
        await Expect(page.Locator("[data-control=amount]")).ToContainTextAsync("1,200.5");
        await ConsoleFixture.FitsAsync(page);
        await ConsoleFixture.PictureAsync(page, "approval-payment-zh-dark-390");
        await page.Locator("[data-remind]").ClickAsync();
        await ConsoleFixture.SureAsync(page, "提醒审批人");
        await Expect(page.Locator(".lk-toasts")).ToContainTextAsync("已提醒 1 人");
        await page.Locator("[data-payment]").ClickAsync();
        await Expect(page).ToHaveURLAsync(new Regex("/console/payments/" + payment));
        await Expect(page.Locator(".lk-timeline")).ToContainTextAsync("请求提醒审批人");
        await page.Locator("a[href^='/console/approvals/default/']").ClickAsync();
        await Expect(page.Locator("[data-payment]")).ToBeVisibleAsync();

        await ApprovalSeed.PurchaseAsync(fixture);
        await fixture.OpenAsync(page, "/console/approvals?code=" + SeededCompany.PurchaseApprovalCode);
        await Expect(page.Locator("tr[data-instance]")).ToBeVisibleAsync();
        await ConsoleFixture.FitsAsync(page);
        await ConsoleFixture.PictureAsync(page, "approvals-zh-dark-390");
        await page.Locator("tr[data-instance] a").ClickAsync();
        await Expect(page.Locator("[data-rows]")).ToBeVisibleAsync();
        await page.Locator("[data-content] summary").ClickAsync();
        await Expect(page.Locator("[data-content] pre")).ToContainTextAsync("instance_code");
        await ConsoleFixture.FitsAsync(page);
        await ConsoleFixture.PictureAsync(page, "approval-purchase-zh-dark-390");
        Assert.Empty(fixture.PageErrors);
    }

    [Fact]
    public async Task What_cannot_be_shown_is_said_in_a_sentence()
    {
        await using var fixture = await ConsoleFixture.StartAsync(chromium);
        await ConsoleSeed.SwitchOnAsync(fixture);
        var page = await fixture.LogInAsync(path: "/console/approvals");
        var problem = page.Locator("[data-problem]");
        await page.Locator("form[data-list] [name=code]").FillAsync("11111111-2222-3333-4444-555555555555");
        await page.Keyboard.PressAsync("Enter");
        await Expect(problem).ToContainTextAsync("Feishu has no approval form of this code");
        await ConsoleFixture.PictureAsync(page, "approvals-unknown-code");
        await page.Locator("form[data-list] [name=code]").FillAsync("not / a code");
        await page.Keyboard.PressAsync("Enter");
        await Expect(problem).ToContainTextAsync("This is not a valid code");
        await page.Locator("form[data-instance] [name=instance]").FillAsync("11111111-2222-3333-4444-555555555555");
        await page.Keyboard.PressAsync("Enter");
        await Expect(problem).ToContainTextAsync("Feishu has no such instance");
        await fixture.OpenAsync(page, "/console/approvals/nowhere/11111111-2222-3333-4444-555555555555");
        await Expect(problem).ToContainTextAsync("not connected");
        await fixture.OpenAsync(page, $"/console/approvals?code={SeededCompany.PaymentApprovalCode}&from=2026-05-02&until=2026-05-01");
        await Expect(problem).ToContainTextAsync("The end date is before the start date");
        await fixture.OpenAsync(page, $"/console/approvals?code={SeededCompany.PaymentApprovalCode}&until=9999-12-31&from=0001-01-01&state=APROVED");
        await Expect(page.Locator("[data-form] .lk-empty")).ToBeVisibleAsync();
        await page.Locator("[name=from]").FillAsync("");
        await page.Locator("form[data-list] button").ClickAsync();
        await Expect(page.Locator("[data-form] .lk-empty")).ToBeVisibleAsync();
        Assert.Empty(fixture.PageErrors);
    }

    [Fact]
    public async Task Without_the_scope_for_searching_the_page_names_it()
    {
        await using var fixture = await ConsoleFixture.StartAsync(chromium);
        await ConsoleSeed.SwitchOnAsync(fixture);
        await fixture.Emulator.ControlAsync(HttpMethod.Post, $"apps/{GatewayApp.AppId}/scopes",
            new { revoke = new[] { "approval:approval.list:readonly" } });
        var page = await fixture.LogInAsync(path: "/console/approvals");
        await Expect(page.Locator("[data-problem]")).ToContainTextAsync("lacks the permission approval:approval.list:readonly");
        await page.Locator("[data-problem] a").ClickAsync();
        await Expect(page).ToHaveURLAsync(new Regex("/console/doctor$"));
        Assert.Empty(fixture.PageErrors);
    }

    [Fact]
    public async Task A_platform_that_is_away_is_said_so_and_can_be_asked_again()
    {
        await using var fixture = await ConsoleFixture.StartAsync(chromium,
            new Dictionary<string, string?> { ["FEISHU_BASE_URL"] = "http://127.0.0.1:1" });
        var page = await fixture.LogInAsync(path: "/console/approvals?code=" + SeededCompany.PaymentApprovalCode);
        await Expect(page.Locator("[data-problem]")).ToContainTextAsync("Feishu does not answer", new() { Timeout = 60_000 });
        await page.EvaluateAsync("""
            () => {
              const form = document.querySelector("[data-form]");
              window.busy = [];
              new MutationObserver(() => window.busy.push(form.getAttribute("aria-busy"))).observe(form, { attributeFilter: ["aria-busy"] });
            }
            """);
        await page.Locator("[data-problem] button").ClickAsync();
        await page.WaitForFunctionAsync("() => window.busy.at(-1) === 'false'", null, new() { Timeout = 60_000 });
        await Expect(page.Locator("[data-problem] button")).ToBeFocusedAsync();
        Assert.Empty(fixture.PageErrors);
    }

    [Fact]
    public async Task Older_instances_come_page_by_page()
    {
        await using var fixture = await ConsoleFixture.StartAsync(chromium);
        await ConsoleSeed.SwitchOnAsync(fixture);
        var oldest = await ApprovalSeed.StartAsync(fixture, "Request 0");
        for (var i = 1; i < 21; i++) await ApprovalSeed.StartAsync(fixture, $"Request {i}");
        var page = await fixture.LogInAsync(path: "/console/approvals?code=" + SeededCompany.PurchaseApprovalCode.ToLowerInvariant());
        await Expect(page.Locator("tr[data-instance]")).ToHaveCountAsync(20);
        // What is about to be chosen is not asked for yet.
        await page.Locator("select[name=state]").SelectOptionAsync("APPROVED");
        await page.GetByText("Older ones").ClickAsync();
        await Expect(page.Locator("tr[data-instance]")).ToHaveCountAsync(21);
        await Expect(page.Locator("tr[data-instance]").Last).ToHaveAttributeAsync("data-instance", oldest);
        await Expect(page.GetByText("Older ones")).ToHaveCountAsync(0);
        Assert.Empty(fixture.PageErrors);
    }

    [Fact]
    public async Task Another_platform_that_is_connected_is_said_not_to_be_listed()
    {
        await using var fixture = await ConsoleFixture.StartAsync(chromium, new Dictionary<string, string?>(ConsoleFixture.NoApp)
        {
            ["DINGTALK_CLIENT_ID"] = "ding1", ["DINGTALK_CLIENT_SECRET"] = "s", ["DINGTALK_ROBOT_CODE"] = "ding1",
            ["DINGTALK_BASE_URL"] = "http://127.0.0.1:1",
        });
        var page = await fixture.LogInAsync(path: "/console/approvals?code=" + SeededCompany.PaymentApprovalCode);
        await Expect(page.Locator("[data-others]")).ToContainTextAsync("For those of DingTalk");
        await Expect(page.Locator("[data-problem]")).ToContainTextAsync("Connect Feishu first");
        await ConsoleFixture.PictureAsync(page, "approvals-other-platform");
        Assert.Empty(fixture.PageErrors);
    }

    [Fact]
    public async Task An_auditor_sees_nothing_of_it()
    {
        await using var fixture = await ConsoleFixture.StartAsync(chromium);
        await ConsoleSeed.SwitchOnAsync(fixture);
        var instance = await ApprovalSeed.PurchaseAsync(fixture);
        await ConsoleSeed.AccountAsync(fixture, "olga", Role.Auditor, OtherPassword);
        var page = await fixture.LogInAsync("olga", OtherPassword);
        await Expect(page.Locator("nav a[href='/console/approvals']")).ToHaveCountAsync(0);
        foreach (var path in (string[])["/console/approvals", "/console/approvals/default/" + instance])
        {
            var refused = await page.GotoAsync(fixture.Address + path);
            Assert.Equal(403, refused!.Status);
            await Expect(page.GetByText("This page needs another role")).ToBeVisibleAsync();
        }

        await fixture.OpenAsync(page, "/console/audit");
        await Expect(page.Locator("tr", new() { HasText = "olga" }).First).ToBeVisibleAsync();
        await Expect(page.Locator("tr", new() { HasText = "approval_instance.read" })).ToHaveCountAsync(0);
    }

    [Fact]
    public async Task Without_a_known_form_the_page_says_where_a_code_comes_from()
    {
        await using var fixture = await ConsoleFixture.StartAsync(chromium);
        var page = await fixture.LogInAsync(path: "/console/approvals");
        await Expect(page.Locator(".lk-empty")).ToContainTextAsync("No approval form is known yet");
        await Expect(page.Locator("[name=state], [name=form]")).ToHaveCountAsync(0);
        await ConsoleFixture.PictureAsync(page, "approvals-empty");
        await page.Locator(".lk-empty a").ClickAsync();
        await Expect(page).ToHaveURLAsync(new Regex("/console/settings$"));
        Assert.Empty(fixture.PageErrors);
    }
}
