using Larkspur.Gateway.Tests.Messages;

namespace Larkspur.Gateway.Tests.Payments;

/// <summary>The events beside the instance's own: copies, and definitions that changed.</summary>
public sealed class ApprovalEventTests : IAsyncLifetime
{
    private PaymentHouse _house = null!;

    public async ValueTask InitializeAsync() => _house = await PaymentHouse.StartAsync();

    public async ValueTask DisposeAsync() => await _house.DisposeAsync();

    [Fact]
    public async Task Copies_stand_in_the_payments_time_line_and_decide_nothing()
    {
        var id = await _house.SubmitAsync();
        var instance = await _house.InstanceAsync(id);
        var copied = await _house.Gateway.PostRestAsync($"/approvals/instances/{instance}/cc", new { user = new { user_id = "alice" }, people = new[] { new { user_id = "carol" } } });
        Assert.True(copied.Status == 200, copied.ToString());
        await PaymentHouse.UntilAsync(async () => (await LineAsync(id)).Contains("copied"));

        var read = await _house.PushAsync(new
        {
            type = "approval_cc", approval_code = PaymentHouse.ApprovalCode, instance_code = instance, id = "1", user_id = "carol", open_id = "ou_carol",
            operate = "READ", create_time = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds().ToString(),
        });
        Assert.Equal("answered", (await _house.Gateway.OutcomeAsync(read)).GetProperty("outcome").GetString());
        Assert.Contains("copy_read", await LineAsync(id));
        Assert.Equal("pending", await _house.StateAsync(id));

        var foreign = await _house.PushAsync(new { type = "approval_cc", approval_code = PaymentHouse.ApprovalCode, instance_code = "11111111-AAAA", operate = "CREATE" });
        Assert.Equal("not_a_payment", (await _house.Gateway.OutcomeAsync(foreign)).GetProperty("reason").GetString());
        var empty = await _house.PushAsync(new { type = "approval_cc", approval_code = PaymentHouse.ApprovalCode });
        Assert.Equal("incomplete", (await _house.Gateway.OutcomeAsync(empty)).GetProperty("reason").GetString());
        Assert.Empty(_house.Erp.Calls);
    }

    [Fact]
    public async Task A_definition_that_changed_is_read_anew_and_no_payment_moves()
    {
        var id = await _house.SubmitAsync();
        await _house.InstanceAsync(id);
        var kept = await ControlsAsync();
        var known = _house.Emulator.World.Approval(PaymentHouse.ApprovalCode)!;
        _house.Emulator.World.Put(known with { FormJson = known.FormJson.Replace("\"custom_id\":\"reason\"", "\"custom_id\":\"purpose\"", StringComparison.Ordinal) });
        Assert.Equal(kept, await ControlsAsync());

        var eventId = FeishuPush.NewId("ev_");
        await _house.Push.SendAsync(_house.Gateway, "approval.approval.updated_v4", $$$"""{"object":{"approval_id":"7","approval_code":"{{{PaymentHouse.ApprovalCode}}}","version_id":"8","timestamp":"1"}}""", eventId);
        Assert.Equal("answered", (await _house.Gateway.OutcomeAsync(eventId)).GetProperty("outcome").GetString());
        Assert.Contains("purpose", await ControlsAsync());
        Assert.Equal("pending", await _house.StateAsync(id));

        var empty = FeishuPush.NewId("ev_");
        await _house.Push.SendAsync(_house.Gateway, "approval.approval.updated_v4", """{"object":{}}""", empty);
        Assert.Equal("incomplete", (await _house.Gateway.OutcomeAsync(empty)).GetProperty("reason").GetString());
    }

    private async Task<string[]> LineAsync(string id) => [.. (await _house.PaymentAsync(id)).GetProperty("timeline").EnumerateArray().Select(l => l.GetProperty("what").GetString()!)];

    private async Task<string?[]> ControlsAsync() =>
        [.. (await _house.Gateway.GetRestAsync("/approvals/definitions/" + PaymentHouse.ApprovalCode)).Body.GetProperty("form").EnumerateArray().Select(c => c.GetProperty("custom_id").GetString())];
}
