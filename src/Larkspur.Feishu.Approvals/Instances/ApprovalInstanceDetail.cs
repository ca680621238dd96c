using V4 = Larkspur.Feishu.Api.Approval.V4;

namespace Larkspur.Feishu.Approvals;

/// <summary>An instance: what was asked for, and what became of it.</summary>
public sealed record ApprovalInstanceDetail
{
    /// <summary>Which one.</summary>
    public required string InstanceCode { get; init; }

    /// <summary>Its definition.</summary>
    public string ApprovalCode { get; init; } = "";

    /// <summary>The definition's name.</summary>
    public string ApprovalName { get; init; } = "";

    /// <summary>Where it stands.</summary>
    public ApprovalInstanceState State { get; init; }

    /// <summary>The platform's word for it; others than the known ones may come.</summary>
    public string StateText { get; init; } = "";

    /// <summary>It was undone after it had been agreed to.</summary>
    public bool IsReverted { get; init; }

    /// <summary>Who asked: user_id, or empty without the scope for it.</summary>
    public string UserId { get; init; } = "";

    /// <summary>Who asked: open_id.</summary>
    public string OpenId { get; init; } = "";

    /// <summary>In the name of which department.</summary>
    public string DepartmentId { get; init; } = "";

    /// <summary>The number that people see.</summary>
    public string SerialNumber { get; init; } = "";

    /// <summary>The key it was made under, or empty.</summary>
    public string Uuid { get; init; } = "";

    /// <summary>When it was asked for.</summary>
    public DateTimeOffset? StartedAt { get; init; }

    /// <summary>When it ended; null: it has not.</summary>
    public DateTimeOffset? EndedAt { get; init; }

    /// <summary>The form, typed.</summary>
    public ApprovalFormValues Form { get; init; } = new([]);

    /// <summary>The form as the platform wrote it.</summary>
    public string FormJson { get; init; } = "";

    /// <summary>Who has to decide, and who did.</summary>
    public IReadOnlyList<ApprovalInstanceTask> Tasks { get; init; } = [];

    /// <summary>What people said about it.</summary>
    public IReadOnlyList<ApprovalSaid> Comments { get; init; } = [];

    /// <summary>What happened to it, from the first on.</summary>
    public IReadOnlyList<ApprovalTimelineEntry> Timeline { get; init; } = [];

    /// <summary>This instance changes that one; else null.</summary>
    public string? ModifiedInstanceCode { get; init; }

    /// <summary>This instance undoes that one; else null.</summary>
    public string? RevertedInstanceCode { get; init; }

    /// <summary>From an answer that was asked for otherwise, such as one that is kept as it came.</summary>
    /// <param name="asked">The code or key that was asked for.</param>
    /// <param name="answer">What the platform said.</param>
    public static ApprovalInstanceDetail From(string asked, V4.InstanceGetResponse answer)
    {
        ArgumentNullException.ThrowIfNull(answer);
        return new()
        {
            InstanceCode = answer.InstanceCode is { Length: > 0 } code ? code : asked,
            ApprovalCode = answer.ApprovalCode ?? "",
            ApprovalName = answer.ApprovalName ?? "",
            State = ApprovalStates.Instance(answer.Status?.Value),
            StateText = answer.Status?.Value ?? "",
            IsReverted = answer.Reverted == true,
            UserId = answer.UserId ?? "",
            OpenId = answer.OpenId ?? "",
            DepartmentId = answer.DepartmentId ?? "",
            SerialNumber = answer.SerialNumber ?? "",
            Uuid = answer.Uuid ?? "",
            StartedAt = ApprovalTime.Read(answer.StartTime),
            EndedAt = ApprovalTime.Read(answer.EndTime),
            Form = ApprovalFormValues.Parse(answer.Form),
            FormJson = answer.Form ?? "",
            Tasks = [.. (answer.TaskList ?? []).Select(ApprovalInstanceTask.From)],
            Comments = [.. (answer.CommentList ?? []).Select(ApprovalSaid.From)],
            Timeline = [.. (answer.Timeline ?? []).Select(ApprovalTimelineEntry.From)],
            ModifiedInstanceCode = answer.ModifiedInstanceCode is { Length: > 0 } modified ? modified : null,
            RevertedInstanceCode = answer.RevertedInstanceCode is { Length: > 0 } reverted ? reverted : null,
        };
    }
}

/// <summary>A task of an instance: one person at one step.</summary>
/// <param name="TaskId">Which.</param>
/// <param name="UserId">Whose: user_id, or empty (without the scope for it, or when no person decides).</param>
/// <param name="OpenId">Whose: open_id, or empty.</param>
/// <param name="State">Where it stands.</param>
/// <param name="StateText">The platform's word for it.</param>
/// <param name="NodeId">Its step.</param>
/// <param name="CustomNodeId">Its step by the author's id, or null.</param>
/// <param name="NodeName">Its step as people see it.</param>
/// <param name="Type"><c>AND OR SEQUENTIAL AUTO_PASS AUTO_REJECT</c>; others may come.</param>
/// <param name="StartedAt">Since when.</param>
/// <param name="EndedAt">Until when; null: it is open.</param>
public sealed record ApprovalInstanceTask(
    string TaskId, string UserId, string OpenId, ApprovalTaskState State, string StateText, string NodeId, string? CustomNodeId, string NodeName, string Type,
    DateTimeOffset? StartedAt, DateTimeOffset? EndedAt)
{
    internal static ApprovalInstanceTask From(V4.InstanceTask task) => new(
        task.Id ?? "", task.UserId ?? "", task.OpenId ?? "", ApprovalStates.Task(task.Status?.Value), task.Status?.Value ?? "", task.NodeId ?? "",
        task.CustomNodeId is { Length: > 0 } custom ? custom : null, task.NodeName ?? "", task.Type?.Value ?? "", ApprovalTime.Read(task.StartTime), ApprovalTime.Read(task.EndTime));
}

/// <summary>A comment as the instance lists it.</summary>
/// <param name="CommentId">Which.</param>
/// <param name="UserId">Whose: user_id.</param>
/// <param name="OpenId">Whose: open_id.</param>
/// <param name="Text">The text.</param>
/// <param name="At">When.</param>
/// <param name="Files">What was attached.</param>
public sealed record ApprovalSaid(string CommentId, string UserId, string OpenId, string Text, DateTimeOffset? At, IReadOnlyList<ApprovalAttachment> Files)
{
    internal static ApprovalSaid From(V4.InstanceComment comment) => new(
        comment.Id ?? "", comment.UserId ?? "", comment.OpenId ?? "", ApprovalComment.Words(comment.Comment), ApprovalTime.Read(comment.CreateTime), ApprovalAttachment.From(comment.Files));
}

/// <summary>A file at a comment or a decision.</summary>
/// <param name="Url">Where it can be fetched, for 12 hours.</param>
/// <param name="Name">Its name.</param>
/// <param name="Length">Bytes.</param>
/// <param name="Type"><c>image</c> or <c>attachment</c>.</param>
public sealed record ApprovalAttachment(string Url, string Name, long Length, string Type)
{
    internal static IReadOnlyList<ApprovalAttachment> From(IReadOnlyList<V4.InstanceGetFile>? files)
        => [.. (files ?? []).Select(f => new ApprovalAttachment(f.Url ?? "", f.Title ?? "", f.FileSize ?? 0, f.Type?.Value ?? ""))];
}

/// <summary>Something that happened to an instance.</summary>
/// <param name="Type"><c>START PASS REJECT AUTO_PASS AUTO_REJECT REMOVE_REPEAT TRANSFER ADD_APPROVER_BEFORE ADD_APPROVER ADD_APPROVER_AFTER DELETE_APPROVER
/// ROLLBACK_SELECTED ROLLBACK CANCEL DELETE CC</c>; others may come.</param>
/// <param name="At">When.</param>
/// <param name="UserId">Who did it: user_id, or empty.</param>
/// <param name="OpenId">Who did it: open_id, or empty.</param>
/// <param name="OpenIds">To whom: open_ids of who was added, copied, given the task.</param>
/// <param name="TaskId">Which task, or empty.</param>
/// <param name="Comment">What was said, or empty.</param>
/// <param name="NodeKey">The step, as rolling back names it; of <c>PASS</c> ones. Empty else.</param>
/// <param name="Files">What was attached.</param>
public sealed record ApprovalTimelineEntry(
    string Type, DateTimeOffset? At, string UserId, string OpenId, IReadOnlyList<string> OpenIds, string TaskId, string Comment, string NodeKey, IReadOnlyList<ApprovalAttachment> Files)
{
    internal static ApprovalTimelineEntry From(V4.InstanceTimeline entry) => new(
        entry.Type?.Value ?? "", ApprovalTime.Read(entry.CreateTime), entry.UserId ?? "", entry.OpenId ?? "",
        [.. (entry.OpenIdList ?? []), .. (entry.CcUserList ?? []).Select(c => c.OpenId ?? "").Where(id => id.Length > 0)],
        entry.TaskId ?? "", entry.Comment ?? "", entry.NodeKey ?? "", ApprovalAttachment.From(entry.Files));
}
