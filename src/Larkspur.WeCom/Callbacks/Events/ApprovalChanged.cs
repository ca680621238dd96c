using System.Xml.Linq;
using Larkspur.WeCom.Approvals;

namespace Larkspur.WeCom.Callbacks;

/// <summary><c>sys_approval_change</c>: something happened to an approval. The form's values are not in it.</summary>
/// <remarks>
/// A hint, not the truth: read the detail (<c>wecom.Approvals.DetailAsync</c>). <see cref="Status"/> is the state after the change; a staff answer of 2021 said before (CONFLICT).
/// </remarks>
public sealed record ApprovalChanged : WeComReceived
{
    /// <summary>Number of the approval.</summary>
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
    public string ApplicantDepartment { get; init; } = "";

    /// <summary>What happened.</summary>
    public required ApprovalEventKind EventKind { get; init; }

    /// <summary>Who decided what.</summary>
    public IReadOnlyList<ApprovalRecord> Records { get; init; } = [];

    /// <summary>The whole way; empty for approvals of before 2024.</summary>
    public IReadOnlyList<ApprovalNode> Nodes { get; init; } = [];

    /// <summary>Who is told.</summary>
    public IReadOnlyList<string> NotifiedUserIds { get; init; } = [];

    /// <summary>Remarks.</summary>
    public IReadOnlyList<ApprovalComment> Comments { get; init; } = [];

    /// <summary>All of <c>ApprovalInfo</c>.</summary>
    public required XElement Info { get; init; }
}

/// <summary><c>open_approval_change</c>: something happened to an approval of the embedded engine.</summary>
/// <param name="Approval">The approval after it.</param>
/// <param name="Info">All of <c>ApprovalInfo</c>.</param>
public sealed record EmbeddedApprovalChanged(EmbeddedApproval Approval, XElement Info) : WeComReceived;
