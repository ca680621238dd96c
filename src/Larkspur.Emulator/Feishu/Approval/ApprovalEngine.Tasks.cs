using System.Text.Json.Nodes;
using Larkspur.Emulator.State.Approvals;
using TaskStatus = Larkspur.Emulator.State.Approvals.TaskStatus;

namespace Larkspur.Emulator.Feishu.Approval;

/// <summary>What approvers do with their tasks.</summary>
internal sealed partial class ApprovalEngine
{
    public ApprovalInstance Approve(string instance, string user, string? task, string? comment, string? form = null) =>
        Step(instance, user, task, comment, (run, found) => run.Approve(found, comment), form);

    public ApprovalInstance Reject(string instance, string user, string? task, string? comment, string? form = null) =>
        Step(instance, user, task, comment, (run, found) => run.Reject(found, comment), form);

    public ApprovalInstance Transfer(string instance, string user, string? task, string to, string? comment) => Step(instance, user, task, comment, (run, found) =>
    {
        NeedPerson(to);
        if (to == user) throw ApprovalRefusal.Bad("a task cannot be transferred to its own approver", "不能转交给自己");
        run.Transfer(found, to, comment);
    });

    /// <param name="method">How the added ones decide together; null only for parallel ones, or when one is added.</param>
    public ApprovalInstance AddApprovers(string instance, string user, string? task, IReadOnlyCollection<string> added, AddSignPosition where, NodeKind? method, string? comment) =>
        Step(instance, user, task, comment, (run, found) =>
        {
            if (added.Count == 0) throw ApprovalRefusal.Bad("add_sign_user_ids is empty", "没有要加签的人");
            foreach (var person in added) NeedPerson(person);
            if (added.Contains(user)) throw ApprovalRefusal.Bad("an approver cannot be added to their own task", "不能加签给自己");
            if (method is null && where != AddSignPosition.Parallel && added.Count > 1) throw ApprovalRefusal.Bad("approval_method is required when several approvers are added", "加签多人时需要指定审批方式");
            run.AddApprovers(found, [.. added.Distinct()], where, method ?? NodeKind.Or, comment);
        });

    /// <param name="nodes">Nodes that were passed already (node id, custom id, or START); the earliest of them is where the request goes.</param>
    public ApprovalInstance RollBack(string? instance, string user, string? task, IReadOnlyCollection<string> nodes, string? reason)
    {
        lock (_gate)
        {
            var found = instance ?? state.ApprovalInstances.FirstOrDefault(i => i.Tasks.Any(t => t.Id == task))?.Code ?? throw NoTask(task);
            return Step(found, user, task, reason, (run, at) =>
            {
                if (nodes.Count == 0) throw ApprovalRefusal.Bad("task_def_key_list is empty", "没有要退回的节点");
                var targets = nodes.Select(n => PassedNode(run.Instance, n)).ToArray();
                var extra = new JsonObject
                {
                    ["rollback_node_ids"] = new JsonArray([.. targets.Select(t => (JsonNode?)KeyOf(run.Instance, t))]),
                    ["rollback_custom_node_ids"] = new JsonArray([.. targets.Select(t => (JsonNode?)(t < 0 ? "" : run.Instance.Definition.Nodes[t].CustomId))]),
                };
                run.RollBack(at, targets.Min(), reason, CanonicalJson.Write(extra));
            });
        }
    }

    public ApprovalInstance Resubmit(string instance, string user, string? task, string form, string? comment) => Step(instance, user, task, comment, (run, found) =>
    {
        run.Resubmit(found, forms.Read(run.Instance.Definition, form), comment);
    }, again: true);

    private ApprovalInstance Step(string instance, string user, string? task, string? comment, Action<InstanceRun, ApprovalTask> step, string? form = null, bool again = false)
    {
        lock (_gate)
        {
            NeedPerson(user);
            if (comment?.Length > LongestComment) throw ApprovalRefusal.Bad($"comment is longer than {LongestComment} characters", $"意见超过 {LongestComment} 个字符");
            var found = Instance(instance);
            var mine = task is null
                ? found.OpenTasks.FirstOrDefault(t => t.UserId == user) ?? throw ApprovalRefusal.Bad($"{user} has no pending task in this instance", $"{user} 在该审批里没有待办任务")
                : found.Tasks.FirstOrDefault(t => t.Id == task) ?? throw NoTask(task);
            if (mine.UserId != user) throw ApprovalRefusal.Bad("user_id is not the approver of this task", "不是该任务的审批人");
            if (found.Status != InstanceStatus.Pending) throw NotPending(found);
            if (mine.Status != TaskStatus.Pending) throw ApprovalRefusal.Bad($"the task is not pending but {mine.Status.ToString().ToUpperInvariant()}", "该任务已处理");
            if (again && found.At >= 0) throw ApprovalRefusal.Bad("only a request that came back to its submitter can be submitted again", "只有退回给发起人的审批才能重新提交");
            if (!again && found.At < 0) throw ApprovalRefusal.Bad("this request came back to its submitter, who can submit it again or cancel it", "该审批已退回发起人，只能重新提交或撤回");
            if (!string.IsNullOrEmpty(form)) found = found with { FormJson = forms.Read(found.Definition, form) };
            return Apply(found, run => step(run, mine));
        }
    }

    private static int PassedNode(ApprovalInstance instance, string key)
    {
        if (key == InstanceRun.StartKey) return -1;
        for (var i = 0; i < instance.Definition.Nodes.Length && (i < instance.At || instance.At < 0); i++)
        {
            if (instance.Definition.Nodes[i] is var node && (node.NodeId == key || (node.CustomId.Length > 0 && node.CustomId == key))) return i;
        }

        throw ApprovalRefusal.Bad($"{key} is not a node that this instance passed", $"节点 {key} 不是已通过的节点");
    }

    private static string KeyOf(ApprovalInstance instance, int node) => node < 0 ? InstanceRun.StartKey : instance.Definition.Nodes[node].NodeId;

    private static ApprovalRefusal NoTask(string? task) => new(ApprovalRefusal.NoTask, $"task not found: {task}", $"没有这个审批任务：{task}");
}
