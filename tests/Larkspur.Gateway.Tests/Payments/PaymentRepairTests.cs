using System.Text.Json;
using Larkspur.Gateway.Settings;
using Larkspur.Gateway.Storage;
using Larkspur.Gateway.Tests.Messages;
using Larkspur.Gateway.Tests.Settings;
using Larkspur.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace Larkspur.Gateway.Tests.Payments;

/// <summary>Answers that are lost, events that never come, a business system that is away, a process that ends: a decision is told once all the same.</summary>
public sealed class PaymentRepairTests
{
    private static readonly Dictionary<string, string?> Hasty = new()
    {
        ["Larkspur:Payments:CheckAfter"] = "00:00:00.001", ["Larkspur:Payments:CheckAfterWithoutEvents"] = "00:00:00.001", ["Larkspur:Payments:LongestCheck"] = "00:00:00.002",
    };

    [Fact]
    public async Task A_creating_call_whose_answer_is_lost_makes_one_instance()
    {
        await using var house = await PaymentHouse.StartAsync();
        await house.Emulator.ControlAsync(HttpMethod.Post, "faults", new { path = "/open-apis/approval/v4/instances", method = "POST", reply = "drop", count = 1 });
        var id = await house.SubmitAsync();
        var instance = await house.InstanceAsync(id);
        Assert.Equal(instance, Assert.Single(await house.InstancesAsync())["instance_code"]!.GetValue<string>());
        await house.ActAsync("bob", "reject", instance);
        await house.UntilStateAsync(id, "rejected");
        await house.CallbackAsync();
        Assert.Single(house.Erp.Calls);
    }

    [Fact]
    public async Task A_decision_whose_events_never_came_is_found_by_reconciliation()
    {
        await using var house = await PaymentHouse.StartAsync(settings: Hasty, listens: false);
        var id = await house.SubmitAsync();
        var instance = await house.InstanceAsync(id);
        await house.ActAsync("bob", "approve", instance);
        await house.ActAsync("carol", "approve", instance);
        Assert.Equal("pending", await house.StateAsync(id));
        await house.ReconcileAsync();
        var payment = await house.UntilStateAsync(id, "approved");
        Assert.Contains(payment.GetProperty("timeline").EnumerateArray(), l => l.GetProperty("what").GetString() == "approved" && l.GetProperty("source").GetString() == "reconciliation");
        Assert.Equal(1, await house.Gateway.CounterAsync("larkspur_payment_repaired_total"));
        await house.CallbackAsync();
        await house.ReconcileAsync();
        Assert.Single(house.Erp.Calls);
    }

    [Fact]
    public async Task An_instance_that_was_made_and_never_recorded_is_found_and_a_discarded_call_without_one_has_failed()
    {
        // Calls are tried once in an hour: what the first attempt did is not known until somebody looks.
        var settings = new Dictionary<string, string?>(Hasty) { ["Larkspur:Outbox:FirstPause"] = "01:00:00", ["Larkspur:Outbox:LongestPause"] = "01:00:00" };
        await using var house = await PaymentHouse.StartAsync(settings: settings, listens: false);
        await house.Emulator.ControlAsync(HttpMethod.Post, "faults", new { path = "/open-apis/approval/v4/instances", method = "POST", reply = "drop", count = 1 });
        var made = await house.SubmitAsync("MADE", "made");
        await PaymentHouse.UntilAsync(async () => (await house.InstancesAsync()).Length == 1);
        await house.Emulator.ControlAsync(HttpMethod.Post, "faults", new { path = "/open-apis/approval/v4/instances", method = "POST", reply = 503, count = 1 });
        var lost = await house.SubmitAsync("LOST", "lost");
        var row = await OpenRowAsync(house, lost);
        Assert.Equal(200, (await house.Gateway.PostRestAsync($"/outbox/{row}/discard", null)).Status);

        await house.ReconcileAsync();
        await house.UntilStateAsync(made, "pending");
        var failed = await house.UntilStateAsync(lost, "failed");
        Assert.Equal("discarded", failed.GetProperty("reason").GetString());
        var told = await house.CallbackAsync();
        Assert.Equal(("payment.failed", lost), (told.Json.GetProperty("type").GetString(), told.Json.GetProperty("data").GetProperty("payment_id").GetString()));
    }

    [Fact]
    public async Task An_instance_that_its_key_does_not_find_is_found_in_the_list()
    {
        var settings = new Dictionary<string, string?>(Hasty) { ["Larkspur:Outbox:FirstPause"] = "01:00:00", ["Larkspur:Outbox:LongestPause"] = "01:00:00" };
        var clock = new ShiftingClock();
        await using var house = await PaymentHouse.StartAsync(settings: settings, listens: false, clock: clock);
        await house.Emulator.ControlAsync(HttpMethod.Post, "faults", new { path = "/open-apis/approval/v4/instances", method = "POST", reply = "drop", count = 1 });
        var id = await house.SubmitAsync();
        await PaymentHouse.UntilAsync(async () => (await house.InstancesAsync()).Length == 1);
        var made = (await house.InstancesAsync())[0];
        await house.Emulator.ControlAsync(HttpMethod.Post, "faults", new { path = "/open-apis/approval/v4/instances/" + made["uuid"]!.GetValue<string>(), method = "GET", reply = 400, code = 1390003 });

        // The last minute is not asked about: nothing is found yet.
        await house.ReconcileAsync();
        Assert.Equal("submitting", await house.StateAsync(id));
        clock.Shift(TimeSpan.FromMinutes(3));
        await house.ReconcileAsync();
        var found = await house.UntilStateAsync(id, "pending");
        Assert.Equal(made["instance_code"]!.GetValue<string>(), found.GetProperty("instance_code").GetString());
        Assert.Contains(found.GetProperty("timeline").EnumerateArray(), l => l.GetProperty("what").GetString() == "created" && l.GetProperty("source").GetString() == "reconciliation");

        // What was read is not read again, and what was found is looked up by its code from now on.
        await house.ActAsync("bob", "reject", found.GetProperty("instance_code").GetString()!);
        await house.ReconcileAsync();
        await house.UntilStateAsync(id, "rejected");
        await house.CallbackAsync();
        Assert.Single(await house.InstancesAsync());
    }

    [Fact]
    public async Task A_refused_creation_is_a_dead_letter_and_goes_on_when_it_is_replayed()
    {
        await using var house = await PaymentHouse.StartAsync();
        await house.Emulator.ControlAsync(HttpMethod.Post, "faults", new { path = "/open-apis/approval/v4/instances", method = "POST", reply = 400, code = 1390015, count = 1 });
        var id = await house.SubmitAsync();
        var failed = await house.UntilStateAsync(id, "failed");
        Assert.Contains("1390015", failed.GetProperty("reason").GetString());
        Assert.Equal("payment.failed", (await house.CallbackAsync()).Json.GetProperty("type").GetString());
        var dead = Assert.Single((await house.Gateway.GetRestAsync("/outbox?status=dead")).Items);
        Assert.Equal("instance_create", dead.GetProperty("operation").GetString());
        Assert.Equal(200, (await house.Gateway.PostRestAsync($"/outbox/{dead.GetProperty("id").GetInt64()}/replay", null)).Status);
        await house.ActAsync("bob", "reject", await house.InstanceAsync(id));
        await house.UntilStateAsync(id, "rejected");
        Assert.Equal(("payment.decided", 1), ((await house.CallbackAsync(2)).Json.GetProperty("type").GetString(), (await house.CallbackAsync(2)).Json.GetProperty("data").GetProperty("version").GetInt64()));
    }

    [Fact]
    public async Task An_event_before_the_answer_to_the_creation_decides_the_payment()
    {
        // No attempt leaves in time: the instance is made under the payment's key by another hand, as if the process had died before it heard the answer.
        var settings = new Dictionary<string, string?> { ["Larkspur:Outbox:Enabled"] = "false" };
        await using var house = await PaymentHouse.StartAsync(settings: settings);
        var id = await house.SubmitAsync();
        Assert.Equal("submitting", await house.StateAsync(id));
        var row = Assert.Single((await house.Gateway.GetRestAsync("/outbox?status=open")).Items);
        var uuid = await UuidAsync(house, row.GetProperty("id").GetInt64());
        var made = await house.Emulator.ActAsync(new
        {
            @as = "alice", @do = "submit_approval", approval = PaymentHouse.ApprovalCode, uuid,
            form_value = new object[] { new { id = "payee", type = "input", value = "x" }, new { id = "amount", type = "amount", value = 5, currency = "CNY" } },
        });
        var instance = made["instance"]!.GetValue<string>();
        await house.ActAsync("bob", "reject", instance);
        await house.UntilStateAsync(id, "rejected");

        // Now the answer is asked for again: the platform names the same instance, and nothing more is decided.
        await house.RestartAsync();
        var decided = await house.CallbackAsync();
        Assert.Equal("rejected", decided.Json.GetProperty("data").GetProperty("decision").GetString());
        await PaymentHouse.UntilAsync(async () => (await house.Gateway.GetRestAsync("/outbox?status=open")).Items.Length == 0);
        Assert.Single(await house.InstancesAsync());
        Assert.Equal("rejected", await house.StateAsync(id));
        Assert.Single(house.Erp.Calls);
    }

    [Fact]
    public async Task A_business_system_that_is_away_is_told_when_it_is_back_and_the_payment_shows_the_delivery()
    {
        await using var house = await PaymentHouse.StartAsync();
        house.Erp.AnswerWith(500);
        var id = await house.SubmitAsync();
        await house.ActAsync("bob", "reject", await house.InstanceAsync(id));
        await house.UntilStateAsync(id, "rejected");
        var first = await house.CallbackAsync();
        await PaymentHouse.UntilAsync(async () => (await house.PaymentAsync(id)).GetProperty("callback").GetProperty("reason").GetString() == "http_500");
        var callback = (await house.PaymentAsync(id)).GetProperty("callback");
        Assert.Equal("open", callback.GetProperty("state").GetString());
        Assert.True(callback.GetProperty("attempts").GetInt32() >= 1 && callback.GetProperty("next_attempt_at").GetDateTimeOffset() > DateTimeOffset.UnixEpoch);
        Assert.Equal(200, (await house.Gateway.GetRestAsync($"/outbox/{callback.GetProperty("delivery_id").GetInt64()}")).Status);

        house.Erp.AnswerWith(204);
        await PaymentHouse.UntilAsync(async () => (await house.PaymentAsync(id)).GetProperty("callback").GetProperty("state").GetString() == "sent");
        Assert.All(house.Erp.Calls, call => Assert.Equal(first.Id, call.Id));
    }

    [Fact]
    public async Task Without_the_right_to_subscribe_payments_are_watched_by_looking_and_the_state_says_so()
    {
        await using var house = await PaymentHouse.StartAsync(on: false, settings: Hasty);
        await house.Emulator.ControlAsync(HttpMethod.Post, "faults", new { path = "/open-apis/approval/v4/approvals/*/subscribe", reply = 400, code = 99991672 });
        await house.SetAsync((FeishuIntegration.Enabled, "true"), (FeishuIntegration.PaymentWorkflow, "true"), (FeishuIntegration.ApprovalCode, PaymentHouse.ApprovalCode));
        await PaymentHouse.UntilAsync(async () => (await house.Gateway.GetRestAsync($"/approvals/{PaymentHouse.ApprovalCode}/subscription")).Text("state") == "refused");
        var id = await house.SubmitAsync();
        await house.ActAsync("bob", "reject", await house.InstanceAsync(id));
        await house.ReconcileAsync();
        await house.UntilStateAsync(id, "rejected");
        await house.CallbackAsync();
    }

    [Fact]
    public async Task A_withdrawal_that_failed_can_be_asked_for_again()
    {
        await using var house = await PaymentHouse.StartAsync();
        var id = await house.SubmitAsync();
        await house.InstanceAsync(id);
        await house.Emulator.ControlAsync(HttpMethod.Post, "faults", new { path = "/open-apis/approval/v4/instances/cancel", method = "POST", reply = 400, code = 1390015, count = 1 });
        Assert.Equal(202, (await house.Gateway.PostRestAsync($"/payments/{id}/cancel", null)).Status);
        await PaymentHouse.UntilAsync(async () => HasLine(await house.PaymentAsync(id), "cancel_failed"));
        Assert.Equal("pending", await house.StateAsync(id));

        Assert.Equal(202, (await house.Gateway.PostRestAsync($"/payments/{id}/cancel", null)).Status);
        await house.UntilStateAsync(id, "canceled");
        Assert.Equal("canceled", (await house.CallbackAsync()).Json.GetProperty("data").GetProperty("decision").GetString());
        Assert.Single(house.Erp.Calls);
    }

    [Fact]
    public async Task What_was_decided_while_the_app_was_switched_off_is_found_as_soon_as_it_is_back()
    {
        await using var house = await PaymentHouse.StartAsync(on: false, settings: SettingsHouse.NoApp, listens: false);
        await house.SetAsync([.. SettingsHouse.App.Select(s => (s.Key, (string?)s.Value))]);
        await house.SwitchOnAsync();
        var id = await house.SubmitAsync();
        var instance = await house.InstanceAsync(id);
        // The look after the start is done, and the next one is ten minutes away.
        await house.ReconcileAsync();
        await house.SetAsync((FeishuIntegration.Enabled, "false"));
        await house.ActAsync("bob", "reject", instance);
        await house.SetAsync((FeishuIntegration.Enabled, "true"));
        await house.ReconcileAsync();
        await house.UntilStateAsync(id, "rejected");
        await house.CallbackAsync();
    }

    [Fact]
    public async Task Payments_that_are_long_over_are_forgotten_and_those_that_are_not_stay()
    {
        await using var house = await PaymentHouse.StartAsync();
        var over = await house.SubmitAsync("OVER", "over");
        await house.ActAsync("bob", "reject", await house.InstanceAsync(over));
        await house.UntilStateAsync(over, "rejected");
        var open = await house.SubmitAsync("OPEN", "open");
        await house.InstanceAsync(open);
        var young = await house.SubmitAsync("YOUNG", "young");
        await house.ActAsync("bob", "reject", await house.InstanceAsync(young));
        await house.UntilStateAsync(young, "rejected");
        var database = house.Gateway.Services.GetRequiredService<IDatabase>();
        var then = (DateTimeOffset.UtcNow - TimeSpan.FromDays(731)).ToUnixTimeMilliseconds();
        await database.TransactAsync(async unit => await unit.ExecuteAsync("UPDATE payment SET created_at = $1, changed_at = $1 WHERE number <> 'YOUNG'", then), TestContext.Current.CancellationToken);

        await house.ReconcileAsync();
        Assert.Equal(404, (await house.Gateway.GetRestAsync("/payments/" + over)).Status);
        Assert.Equal(("pending", "rejected"), (await house.StateAsync(open), await house.StateAsync(young)));
        Assert.Equal(0, await database.ReadAsync(sql => sql.NumberAsync("SELECT (SELECT COUNT(*) FROM payment_line WHERE payment = $1) + (SELECT COUNT(*) FROM payment_callback WHERE payment = $1)", over),
            TestContext.Current.CancellationToken));
    }

    private static bool HasLine(JsonElement payment, string what) => payment.GetProperty("timeline").EnumerateArray().Any(l => l.GetProperty("what").GetString() == what);

    private static async Task<long> OpenRowAsync(PaymentHouse house, string payment)
    {
        long? id = null;
        await PaymentHouse.UntilAsync(async () =>
        {
            var rows = (await house.Gateway.GetRestAsync("/outbox?status=open&key=payment:" + payment)).Items;
            id = rows is [var row] && row.GetProperty("attempts").GetInt32() > 0 && row.GetProperty("reason").GetString() is not null ? row.GetProperty("id").GetInt64() : null;
            return id is not null;
        });
        return id!.Value;
    }

    private static async Task<string> UuidAsync(PaymentHouse house, long row)
    {
        var story = await house.Gateway.GetRestAsync($"/outbox/{row}");
        return story.Body.TryGetProperty("idempotency_key", out var key) ? key.GetString()! : throw new InvalidOperationException(story.ToString());
    }
}
