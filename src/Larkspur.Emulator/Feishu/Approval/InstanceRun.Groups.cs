using System.Collections.Immutable;
using Larkspur.Emulator.State.Approvals;
using TaskStatus = Larkspur.Emulator.State.Approvals.TaskStatus;

namespace Larkspur.Emulator.Feishu.Approval;

/// <summary>Moves a request from node to node: which groups of tasks are open, when one has passed, and which opens next.</summary>
internal sealed partial class InstanceRun
{
    /// <summary>Opens the nodes from an index on until somebody has to decide.</summary>
    private void Enter(int index)
    {
        var nodes = Instance.Definition.Nodes;
        for (; index < nodes.Length; index++)
        {
            Instance = Instance with { At = index };
            var (node, assignees) = (nodes[index], Instance.Assignees[index]);
            CopyTo(Instance.UserId, assignees.CopiedTo, null);
            if (assignees.Approvers.IsEmpty || Instance.AutoNodes.Contains(node.NodeId) || (node.CustomId.Length > 0 && Instance.AutoNodes.Contains(node.CustomId)))
            {
                AutoPass(NewGroup(GroupKind.Node, node.Kind, null, [], passed: true), node, "", TimelineKind.AutoPass);
                continue;
            }

            var already = Instance.Definition.SkipsRepeated ? Instance.Tasks.Where(t => t.Status == TaskStatus.Approved && t.UserId.Length > 0).Select(t => t.UserId).ToHashSet() : [];
            var group = NewGroup(GroupKind.Node, node.Kind, null, [.. assignees.Approvers.Where(a => !already.Contains(a))]);
            foreach (var repeated in assignees.Approvers.Where(already.Contains)) AutoPass(group, node, repeated, TimelineKind.RemoveRepeat);
            if (Group(group) is var opened && (opened.Waiting.IsEmpty || (node.Kind == NodeKind.Or && opened.Waiting.Length < assignees.Approvers.Length)))
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
        Tell(new InstanceEvent(status.ToString().ToUpperInvariant()));
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

    private void AutoPass(int group, ApprovalNode node, string userId, TimelineKind kind)
    {
        var task = Model(node) with { Id = newId(), Group = group, Kind = TaskKind.AutoPass, UserId = userId, Status = TaskStatus.Approved, EndTime = now };
        Instance = Instance with { Tasks = Instance.Tasks.Add(task) };
        Note(new TimelineEntry(kind, now, userId, task.Id, NodeKey: node.NodeId));
        Tell(new TaskEvent(task));
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
        Tell(new TaskEvent(task));
    }

    private void Close(ApprovalTask task, TaskStatus status, string? extra = null)
    {
        var closed = task with { Status = status, EndTime = now };
        Instance = Instance with { Tasks = Instance.Tasks.Replace(task, closed) };
        Tell(new TaskEvent(closed, extra));
    }

    private int NewGroup(GroupKind kind, NodeKind method, string? owner, ImmutableArray<string> waiting, bool passed = false)
    {
        var group = new TaskGroup(Instance.Groups.Length + 1, kind, method, owner, waiting, passed);
        Instance = Instance with { Groups = Instance.Groups.Add(group) };
        return group.Number;
    }

    private TaskGroup Group(int number) => Instance.Groups[number - 1];

    private void Change(TaskGroup group) => Instance = Instance with { Groups = Instance.Groups.SetItem(group.Number - 1, group) };

    private void Note(TimelineEntry entry) => Instance = Instance with { Timeline = Instance.Timeline.Add(entry), UpdateTime = now };

    private void Tell(ApprovalEvent news) => News.Add(news);

    private static TaskKind KindOf(NodeKind kind) => kind switch { NodeKind.And => TaskKind.And, NodeKind.Or => TaskKind.Or, _ => TaskKind.Sequential };
}
