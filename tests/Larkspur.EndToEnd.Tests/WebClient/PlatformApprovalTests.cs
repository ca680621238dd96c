using Larkspur.Testing;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Larkspur.EndToEnd.Tests.WebClient;

/// <summary>People decide WeCom's approvals in its page, in real Chromium.</summary>
public sealed class PlatformApprovalTests(ChromiumFixture chromium)
{
    private static async Task<string> SubmitAsync(PlatformFixture fixture) => (await fixture.WeComApiAsync("/cgi-bin/oa/applyevent", new
    {
        creator_userid = "alice", template_id = "3WLarkspurPayment0000000000000000000001", use_template_approver = 1,
        apply_data = new
        {
            contents = new object[]
            {
                new { control = "Text", id = "Text-1700000001", value = new { text = "青云科技 三月份云服务费用" } }, new { control = "Money", id = "Money-1700000002", value = new { new_money = "12800.50" } },
                new { control = "Selector", id = "Selector-1700000004", value = new { selector = new { type = "single", options = new[] { new { key = "option-1" } } } } },
                new
                {
                    control = "Table", id = "Table-1700000006", value = new
                    {
                        children = new[] { new { list = new object[] { new { control = "Text", id = "Text-1700000007", value = new { text = "云主机" } }, new { control = "Number", id = "Number-1700000008", value = new { new_number = "12" } } } } },
                    },
                },
            },
        },
        summary_list = new[] { new { summary_info = new[] { new { text = "云服务费 12800.50", lang = "zh_CN" } } } },
    }))["sp_no"]!.GetValue<string>();

    [Fact]
    public async Task Bob_agrees_in_the_page_then_carol_rejects_and_the_application_hears_both()
    {
        await using var fixture = await PlatformFixture.StartAsync(chromium);
        var number = await SubmitAsync(fixture);
        var bob = await fixture.OpenAsync("/wecom/approvals?as=bob");
        await Expect(bob.Locator("[data-tab=todo] .badge")).ToHaveTextAsync("1");
        await bob.Locator($"[data-approval='{number}']").ClickAsync();
        await bob.WaitForSelectorAsync("body[data-live]");
        await Expect(bob.Locator(".form-values")).ToContainTextAsync("12800.50");
        await Expect(bob.Locator(".form-values")).ToContainTextAsync("Bank transfer");
        await Expect(bob.Locator(".form-values")).ToContainTextAsync("Item 云主机 · Count 12");
        await bob.Locator("#opinion").FillAsync("fine with me");
        await WebClientFixture.PictureAsync(bob, "wecom-approval-bob-en");
        var carol = await fixture.OpenAsync("/wecom/approvals?as=carol");
        await Expect(carol.Locator(".empty b")).ToHaveTextAsync("Nothing to decide");
        await bob.Locator("[data-do=approve]").ClickAsync();
        await fixture.PushedAsync("sys_approval_change", number, "<StatuChangeEvent>2</StatuChangeEvent>", "fine with me");
        await Expect(bob.Locator(".progress .good")).ToContainTextAsync("fine with me");
        await Expect(bob.Locator("[data-do=approve]")).ToHaveCountAsync(0);

        // Carol's open page learns of it by itself.
        await carol.Locator($"[data-approval='{number}']").ClickAsync();
        await carol.WaitForSelectorAsync("body[data-live]");
        await carol.Locator("[data-do=reject]").ClickAsync();
        await Expect(carol.Locator("[data-status]")).ToHaveTextAsync("Rejected");
        await fixture.PushedAsync("sys_approval_change", number, "<StatuChangeEvent>3</StatuChangeEvent>");
        await Expect(bob.Locator("[data-status]")).ToHaveTextAsync("Rejected");
        Assert.Empty(fixture.PageErrors);
    }

    [Fact]
    public async Task In_chinese_on_a_phone_alice_urges_and_withdraws_and_what_comes_too_late_is_refused()
    {
        await using var fixture = await PlatformFixture.StartAsync(chromium);
        var number = await SubmitAsync(fixture);
        var page = await fixture.OpenAsync("/wecom?as=alice", "zh", 390, 844);
        await page.Locator(".rail [data-go=approvals]").ClickAsync();
        await page.WaitForSelectorAsync("body.approvals-page[data-live]");
        await page.Locator("[data-tab=mine]").ClickAsync();
        await page.WaitForSelectorAsync("body[data-tab=mine][data-live]");
        await WebClientFixture.PictureAsync(page, "wecom-approvals-zh-390");
        await page.Locator($"[data-approval='{number}']").ClickAsync();
        await page.WaitForSelectorAsync("body[data-live][data-view=detail]");
        await Expect(page.Locator("h1")).ToHaveTextAsync("付款申请");
        await Expect(page.Locator(".progress .open")).ToContainTextAsync("等待处理");
        await page.Locator("[data-do=urge]").ClickAsync();
        await fixture.PushedAsync("sys_approval_change", number, "<StatuChangeEvent>5</StatuChangeEvent>");
        await WebClientFixture.PictureAsync(page, "wecom-approval-zh-390");
        Assert.Equal(390, await page.EvaluateAsync<int>("document.documentElement.scrollWidth"));
        await page.Locator("[data-do=withdraw]").ClickAsync();
        await page.Locator("#confirm [value=yes]").ClickAsync();
        await Expect(page.Locator("[data-status]")).ToHaveTextAsync("已撤销");
        await Expect(page.Locator("[data-do=withdraw]")).ToHaveCountAsync(0);
        // A action that the client does not offer any more is refused in words.
        var refused = await page.EvaluateAsync<string>("async n => JSON.stringify(await (await fetch('/ui/wecom/approval', {method: 'POST', headers: {'X-Larkspur-Client': '1', 'Content-Type': 'application/json'}, body: JSON.stringify({as: 'carol', do: 'approve', instance: n})})).json())", number);
        Assert.Contains("nothing to decide", refused, StringComparison.Ordinal);
        Assert.Empty(fixture.PageErrors);
    }
}
