using System.Text.Json;
using Larkspur.Gateway.People.Identities;
using Larkspur.Gateway.Tests.Messages;
using Larkspur.Webhooks;
using Microsoft.Extensions.DependencyInjection;

namespace Larkspur.Gateway.Tests.Payments;

/// <summary>A payment's way over the platform and back, each decision told exactly once.</summary>
[Trait("Database", "PostgreSQL")]
public sealed class PaymentFlowTests : IAsyncLifetime
{
    private PaymentFixture _fixture = null!;

    public async ValueTask InitializeAsync() => _fixture = await PaymentFixture.StartAsync();

    public async ValueTask DisposeAsync() => await _fixture.DisposeAsync();

    [Fact]
    public async Task Bob_and_Carol_approve_and_the_business_system_is_told_once()
    {
        var id = await _fixture.SubmitAsync();
        var instance = await _fixture.InstanceAsync(id);
        var made = Assert.Single(await _fixture.InstancesAsync());
        Assert.Equal("alice", made["user_id"]!.GetValue<string>());

        await _fixture.ActAsync("bob", "approve", instance, "fine");
        Assert.Equal("pending", await _fixture.StateAsync(id));
        await _fixture.ActAsync("carol", "approve", instance, "paid on Friday");
        var payment = await _fixture.UntilStateAsync(id, "approved");
        Assert.Equal(1, payment.GetProperty("version").GetInt64());

        var told = await _fixture.WebhookAsync();
        Assert.Equal(WebhookVerdict.Valid, _fixture.Erp.Judge(told));
        Assert.Equal("payment.decided", told.Json.GetProperty("type").GetString());
        var data = told.Json.GetProperty("data");
        Assert.Equal((id, "PAY-1", "approved", 1, instance, PaymentFixture.ApprovalCode), (data.GetProperty("payment_id").GetString(), data.GetProperty("number").GetString(),
            data.GetProperty("decision").GetString(), data.GetProperty("version").GetInt64(), data.GetProperty("instance_code").GetString(), data.GetProperty("approval_code").GetString()));
        Assert.Equal("paid on Friday", data.GetProperty("comment").GetString());
        Assert.StartsWith("ou_", data.GetProperty("decided_by").GetProperty("open_id").GetString());

        await _fixture.ReconcileAsync();
        Assert.Single(_fixture.Erp.Calls);
        payment = await _fixture.PaymentAsync(id);
        Assert.Equal(("sent", told.Id), (payment.GetProperty("webhook").GetProperty("state").GetString(), payment.GetProperty("webhook").GetProperty("webhook_id").GetString()));
        string[] line = [.. payment.GetProperty("timeline").EnumerateArray().Select(l => l.GetProperty("what").GetString()!)];
        foreach (var what in (string[])["submitted", "created", "pending", "task_approved", "approved"]) Assert.Contains(what, line);
    }

    [Fact]
    public async Task A_rejection_is_told_with_who_and_why()
    {
        var id = await _fixture.SubmitAsync();
        await _fixture.ActAsync("bob", "reject", await _fixture.InstanceAsync(id), "wrong account");
        await _fixture.UntilStateAsync(id, "rejected");
        var data = (await _fixture.WebhookAsync()).Json.GetProperty("data");
        Assert.Equal(("rejected", "wrong account"), (data.GetProperty("decision").GetString(), data.GetProperty("comment").GetString()));
    }

    [Fact]
    public async Task Who_has_written_to_the_bot_is_named_in_the_time_line()
    {
        var id = await _fixture.SubmitAsync();
        await _fixture.ActAsync("bob", "reject", await _fixture.InstanceAsync(id), "wrong account");
        var by = By(await _fixture.UntilStateAsync(id, "rejected"));
        Assert.Equal(JsonValueKind.Null, by.GetProperty("name").ValueKind);
        await _fixture.Gateway.Services.GetRequiredService<IIdentities>().GetOrCreateAsync(new PlatformAccount
        {
            Platform = "feishu", App = "default", Name = "Bob Li",
            Ids = [new PlatformIdentity("feishu", "default", "open_id", by.GetProperty("open_id").GetString()!)],
        }, TestContext.Current.CancellationToken);
        Assert.Equal("Bob Li", By(await _fixture.PaymentAsync(id)).GetProperty("name").GetString());

        static JsonElement By(JsonElement payment) => payment.GetProperty("timeline").EnumerateArray()
            .Last(l => l.GetProperty("what").GetString() == "rejected").GetProperty("by");
    }

    [Fact]
    public async Task Events_that_come_twice_and_backwards_lead_to_the_same_single_decision()
    {
        var id = await _fixture.SubmitAsync();
        var instance = await _fixture.InstanceAsync(id);
        var uuid = (await _fixture.InstancesAsync())[0]["uuid"]!.GetValue<string>();
        await _fixture.ActAsync("bob", "approve", instance);
        await _fixture.ActAsync("carol", "approve", instance);
        await _fixture.UntilStateAsync(id, "approved");

        string[] pushed =
        [
            await _fixture.PushInstanceAsync(instance, "APPROVED", uuid), await _fixture.PushInstanceAsync(instance, "PENDING", uuid), await _fixture.PushInstanceAsync(instance, "REJECTED", uuid),
            await _fixture.PushInstanceAsync(instance, "APPROVED", null),
        ];
        foreach (var push in pushed)
            Assert.Equal("nothing_new", (await _fixture.Gateway.OutcomeAsync(push)).GetProperty("reason").GetString());
        await _fixture.WebhookAsync();
        Assert.Equal(("approved", 1), (await _fixture.StateAsync(id), (await _fixture.PaymentAsync(id)).GetProperty("version").GetInt64()));
        Assert.Single(_fixture.Erp.Calls);
    }

    [Fact]
    public async Task What_is_undone_after_its_approval_is_a_decision_of_a_higher_version()
    {
        var id = await _fixture.SubmitAsync();
        var instance = await _fixture.InstanceAsync(id);
        await _fixture.ActAsync("bob", "approve", instance);
        await _fixture.ActAsync("carol", "approve", instance);
        await _fixture.UntilStateAsync(id, "approved");
        var first = await _fixture.WebhookAsync();
        await _fixture.ActAsync("alice", "cancel_approval", instance);
        await _fixture.UntilStateAsync(id, "reverted");
        var second = await _fixture.WebhookAsync(2);
        Assert.NotEqual(first.Id, second.Id);
        Assert.Equal(("reverted", 2), (second.Json.GetProperty("data").GetProperty("decision").GetString(), second.Json.GetProperty("data").GetProperty("version").GetInt64()));
    }

    [Fact]
    public async Task A_withdrawal_goes_to_the_platform_and_comes_back_as_a_decision()
    {
        var id = await _fixture.SubmitAsync();
        var instance = await _fixture.InstanceAsync(id);
        Assert.Equal(202, (await _fixture.Gateway.PostRestAsync($"/payments/{id}/cancel", null)).Status);
        await _fixture.UntilStateAsync(id, "canceled");
        Assert.Equal("CANCELED", (await _fixture.InstancesAsync()).Single(i => i["instance_code"]!.GetValue<string>() == instance)["status"]!.GetValue<string>());
        Assert.Equal("canceled", (await _fixture.WebhookAsync()).Json.GetProperty("data").GetProperty("decision").GetString());
        var again = await _fixture.Gateway.PostRestAsync($"/payments/{id}/cancel", null);
        Assert.Equal((409, "already_decided"), (again.Status, again.Error));
    }

    [Fact]
    public async Task Who_holds_it_up_is_reminded_once_per_key()
    {
        var id = await _fixture.SubmitAsync();
        await _fixture.InstanceAsync(id);
        var reminded = await _fixture.Gateway.PostRestAsync($"/payments/{id}/remind", new { comment = "urgent" }, "r1");
        Assert.True(reminded.Status == 202, reminded.ToString());
        Assert.Single(reminded.Body.GetProperty("reminded").EnumerateArray());
        await _fixture.Gateway.PostRestAsync($"/payments/{id}/remind", new { comment = "urgent" }, "r1");
        Assert.Single(Whats(await _fixture.PaymentAsync(id)), w => w == "remind_requested");
        Assert.Single((await _fixture.Gateway.GetRestAsync("/outbox?key=payment:" + id)).Items, row => row.GetProperty("operation").GetString() == "approval_remind");
    }

    [Fact]
    public async Task The_same_request_is_the_same_payment_and_another_one_under_its_key_is_refused()
    {
        var id = await _fixture.SubmitAsync("PAY-7", "key-7");
        Assert.Equal(id, await _fixture.SubmitAsync("PAY-7", "key-7"));
        var other = await _fixture.Gateway.PostRestAsync("/payments", PaymentFixture.Order("PAY-8"), "key-7");
        Assert.Equal((409, "key_in_use"), (other.Status, other.Error));
        await _fixture.InstanceAsync(id);
        Assert.Single(await _fixture.InstancesAsync());
        Assert.Single((await _fixture.Gateway.GetRestAsync("/payments")).Items);
    }

    [Fact]
    public async Task Payments_are_listed_by_state_and_number_page_by_page()
    {
        string[] ids = [await _fixture.SubmitAsync("A", "a"), await _fixture.SubmitAsync("B", "b"), await _fixture.SubmitAsync("B", "c")];
        foreach (var id in ids) await _fixture.InstanceAsync(id);
        var first = await _fixture.Gateway.GetRestAsync("/payments?limit=2");
        Assert.Equal(ids.Reverse().Take(2), first.Items.Select(i => i.GetProperty("id").GetString()!));
        var second = await _fixture.Gateway.GetRestAsync("/payments?limit=2&cursor=" + first.Text("next"));
        Assert.Equal(ids[0], Assert.Single(second.Items).GetProperty("id").GetString());
        Assert.Equal(JsonValueKind.Null, second.Body.GetProperty("next").ValueKind);
        Assert.Equal(2, (await _fixture.Gateway.GetRestAsync("/payments?number=B&state=pending")).Items.Length);
        Assert.Equal(400, (await _fixture.Gateway.GetRestAsync("/payments?state=paid")).Status);
        Assert.Equal(404, (await _fixture.Gateway.GetRestAsync("/payments/pay_none")).Status);
    }

    private static IEnumerable<string> Whats(JsonElement payment) => payment.GetProperty("timeline").EnumerateArray().Select(l => l.GetProperty("what").GetString()!);
}
