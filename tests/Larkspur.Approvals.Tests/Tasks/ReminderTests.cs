using System.Text.Json.Nodes;
using Larkspur.Feishu;
using Larkspur.Feishu.Approvals;

namespace Larkspur.Approvals.Tests.Tasks;

public sealed class ReminderTests : EmulatorTests
{
    private static readonly Uri Page = new("https://example.com/pay/1");

    [Fact]
    public async Task The_bots_reminder_arrives_once_per_key()
    {
        ApprovalBotMessage reminder = ApprovalBotMessage.Reminder(new("付款申请", "Payment request"), Page, Alice) with { Submitter = Alice, Reasons = ["服务器 88,000 元"], Comment = "请尽快" };
        string first = await Feishu.Approvals.Reminders.SendAsync(reminder, Bob, "remind-1", cancellationToken: Stop);
        Assert.Equal(first, await Feishu.Approvals.Reminders.SendAsync(reminder, Bob, "remind-1", cancellationToken: Stop));
        Assert.Contains("催办", (await Emulator.WaitForMessageAsync("contains=付款申请")).ToJsonString(new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping }), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_task_to_decide_says_what_became_of_it()
    {
        string todo = await Feishu.Approvals.Reminders.SendAsync(new("1008", "付款申请", Page), Bob, cancellationToken: Stop);
        await Feishu.Approvals.Reminders.UpdateAsync(todo, "APPROVED", cancellationToken: Stop);
        string reminder = await Feishu.Approvals.Reminders.SendAsync(ApprovalBotMessage.Reminder("付款申请", Page, Alice), Bob, cancellationToken: Stop);
        Assert.Equal(1390001, (await RefusedAsync(Feishu.Approvals.Reminders.UpdateAsync(reminder, "APPROVED", cancellationToken: Stop))).Code);
    }

    [Fact]
    public async Task Who_asked_reminds_with_his_own_token()
    {
        string code = await PaidAsync();
        string task = (await OpenAsync(code, Bob)).TaskId;
        string token = (await Emulator.ControlAsync(HttpMethod.Post, "tokens", new { @as = "alice" }))["user_access_token"]!.GetValue<string>();
        await Feishu.Approvals.Reminders.RemindAsync(code, [task], token, "请尽快", cancellationToken: Stop);
        string bobs = (await Emulator.ControlAsync(HttpMethod.Post, "tokens", new { @as = "bob" }))["user_access_token"]!.GetValue<string>();
        await RefusedAsync(Feishu.Approvals.Reminders.RemindAsync(code, [task], bobs, cancellationToken: Stop));
    }

    [Fact]
    public async Task Words_go_as_an_object_by_key()
    {
        await using Wire wire = await Wire.StartAsync();
        wire.Say("""{"message_id":"m"}""");
        await wire.Client().Approvals.Reminders.SendAsync(ApprovalBotMessage.Reminder(new("付款", "Payment"), Page, ApprovalPerson.UserId("alice")), ApprovalPerson.UserId("bob"), "k", cancellationToken: Stop);
        JsonObject sent = wire.Calls.Single().Json;
        Assert.Equal(("1013", "bob", "k", "alice", "user_id"), (Text(sent, "template_id"), Text(sent, "user_id"), Text(sent, "uuid"), Text(sent, "title_user_id"), Text(sent, "title_user_id_type")));
        Assert.False(sent.ContainsKey("open_id"));
        string key = Text(sent, "approval_name");
        Assert.Equal(["付款", "Payment"], sent["i18n_resources"]!.AsArray().Select(r => r!["texts"]![key]!.GetValue<string>()));
        Assert.Equal("DETAIL", sent["actions"]![0]!["action_name"]!.GetValue<string>());
    }

    [Fact]
    public async Task What_the_platform_would_refuse_is_told_before_the_call()
    {
        await using Wire wire = await Wire.StartAsync();
        ApprovalReminders reminders = wire.Client().Approvals.Reminders;
        ApprovalBotMessage message = ApprovalBotMessage.Reminder("x", Page, Alice);
        await Assert.ThrowsAsync<ArgumentException>(() => reminders.SendAsync(message with { Reasons = [.. Enumerable.Repeat((ApprovalText)"x", 6)] }, Bob, cancellationToken: Stop));
        await Assert.ThrowsAsync<ArgumentException>(() => reminders.SendAsync(message, Bob, new string('x', 65), cancellationToken: Stop));
        await Assert.ThrowsAsync<ArgumentException>(() => reminders.UpdateAsync("1", "CUSTOM", cancellationToken: Stop));
        await Assert.ThrowsAsync<ArgumentException>(() => reminders.RemindAsync("1", [], "token", cancellationToken: Stop));
        Assert.Throws<ArgumentException>(() => ApprovalBotMessage.Reminder("x", new Uri("ftp://example.com"), Alice));
        Assert.Empty(wire.Calls);
    }

    private static string Text(JsonObject json, string name) => json[name]!.GetValue<string>();
}
