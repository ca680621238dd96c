using System.Collections.Immutable;
using Larkspur.Emulator.State.Approvals;
using TaskStatus = Larkspur.Emulator.State.Approvals.TaskStatus;

namespace Larkspur.Emulator.Feishu.Approval;

/// <summary>A change of an approval that is pushed to apps.</summary>
internal abstract record ApprovalEvent;

/// <param name="Status">As the event words it: the instance's status, or REVERTED.</param>
internal sealed record InstanceEvent(string Status) : ApprovalEvent;

/// <param name="Extra">For a rollback: to which nodes.</param>
internal sealed record TaskEvent(ApprovalTask Task, string? Extra = null) : ApprovalEvent;

internal sealed record CopyEvent(ApprovalCopy Copy, bool Read) : ApprovalEvent;

/// <summary>Takes one request through one step: tasks, groups and timeline change together, and what apps hear of it is collected.</summary>
internal sealed partial class InstanceRun(ApprovalInstance instance, DateTimeOffset now, Func<string> newId)
{
    /// <summary>The node key of the submitter: where a rollback to the beginning leads.</summary>
    public const string StartKey = "START";

    public ApprovalInstance Instance { get; private set; } = instance;

    public List<ApprovalEvent> News { get; } = [];

    public void Begin()
    {
        Tell(new InstanceEvent("PENDING"));
        Note(new TimelineEntry(TimelineKind.Start, now, Instance.UserId, NodeKey: StartKey));
        Enter(0);
    }

    public void Approve(ApprovalTask task, string? comment)
    {
        Close(task, TaskStatus.Approved);
        Note(new TimelineEntry(TimelineKind.Pass, now, task.UserId, task.Id, comment, task.NodeId));
        Advance();
    }

    public void Reject(ApprovalTask task, string? comment)
    {
        Close(task, TaskStatus.Rejected);
        Note(new TimelineEntry(TimelineKind.Reject, now, task.UserId, task.Id, comment, task.NodeId));
        if (Instance.Definition.RejectReturns) BackToSubmitter();
        else Finish(InstanceStatus.Rejected);
    }

    public void Transfer(ApprovalTask task, string to, string? comment)
    {
        Close(task, TaskStatus.Transferred);
        Note(new TimelineEntry(TimelineKind.Transfer, now, task.UserId, task.Id, comment, task.NodeId, [to]));
        Open(task.Group, task, to);
    }

    /// <summary>Before: the added ones decide, then the task comes back. After: it is approved, and the added ones decide next. Parallel: they decide beside it.</summary>
    public void AddApprovers(ApprovalTask task, ImmutableArray<string> added, AddSignPosition where, NodeKind method, string? comment)
    {
        switch (where)
        {
            case AddSignPosition.Before:
                Close(task, TaskStatus.Done);
                Note(new TimelineEntry(TimelineKind.AddApproverBefore, now, task.UserId, task.Id, comment, task.NodeId, added));
                OpenGroup(GroupKind.Before, method, task, added);
                break;
            case AddSignPosition.After:
                Close(task, TaskStatus.Approved);
                Note(new TimelineEntry(TimelineKind.Pass, now, task.UserId, task.Id, comment, task.NodeId));
                Note(new TimelineEntry(TimelineKind.AddApproverAfter, now, task.UserId, task.Id, null, task.NodeId, added));
                OpenGroup(GroupKind.After, method, task, added);
                break;
            default:
                Note(new TimelineEntry(TimelineKind.AddApprover, now, task.UserId, task.Id, comment, task.NodeId, added));
                foreach (var user in added) Open(task.Group, task, user);
                break;
        }
    }

    /// <param name="target">Index of a node behind; -1 for the submitter.</param>
    /// <param name="extra">For the event: the nodes' ids as JSON.</param>
    public void RollBack(ApprovalTask task, int target, string? reason, string extra)
    {
        Close(task, TaskStatus.Rollback, extra);
        Note(new TimelineEntry(TimelineKind.RollbackSelected, now, task.UserId, task.Id, reason, task.NodeId, Ext: extra));
        if (target < 0)
        {
            BackToSubmitter();
            return;
        }

        CloseAll(TaskStatus.Done);
        Enter(target);
    }

    public void Resubmit(ApprovalTask task, string form, string? comment)
    {
        Instance = Instance with { FormJson = form };
        Close(task, TaskStatus.Done);
        CloseGroups();
        Note(new TimelineEntry(TimelineKind.Start, now, task.UserId, task.Id, comment, StartKey));
        Enter(0);
    }

    public void Cancel()
    {
        Note(new TimelineEntry(TimelineKind.Cancel, now, Instance.UserId));
        Finish(InstanceStatus.Canceled);
    }

    /// <summary>Takes back what was approved already.</summary>
    public void Revert()
    {
        Note(new TimelineEntry(TimelineKind.Cancel, now, Instance.UserId));
        Instance = Instance with { Reverted = true };
        Tell(new InstanceEvent("REVERTED"));
        foreach (var task in Instance.Tasks.Where(t => t.Status == TaskStatus.Approved)) Tell(new TaskEvent(task with { Status = TaskStatus.Reverted }));
    }

    public void CopyTo(string from, ImmutableArray<string> people, string? comment)
    {
        if (people.IsEmpty) return;
        Note(new TimelineEntry(TimelineKind.Cc, now, from, null, comment, null, people));
        foreach (var person in people)
        {
            var copy = new ApprovalCopy(newId(), person, from, now);
            Instance = Instance with { Copies = Instance.Copies.Add(copy) };
            Tell(new CopyEvent(copy, Read: false));
        }
    }

    public void MarkRead(string userId)
    {
        foreach (var copy in Instance.Copies.Where(c => c.UserId == userId && !c.Read).ToArray())
        {
            Instance = Instance with { Copies = Instance.Copies.Replace(copy, copy with { Read = true }) };
            Tell(new CopyEvent(copy, Read: true));
        }
    }
}

internal enum AddSignPosition { Before = 1, After = 2, Parallel = 3 }
