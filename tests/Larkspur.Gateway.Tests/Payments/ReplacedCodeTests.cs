using System.Text.Json.Nodes;
using Larkspur.Gateway.Apps.Feishu;
using Larkspur.Gateway.Tests.Messages;
using Larkspur.Testing;

namespace Larkspur.Gateway.Tests.Payments;

/// <summary>What the platform is told of a payment, and what becomes of one whose approval code was replaced.</summary>
public sealed class ReplacedCodeTests
{
    [Fact]
    public async Task The_title_of_a_payment_is_shown_on_the_platform()
    {
        await using var fixture = await PaymentFixture.StartAsync();
        var made = await fixture.InstanceAsync(await fixture.SubmitAsync());
        Assert.Equal("Steel", (await fixture.InstancesAsync()).Single(i => i["instance_code"]!.GetValue<string>() == made)["name"]!.GetValue<string>());
    }

    [Fact]
    public async Task The_events_of_a_replaced_code_are_made_sure_of_while_its_payments_are_watched()
    {
        var clock = new ShiftingClock();
        await using var fixture = await PaymentFixture.StartAsync(clock: clock);
        var id = await fixture.SubmitAsync();
        await fixture.InstanceAsync(id);
        await fixture.SetAsync((FeishuIntegration.ApprovalCode, PaymentFixture.ChosenApprovalCode));
        await fixture.HoldsAsync(async () => await AskedAsync(fixture, PaymentFixture.ChosenApprovalCode) > 0);
        var before = await AskedAsync(fixture, PaymentFixture.ApprovalCode);
        clock.Shift(TimeSpan.FromHours(25));
        await fixture.SetAsync((FeishuIntegration.NotifyOnPr, "true"));
        await fixture.HoldsAsync(async () => await AskedAsync(fixture, PaymentFixture.ApprovalCode) > before);
    }

    private static async Task<int> AskedAsync(PaymentFixture fixture, string code) => (await fixture.Emulator.ControlAsync(HttpMethod.Get, "calls?limit=1000"))["calls"]!.AsArray()
        .Count(c => c!["path"]!.GetValue<string>().EndsWith($"/approvals/{code}/subscribe", StringComparison.Ordinal));
}
