namespace Larkspur.Feishu.Approvals;

/// <summary>Where an instance stands.</summary>
public enum ApprovalInstanceState
{
    /// <summary>A word that this SDK does not know; it stands beside the state as text.</summary>
    Unknown,

    /// <summary>Somebody has still to decide: <c>PENDING</c>.</summary>
    Pending,

    /// <summary>Agreed to: <c>APPROVED</c>.</summary>
    Approved,

    /// <summary>Refused: <c>REJECTED</c>.</summary>
    Rejected,

    /// <summary>Taken back by who asked: <c>CANCELED</c>, in searches <c>RECALL</c>.</summary>
    Canceled,

    /// <summary>Deleted: <c>DELETED</c>.</summary>
    Deleted,

    /// <summary>Undone after it had been agreed to: <c>REVERTED</c>, in events only.</summary>
    Reverted,

    /// <summary>Closed because nobody decided in time: <c>OVERTIME_CLOSE</c>, in events only.</summary>
    OvertimeClosed,

    /// <summary>Opened again after that: <c>OVERTIME_RECOVER</c>, in events only.</summary>
    OvertimeRecovered,
}

/// <summary>Where a task stands.</summary>
public enum ApprovalTaskState
{
    /// <summary>A word that this SDK does not know; it stands beside the state as text.</summary>
    Unknown,

    /// <summary>Waits for its person: <c>PENDING</c>.</summary>
    Pending,

    /// <summary>Agreed: <c>APPROVED</c>.</summary>
    Approved,

    /// <summary>Refused: <c>REJECTED</c>.</summary>
    Rejected,

    /// <summary>Handed to somebody else: <c>TRANSFERRED</c>.</summary>
    Transferred,

    /// <summary>Nothing to do any more, for somebody else decided: <c>DONE</c>.</summary>
    Done,

    /// <summary>Undone: <c>REVERTED</c>, in events only.</summary>
    Reverted,

    /// <summary>Sent back to an earlier step: <c>ROLLBACK</c>, in events only.</summary>
    RolledBack,

    /// <summary>Closed because nobody decided in time: <c>OVERTIME_CLOSE</c>, in events only.</summary>
    OvertimeClosed,

    /// <summary>Opened again after that: <c>OVERTIME_RECOVER</c>, in events only.</summary>
    OvertimeRecovered,
}

/// <summary>Reads the platform's text for states, and says what they mean.</summary>
public static class ApprovalStates
{
    /// <summary>The state of an instance by the platform's word.</summary>
    public static ApprovalInstanceState Instance(string? word) => word switch
    {
        "PENDING" => ApprovalInstanceState.Pending,
        "APPROVED" => ApprovalInstanceState.Approved,
        "REJECTED" => ApprovalInstanceState.Rejected,
        "CANCELED" or "CANCELLED" or "RECALL" => ApprovalInstanceState.Canceled,
        "DELETED" => ApprovalInstanceState.Deleted,
        "REVERTED" => ApprovalInstanceState.Reverted,
        "OVERTIME_CLOSE" => ApprovalInstanceState.OvertimeClosed,
        "OVERTIME_RECOVER" => ApprovalInstanceState.OvertimeRecovered,
        _ => ApprovalInstanceState.Unknown,
    };

    /// <summary>The state of a task by the platform's word.</summary>
    public static ApprovalTaskState Task(string? word) => word switch
    {
        "PENDING" => ApprovalTaskState.Pending,
        "APPROVED" => ApprovalTaskState.Approved,
        "REJECTED" => ApprovalTaskState.Rejected,
        "TRANSFERRED" => ApprovalTaskState.Transferred,
        "DONE" => ApprovalTaskState.Done,
        "REVERTED" => ApprovalTaskState.Reverted,
        "ROLLBACK" => ApprovalTaskState.RolledBack,
        "OVERTIME_CLOSE" => ApprovalTaskState.OvertimeClosed,
        "OVERTIME_RECOVER" => ApprovalTaskState.OvertimeRecovered,
        _ => ApprovalTaskState.Unknown,
    };

    extension(ApprovalInstanceState state)
    {
        /// <summary>Agreed to or refused; it may still be undone later (<see cref="ApprovalInstanceState.Reverted"/>).</summary>
        public bool IsDecided => state is ApprovalInstanceState.Approved or ApprovalInstanceState.Rejected;

        /// <summary>Nobody has to do anything any more.</summary>
        public bool IsOver => state is not (ApprovalInstanceState.Unknown or ApprovalInstanceState.Pending or ApprovalInstanceState.OvertimeRecovered);
    }
}
