using Larkspur.Gateway.Tests.Messages;

namespace Larkspur.Gateway.Tests.Payments;

/// <summary>The events beside the instance's own: copies, and definitions that changed.</summary>
[Trait("Database", "PostgreSQL")]
public sealed class ApprovalEventTests : IAsyncLifetime
{
    private PaymentFixture _fixture = null!;

    public async ValueTask InitializeAsync() => _fixture = await PaymentFixture.StartAsync();

    public async ValueTask DisposeAsync() => await _fixture.DisposeAsync();

    [Fact]
    public async Task Copies_stand_in_the_payments_time_line_and_decide_nothing()
    {
        var id = await _fixture.SubmitAsync();
        var instance = await _fixture.InstanceAsync(id);
        var copied = await _fixture.Gateway.PostRestAsync($"/approvals/instances/{instance}/cc", new { user = new { user_id = "alice" }, people = new[] { new { user_id = "carol" } } });
        Assert.True(copied.Status == 200, copied.ToString());
        await _fixture.HoldsAsync(async () => (await LineAsync(id)).Contains("copied"));

        var read = await _fixture.PushAsync(new
        {
            type = "approval_cc", approval_code = PaymentFixture.ApprovalCode, instance_code = instance, id = "1", user_id = "carol", open_id = "ou_carol",
            operate = "READ", create_time = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds().ToString(),
        });
        Assert.Equal("answered", (await _fixture.Gateway.OutcomeAsync(read)).GetProperty("outcome").GetString());
        Assert.Contains("copy_read", await LineAsync(id));
        Assert.Equal("pending", await _fixture.StateAsync(id));

        var foreign = await _fixture.PushAsync(new { type = "approval_cc", approval_code = PaymentFixture.ApprovalCode, instance_code = "11111111-AAAA", operate = "CREATE" });
        Assert.Equal("not_a_payment", (await _fixture.Gateway.OutcomeAsync(foreign)).GetProperty("reason").GetString());
        var empty = await _fixture.PushAsync(new { type = "approval_cc", approval_code = PaymentFixture.ApprovalCode });
        Assert.Equal("incomplete", (await _fixture.Gateway.OutcomeAsync(empty)).GetProperty("reason").GetString());
        Assert.Empty(_fixture.Erp.Calls);
    }

    [Fact]
    public async Task A_definition_that_changed_is_read_anew_and_no_payment_moves()
    {
        var id = await _fixture.SubmitAsync();
        await _fixture.InstanceAsync(id);
        var kept = await ControlsAsync();
        var known = _fixture.Emulator.State.Approval(PaymentFixture.ApprovalCode)!;
        _fixture.Emulator.State.Put(known with { FormJson = known.FormJson.Replace("\"custom_id\":\"reason\"", "\"custom_id\":\"purpose\"", StringComparison.Ordinal) });
        Assert.Equal(kept, await ControlsAsync());

        var eventId = FeishuPush.NewId("ev_");
        await _fixture.Push.SendAsync(_fixture.Gateway, "approval.approval.updated_v4", $$$"""{"object":{"approval_id":"7","approval_code":"{{{PaymentFixture.ApprovalCode}}}","version_id":"8","timestamp":"1"}}""", eventId);
        Assert.Equal("answered", (await _fixture.Gateway.OutcomeAsync(eventId)).GetProperty("outcome").GetString());
        Assert.Contains("purpose", await ControlsAsync());
        Assert.Equal("pending", await _fixture.StateAsync(id));

        var empty = FeishuPush.NewId("ev_");
        await _fixture.Push.SendAsync(_fixture.Gateway, "approval.approval.updated_v4", """{"object":{}}""", empty);
        Assert.Equal("incomplete", (await _fixture.Gateway.OutcomeAsync(empty)).GetProperty("reason").GetString());
    }

    private async Task<string[]> LineAsync(string id) => [.. (await _fixture.PaymentAsync(id)).GetProperty("timeline").EnumerateArray().Select(l => l.GetProperty("what").GetString()!)];

    private async Task<string?[]> ControlsAsync() =>
        [.. (await _fixture.Gateway.GetRestAsync("/approvals/definitions/" + PaymentFixture.ApprovalCode)).Body.GetProperty("form").EnumerateArray().Select(c => c.GetProperty("custom_id").GetString())];
}
