using System.Text.Json.Nodes;
using Larkspur.Gateway.Settings;
using Larkspur.Gateway.Tests.Messages;
using Larkspur.Testing;

namespace Larkspur.Gateway.Tests.Payments;

/// <summary>What the platform is told of a payment, and what becomes of one whose approval code was replaced.</summary>
public sealed class ReplacedCodeTests
{
    [Fact]
    public async Task The_title_of_a_payment_is_shown_on_the_platform()
    {
        await using var house = await PaymentHouse.StartAsync();
        var made = await house.InstanceAsync(await house.SubmitAsync());
        Assert.Equal("Steel", (await house.InstancesAsync()).Single(i => i["instance_code"]!.GetValue<string>() == made)["name"]!.GetValue<string>());
    }

    [Fact]
    public async Task The_events_of_a_replaced_code_are_made_sure_of_while_its_payments_are_watched()
    {
        var clock = new ShiftingClock();
        await using var house = await PaymentHouse.StartAsync(clock: clock);
        var id = await house.SubmitAsync();
        await house.InstanceAsync(id);
        await house.SetAsync((FeishuIntegration.ApprovalCode, PaymentHouse.ChosenApprovalCode));
        await PaymentHouse.UntilAsync(async () => await AskedAsync(house, PaymentHouse.ChosenApprovalCode) > 0);
        var before = await AskedAsync(house, PaymentHouse.ApprovalCode);
        clock.Shift(TimeSpan.FromHours(25));
        await house.SetAsync((FeishuIntegration.NotifyOnPr, "true"));
        await PaymentHouse.UntilAsync(async () => await AskedAsync(house, PaymentHouse.ApprovalCode) > before);
    }

    private static async Task<int> AskedAsync(PaymentHouse house, string code) => (await house.Emulator.ControlAsync(HttpMethod.Get, "calls?limit=1000"))["calls"]!.AsArray()
        .Count(c => c!["path"]!.GetValue<string>().EndsWith($"/approvals/{code}/subscribe", StringComparison.Ordinal));
}
