using Larkspur.Testing;

namespace Larkspur.Emulator.Tests.Approval;

/// <summary>Rates, scopes and tokens hold here as everywhere.</summary>
public sealed class ApprovalLimitTests : ApprovalTest
{
    protected override double RateLimitFactor => 1;

    [Fact]
    public async Task A_hundred_instances_a_minute_and_no_more()
    {
        for (var i = 0; i < 100; i++) Assert.Equal(0, (await CreateAsync()).Code);
        var reply = await CreateAsync();
        Assert.Equal(99991400, reply.Code);
        Assert.Equal(100, Emulator.State.ApprovalInstances.Count);
    }

    [Fact]
    public async Task Without_the_scope_nothing_is_made()
    {
        await Emulator.ControlAsync(HttpMethod.Patch, "apps/" + EmulatorApp.AppId, new { granted_scopes = new[] { "im:message" } });
        Assert.Equal(99991672, (await CreateAsync()).Code);
        Assert.Empty(Emulator.State.ApprovalInstances);
    }
}
