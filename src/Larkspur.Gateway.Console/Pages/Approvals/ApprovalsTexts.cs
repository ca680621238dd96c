using Larkspur.Feishu.Approvals;
using Larkspur.Gateway.Common.Localisation;

namespace Larkspur.Gateway.Console.Pages.Approvals;

/// <summary>What the pages of approvals say.</summary>
internal static partial class ApprovalsTexts
{
    /// <summary>States that can be looked for, in the platform's words. Source: approval/v4 instance/query.</summary>
    public static IReadOnlyList<string> Searchable { get; } = ["PENDING", "APPROVED", "REJECT", "RECALL", "DELETED"];

    /// <summary>A state that can be looked for.</summary>
    public static LocalText OfSearch(string word) => word switch
    {
        "PENDING" => Pending,
        "APPROVED" => Approved,
        "REJECT" => Rejected,
        "RECALL" => Canceled,
        _ => Deleted,
    };

    /// <summary>Where an instance stands.</summary>
    /// <param name="state">As the SDK read it.</param>
    /// <param name="word">The platform's word, shown where the state is none that is known.</param>
    public static LocalText Of(ApprovalInstanceState state, string word) => state switch
    {
        ApprovalInstanceState.Pending or ApprovalInstanceState.OvertimeRecovered => Pending,
        ApprovalInstanceState.Approved => Approved,
        ApprovalInstanceState.Rejected => Rejected,
        ApprovalInstanceState.Canceled => Canceled,
        ApprovalInstanceState.Deleted => Deleted,
        ApprovalInstanceState.Reverted => Reverted,
        _ => LocalText.From(word),
    };

    /// <summary>The colour beside the word.</summary>
    public static string KindOf(ApprovalInstanceState state) => state switch
    {
        ApprovalInstanceState.Pending or ApprovalInstanceState.OvertimeRecovered => "busy",
        ApprovalInstanceState.Approved => "good",
        ApprovalInstanceState.Rejected => "bad",
        ApprovalInstanceState.Reverted or ApprovalInstanceState.Deleted => "warn",
        _ => "off",
    };

    /// <summary>What happened. Source: approval/v4 instance/get, timeline.</summary>
    public static LocalText OfEvent(string what) => FindEvent(what) ?? LocalText.From(what);

    /// <summary>What became of an instance, in a sentence: the outcome, or who holds it.</summary>
    public static LocalText Outcome(SeenInstance seen)
    {
        var (byPerson, byRule) = seen.State == ApprovalInstanceState.Rejected ? ("REJECT", "AUTO_REJECT") : ("PASS", "AUTO_PASS");
        var last = seen.Lines.LastOrDefault(l => l.What == byPerson || l.What == byRule);
        var who = last is { Who.Length: > 0 } line && line.What == byPerson ? line.Who : null;
        return seen.State switch
        {
            ApprovalInstanceState.Approved => who is null ? OutcomeApprovedByRule : OutcomeApproved(who),
            ApprovalInstanceState.Rejected => who is null ? OutcomeRejectedByRule : OutcomeRejected(who),
            ApprovalInstanceState.Canceled => OutcomeCanceled,
            ApprovalInstanceState.Deleted => OutcomeDeleted,
            ApprovalInstanceState.Reverted => OutcomeReverted,
            _ => Waiting(seen),
        };
    }

    private static LocalText Waiting(SeenInstance seen)
    {
        string[] people = [.. seen.Open.Select(t => seen.Who(t.OpenId, t.UserId)).Where(p => p.Length > 0).Distinct()];
        return people.Length == 0 ? OutcomePending
            : OutcomeWaits(LocalText.List(people));
    }
}
