namespace Larkspur.WeCom.Approvals;

/// <summary>Somebody in an approval of the embedded engine.</summary>
/// <param name="UserId">Userid.</param>
/// <param name="Name">Name.</param>
/// <param name="Department">Where they are.</param>
/// <param name="Status">What they did; <see cref="ApprovalStep.Pending"/> for who is only told.</param>
/// <param name="Speech">In their words.</param>
/// <param name="At">When; null while nothing happened.</param>
public sealed record EmbeddedPerson(string UserId, string Name, string Department, ApprovalStep Status, string Speech, DateTimeOffset? At);

/// <summary>A node of the embedded engine.</summary>
/// <param name="Status">Where it is.</param>
/// <param name="NeedsAll">All of its people decide (<c>NodeAttr</c> 2) rather than any (1).</param>
/// <param name="Type"><c>NodeType</c>: 1 named people, 2 a tag, 3 leaders.</param>
/// <param name="People">Who.</param>
public sealed record EmbeddedNode(ApprovalStep Status, bool NeedsAll, int Type, IReadOnlyList<EmbeddedPerson> People);

/// <summary>An approval of the embedded engine (审批流程引擎).</summary>
public sealed record EmbeddedApproval
{
    /// <summary>The number that we gave it.</summary>
    public required string ThirdNumber { get; init; }

    /// <summary>Name of the form.</summary>
    public required string Name { get; init; }

    /// <summary>The form.</summary>
    public required string TemplateId { get; init; }

    /// <summary>Pending, passed, rejected or withdrawn.</summary>
    public required ApprovalStatus Status { get; init; }

    /// <summary>When it was asked for.</summary>
    public required DateTimeOffset AppliedAt { get; init; }

    /// <summary>Who asked.</summary>
    public required string ApplicantUserId { get; init; }

    /// <summary>Their name.</summary>
    public string ApplicantName { get; init; } = "";

    /// <summary>Their department.</summary>
    public string ApplicantDepartment { get; init; } = "";

    /// <summary>Its way.</summary>
    public IReadOnlyList<EmbeddedNode> Nodes { get; init; } = [];

    /// <summary>Who is told.</summary>
    public IReadOnlyList<EmbeddedPerson> Notified { get; init; } = [];

    /// <summary>The node that it is at, from 0.</summary>
    public required int Step { get; init; }
}
