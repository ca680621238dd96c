using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json.Nodes;
using Larkspur.Emulator.Feishu.Events;
using Larkspur.Emulator.World;
using Larkspur.Emulator.World.Approvals;
using TaskStatus = Larkspur.Emulator.World.Approvals.TaskStatus;

namespace Larkspur.Emulator.Feishu.Approval;

/// <summary>What is asked for with a new request. People are <c>user_id</c>s of this company.</summary>
internal sealed record NewRequest
{
    public required string ApprovalCode { get; init; }
    public required string UserId { get; init; }
    public string? DepartmentId { get; init; }
    public required string Form { get; init; }
    public IReadOnlyDictionary<string, ImmutableArray<string>> Approvers { get; init; } = ImmutableDictionary<string, ImmutableArray<string>>.Empty;
    public IReadOnlyDictionary<string, ImmutableArray<string>> Copies { get; init; } = ImmutableDictionary<string, ImmutableArray<string>>.Empty;
    public ImmutableHashSet<string> AutoNodes { get; init; } = [];
    public string Uuid { get; init; } = "";
    public string Title { get; init; } = "";
    public LocalTexts Texts { get; init; } = LocalTexts.None;
    public bool ForbidsRevoke { get; init; }
}

/// <summary>Every deed on requests, whoever does it: an app, a person in the client, a control call. One deed at a time; apps hear of it in its order.</summary>
/// <remarks>What cannot be done throws <see cref="ApprovalRefusal"/> and changes nothing.</remarks>
internal sealed class ApprovalDesk(EmulatedWorld world, EventSource events, FormReader forms, ApproverFinder finder)
{
    private const int LongestComment = 10_000;
    private static readonly TimeSpan CompanyZone = TimeSpan.FromHours(8);
    private readonly Lock _gate = new();
    private int _serial;

    public ApprovalDefinition Definition(string code) =>
        world.Approval(code) ?? throw new ApprovalRefusal(ApprovalRefusal.NoDefinition, $"approval code not found: {code}", $"没有这个审批定义：{code}");

    public ApprovalInstance Instance(string code) =>
        world.ApprovalInstance(code) ?? throw new ApprovalRefusal(ApprovalRefusal.NoInstance, $"instance code not found: {code}", $"没有这个审批：{code}");

    public ApprovalInstance Create(NewRequest request)
    {
        lock (_gate)
        {
            var definition = ActiveDefinition(request.ApprovalCode);
            if (request.Uuid.Length > 0 && world.ApprovalInstance(request.Uuid) is not null) throw new ApprovalRefusal(ApprovalRefusal.UuidTaken, "uuid conflict", "uuid 已被使用");
            var (submitter, department) = Submitter(request.UserId, request.DepartmentId);
            var form = forms.Read(definition, request.Form);
            var crews = finder.Find(definition, submitter, department, request.Approvers, request.Copies);
            foreach (var user in crews.SelectMany(c => c.Approvers.Concat(c.CopiedTo))) NeedPerson(user);
            var now = Now;
            var code = NewCode();
            return Apply(new ApprovalInstance
            {
                Code = code, Definition = definition, SerialNumber = now.ToOffset(CompanyZone).ToString("yyyyMMdd", CultureInfo.InvariantCulture) + (++_serial % 10_000).ToString("D4", CultureInfo.InvariantCulture),
                UserId = submitter.UserId, DepartmentId = department ?? "", Uuid = request.Uuid, FormJson = form, Title = request.Title, Texts = request.Texts,
                ForbidsRevoke = request.ForbidsRevoke, StartTime = now, UpdateTime = now, Crews = crews, AutoNodes = request.AutoNodes,
            }, run => run.Begin());
        }
    }

    /// <summary>Who would decide, without making anything.</summary>
    public (ApprovalDefinition Definition, ImmutableArray<NodeCrew> Crews) Preview(NewRequest request)
    {
        var definition = ActiveDefinition(request.ApprovalCode);
        var (submitter, department) = Submitter(request.UserId, request.DepartmentId);
        if (request.Form.Length > 0) forms.Read(definition, request.Form);
        // Nodes whose approver is still to be chosen are shown without anybody.
        var fixedNodes = definition with { Nodes = [.. definition.Nodes.Select(n => n with { Approvers = [.. n.Approvers.Where(a => a.Kind != ApproverKind.Free)] })] };
        return (definition, finder.Find(fixedNodes, submitter, department, request.Approvers, request.Copies));
    }

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
    public ApprovalInstance AddApprovers(string instance, string user, string? task, IReadOnlyCollection<string> added, AddedWhere where, NodeKind? method, string? comment) =>
        Step(instance, user, task, comment, (run, found) =>
        {
            if (added.Count == 0) throw ApprovalRefusal.Bad("add_sign_user_ids is empty", "没有要加签的人");
            foreach (var person in added) NeedPerson(person);
            if (added.Contains(user)) throw ApprovalRefusal.Bad("an approver cannot be added to their own task", "不能加签给自己");
            if (method is null && where != AddedWhere.Parallel && added.Count > 1) throw ApprovalRefusal.Bad("approval_method is required when several approvers are added", "加签多人时需要指定审批方式");
            run.AddApprovers(found, [.. added.Distinct()], where, method ?? NodeKind.Or, comment);
        });

    /// <param name="nodes">Nodes that were passed already (node id, custom id, or START); the earliest of them is where the request goes.</param>
    public ApprovalInstance RollBack(string? instance, string user, string? task, IReadOnlyCollection<string> nodes, string? reason)
    {
        lock (_gate)
        {
            var found = instance ?? world.ApprovalInstances.FirstOrDefault(i => i.Tasks.Any(t => t.Id == task))?.Code ?? throw NoTask(task);
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
        if (run.Instance.At >= 0) throw ApprovalRefusal.Bad("only a request that came back to its submitter can be submitted again", "只有退回给发起人的审批才能重新提交");
        run.Resubmit(found, forms.Read(run.Instance.Definition, form), comment);
    });

    /// <summary>The submitter withdraws what is pending, or takes back what was approved within the definition's time.</summary>
    public ApprovalInstance Cancel(string instance, string user)
    {
        lock (_gate)
        {
            NeedPerson(user);
            var found = Instance(instance);
            if (found.UserId != user) throw ApprovalRefusal.Bad("only the submitter can cancel an instance", "只有发起人可以撤销审批");
            if (found.ForbidsRevoke) throw ApprovalRefusal.Bad("this instance cannot be revoked", "该审批不允许撤销");
            if (found.Status == InstanceStatus.Pending) return Apply(found, run => run.Cancel());
            if (found.Status != InstanceStatus.Approved || found.Reverted) throw NotPending(found);
            if (found.EndTime + found.Definition.RevertWithin <= Now) throw ApprovalRefusal.Bad("the time in which an approved instance can be reverted is over", "已超过可撤销的时间");
            return Apply(found, run => run.Revert());
        }
    }

    public ApprovalInstance CopyTo(string instance, string user, IReadOnlyCollection<string> people, string? comment)
    {
        lock (_gate)
        {
            NeedPerson(user);
            foreach (var person in people) NeedPerson(person);
            if (people.Count == 0) throw ApprovalRefusal.Bad("cc_user_ids is empty", "没有要抄送的人");
            return Apply(Instance(instance), run => run.CopyTo(user, [.. people.Distinct()], comment));
        }
    }

    /// <summary>A person opens the request: copies for them are read now.</summary>
    public void Open(string instance, string user)
    {
        lock (_gate)
        {
            if (world.ApprovalInstance(instance) is { } found && found.Copies.Any(c => c.UserId == user && !c.Read)) Apply(found, run => run.MarkRead(user));
        }
    }

    /// <param name="change">Gets the comments, returns them changed.</param>
    public ApprovalInstance ChangeComments(string instance, string user, Func<ApprovalInstance, ImmutableArray<ApprovalComment>> change)
    {
        lock (_gate)
        {
            NeedPerson(user);
            var found = Instance(instance);
            var changed = found with { Comments = change(found) };
            world.Put(changed);
            return changed;
        }
    }

    public ApprovalComment Comment(string instance, string user, string content, string? parent = null, string extra = "", ImmutableArray<(string, string, string)> mentions = default)
    {
        if (content.Length is 0 or > LongestComment) throw ApprovalRefusal.Bad($"content must have 1 to {LongestComment} characters", $"评论长度必须在 1 到 {LongestComment} 个字符之间");
        var now = Now;
        var comment = new ApprovalComment
        {
            Id = NewId(), UserId = user, Content = content, ParentId = parent, Extra = extra, Mentions = mentions.IsDefault ? [] : mentions, CreateTime = now, UpdateTime = now,
        };
        ChangeComments(instance, user, found => parent is null || found.Comments.Any(c => c.Id == parent && !c.Deleted)
            ? found.Comments.Add(comment) : throw ApprovalRefusal.Bad($"comment {parent} not found", "没有要回复的评论"));
        return comment;
    }

    /// <summary>Keeps a definition; the apps that subscribed hear of a changed one.</summary>
    public void Put(ApprovalDefinition definition, bool changed)
    {
        lock (_gate)
        {
            if (!world.Put(definition)) throw ApprovalRefusal.Bad("there are too many approval definitions", "审批定义数量已达上限");
            if (changed) events.ApprovalDefinitionChanged(definition);
        }
    }

    public string NewCode() => Guid.Parse(world.Ids.Next("")).ToString("D").ToUpperInvariant();

    /// <summary>A number of 19 digits, as the platform's task ids are.</summary>
    public string NewId()
    {
        Span<byte> bytes = stackalloc byte[8];
        world.Ids.Fill(bytes);
        return (7_000_000_000_000_000_000 + (long)(BinaryPrimitives.ReadUInt64LittleEndian(bytes) % 999_999_999_999_999_999)).ToString(CultureInfo.InvariantCulture);
    }

    private DateTimeOffset Now => world.Clock.GetUtcNow();

    private ApprovalInstance Step(string instance, string user, string? task, string? comment, Action<InstanceRun, ApprovalTask> step, string? form = null)
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
            if (!string.IsNullOrEmpty(form)) found = found with { FormJson = forms.Read(found.Definition, form) };
            return Apply(found, run => step(run, mine));
        }
    }

    private ApprovalInstance Apply(ApprovalInstance instance, Action<InstanceRun> step)
    {
        var run = new InstanceRun(instance, Now, NewId);
        step(run);
        world.Put(run.Instance);
        events.ApprovalChanged(run.Instance, run.News);
        return run.Instance;
    }

    private ApprovalDefinition ActiveDefinition(string code)
    {
        var definition = Definition(code);
        return definition.Status switch
        {
            DefinitionStatus.Deleted => throw new ApprovalRefusal(ApprovalRefusal.Deleted, "approval is deleted", "审批定义已删除"),
            DefinitionStatus.Inactive => throw new ApprovalRefusal(ApprovalRefusal.NotActive, "approval is not active", "审批定义已停用"),
            _ => definition,
        };
    }

    private (Person Person, string? Department) Submitter(string userId, string? department)
    {
        var submitter = NeedPerson(userId);
        if (string.IsNullOrEmpty(department)) return (submitter, submitter.DepartmentIds.FirstOrDefault());
        var found = world.Departments.FirstOrDefault(d => d.OpenDepartmentId == department || d.DepartmentId == department);
        if (found is null || !submitter.DepartmentIds.Contains(found.OpenDepartmentId)) throw ApprovalRefusal.Bad($"department_id {department} is not a department of the submitter", "发起人不在该部门");
        return (submitter, found.OpenDepartmentId);
    }

    private Person NeedPerson(string userId) => world.Person(userId) is { IsResigned: false } person ? person : throw ApprovalRefusal.Person(userId);

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

    private static ApprovalRefusal NotPending(ApprovalInstance instance) =>
        ApprovalRefusal.Bad($"the instance is not pending but {(instance.Reverted ? "REVERTED" : instance.Status.ToString().ToUpperInvariant())}", "该审批已结束");
}
