namespace Larkspur.WeCom.Approvals;

/// <summary>Where an approval is (<c>sp_status</c>). Numbers that the platform adds survive as they are.</summary>
public enum ApprovalStatus
{
    /// <summary>Somebody has to decide.</summary>
    Pending = 1,

    /// <summary>All have agreed.</summary>
    Passed = 2,

    /// <summary>Somebody said no.</summary>
    Rejected = 3,

    /// <summary>The applicant took it back.</summary>
    Withdrawn = 4,

    /// <summary>Taken back after it had passed.</summary>
    WithdrawnAfterPassing = 6,

    /// <summary>Deleted.</summary>
    Deleted = 7,

    /// <summary>Paid out.</summary>
    Paid = 10,
}

/// <summary>Where a node, or a person of it, is.</summary>
public enum ApprovalStep
{
    /// <summary>Not decided.</summary>
    Pending = 1,

    /// <summary>Agreed.</summary>
    Agreed = 2,

    /// <summary>Rejected.</summary>
    Rejected = 3,

    /// <summary>Left to somebody else.</summary>
    Transferred = 4,

    /// <summary>Sent back to an earlier approver.</summary>
    Returned = 11,

    /// <summary>Somebody was added.</summary>
    Added = 12,

    /// <summary>Agreed, and somebody was added.</summary>
    AgreedAndAdded = 13,

    /// <summary>Handled, by somebody who does rather than decides.</summary>
    Handled = 14,

    /// <summary>Handling was left to somebody else.</summary>
    HandedOver = 15,
}

/// <summary>What happened to an approval (<c>StatuChangeEvent</c>).</summary>
public enum ApprovalEventKind
{
    /// <summary>Asked for.</summary>
    Submitted = 1,

    /// <summary>Somebody agreed.</summary>
    Agreed = 2,

    /// <summary>Somebody rejected.</summary>
    Rejected = 3,

    /// <summary>Left to somebody else.</summary>
    Transferred = 4,

    /// <summary>The applicant urges.</summary>
    Urged = 5,

    /// <summary>Taken back.</summary>
    Withdrawn = 6,

    /// <summary>Taken back after it had passed.</summary>
    WithdrawnAfterPassing = 8,

    /// <summary>A remark.</summary>
    Commented = 10,
}

/// <summary>What the people of a node are there for.</summary>
public enum ApprovalNodeKind
{
    /// <summary>They decide.</summary>
    Approve = 1,

    /// <summary>They are told.</summary>
    Notify = 2,

    /// <summary>They do something (办理).</summary>
    Handle = 3,
}

/// <summary>How several people of a node decide (<c>apv_rel</c>; <c>approverattr</c> counts the first two the other way round, see <see cref="ApprovalRecord"/>).</summary>
public enum ApprovalRule
{
    /// <summary>All of them (会签).</summary>
    All = 1,

    /// <summary>Any one of them (或签).</summary>
    Any = 2,

    /// <summary>One after the other (依次审批).</summary>
    InTurn = 3,
}
