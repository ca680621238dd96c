using Larkspur.Gateway.Tests.Identities;
using Larkspur.Testing;

namespace Larkspur.Gateway.Tests.DingTalk;

/// <summary>Rules by department on DingTalk.</summary>
public sealed class DingTalkDepartmentTests
{
    [Fact]
    public async Task A_rule_that_denies_a_division_refuses_its_teams_and_nobody_else()
    {
        await using var fixture = await DingTalkFixture.StartAsync();
        fixture.Emulator.Divide();
        await fixture.Gateway.RuleAsync("dingtalk:" + await fixture.Emulator.OnDingTalkAsync(DingTalkFixture.App));
        await fixture.SayAsync("What is left of the budget?");
        await fixture.MessageAsync(t => t.Contains(DividedCompany.Refused, StringComparison.Ordinal), "the refusal");
        await fixture.SayAsync("What is left of the budget?", "carol");
        await fixture.AnswerAsync("Approver: Bob");
        Assert.Single((await fixture.StateAsync())["cards"]!.AsArray());
    }

    [Fact]
    public async Task A_rule_that_allows_a_division_is_for_its_teams()
    {
        await using var fixture = await DingTalkFixture.StartAsync();
        fixture.Emulator.Divide();
        await fixture.Gateway.RuleAsync("dingtalk:" + await fixture.Emulator.OnDingTalkAsync(DingTalkFixture.App), "allow");
        await fixture.SayAsync("What is left of the budget?");
        await fixture.AnswerAsync("Approver: Bob");
    }

    [Theory]
    [InlineData("/topapi/v2/department/listparentbydept")]
    [InlineData("/topapi/v2/user/get")]
    public async Task What_the_contacts_do_not_tell_is_refused_by_a_rule_that_denies(string path)
    {
        await using var fixture = await DingTalkFixture.StartAsync();
        fixture.Emulator.Divide();
        await fixture.Emulator.ControlAsync(HttpMethod.Post, "faults", new { path, reply = 503 });
        // Another department altogether: she could be in it all the same.
        await fixture.Gateway.RuleAsync("dingtalk:77");
        await fixture.SayAsync("What is left of the budget?");
        await fixture.MessageAsync(t => t.Contains(DividedCompany.Unknown, StringComparison.Ordinal), "the refusal");
        Assert.Empty((await fixture.StateAsync())["cards"]!.AsArray());
    }

    [Fact]
    public async Task A_rule_on_a_department_of_another_platform_is_none_of_ours()
    {
        await using var fixture = await DingTalkFixture.StartAsync();
        await fixture.Emulator.ControlAsync(HttpMethod.Post, "faults", new { path = "/topapi/v2/user/get", reply = 503 });
        await fixture.Gateway.RuleAsync("feishu:od-1");
        await fixture.SayAsync("What is left of the budget?");
        await fixture.AnswerAsync("Approver: Bob");
    }
}
