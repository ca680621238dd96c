using System.Collections.Immutable;
using Larkspur.Emulator.World.Approvals;
using TaskStatus = Larkspur.Emulator.World.Approvals.TaskStatus;

namespace Larkspur.Emulator.Feishu.Approval;

/// <summary>Something that apps hear of.</summary>
internal abstract record ApprovalNews;

/// <param name="Status">As the event words it: the instance's status, or REVERTED.</param>
internal sealed record InstanceNews(string Status) : ApprovalNews;

/// <param name="Extra">For a rollback: to which nodes.</param>
internal sealed record TaskNews(ApprovalTask Task, string? Extra = null) : ApprovalNews;

internal sealed record CopyNews(ApprovalCopy Copy, bool Read) : ApprovalNews;

/// <summary>Takes one request through one step: tasks, groups and timeline change together, and what apps hear of it is collected.</summary>
internal sealed class InstanceRun(ApprovalInstance instance, DateTimeOffset now, Func<string> newId)
{
    /// <summary>The node key of the submitter: where a rollback to the beginning leads.</summary>
    public const string StartKey = "START";

    public ApprovalInstance Instance { get; private set; } = instance;

    public List<ApprovalNews> News { get; } = [];

    public void Begin()
    {
        Tell(new InstanceNews("PENDING"));
        Note(new Deed(DeedKind.Start, now, Instance.UserId, NodeKey: StartKey));
        Enter(0);
    }

    public void Approve(ApprovalTask task, string? comment)
    {
        Close(task, TaskStatus.Approved);
        Note(new Deed(DeedKind.Pass, now, task.UserId, task.Id, comment, task.NodeId));
        Advance();
    }

    public void Reject(ApprovalTask task, string? comment)
    {
        Close(task, TaskStatus.Rejected);
        Note(new Deed(DeedKind.Reject, now, task.UserId, task.Id, comment, task.NodeId));
        if (Instance.Definition.RejectReturns) BackToSubmitter();
        else Finish(InstanceStatus.Rejected);
    }

    public void Transfer(ApprovalTask task, string to, string? comment)
    {
        Close(task, TaskStatus.Transferred);
        Note(new Deed(DeedKind.Transfer, now, task.UserId, task.Id, comment, task.NodeId, [to]));
        Open(task.Group, task, to);
    }

    /// <summary>Before: the added ones decide, then the task comes back. After: it is approved, and the added ones decide next. Parallel: they decide beside it.</summary>
    public void AddApprovers(ApprovalTask task, ImmutableArray<string> added, AddedWhere where, NodeKind method, string? comment)
    {
        switch (where)
        {
            case AddedWhere.Before:
                Close(task, TaskStatus.Done);
                Note(new Deed(DeedKind.AddApproverBefore, now, task.UserId, task.Id, comment, task.NodeId, added));
                OpenGroup(GroupKind.Before, method, task, added);
                break;
            case AddedWhere.After:
                Close(task, TaskStatus.Approved);
                Note(new Deed(DeedKind.Pass, now, task.UserId, task.Id, comment, task.NodeId));
                Note(new Deed(DeedKind.AddApproverAfter, now, task.UserId, task.Id, null, task.NodeId, added));
                OpenGroup(GroupKind.After, method, task, added);
                break;
            default:
                Note(new Deed(DeedKind.AddApprover, now, task.UserId, task.Id, comment, task.NodeId, added));
                foreach (var user in added) Open(task.Group, task, user);
                break;
        }
    }

    /// <param name="target">Index of a node behind; -1 for the submitter.</param>
    /// <param name="extra">For the event: the nodes' ids as JSON.</param>
    public void RollBack(ApprovalTask task, int target, string? reason, string extra)
    {
        Close(task, TaskStatus.Rollback, extra);
        Note(new Deed(DeedKind.RollbackSelected, now, task.UserId, task.Id, reason, task.NodeId, Ext: extra));
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
        Note(new Deed(DeedKind.Start, now, task.UserId, task.Id, comment, StartKey));
        Enter(0);
    }

    public void Cancel()
    {
        Note(new Deed(DeedKind.Cancel, now, Instance.UserId));
        Finish(InstanceStatus.Canceled);
    }

    /// <summary>Takes back what was approved already.</summary>
    public void Revert()
    {
        Note(new Deed(DeedKind.Cancel, now, Instance.UserId));
        Instance = Instance with { Reverted = true };
        Tell(new InstanceNews("REVERTED"));
        foreach (var task in Instance.Tasks.Where(t => t.Status == TaskStatus.Approved)) Tell(new TaskNews(task with { Status = TaskStatus.Reverted }));
    }

    public void CopyTo(string from, ImmutableArray<string> people, string? comment)
    {
        if (people.IsEmpty) return;
        Note(new Deed(DeedKind.Cc, now, from, null, comment, null, people));
        foreach (var person in people)
        {
            var copy = new ApprovalCopy(newId(), person, from, now);
            Instance = Instance with { Copies = Instance.Copies.Add(copy) };
            Tell(new CopyNews(copy, Read: false));
        }
    }

    public void MarkRead(string userId)
    {
        foreach (var copy in Instance.Copies.Where(c => c.UserId == userId && !c.Read).ToArray())
        {
            Instance = Instance with { Copies = Instance.Copies.Replace(copy, copy with { Read = true }) };
            Tell(new CopyNews(copy, Read: true));
        }
    }

    /// <summary>Opens the nodes from an index on until somebody has to decide.</summary>
    private void Enter(int index)
    {
        var nodes = Instance.Definition.Nodes;
        for (; index < nodes.Length; index++)
        {
            Instance = Instance with { At = index };
            var (node, crew) = (nodes[index], Instance.Crews[index]);
            CopyTo(Instance.UserId, crew.CopiedTo, null);
            if (crew.Approvers.IsEmpty || Instance.AutoNodes.Contains(node.NodeId) || (node.CustomId.Length > 0 && Instance.AutoNodes.Contains(node.CustomId)))
            {
                AutoPass(NewGroup(GroupKind.Node, node.Kind, null, [], passed: true), node, "", DeedKind.AutoPass);
                continue;
            }

            var already = Instance.Definition.SkipsRepeated ? Instance.Tasks.Where(t => t.Status == TaskStatus.Approved && t.UserId.Length > 0).Select(t => t.UserId).ToHashSet() : [];
            var group = NewGroup(GroupKind.Node, node.Kind, null, [.. crew.Approvers.Where(a => !already.Contains(a))]);
            foreach (var repeated in crew.Approvers.Where(already.Contains)) AutoPass(group, node, repeated, DeedKind.RemoveRepeat);
            if (Group(group) is var opened && (opened.Waiting.IsEmpty || (node.Kind == NodeKind.Or && opened.Waiting.Length < crew.Approvers.Length)))
            {
                Change(opened with { Passed = true, Waiting = [] });
                continue;
            }

            var model = Model(node);
            foreach (var user in node.Kind == NodeKind.Sequential ? opened.Waiting[..1] : opened.Waiting) Open(group, model, user);
            Change(opened with { Waiting = node.Kind == NodeKind.Sequential ? opened.Waiting[1..] : [] });
            return;
        }

        Finish(InstanceStatus.Approved);
    }

    /// <summary>Lets every group pass that has what it needs; with the node's own group the request goes on.</summary>
    private void Advance()
    {
        while (Instance.Groups.FirstOrDefault(g => !g.Passed && (HasPassed(g) || NeedsNext(g))) is { } group)
        {
            var model = Instance.Tasks.Last(t => t.Group == group.Number);
            if (!HasPassed(group))
            {
                Change(group with { Waiting = group.Waiting[1..] });
                Open(group.Number, model, group.Waiting[0]);
                continue;
            }

            Change(group with { Passed = true });
            CloseWithin(group.Number);
            if (group.Kind == GroupKind.Before && Instance.Tasks.First(t => t.Id == group.Owner) is var owner) Open(owner.Group, owner, owner.UserId);
            if (group.Kind != GroupKind.Node) continue;
            Enter(Instance.At + 1);
            return;
        }
    }

    private bool HasPassed(TaskGroup group)
    {
        var tasks = Instance.Tasks.Where(t => t.Group == group.Number).ToArray();
        return group.Method == NodeKind.Or
            ? tasks.Any(t => t.Status == TaskStatus.Approved && !IsOpen(t))
            : group.Waiting.IsEmpty && tasks.Any(t => t.Status == TaskStatus.Approved) && !tasks.Any(IsOpen);
    }

    private bool NeedsNext(TaskGroup group) => !group.Waiting.IsEmpty && !Instance.Tasks.Any(t => t.Group == group.Number && IsOpen(t));

    private bool IsOpen(ApprovalTask task) => task.Status == TaskStatus.Pending || Instance.Groups.Any(g => g.Owner == task.Id && !g.Passed);

    private void BackToSubmitter()
    {
        CloseAll(TaskStatus.Done);
        Instance = Instance with { At = -1 };
        var group = NewGroup(GroupKind.Node, NodeKind.And, null, []);
        Open(group, new ApprovalTask { Id = "", Group = group, NodeId = StartKey, NodeName = StartKey, Kind = TaskKind.And, UserId = "", StartTime = now }, Instance.UserId);
    }

    private void Finish(InstanceStatus status)
    {
        CloseAll(TaskStatus.Done);
        Instance = Instance with { Status = status, EndTime = now };
        Tell(new InstanceNews(status.ToString().ToUpperInvariant()));
    }

    private void CloseAll(TaskStatus status)
    {
        foreach (var task in Instance.OpenTasks.ToArray()) Close(task, status);
        CloseGroups();
    }

    private void CloseGroups() => Instance = Instance with { Groups = [.. Instance.Groups.Select(g => g with { Passed = true, Waiting = [] })] };

    /// <summary>What is still open in a group that passed, and in what was added to its tasks.</summary>
    private void CloseWithin(int number)
    {
        foreach (var task in Instance.Tasks.Where(t => t.Group == number).ToArray())
        {
            if (task.Status == TaskStatus.Pending) Close(task, TaskStatus.Done);
            foreach (var inner in Instance.Groups.Where(g => g.Owner == task.Id && !g.Passed).ToArray())
            {
                Change(inner with { Passed = true, Waiting = [] });
                CloseWithin(inner.Number);
            }
        }
    }

    private void AutoPass(int group, ApprovalNode node, string userId, DeedKind deed)
    {
        var task = Model(node) with { Id = newId(), Group = group, Kind = TaskKind.AutoPass, UserId = userId, Status = TaskStatus.Approved, EndTime = now };
        Instance = Instance with { Tasks = Instance.Tasks.Add(task) };
        Note(new Deed(deed, now, userId, task.Id, NodeKey: node.NodeId));
        Tell(new TaskNews(task));
    }

    private ApprovalTask Model(ApprovalNode node) => new()
    {
        Id = "", Group = 0, NodeId = node.NodeId, CustomNodeId = node.CustomId, NodeName = node.Name, Kind = KindOf(node.Kind), UserId = "", StartTime = now,
    };

    private void OpenGroup(GroupKind kind, NodeKind method, ApprovalTask owner, ImmutableArray<string> users)
    {
        var group = NewGroup(kind, method, owner.Id, []);
        foreach (var user in users) Open(group, owner with { Kind = KindOf(method) }, user);
    }

    private void Open(int group, ApprovalTask model, string user)
    {
        var task = model with { Id = newId(), Group = group, UserId = user, Status = TaskStatus.Pending, StartTime = now, EndTime = null };
        Instance = Instance with { Tasks = Instance.Tasks.Add(task) };
        Tell(new TaskNews(task));
    }

    private void Close(ApprovalTask task, TaskStatus status, string? extra = null)
    {
        var closed = task with { Status = status, EndTime = now };
        Instance = Instance with { Tasks = Instance.Tasks.Replace(task, closed) };
        Tell(new TaskNews(closed, extra));
    }

    private int NewGroup(GroupKind kind, NodeKind method, string? owner, ImmutableArray<string> waiting, bool passed = false)
    {
        var group = new TaskGroup(Instance.Groups.Length + 1, kind, method, owner, waiting, passed);
        Instance = Instance with { Groups = Instance.Groups.Add(group) };
        return group.Number;
    }

    private TaskGroup Group(int number) => Instance.Groups[number - 1];

    private void Change(TaskGroup group) => Instance = Instance with { Groups = Instance.Groups.SetItem(group.Number - 1, group) };

    private void Note(Deed deed) => Instance = Instance with { Timeline = Instance.Timeline.Add(deed), UpdateTime = now };

    private void Tell(ApprovalNews news) => News.Add(news);

    private static TaskKind KindOf(NodeKind kind) => kind switch { NodeKind.And => TaskKind.And, NodeKind.Or => TaskKind.Or, _ => TaskKind.Sequential };
}

internal enum AddedWhere { Before = 1, After = 2, Parallel = 3 }
