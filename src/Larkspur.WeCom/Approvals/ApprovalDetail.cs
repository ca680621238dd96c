namespace Larkspur.WeCom.Approvals;

/// <summary>What one person did in a node.</summary>
/// <param name="UserId">Who.</param>
/// <param name="Status">What; <see cref="ApprovalStep.Pending"/> while nothing.</param>
/// <param name="Speech">In their words.</param>
/// <param name="At">When; null while nothing happened.</param>
/// <param name="MediaIds">Files that they added.</param>
public sealed record ApprovalDecision(string UserId, ApprovalStep Status, string Speech, DateTimeOffset? At, IReadOnlyList<string> MediaIds);

/// <summary>A node as <c>sp_record</c> tells it.</summary>
/// <param name="Status">Where it is.</param>
/// <param name="NeedsAll">All of its people decide rather than any.</param>
/// <param name="Decisions">Who did what.</param>
public sealed record ApprovalRecord(ApprovalStep Status, bool NeedsAll, IReadOnlyList<ApprovalDecision> Decisions);

/// <summary>A node as <c>process_list</c> tells it (since 2024): those that are told included.</summary>
public sealed record ApprovalNode(ApprovalNodeKind Kind, ApprovalStep Status, ApprovalRule Rule, IReadOnlyList<ApprovalDecision> People);

/// <summary>A remark.</summary>
public sealed record ApprovalComment(string Id, string UserId, string Text, DateTimeOffset? At, IReadOnlyList<string> MediaIds);

/// <summary>An approval as the platform has it.</summary>
public sealed record ApprovalDetail
{
    /// <summary>Number.</summary>
    public required string Number { get; init; }

    /// <summary>Name of the form.</summary>
    public required string Name { get; init; }

    /// <summary>Where it is.</summary>
    public required ApprovalStatus Status { get; init; }

    /// <summary>The form.</summary>
    public required string TemplateId { get; init; }

    /// <summary>When it was asked for.</summary>
    public required DateTimeOffset AppliedAt { get; init; }

    /// <summary>Who asked.</summary>
    public required string ApplicantUserId { get; init; }

    /// <summary>For which department.</summary>
    public required string ApplicantDepartment { get; init; }

    /// <summary>For whom somebody else asked.</summary>
    public IReadOnlyList<string> BatchApplicantUserIds { get; init; } = [];

    /// <summary>What is filled in.</summary>
    public IReadOnlyList<ApprovalContent> Contents { get; init; } = [];

    /// <summary>Who decided what.</summary>
    public IReadOnlyList<ApprovalRecord> Records { get; init; } = [];

    /// <summary>The whole way; empty for approvals of before 2024.</summary>
    public IReadOnlyList<ApprovalNode> Nodes { get; init; } = [];

    /// <summary>Who is told.</summary>
    public IReadOnlyList<string> NotifiedUserIds { get; init; } = [];

    /// <summary>Remarks.</summary>
    public IReadOnlyList<ApprovalComment> Comments { get; init; } = [];

    /// <summary>What is filled into one control, or null.</summary>
    public ApprovalValue? Value(string id) => Contents.FirstOrDefault(c => c.Id == id)?.Value;

    /// <summary>What is filled into one control, when it is of that type; null otherwise.</summary>
    public T? Value<T>(string id) where T : ApprovalValue => Value(id) as T;
}
