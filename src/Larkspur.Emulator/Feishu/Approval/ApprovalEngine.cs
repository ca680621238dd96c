using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Globalization;
using Larkspur.Emulator.Feishu.Events;
using Larkspur.Emulator.State.Approvals;

namespace Larkspur.Emulator.Feishu.Approval;

/// <summary>Runs approvals: every action of an app, a person or a control call on a request, one at a time, and its events in the same order.</summary>
/// <remarks>What cannot be done throws <see cref="ApprovalRefusal"/> and changes nothing.</remarks>
internal sealed partial class ApprovalEngine(EmulatorState state, EventSource events, FormReader forms, ApproverFinder finder) : IResettableState
{
    private const int LongestComment = 10_000;
    private static readonly TimeSpan CompanyZone = TimeSpan.FromHours(8);
    private readonly Lock _gate = new();
    private int _serial;

    /// <summary>Serial numbers begin anew; the requests themselves are in the state.</summary>
    public void Reset() { lock (_gate) _serial = 0; }

    public ApprovalDefinition Definition(string code) =>
        state.Approval(code) ?? throw new ApprovalRefusal(ApprovalRefusal.NoDefinition, $"approval code not found: {code}", $"没有这个审批定义：{code}");

    public ApprovalInstance Instance(string code) =>
        state.ApprovalInstance(code) ?? throw new ApprovalRefusal(ApprovalRefusal.NoInstance, $"instance code not found: {code}", $"没有这个审批：{code}");

    public ApprovalInstance Create(NewRequest request)
    {
        lock (_gate)
        {
            var definition = ActiveDefinition(request.ApprovalCode);
            if (request.Uuid.Length > 0 && state.ApprovalInstance(request.Uuid) is not null) throw new ApprovalRefusal(ApprovalRefusal.UuidTaken, "uuid conflict", "uuid 已被使用");
            var (submitter, department) = Submitter(request.UserId, request.DepartmentId);
            var form = forms.Read(definition, request.Form);
            var assignees = finder.Find(definition, submitter, department, request.Approvers, request.Copies);
            foreach (var user in assignees.SelectMany(c => c.Approvers.Concat(c.CopiedTo))) NeedPerson(user);
            var now = Now;
            var code = NewCode();
            return Apply(new ApprovalInstance
            {
                Code = code, Definition = definition, SerialNumber = now.ToOffset(CompanyZone).ToString("yyyyMMdd", CultureInfo.InvariantCulture) + (++_serial % 10_000).ToString("D4", CultureInfo.InvariantCulture),
                UserId = submitter.UserId, DepartmentId = department ?? "", Uuid = request.Uuid, FormJson = form, Title = request.Title, Texts = request.Texts,
                ForbidsRevoke = request.ForbidsRevoke, StartTime = now, UpdateTime = now, Assignees = assignees, AutoNodes = request.AutoNodes,
            }, run => run.Begin());
        }
    }

    /// <summary>Who would decide, without making anything.</summary>
    public (ApprovalDefinition Definition, ImmutableArray<NodeAssignees> Assignees) Preview(NewRequest request)
    {
        var definition = ActiveDefinition(request.ApprovalCode);
        var (submitter, department) = Submitter(request.UserId, request.DepartmentId);
        if (request.Form.Length > 0) forms.Read(definition, request.Form);
        // Nodes whose approver is still to be chosen are shown without anybody.
        var fixedNodes = definition with { Nodes = [.. definition.Nodes.Select(n => n with { Approvers = [.. n.Approvers.Where(a => a.Kind != ApproverKind.Free)] })] };
        return (definition, finder.Find(fixedNodes, submitter, department, request.Approvers, request.Copies));
    }

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
            if (state.ApprovalInstance(instance) is { } found && found.Copies.Any(c => c.UserId == user && !c.Read)) Apply(found, run => run.MarkRead(user));
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
            state.Put(changed);
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
            if (!state.Put(definition)) throw ApprovalRefusal.Bad("there are too many approval definitions", "审批定义数量已达上限");
            if (changed) events.ApprovalDefinitionChanged(definition);
        }
    }

    public string NewCode() => Guid.Parse(state.Ids.Next("")).ToString("D").ToUpperInvariant();

    /// <summary>A number of 19 digits, as the platform's task ids are.</summary>
    public string NewId()
    {
        Span<byte> bytes = stackalloc byte[8];
        state.Ids.Fill(bytes);
        return (7_000_000_000_000_000_000 + (long)(BinaryPrimitives.ReadUInt64LittleEndian(bytes) % 999_999_999_999_999_999)).ToString(CultureInfo.InvariantCulture);
    }

    private DateTimeOffset Now => state.Clock.GetUtcNow();

    private ApprovalInstance Apply(ApprovalInstance instance, Action<InstanceRun> step)
    {
        var run = new InstanceRun(instance, Now, NewId);
        step(run);
        state.Put(run.Instance);
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
        var found = state.Departments.FirstOrDefault(d => d.OpenDepartmentId == department || d.DepartmentId == department);
        if (found is null || !submitter.DepartmentIds.Contains(found.OpenDepartmentId)) throw ApprovalRefusal.Bad($"department_id {department} is not a department of the submitter", "发起人不在该部门");
        return (submitter, found.OpenDepartmentId);
    }

    private Person NeedPerson(string userId) => state.Person(userId) is { IsResigned: false } person ? person : throw ApprovalRefusal.Person(userId);

    private static ApprovalRefusal NotPending(ApprovalInstance instance) =>
        ApprovalRefusal.Bad($"the instance is not pending but {(instance.Reverted ? "REVERTED" : instance.Status.ToString().ToUpperInvariant())}", "该审批已结束");
}
