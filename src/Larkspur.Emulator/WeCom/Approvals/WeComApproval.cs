using System.Collections.Immutable;

namespace Larkspur.Emulator.WeCom.Approvals;

/// <summary>What the people of a node are there for; the numbers are the wire's.</summary>
internal enum ApprovalNodeKind { Approve = 1, Notify = 2, Handle = 3 }

/// <summary>How several people of a node decide; the numbers are those of <c>apv_rel</c>, where <c>attr</c> counts the first two the other way round.</summary>
internal enum ApprovalRule { All = 1, Any = 2, InTurn = 3 }

/// <summary>Where a person or a node is; the numbers are the wire's.</summary>
internal enum ApprovalStep { Pending = 1, Agreed = 2, Rejected = 3, Transferred = 4, Handled = 14 }

/// <summary>Where a request is; the numbers are those of <c>sp_status</c>.</summary>
internal enum ApprovalStatus { Pending = 1, Passed = 2, Rejected = 3, Withdrawn = 4, WithdrawnAfterPass = 6 }

/// <summary>What happened; the numbers are those of <c>StatuChangeEvent</c>.</summary>
internal enum ApprovalChange { Submit = 1, Agree = 2, Reject = 3, Transfer = 4, Urge = 5, Withdraw = 6, WithdrawAfterPass = 8, Comment = 10 }

/// <summary>One person's part in a node.</summary>
internal sealed record ApprovalPart(string UserId)
{
    public ApprovalStep Step { get; init; } = ApprovalStep.Pending;
    public string Speech { get; init; } = "";
    public DateTimeOffset? At { get; init; }
}

/// <summary>One node of the way.</summary>
internal sealed record ApprovalNode(ApprovalNodeKind Kind, ApprovalRule Rule, ImmutableArray<ApprovalPart> People)
{
    public ApprovalStep Step { get; init; } = ApprovalStep.Pending;

    /// <summary>Who can decide while the request stands here.</summary>
    public IEnumerable<ApprovalPart> Open => Kind == ApprovalNodeKind.Notify ? [] : Rule == ApprovalRule.InTurn ? People.Where(p => p.Step == ApprovalStep.Pending).Take(1) : People.Where(p => p.Step == ApprovalStep.Pending);
}

internal sealed record ApprovalComment(string Id, string UserId, string Text, DateTimeOffset At);

/// <summary>A filled field, as the detail shows it.</summary>
/// <param name="Content">Control, id, title and value as JSON.</param>
/// <param name="Label">For people.</param>
/// <param name="Text">Its value for people.</param>
/// <param name="EnText">The same in English.</param>
internal sealed record ApprovalField(string Content, ImmutableArray<LocalText> Label, string Text, string EnText);

/// <summary>Something that somebody asked for. It never changes; a change is a new record.</summary>
internal sealed record WeComApproval(string SpNo, ApprovalTemplate Template, string Applicant, int Department, ImmutableArray<ApprovalField> Fields, ImmutableArray<ApprovalNode> Nodes, DateTimeOffset Created)
{
    public ApprovalStatus Status { get; init; } = ApprovalStatus.Pending;

    /// <summary>Index of the node that it stands at; behind the last one it is decided.</summary>
    public int At { get; init; }

    public ImmutableArray<string> Summary { get; init; } = [];

    public ImmutableArray<ApprovalComment> Comments { get; init; } = [];

    public IEnumerable<string> Notified => Nodes.Where(n => n.Kind == ApprovalNodeKind.Notify).SelectMany(n => n.People).Select(p => p.UserId).Distinct(StringComparer.Ordinal);

    /// <summary>Who can decide now.</summary>
    public IEnumerable<string> Deciders => Status == ApprovalStatus.Pending && At < Nodes.Length ? Nodes[At].Open.Select(p => p.UserId) : [];

    public bool Concerns(string userId) => Applicant == userId || Nodes.Any(n => n.People.Any(p => p.UserId == userId));
}
