using System.Text.Json;
using System.Text.Json.Nodes;
using Larkspur.Gateway.Apps.Feishu;
using Larkspur.Gateway.Console.Pages.Notifications;
using Larkspur.Gateway.Tests.Messages;
using Larkspur.Webhooks;
using Microsoft.Extensions.DependencyInjection;

namespace Larkspur.Gateway.Tests.Notifications;

/// <summary>From a requisition to the decision that its system hears, exactly once.</summary>
[Trait("Database", "PostgreSQL")]
public sealed class DecisionTests : IAsyncLifetime
{
    private NotificationFixture _fixture = null!;

    public async ValueTask InitializeAsync() => _fixture = await NotificationFixture.StartAsync();

    public ValueTask DisposeAsync() => _fixture.DisposeAsync();

    [Fact]
    public async Task Bob_approves_on_his_card_and_the_system_hears_it_once()
    {
        var sent = await _fixture.SendAsync(NotificationFixture.Requisition());
        Assert.Equal("鲍勃", sent.GetProperty("deliveries")[0].GetProperty("person").GetProperty("name").GetString());
        var now = await _fixture.UntilAsync(sent, "sent");
        var card = NotificationFixture.MessageOf(now);
        var face = await _fixture.FaceAsync(card);
        foreach (var shown in (string[])["采购申请待您审批", "A requisition needs your approval", "研发笔记本电脑", "Laptops", "¥98,765.40", "CNY 98,765.40", "艾丽丝", "Alice", "2026年4月1日", "1 Apr 2026"])
            Assert.Contains(shown, face, StringComparison.Ordinal);

        var clicked = await _fixture.ClickAsync(card, "通过", "bob");
        Assert.True(clicked["card_changed"]!.GetValue<bool>(), clicked.ToJsonString() + _fixture.Gateway.Logs.Text);
        await _fixture.FaceAsync(card, "Approved by Bob at ");
        var decided = await _fixture.FaceAsync(card);
        foreach (var shown in (string[])["已由鲍勃于 ", "已通过：研发笔记本电脑", "Approved: Laptops", "<local_datetime millisecond="]) Assert.Contains(shown, decided,
            StringComparison.Ordinal);
        foreach (var old in (string[])["采购申请待您审批", "A requisition needs your approval"]) Assert.DoesNotContain(old, decided,
            StringComparison.Ordinal);

        var call = await _fixture.DecidedAsync();
        Assert.Equal(WebhookVerdict.Valid, _fixture.Erp.Judge(call));
        var data = call.Json.GetProperty("data");
        Assert.Equal(("approved", "PR-2026-0001", "pr.submitted", sent.GetProperty("id").GetString()),
            (data.GetProperty("decision").GetString(), data.GetProperty("subject").GetString(), data.GetProperty("event").GetString(), data.GetProperty("notification_id").GetString()));
        Assert.Equal(("鲍勃", "bob"), (data.GetProperty("by").GetProperty("name").GetString(), data.GetProperty("by").GetProperty("user_id").GetString()));

        now = await _fixture.GetAsync(sent.GetProperty("id").GetString()!);
        Assert.Equal(("decided", "approved"), (now.GetProperty("state").GetString(), now.GetProperty("decision").GetProperty("decision").GetString()));
        Assert.Equal("done", now.GetProperty("clicks")[0].GetProperty("outcome").GetString());
        await _fixture.KeepAsync();
        Assert.Single(_fixture.Erp.Calls);

        // The console tells it by its reader's clocks, as all its times.
        var pages = _fixture.Gateway.Services.GetRequiredService<NotificationPageService>();
        var at = now.GetProperty("decision").GetProperty("at").GetDateTimeOffset();
        foreach (var zone in (string[])["America/St_Johns", "Asia/Shanghai"])
        {
            var reader = TimeZoneInfo.FindSystemTimeZoneById(zone);
            var seen = await pages.FindAsync(sent.GetProperty("id").GetString()!, reader, TestContext.Current.CancellationToken);
            Assert.Contains($"{TimeZoneInfo.ConvertTime(at, reader):HH:mm}", seen!.Line!.English, StringComparison.Ordinal);
            Assert.Equal(("Approved: Laptops", "已通过：研发笔记本电脑"), (seen.Card!.Title.English, seen.Card.Title.Chinese));
        }
    }

    [Fact]
    public async Task The_first_decision_counts_and_all_cards_show_it()
    {
        var sent = await _fixture.SendAsync(NotificationFixture.Requisition("PR-7", NotificationFixture.Email("bob"), new JsonObject { ["employee_no"] = "M1003" }));
        var now = await _fixture.UntilAsync(sent, "sent", "sent");
        var (bob, carol) = (NotificationFixture.MessageOf(now), NotificationFixture.MessageOf(now, 1));
        await _fixture.ClickAsync(bob, "通过", "bob");
        await _fixture.FaceAsync(carol, "Approved by Bob at ");
        Assert.DoesNotContain("larkspur.notification", await _fixture.FaceAsync(carol), StringComparison.Ordinal);

        // Carol looked at an old face: her click comes all the same.
        var push = new FeishuPush();
        var value = JsonSerializer.SerializeToElement(new { kind = "larkspur.notification", card = sent.GetProperty("id").GetString(), action = "approve" });
        var (_, answer) = await push.SendAsync(_fixture.Gateway, "card.action.trigger", FeishuPush.Click(value, carol, await OpenIdAsync("carol")));
        Assert.Contains("Approved by Bob at ", answer.GetProperty("toast").GetProperty("i18n").GetProperty("en_us").GetString(), StringComparison.Ordinal);
        now = await _fixture.GetAsync(sent.GetProperty("id").GetString()!);
        Assert.Equal("repeated", now.GetProperty("clicks")[0].GetProperty("outcome").GetString());
        Assert.Equal("Bob", now.GetProperty("decision").GetProperty("by").GetProperty("en_name").GetString());
        await _fixture.DecidedAsync();
        await _fixture.KeepAsync();
        Assert.Single(_fixture.Erp.Calls);
    }

    [Fact]
    public async Task Who_is_no_approver_is_told_so_and_nothing_changes()
    {
        var sent = await _fixture.SendAsync(NotificationFixture.Requisition());
        var card = NotificationFixture.MessageOf(await _fixture.UntilAsync(sent, "sent"));
        var push = new FeishuPush();
        var value = JsonSerializer.SerializeToElement(new { kind = "larkspur.notification", card = sent.GetProperty("id").GetString(), action = "approve" });
        var (_, answer) = await push.SendAsync(_fixture.Gateway, "card.action.trigger", FeishuPush.Click(value, card, await OpenIdAsync("carol")));
        Assert.Equal("warning", answer.GetProperty("toast").GetProperty("type").GetString());
        var now = await _fixture.GetAsync(sent.GetProperty("id").GetString()!);
        Assert.Equal("open", now.GetProperty("state").GetString());
        Assert.Equal(("refused", "卡罗尔"), (now.GetProperty("clicks")[0].GetProperty("outcome").GetString(), now.GetProperty("clicks")[0].GetProperty("name").GetString()));
        Assert.Empty(_fixture.Erp.Calls);
    }

    [Fact]
    public async Task A_button_on_a_card_of_somebody_else_decides_nothing()
    {
        var sent = await _fixture.SendAsync(NotificationFixture.Requisition());
        var own = NotificationFixture.MessageOf(await _fixture.UntilAsync(sent, "sent"));
        var push = new FeishuPush();
        var value = JsonSerializer.SerializeToElement(new { kind = "larkspur.notification", card = sent.GetProperty("id").GetString(), action = "approve" });
        var bob = await OpenIdAsync("bob");
        // "Show more", it says there, and Bob has no reason not to.
        var (_, answer) = await push.SendAsync(_fixture.Gateway, "card.action.trigger", FeishuPush.Click(value, "om_another_card", bob));
        Assert.Equal("warning", answer.GetProperty("toast").GetProperty("type").GetString());
        Assert.Equal("open", (await _fixture.GetAsync(sent.GetProperty("id").GetString()!)).GetProperty("state").GetString());
        Assert.Empty(_fixture.Erp.Calls);

        await _fixture.ClickAsync(own, "通过", "bob");
        Assert.Equal("decided", (await _fixture.GetAsync(sent.GetProperty("id").GetString()!)).GetProperty("state").GetString());
    }

    [Fact]
    public async Task A_rejection_asks_for_its_reason_and_the_applicant_is_told()
    {
        await _fixture.SetAsync((FeishuIntegration.NotifyOnApproval, "true"));
        var body = NotificationFixture.Requisition("PR-9");
        body["decision"] = new JsonObject { ["webhook"] = "erp", ["applicant"] = NotificationFixture.Email("alice") };
        var sent = await _fixture.SendAsync(body);
        var card = NotificationFixture.MessageOf(await _fixture.UntilAsync(sent, "sent"));
        await _fixture.ClickAsync(card, "驳回", "bob");
        await _fixture.FaceAsync(card, "驳回理由");
        Assert.Empty(_fixture.Erp.Calls);

        await _fixture.ClickAsync(card, "返回", "bob");
        await _fixture.FaceAsync(card, "通过");
        await _fixture.ClickAsync(card, "驳回", "bob");
        await _fixture.FaceAsync(card, "确认驳回");
        var rejected = await _fixture.ClickAsync(card, "确认驳回", "bob", new { reason = "预算不足" });
        Assert.True(rejected["ok"]!.GetValue<bool>(), rejected.ToJsonString());
        await _fixture.FaceAsync(card, "Reason: 预算不足");
        var data = (await _fixture.DecidedAsync()).Json.GetProperty("data");
        Assert.Equal(("rejected", "预算不足"), (data.GetProperty("decision").GetString(), data.GetProperty("comment").GetString()));

        var told = (await _fixture.Gateway.GetRestAsync("/notifications?subject=PR-9&event=approval.decided")).Items.Single();
        await _fixture.UntilAsync(told, "sent");
        var face = await _fixture.FaceAsync(NotificationFixture.MessageOf(await _fixture.GetAsync(told.GetProperty("id").GetString()!)));
        foreach (var shown in (string[])["已驳回", "Rejected", "预算不足", "PR-9", "鲍勃"]) Assert.Contains(shown, face, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_group_gets_the_card_and_only_the_named_approver_decides()
    {
        var chat = new JsonObject { ["chat_id"] = (await _fixture.Emulator.StateAsync())["chats"]!.AsArray().First(c => c!["name"]!.GetValue<string>() == "采购协作群")!["chat_id"]!.GetValue<string>() };
        var nobody = await _fixture.Gateway.PostRestAsync("/notifications", NotificationFixture.Requisition("PR-10", chat.DeepClone().AsObject()).ToJsonString());
        Assert.Equal((422, "no_approvers"), (nobody.Status, nobody.Error));

        var body = NotificationFixture.Requisition("PR-10", chat);
        body["decision"] = new JsonObject { ["approvers"] = new JsonArray(NotificationFixture.Email("carol")) };
        var card = NotificationFixture.MessageOf(await _fixture.UntilAsync(await _fixture.SendAsync(body), "sent"));
        var refused = await _fixture.ClickAsync(card, "通过", "bob");
        Assert.False(refused["card_changed"]!.GetValue<bool>());
        await _fixture.ClickAsync(card, "通过", "carol");
        await _fixture.FaceAsync(card, "Approved by Carol at ");
    }

    [Fact]
    public async Task Reminders_go_below_the_card_and_not_too_often()
    {
        var sent = await _fixture.SendAsync(NotificationFixture.Requisition());
        await _fixture.UntilAsync(sent, "sent");
        var path = $"/notifications/{sent.GetProperty("id").GetString()}/remind";
        Assert.Equal(202, (await _fixture.Gateway.PostRestAsync(path, null, "r-1")).Status);
        Assert.Equal(202, (await _fixture.Gateway.PostRestAsync(path, null, "r-1")).Status);
        var again = await _fixture.Gateway.PostRestAsync(path, null, "r-2");
        Assert.Equal((409, "reminded_lately"), (again.Status, again.Error));
        await _fixture.Gateway.UntilAsync(async () => await _fixture.CountAsync("still waits for your decision") == 1);
        await _fixture.ClickAsync(NotificationFixture.MessageOf(await _fixture.GetAsync(sent.GetProperty("id").GetString()!)), "通过", "bob");
        var late = await _fixture.Gateway.PostRestAsync(path, null, "r-3");
        Assert.Equal((409, "already_decided"), (late.Status, late.Error));
    }

    [Fact]
    public async Task While_the_integration_is_off_a_click_decides_nothing()
    {
        var sent = await _fixture.SendAsync(NotificationFixture.Requisition());
        var card = NotificationFixture.MessageOf(await _fixture.UntilAsync(sent, "sent"));
        await _fixture.SetAsync((FeishuIntegration.Enabled, "false"));
        var clicked = await _fixture.ClickAsync(card, "通过", "bob");
        Assert.False(clicked["card_changed"]!.GetValue<bool>());
        var now = await _fixture.GetAsync(sent.GetProperty("id").GetString()!);
        Assert.Equal(("open", "switched_off"), (now.GetProperty("state").GetString(), now.GetProperty("clicks")[0].GetProperty("outcome").GetString()));
    }

    private async Task<string> OpenIdAsync(string user)
    {
        var found = await _fixture.Gateway.PostRestAsync("/people/lookup", new { user_ids = new[] { user } });
        return found.Body.GetProperty("found")[0].GetProperty("person").GetProperty("open_id").GetString()!;
    }
}
