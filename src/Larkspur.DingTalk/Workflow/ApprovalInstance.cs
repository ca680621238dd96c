namespace Larkspur.DingTalk.Workflow;

/// <summary>An instance.</summary>
public sealed record ApprovalInstance
{
    /// <summary>Title.</summary>
    public string? Title { get; init; }

    /// <summary><c>RUNNING</c>, <c>TERMINATED</c>, <c>COMPLETED</c>.</summary>
    public string Status { get; init; } = "";

    /// <summary><c>agree</c> or <c>refuse</c> when it is completed; else empty.</summary>
    public string? Result { get; init; }

    /// <summary>Who asked.</summary>
    public string? OriginatorUserId { get; init; }

    /// <summary>The department that he asked for; -1: the root.</summary>
    public string? OriginatorDeptId { get; init; }

    /// <summary>The number that people see.</summary>
    public string? BusinessId { get; init; }

    /// <summary>When it began, as the platform writes it (<c>2026-08-31T11:52Z</c>; whether that is UTC is UNVERIFIED).</summary>
    public string? CreateTime { get; init; }

    /// <summary>When it ended.</summary>
    public string? FinishTime { get; init; }

    /// <summary>Who is told of it.</summary>
    public IReadOnlyList<string> CcUserIds { get; init; } = [];

    /// <summary><c>MODIFY</c>, <c>REVOKE</c>: it was made from another one; <c>NONE</c>.</summary>
    public string? BizAction { get; init; }

    /// <summary>The form.</summary>
    public IReadOnlyList<ApprovalValue> FormComponentValues { get; init; } = [];

    /// <summary>The tasks.</summary>
    public IReadOnlyList<ApprovalTask> Tasks { get; init; } = [];

    /// <summary>What people did.</summary>
    public IReadOnlyList<ApprovalRecord> OperationRecords { get; init; } = [];

    /// <summary>The files of the form (<c>DDAttachment</c>). A field whose value is no list of files has none.</summary>
    public IReadOnlyList<ApprovalAttachment> Attachments =>
        [.. FormComponentValues.Where(static v => v.ComponentType == "DDAttachment").SelectMany(static v => ApprovalAttachment.OfField(v.Value))];
}

/// <summary>A value of a form.</summary>
/// <param name="Id">The component.</param>
/// <param name="Name">Its label.</param>
/// <param name="Value">A text; lists and tables as JSON.</param>
/// <param name="ComponentType"><c>TextField</c>, <c>MoneyField</c>, …</param>
public sealed record ApprovalValue(string? Id, string? Name, string? Value, string? ComponentType);

/// <summary>A task.</summary>
/// <param name="TaskId">By which it is decided.</param>
/// <param name="UserId">Whose.</param>
/// <param name="Status"><c>NEW</c>, <c>RUNNING</c>, <c>PAUSED</c>, <c>CANCELED</c>, <c>COMPLETED</c>, <c>TERMINATED</c>.</param>
/// <param name="Result"><c>AGREE</c>, <c>REFUSE</c>, <c>REDIRECTED</c>, <c>NONE</c>.</param>
public sealed record ApprovalTask(string? TaskId, string? UserId, string? Status, string? Result)
{
    /// <summary>The step that it belongs to.</summary>
    public string? ActivityId { get; init; }

    /// <summary>Where its person decides it on a computer.</summary>
    public string? PcUrl { get; init; }

    /// <summary>Where its person decides it on a phone.</summary>
    public string? MobileUrl { get; init; }
}

/// <summary>What somebody did.</summary>
/// <param name="UserId">Who.</param>
/// <param name="Date">When.</param>
/// <param name="Type">What: <c>EXECUTE_TASK_NORMAL</c>, <c>REDIRECT_TASK</c>, <c>ADD_REMARK</c>, …</param>
/// <param name="Result">With which result.</param>
/// <param name="Remark">What he wrote.</param>
public sealed record ApprovalRecord(string? UserId, string? Date, string? Type, string? Result, string? Remark)
{
    /// <summary>Files that came with it.</summary>
    public IReadOnlyList<ApprovalAttachment> Attachments { get; init; } = [];

    /// <summary>Addresses of pictures that came with it.</summary>
    public IReadOnlyList<string> Images { get; init; } = [];
}
