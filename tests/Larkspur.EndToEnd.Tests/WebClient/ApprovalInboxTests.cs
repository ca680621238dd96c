using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Larkspur.Emulator.State;
using Larkspur.Emulator.State.Approvals;
using static Microsoft.Playwright.Assertions;

namespace Larkspur.EndToEnd.Tests.WebClient;

/// <summary>People decide in the approvals inbox of the web client, in real Chromium.</summary>
public sealed class ApprovalInboxTests(ChromiumFixture chromium)
{
    private const string Form = """
        [{"id":"payee","type":"input","value":"青云科技有限公司"},{"id":"amount","type":"amount","value":12800.5},{"id":"reason","type":"textarea","value":"三月份云服务费用"},
         {"id":"method","type":"radioV2","value":"transfer"},{"id":"date","type":"date","value":"2026-04-01T00:00:00+08:00"}]
        """;

    [Fact]
    public async Task Bob_approves_with_a_comment_and_the_request_moves_on_to_carol_who_rejects_it()
    {
        await using var fixture = await WebClientFixture.StartAsync(chromium);
        var code = await SubmitAsync(fixture);
        var bob = await fixture.OpenPathAsync("/approvals?as=bob");
        await Expect(bob.Locator("[data-tab=todo] .badge")).ToHaveTextAsync("1");
        await bob.Locator($"[data-approval='{code}']").ClickAsync();
        await Expect(bob.Locator(".form-values")).ToContainTextAsync("CNY 12,800.50");
        await Expect(bob.Locator(".form-values")).ToContainTextAsync("Bank transfer");
        await bob.WaitForSelectorAsync("body[data-live]");
        await WebClientFixture.PictureAsync(bob, "approval-bob-en");

        var carol = await fixture.OpenPathAsync($"/approvals?as=carol");
        await Expect(carol.Locator(".empty b")).ToHaveTextAsync("Nothing to decide");
        await bob.Locator("#opinion").FillAsync("fine with me");
        await bob.Locator("[data-do=approve]").ClickAsync();
        await Expect(bob.Locator(".progress .good")).ToContainTextAsync("fine with me");
        await Expect(bob.Locator("[data-do=approve]")).ToHaveCountAsync(0);
        await Expect(bob.Locator("[data-tab=todo] .badge")).ToHaveCountAsync(0);

        // Carol's open page learns of it by itself.
        await carol.Locator($"[data-approval='{code}']").ClickAsync();
        await carol.WaitForSelectorAsync("body[data-live]");
        await carol.Locator("#opinion").FillAsync("no budget");
        await carol.Locator("[data-do=reject]").ClickAsync();
        await Expect(carol.Locator("[data-status]")).ToHaveTextAsync("Rejected");
        await Expect(bob.Locator("[data-status]")).ToHaveTextAsync("Rejected");
        await bob.Locator("[data-tab=done]").ClickAsync();
        await Expect(bob.Locator($"[data-approval='{code}'] .chip")).ToHaveTextAsync("Rejected");
        Assert.Equal(InstanceStatus.Rejected, fixture.State.ApprovalInstance(code)!.Status);
        Assert.Empty(fixture.PageErrors);
    }

    [Fact]
    public async Task In_chinese_on_a_phone_alice_follows_her_request_and_withdraws_it()
    {
        await using var fixture = await WebClientFixture.StartAsync(chromium);
        var code = await SubmitAsync(fixture);
        var page = await fixture.OpenPathAsync("/approvals?as=alice&tab=mine", "zh", 390, 844);
        await Expect(page.Locator("#approval-detail")).ToBeHiddenAsync();
        await WebClientFixture.PictureAsync(page, "approvals-zh-390");
        await page.Locator($"[data-approval='{code}']").ClickAsync();
        await page.WaitForSelectorAsync("body[data-live]");
        await Expect(page.Locator("h1")).ToHaveTextAsync("付款申请");
        await Expect(page.Locator("#approval-list")).ToBeHiddenAsync();
        await Expect(page.Locator(".progress .open")).ToContainTextAsync("等待处理");
        await WebClientFixture.PictureAsync(page, "approval-zh-390");
        await page.Locator("[data-do=cancel]").ClickAsync();
        await page.Locator("#confirm [value=yes]").ClickAsync();
        await Expect(page.Locator("[data-status]")).ToHaveTextAsync("已撤回");
        await Expect(page.Locator("[data-do=cancel]")).ToHaveCountAsync(0);
        await page.GetByLabel("返回审批列表").ClickAsync();
        await Expect(page.Locator($"[data-approval='{code}'] .chip")).ToHaveTextAsync("已撤回");
        Assert.Empty(fixture.PageErrors);
    }

    [Fact]
    public async Task Bob_transfers_and_what_he_was_typing_outlives_a_change()
    {
        await using var fixture = await WebClientFixture.StartAsync(chromium);
        var code = await SubmitAsync(fixture);
        var page = await fixture.OpenPathAsync($"/approvals?as=bob&instance={code}", "zh");
        await page.Locator("#opinion").FillAsync("请卡罗尔看看");
        await ActAsync(fixture, new { @as = "alice", @do = "comment_approval", instance = code, comment = "急，请尽快" });
        await Expect(page.Locator(".comments")).ToContainTextAsync("急，请尽快");
        await Expect(page.Locator("#opinion")).ToHaveValueAsync("请卡罗尔看看");
        await page.Locator(".transfer > summary").ClickAsync();
        await WebClientFixture.PictureAsync(page, "approval-transfer-zh");
        await page.Locator("[data-do=transfer][data-to=carol]").ClickAsync();
        await Expect(page.Locator(".progress")).ToContainTextAsync("转交给 卡罗尔");
        Assert.Equal("carol", Assert.Single(fixture.State.ApprovalInstance(code)!.OpenTasks).UserId);
        Assert.Empty(fixture.PageErrors);
    }

    [Fact]
    public async Task Decisions_come_from_the_page_itself_only_and_strangers_see_nothing()
    {
        await using var fixture = await WebClientFixture.StartAsync(chromium);
        var code = await SubmitAsync(fixture);
        using var http = new HttpClient { BaseAddress = new Uri(fixture.Address) };
        using var foreign = await http.PostAsJsonAsync("/ui/approval", new { @as = "bob", @do = "approve", instance = code }, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.Forbidden, foreign.StatusCode);
        Assert.Equal("bob", Assert.Single(fixture.State.ApprovalInstance(code)!.OpenTasks).UserId);
        fixture.State.Put(fixture.State.Person("bob")! with { UserId = "dora", Name = "朵拉", EnName = "Dora" });
        var page = await fixture.OpenPathAsync($"/approvals?as=dora&instance={code}");
        await Expect(page.Locator(".blank")).ToBeVisibleAsync();
        await Expect(page.Locator(".form-values")).ToHaveCountAsync(0);
    }

    [Fact]
    public async Task A_copy_is_read_when_its_page_is_seen()
    {
        await using var fixture = await WebClientFixture.StartAsync(chromium);
        var code = await SubmitAsync(fixture);
        var now = fixture.State.Clock.GetUtcNow();
        var instance = fixture.State.ApprovalInstance(code)!;
        fixture.State.Put(instance with { Copies = [new ApprovalCopy("1", "carol", "alice", now)] });
        var page = await fixture.OpenPathAsync("/approvals?as=carol&tab=copies", "zh");
        await Expect(page.Locator($"[data-approval='{code}'].unread")).ToBeVisibleAsync();
        await page.Locator($"[data-approval='{code}']").ClickAsync();
        await Expect(page.Locator($"[data-approval='{code}'].current:not(.unread)")).ToBeVisibleAsync();
        Assert.True(Assert.Single(fixture.State.ApprovalInstance(code)!.Copies).Read);
        Assert.Empty(fixture.PageErrors);
    }

    [Fact]
    public async Task A_request_of_another_system_is_decided_here_and_says_when_that_system_does_not_answer()
    {
        await using var fixture = await WebClientFixture.StartAsync(chromium);
        // Nobody listens there.
        fixture.State.Put(new ExternalApproval("EXT", "contract", fixture.Bot.AppId, "合同系统", "{}", "http://127.0.0.1:1/", "token", ""));
        fixture.State.Put(new ExternalInstance("EXT", "c-1", fixture.Bot.AppId, "PENDING", "alice", "框架合同", fixture.State.Clock.GetUtcNow().ToUnixTimeMilliseconds(), 1, "{}",
            [new ExternalTask("t-1", "bob", "PENDING", 1, "", [new ExternalAction("APPROVE", "", false), new ExternalAction("SIGN", "用章", false)])]));
        var page = await fixture.OpenPathAsync("/approvals?as=bob&instance=c-1", "zh");
        await Expect(page.Locator("h1")).ToHaveTextAsync("框架合同");
        await Expect(page.Locator("[data-do=SIGN]")).ToHaveTextAsync("用章");
        await WebClientFixture.PictureAsync(page, "approval-external-zh");
        await page.Locator("[data-do=APPROVE]").ClickAsync();
        await Expect(page.Locator(".toast-error")).ToHaveTextAsync("无法连接来源系统。");
        fixture.State.Put(fixture.State.ExternalInstance("EXT", "c-1")! with { Status = "APPROVED", UpdateTime = 2, Tasks = [new ExternalTask("t-1", "bob", "APPROVED", 2, "", [])] });
        await Expect(page.Locator("[data-status]")).ToHaveTextAsync("已通过");
        await Expect(page.Locator("[data-do]")).ToHaveCountAsync(0);
        Assert.Empty(fixture.PageErrors);
    }

    private static async Task<string> SubmitAsync(WebClientFixture fixture) =>
        (await ActAsync(fixture, new { @as = "alice", @do = "submit_approval", approval = SeededCompany.PaymentApprovalCode, form = Form }))["instance"]!.GetValue<string>();

    private static async Task<JsonObject> ActAsync(WebClientFixture fixture, object action)
    {
        using var http = new HttpClient { BaseAddress = new Uri(fixture.Address) };
        using var answer = await http.PostAsJsonAsync("/_emulator/act", action, TestContext.Current.CancellationToken);
        var body = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.True(answer.IsSuccessStatusCode, body);
        return JsonNode.Parse(body)!.AsObject();
    }
}
