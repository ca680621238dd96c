using System.Xml.Linq;

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

    /// <summary>1 pending, 2 passed, 3 rejected, 4 withdrawn, 6 withdrawn after passing, 7 deleted, 10 paid.</summary>
    public required int Status { get; init; }

    /// <summary>The form.</summary>
    public required string TemplateId { get; init; }

    /// <summary>When it was asked for.</summary>
    public required DateTimeOffset AppliedAt { get; init; }

    /// <summary>Who asked.</summary>
    public required string ApplicantUserId { get; init; }

    /// <summary>1 submitted, 2 agreed, 3 rejected, 4 transferred, 5 urged, 6 withdrawn, 8 withdrawn after passing, 10 commented.</summary>
    public required int Change { get; init; }

    /// <summary>All of <c>ApprovalInfo</c>: records of nodes, comments, people told.</summary>
    public required XElement Info { get; init; }
}

/// <summary><c>open_approval_change</c>: something happened to an approval of the embedded engine.</summary>
public sealed record EmbeddedApprovalChanged : WeComReceived
{
    /// <summary>The number that we gave it.</summary>
    public required string ThirdNumber { get; init; }

    /// <summary>Name of the form.</summary>
    public required string Name { get; init; }

    /// <summary>The form.</summary>
    public required string TemplateId { get; init; }

    /// <summary>1 pending, 2 passed, 3 rejected, 4 withdrawn.</summary>
    public required int Status { get; init; }

    /// <summary>When it was asked for.</summary>
    public required DateTimeOffset AppliedAt { get; init; }

    /// <summary>Who asked.</summary>
    public required string ApplicantUserId { get; init; }

    /// <summary>The step it is at.</summary>
    public required int Step { get; init; }

    /// <summary>All of <c>ApprovalInfo</c>.</summary>
    public required XElement Info { get; init; }
}
