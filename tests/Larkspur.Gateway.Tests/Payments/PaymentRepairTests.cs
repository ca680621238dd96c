using System.Text.Json;
using Larkspur.Gateway.Apps.Feishu;
using Larkspur.Gateway.Storage;
using Larkspur.Gateway.Tests.Messages;
using Larkspur.Gateway.Tests.Settings;
using Larkspur.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace Larkspur.Gateway.Tests.Payments;

/// <summary>Answers that are lost, events that never come, a business system that is away, a process that ends: a decision is told once all the same.</summary>
[Trait("Database", "PostgreSQL")]
public sealed class PaymentRepairTests
{
    private static readonly Dictionary<string, string?> Hasty = new()
    {
        ["Larkspur:Payments:CheckAfter"] = "00:00:00.001", ["Larkspur:Payments:CheckAfterWithoutEvents"] = "00:00:00.001", ["Larkspur:Payments:LongestCheck"] = "00:00:00.002",
    };

    [Fact]
    public async Task A_creating_call_whose_answer_is_lost_makes_one_instance()
    {
        await using var fixture = await PaymentFixture.StartAsync();
        await fixture.Emulator.ControlAsync(HttpMethod.Post, "faults", new { path = "/open-apis/approval/v4/instances", method = "POST", reply = "drop", count = 1 });
        var id = await fixture.SubmitAsync();
        var instance = await fixture.InstanceAsync(id);
        Assert.Equal(instance, Assert.Single(await fixture.InstancesAsync())["instance_code"]!.GetValue<string>());
        await fixture.ActAsync("bob", "reject", instance);
        await fixture.UntilStateAsync(id, "rejected");
        await fixture.WebhookAsync();
        Assert.Single(fixture.Erp.Calls);
    }

    [Fact]
    public async Task A_decision_whose_events_never_came_is_found_by_reconciliation()
    {
        await using var fixture = await PaymentFixture.StartAsync(settings: Hasty, listens: false);
        var id = await fixture.SubmitAsync();
        var instance = await fixture.InstanceAsync(id);
        await fixture.ActAsync("bob", "approve", instance);
        await fixture.ActAsync("carol", "approve", instance);
        Assert.Equal("pending", await fixture.StateAsync(id));
        await fixture.ReconcileAsync();
        var payment = await fixture.UntilStateAsync(id, "approved");
        Assert.Contains(payment.GetProperty("timeline").EnumerateArray(), l => l.GetProperty("what").GetString() == "approved" && l.GetProperty("source").GetString() == "reconciliation");
        Assert.Equal(1, await fixture.Gateway.CounterAsync("larkspur_payment_repaired_total"));
        await fixture.WebhookAsync();
        await fixture.ReconcileAsync();
        Assert.Single(fixture.Erp.Calls);
    }

    [Fact]
    public async Task An_instance_that_was_made_and_never_recorded_is_found_and_a_discarded_call_without_one_has_failed()
    {
        // Calls are tried once in an hour: what the first attempt did is not known until somebody looks.
        var settings = new Dictionary<string, string?>(Hasty) { ["Larkspur:Outbox:FirstPause"] = "01:00:00", ["Larkspur:Outbox:LongestPause"] = "01:00:00" };
        await using var fixture = await PaymentFixture.StartAsync(settings: settings, listens: false);
        await fixture.Emulator.ControlAsync(HttpMethod.Post, "faults", new { path = "/open-apis/approval/v4/instances", method = "POST", reply = "drop", count = 1 });
        var made = await fixture.SubmitAsync("MADE", "made");
        await fixture.HoldsAsync(async () => (await fixture.InstancesAsync()).Length == 1);
        await fixture.Emulator.ControlAsync(HttpMethod.Post, "faults", new { path = "/open-apis/approval/v4/instances", method = "POST", reply = 503, count = 1 });
        var lost = await fixture.SubmitAsync("LOST", "lost");
        var row = await OpenRowAsync(fixture, lost);
        Assert.Equal(200, (await fixture.Gateway.PostRestAsync($"/outbox/{row}/discard", null)).Status);

        await fixture.ReconcileAsync();
        await fixture.UntilStateAsync(made, "pending");
        var failed = await fixture.UntilStateAsync(lost, "failed");
        Assert.Equal("discarded", failed.GetProperty("reason").GetString());
        var told = await fixture.WebhookAsync();
        Assert.Equal(("payment.failed", lost), (told.Json.GetProperty("type").GetString(), told.Json.GetProperty("data").GetProperty("payment_id").GetString()));
    }

    [Fact]
    public async Task An_instance_that_its_key_does_not_find_is_found_in_the_list()
    {
        var settings = new Dictionary<string, string?>(Hasty) { ["Larkspur:Outbox:FirstPause"] = "01:00:00", ["Larkspur:Outbox:LongestPause"] = "01:00:00" };
        var clock = new ShiftingClock();
        await using var fixture = await PaymentFixture.StartAsync(settings: settings, listens: false, clock: clock);
        await fixture.Emulator.ControlAsync(HttpMethod.Post, "faults", new { path = "/open-apis/approval/v4/instances", method = "POST", reply = "drop", count = 1 });
        var id = await fixture.SubmitAsync();
        await fixture.HoldsAsync(async () => (await fixture.InstancesAsync()).Length == 1);
        var made = (await fixture.InstancesAsync())[0];
        await fixture.Emulator.ControlAsync(HttpMethod.Post, "faults", new { path = "/open-apis/approval/v4/instances/" + made["uuid"]!.GetValue<string>(), method = "GET", reply = 400, code = 1390003 });

        // The last minute is not asked about: nothing is found yet.
        await fixture.ReconcileAsync();
        Assert.Equal("submitting", await fixture.StateAsync(id));
        clock.Shift(TimeSpan.FromMinutes(3));
        await fixture.ReconcileAsync();
        var found = await fixture.UntilStateAsync(id, "pending");
        Assert.Equal(made["instance_code"]!.GetValue<string>(), found.GetProperty("instance_code").GetString());
        Assert.Contains(found.GetProperty("timeline").EnumerateArray(), l => l.GetProperty("what").GetString() == "created" && l.GetProperty("source").GetString() == "reconciliation");

        // What was read is not read again, and what was found is looked up by its code from now on.
        await fixture.ActAsync("bob", "reject", found.GetProperty("instance_code").GetString()!);
        await fixture.ReconcileAsync();
        await fixture.UntilStateAsync(id, "rejected");
        await fixture.WebhookAsync();
        Assert.Single(await fixture.InstancesAsync());
    }

    [Fact]
    public async Task A_refused_creation_is_a_dead_letter_and_goes_on_when_it_is_replayed()
    {
        await using var fixture = await PaymentFixture.StartAsync();
        await fixture.Emulator.ControlAsync(HttpMethod.Post, "faults", new { path = "/open-apis/approval/v4/instances", method = "POST", reply = 400, code = 1390015, count = 1 });
        var id = await fixture.SubmitAsync();
        var failed = await fixture.UntilStateAsync(id, "failed");
        Assert.Contains("1390015", failed.GetProperty("reason").GetString());
        Assert.Equal("payment.failed", (await fixture.WebhookAsync()).Json.GetProperty("type").GetString());
        var dead = Assert.Single((await fixture.Gateway.GetRestAsync("/outbox?status=dead")).Items);
        Assert.Equal("instance_create", dead.GetProperty("operation").GetString());
        Assert.Equal(200, (await fixture.Gateway.PostRestAsync($"/outbox/{dead.GetProperty("id").GetInt64()}/replay", null)).Status);
        await fixture.ActAsync("bob", "reject", await fixture.InstanceAsync(id));
        await fixture.UntilStateAsync(id, "rejected");
        Assert.Equal(("payment.decided", 1), ((await fixture.WebhookAsync(2)).Json.GetProperty("type").GetString(), (await fixture.WebhookAsync(2)).Json.GetProperty("data").GetProperty("version").GetInt64()));
    }

    [Fact]
    public async Task An_event_before_the_answer_to_the_creation_decides_the_payment()
    {
        // No attempt leaves in time: the instance is made under the payment's key by another hand, as if the process had died before it heard the answer.
        var settings = new Dictionary<string, string?> { ["Larkspur:Outbox:Enabled"] = "false" };
        await using var fixture = await PaymentFixture.StartAsync(settings: settings);
        var id = await fixture.SubmitAsync();
        Assert.Equal("submitting", await fixture.StateAsync(id));
        var row = Assert.Single((await fixture.Gateway.GetRestAsync("/outbox?status=open")).Items);
        var uuid = await UuidAsync(fixture, row.GetProperty("id").GetInt64());
        var made = await fixture.Emulator.ActAsync(new
        {
            @as = "alice", @do = "submit_approval", approval = PaymentFixture.ApprovalCode, uuid,
            form_value = new object[] { new { id = "payee", type = "input", value = "x" }, new { id = "amount", type = "amount", value = 5, currency = "CNY" } },
        });
        var instance = made["instance"]!.GetValue<string>();
        await fixture.ActAsync("bob", "reject", instance);
        await fixture.UntilStateAsync(id, "rejected");

        // Now the answer is asked for again: the platform names the same instance, and nothing more is decided.
        await fixture.RestartAsync(_ => fixture.Webhook);
        var decided = await fixture.WebhookAsync();
        Assert.Equal("rejected", decided.Json.GetProperty("data").GetProperty("decision").GetString());
        await fixture.HoldsAsync(async () => (await fixture.Gateway.GetRestAsync("/outbox?status=open")).Items.Length == 0);
        Assert.Single(await fixture.InstancesAsync());
        Assert.Equal("rejected", await fixture.StateAsync(id));
        Assert.Single(fixture.Erp.Calls);
    }

    [Fact]
    public async Task A_business_system_that_is_away_is_told_when_it_is_back_and_the_payment_shows_the_delivery()
    {
        await using var fixture = await PaymentFixture.StartAsync();
        fixture.Erp.AnswerWith(500);
        var id = await fixture.SubmitAsync();
        await fixture.ActAsync("bob", "reject", await fixture.InstanceAsync(id));
        await fixture.UntilStateAsync(id, "rejected");
        var first = await fixture.WebhookAsync();
        await fixture.HoldsAsync(async () => (await fixture.PaymentAsync(id)).GetProperty("webhook").GetProperty("reason").GetString() == "http_500");
        var webhook = (await fixture.PaymentAsync(id)).GetProperty("webhook");
        Assert.Equal("open", webhook.GetProperty("state").GetString());
        Assert.True(webhook.GetProperty("attempts").GetInt32() >= 1 && webhook.GetProperty("next_attempt_at").GetDateTimeOffset() > DateTimeOffset.UnixEpoch);
        Assert.Equal(200, (await fixture.Gateway.GetRestAsync($"/outbox/{webhook.GetProperty("delivery_id").GetInt64()}")).Status);

        fixture.Erp.AnswerWith(204);
        await fixture.HoldsAsync(async () => (await fixture.PaymentAsync(id)).GetProperty("webhook").GetProperty("state").GetString() == "sent");
        Assert.All(fixture.Erp.Calls, call => Assert.Equal(first.Id, call.Id));
    }

    [Fact]
    public async Task Without_the_right_to_subscribe_payments_are_watched_by_looking_and_the_state_says_so()
    {
        await using var fixture = await PaymentFixture.StartAsync(on: false, settings: Hasty);
        await fixture.Emulator.ControlAsync(HttpMethod.Post, "faults", new { path = "/open-apis/approval/v4/approvals/*/subscribe", reply = 400, code = 99991672 });
        await fixture.SetAsync((FeishuIntegration.Enabled, "true"), (FeishuIntegration.PaymentWorkflow, "true"), (FeishuIntegration.ApprovalCode, PaymentFixture.ApprovalCode));
        await fixture.HoldsAsync(async () => (await fixture.Gateway.GetRestAsync($"/approvals/{PaymentFixture.ApprovalCode}/subscription")).Text("state") == "refused");
        var id = await fixture.SubmitAsync();
        await fixture.ActAsync("bob", "reject", await fixture.InstanceAsync(id));
        await fixture.ReconcileAsync();
        await fixture.UntilStateAsync(id, "rejected");
        await fixture.WebhookAsync();
    }

    [Fact]
    public async Task A_withdrawal_that_failed_can_be_asked_for_again()
    {
        await using var fixture = await PaymentFixture.StartAsync();
        var id = await fixture.SubmitAsync();
        await fixture.InstanceAsync(id);
        await fixture.Emulator.ControlAsync(HttpMethod.Post, "faults", new { path = "/open-apis/approval/v4/instances/cancel", method = "POST", reply = 400, code = 1390015, count = 1 });
        Assert.Equal(202, (await fixture.Gateway.PostRestAsync($"/payments/{id}/cancel", null)).Status);
        await fixture.HoldsAsync(async () => HasLine(await fixture.PaymentAsync(id), "cancel_failed"));
        Assert.Equal("pending", await fixture.StateAsync(id));

        Assert.Equal(202, (await fixture.Gateway.PostRestAsync($"/payments/{id}/cancel", null)).Status);
        await fixture.UntilStateAsync(id, "canceled");
        Assert.Equal("canceled", (await fixture.WebhookAsync()).Json.GetProperty("data").GetProperty("decision").GetString());
        Assert.Single(fixture.Erp.Calls);
    }

    [Fact]
    public async Task What_was_decided_while_the_app_was_switched_off_is_found_as_soon_as_it_is_back()
    {
        await using var fixture = await PaymentFixture.StartAsync(on: false, settings: SettingsFixture.NoApp, listens: false);
        await fixture.SetAsync([.. SettingsFixture.App.Select(s => (s.Key, (string?)s.Value))]);
        await fixture.SwitchOnAsync();
        var id = await fixture.SubmitAsync();
        var instance = await fixture.InstanceAsync(id);
        // The look after the start is done, and the next one is ten minutes away.
        await fixture.ReconcileAsync();
        await fixture.SetAsync((FeishuIntegration.Enabled, "false"));
        await fixture.ActAsync("bob", "reject", instance);
        await fixture.SetAsync((FeishuIntegration.Enabled, "true"));
        await fixture.ReconcileAsync();
        await fixture.UntilStateAsync(id, "rejected");
        await fixture.WebhookAsync();
    }

    [Fact]
    public async Task Payments_that_are_long_over_are_forgotten_and_those_that_are_not_stay()
    {
        await using var fixture = await PaymentFixture.StartAsync();
        var over = await fixture.SubmitAsync("OVER", "over");
        await fixture.ActAsync("bob", "reject", await fixture.InstanceAsync(over));
        await fixture.UntilStateAsync(over, "rejected");
        var open = await fixture.SubmitAsync("OPEN", "open");
        await fixture.InstanceAsync(open);
        var young = await fixture.SubmitAsync("YOUNG", "young");
        await fixture.ActAsync("bob", "reject", await fixture.InstanceAsync(young));
        await fixture.UntilStateAsync(young, "rejected");
        var database = fixture.Gateway.Services.GetRequiredService<IDatabase>();
        var then = (DateTimeOffset.UtcNow - TimeSpan.FromDays(731)).ToUnixTimeMilliseconds();
        await database.TransactAsync(async unit => await unit.ExecuteAsync("UPDATE payment SET created_at = $1, changed_at = $1 WHERE number <> 'YOUNG'", then), TestContext.Current.CancellationToken);

        await fixture.Gateway.ForgetAsync();
        Assert.Equal(404, (await fixture.Gateway.GetRestAsync("/payments/" + over)).Status);
        Assert.Equal(("pending", "rejected"), (await fixture.StateAsync(open), await fixture.StateAsync(young)));
        Assert.Equal(0, await database.ReadAsync(sql => sql.NumberAsync("SELECT (SELECT COUNT(*) FROM payment_history WHERE payment = $1) + (SELECT COUNT(*) FROM payment_webhook WHERE payment = $1)", over),
            TestContext.Current.CancellationToken));
    }

    private static bool HasLine(JsonElement payment, string what) => payment.GetProperty("timeline").EnumerateArray().Any(l => l.GetProperty("what").GetString() == what);

    private static async Task<long> OpenRowAsync(PaymentFixture fixture, string payment)
    {
        long? id = null;
        await fixture.HoldsAsync(async () =>
        {
            var rows = (await fixture.Gateway.GetRestAsync("/outbox?status=open&key=payment:" + payment)).Items;
            id = rows is [var row] && row.GetProperty("attempts").GetInt32() > 0 && row.GetProperty("reason").GetString() is not null ? row.GetProperty("id").GetInt64() : null;
            return id is not null;
        });
        return id!.Value;
    }

    private static async Task<string> UuidAsync(PaymentFixture fixture, long row)
    {
        var details = await fixture.Gateway.GetRestAsync($"/outbox/{row}");
        return details.Body.TryGetProperty("idempotency_key", out var key) ? key.GetString()! : throw new InvalidOperationException(details.ToString());
    }
}
