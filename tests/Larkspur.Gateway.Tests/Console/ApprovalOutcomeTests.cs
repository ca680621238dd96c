using System.Text.Json;
using Larkspur.Feishu;
using Larkspur.Feishu.Api.Approval.V4;
using Larkspur.Feishu.Approvals;
using Larkspur.Gateway.Console.Pages.Approvals;

namespace Larkspur.Gateway.Tests.Console;

/// <summary>What the console's pages of approvals make of what the platform and an address say.</summary>
public sealed class ApprovalOutcomeTests
{
    private static readonly DateOnly Today = new(2026, 11, 26);

    [Theory]
    [InlineData("APPROVED", "PASS", "Approved, last by bob")]
    [InlineData("APPROVED", "AUTO_PASS", "Approved by a rule")]
    [InlineData("APPROVED", "PASS,AUTO_PASS", "Approved by a rule")]
    [InlineData("REJECTED", "PASS,REJECT", "Rejected by bob")]
    [InlineData("REJECTED", "PASS,AUTO_REJECT", "Rejected by a rule")]
    [InlineData("REJECTED", "REJECT,CC", "Rejected by bob")]
    [InlineData("CANCELED", "PASS,CANCEL", "Withdrawn before it was decided")]
    [InlineData("PENDING", "PASS", "Pending: waiting for carol")]
    public void The_outcome_names_who_decided_and_nobody_whom_a_rule_overruled(string status, string events, string expected)
    {
        var at = 1_764_000_000_000;
        var answer = JsonSerializer.Serialize(new
        {
            instance_code = "I1", status,
            task_list = status == "PENDING" ? new[] { new { id = "1", user_id = "carol", open_id = "", status = "PENDING", type = "AND" } } : [],
            timeline = events.Split(',').Select(e => new { type = e, create_time = $"{at++}", user_id = e.StartsWith("AUTO", StringComparison.Ordinal) ? "" : "bob" }),
        });
        var instance = ApprovalInstanceDetail.From("I1", JsonSerializer.Deserialize<InstanceGetResponse>(answer, FeishuJson.Options)!);
        Assert.Equal(expected, ApprovalsTexts.Outcome(new SeenInstance("default", instance, new Dictionary<string, string>(), answer)).English);
    }

    [Theory]
    [InlineData(null, null, null, null, "2026-11-19", "2026-11-26")]
    [InlineData("REJECT", "2026-11-01", "2026-11-02", "REJECT", "2026-11-01", "2026-11-02")]
    [InlineData("REJECTD", null, "2026-11-02", null, "2026-10-26", "2026-11-02")]
    [InlineData("", "yesterday", "9999-12-31", null, "2026-11-19", "2026-11-26")]
    [InlineData(null, "0001-01-01", "0001-01-01", null, "2026-11-19", "2026-11-26")]
    public void What_does_not_fit_in_the_address_is_as_if_it_were_not_there(string? state, string? from, string? until, string? asked, string first, string last) =>
        Assert.Equal(new ApprovalsQuery(asked, DateOnly.Parse(first, null), DateOnly.Parse(last, null)), ApprovalsQuery.Of(state, from, until, Today));
}
