using System.Collections.Immutable;

namespace Larkspur.Emulator.DingTalk.Workflow;

internal enum ApprovalTaskStatus { New, Running, Canceled, Completed }

/// <summary>What one approver has to do.</summary>
/// <param name="Step">From 0; tasks of one step run at the same time.</param>
/// <param name="Result"><c>AGREE</c>, <c>REFUSE</c>, <c>REDIRECTED</c> or <c>NONE</c>.</param>
internal sealed record ApprovalTask(long Id, int Step, string UserId, ApprovalTaskStatus Status, string Result, DateTimeOffset Created)
{
    public DateTimeOffset? Finished { get; init; }
}

/// <summary>One step of the flow: who decides, and whether one is enough.</summary>
/// <param name="ActionType"><c>AND</c>, <c>OR</c> or <c>NONE</c> for one person alone.</param>
internal sealed record ApprovalStep(string ActionType, ImmutableArray<string> UserIds);

internal sealed record ApprovalRecord(string UserId, DateTimeOffset Date, string Type, string Result, string Remark)
{
    public ImmutableArray<ApprovalAttachment> Attachments { get; init; } = [];
    public ImmutableArray<string> Images { get; init; } = [];

    public ApprovalRecord With(ApprovalEnclosure enclosed) => this with { Attachments = enclosed.Attachments, Images = enclosed.Photos };
}

/// <summary>A request for approval. It never changes; a change is a new record.</summary>
/// <param name="Status"><c>RUNNING</c>, <c>TERMINATED</c> or <c>COMPLETED</c>.</param>
/// <param name="Result"><c>agree</c>, <c>refuse</c> or empty.</param>
internal sealed record ApprovalInstance(string Id, string BusinessId, ApprovalForm Form, string Originator, long DepartmentId, ImmutableArray<ApprovalValue> Values, ImmutableArray<ApprovalStep> Steps, DateTimeOffset Created)
{
    public string Status { get; init; } = "RUNNING";
    public string Result { get; init; } = "";
    public DateTimeOffset? Finished { get; init; }
    public ImmutableArray<ApprovalTask> Tasks { get; init; } = [];
    public ImmutableArray<ApprovalRecord> Records { get; init; } = [];
    public ImmutableArray<string> Copied { get; init; } = [];
    public string Title { get; init; } = "";
}
