using System.Collections.Immutable;

namespace Larkspur.Emulator.State.Approvals;

public enum InstanceStatus { Pending, Approved, Rejected, Canceled, Deleted }

/// <summary><see cref="Rollback"/> and <see cref="Reverted"/> are told in events; the API shows such tasks as done.</summary>
public enum TaskStatus { Pending, Approved, Rejected, Transferred, Done, Rollback, Reverted }

public enum TaskKind { And, Or, Sequential, AutoPass, AutoReject }

public enum TimelineKind
{
    Start, Pass, Reject, AutoPass, AutoReject, RemoveRepeat, Transfer, AddApproverBefore, AddApprover, AddApproverAfter, DeleteApprover, RollbackSelected, Rollback, Cancel, Delete, Cc,
}

/// <summary>A request on its way. It is replaced as a whole with every step.</summary>
public sealed record ApprovalInstance
{
    /// <summary>The <c>instance_code</c>: a UUID in capitals.</summary>
    public required string Code { get; init; }
    /// <summary>The definition as it was when the request was made.</summary>
    public required ApprovalDefinition Definition { get; init; }
    public required string SerialNumber { get; init; }
    /// <summary><c>user_id</c> of the submitter.</summary>
    public required string UserId { get; init; }
    /// <summary><c>open_department_id</c>.</summary>
    public string DepartmentId { get; init; } = "";
    /// <summary>What the maker called it; unique in the company. Empty when it was made without.</summary>
    public string Uuid { get; init; } = "";
    /// <summary>Controls with values, as JSON.</summary>
    public required string FormJson { get; init; }
    public string Title { get; init; } = "";
    public LocalTexts Texts { get; init; } = LocalTexts.None;
    public InstanceStatus Status { get; init; }
    public bool Reverted { get; init; }
    /// <summary>The submitter may not withdraw it.</summary>
    public bool ForbidsRevoke { get; init; }
    public required DateTimeOffset StartTime { get; init; }
    public DateTimeOffset? EndTime { get; init; }
    public DateTimeOffset UpdateTime { get; init; }
    /// <summary>Who decides at each node of the definition, found when the request was made.</summary>
    public ImmutableArray<NodeAssignees> Assignees { get; init; } = [];
    /// <summary>Nodes that pass by themselves for this request.</summary>
    public ImmutableHashSet<string> AutoNodes { get; init; } = [];
    /// <summary>Where it is: the index of the node; -1 with its submitter again.</summary>
    public int At { get; init; }
    public ImmutableArray<ApprovalTask> Tasks { get; init; } = [];
    public ImmutableArray<TaskGroup> Groups { get; init; } = [];
    public ImmutableArray<TimelineEntry> Timeline { get; init; } = [];
    public ImmutableArray<ApprovalComment> Comments { get; init; } = [];
    public ImmutableArray<ApprovalCopy> Copies { get; init; } = [];

    public IEnumerable<ApprovalTask> OpenTasks => Tasks.Where(t => t.Status == TaskStatus.Pending);

    public string Name(string locale) => Title.Length > 0 ? Texts.Say(Title, locale) : Definition.Say(locale);

    /// <summary>Submitter, whoever had a task, and who got a copy.</summary>
    public bool Involves(string userId) => UserId == userId || Tasks.Any(t => t.UserId == userId) || Copies.Any(c => c.UserId == userId);
}

/// <param name="Approvers"><c>user_id</c>s in their order; empty: nobody was found, the node passes by itself.</param>
/// <param name="CopiedTo">Who gets a copy when the node is reached.</param>
public sealed record NodeAssignees(ImmutableArray<string> Approvers, ImmutableArray<string> CopiedTo);

public sealed record ApprovalTask
{
    public required string Id { get; init; }
    /// <summary>The <see cref="TaskGroup"/> it counts in.</summary>
    public required int Group { get; init; }
    public required string NodeId { get; init; }
    public required string NodeName { get; init; }
    public string CustomNodeId { get; init; } = "";
    public required TaskKind Kind { get; init; }
    /// <summary>Empty for what passed by itself without anybody.</summary>
    public required string UserId { get; init; }
    public TaskStatus Status { get; init; }
    public required DateTimeOffset StartTime { get; init; }
    public DateTimeOffset? EndTime { get; init; }
}

public enum GroupKind { Node, Before, After }

/// <summary>Tasks that are decided together: those of a node, or those that an approver added before or after their own.</summary>
/// <param name="Owner">For added ones: the id of the task that they were added to.</param>
/// <param name="Waiting">Sequential: who comes next.</param>
public sealed record TaskGroup(int Number, GroupKind Kind, NodeKind Method, string? Owner, ImmutableArray<string> Waiting, bool Passed = false);

/// <summary>A line of the timeline.</summary>
/// <param name="NodeKey">The node that a pass can be rolled back to.</param>
/// <param name="Others">Whom it went to: transfers, added approvers, copies.</param>
public sealed record TimelineEntry(
    TimelineKind Kind, DateTimeOffset Time, string UserId, string? TaskId = null, string? Comment = null, string? NodeKey = null, ImmutableArray<string> Others = default, string? Ext = null);

public sealed record ApprovalComment
{
    public required string Id { get; init; }
    public required string UserId { get; init; }
    public required string Content { get; init; }
    public string? ParentId { get; init; }
    /// <summary>Mentioned people, as the API was given them with ids made tenant-wide.</summary>
    public ImmutableArray<(string UserId, string Name, string Offset)> Mentions { get; init; } = [];
    public string Extra { get; init; } = "";
    public required DateTimeOffset CreateTime { get; init; }
    public required DateTimeOffset UpdateTime { get; init; }
    public bool Deleted { get; init; }
}

public sealed record ApprovalCopy(string Id, string UserId, string FromUserId, DateTimeOffset CreateTime, bool Read = false);
