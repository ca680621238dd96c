using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Larkspur.Emulator.DingTalk.Events;
using Larkspur.Emulator.DingTalk.ApiPipeline;

namespace Larkspur.Emulator.DingTalk.Workflow;

/// <summary>Templates and requests, and every action that moves a request; each action is pushed as the platform pushes it.</summary>
internal sealed class ApprovalEngine(EmulatorState state, EventDeliveries events) : IResettableState
{
    public const int MostForms = 200;
    public const int MostInstances = 20_000;
    /// <summary>A request cannot be withdrawn before.</summary>
    public static readonly TimeSpan Settling = TimeSpan.FromSeconds(15);

    private readonly Lock _gate = new();
    private readonly Dictionary<string, ApprovalForm> _forms = [];
    private readonly Dictionary<string, ApprovalInstance> _instances = [];
    private readonly Queue<string> _order = [];
    private long _numbers = 70_000_000;

    public IReadOnlyList<ApprovalForm> Forms { get { lock (_gate) return [.. _forms.Values]; } }

    public IReadOnlyList<ApprovalInstance> Instances { get { lock (_gate) return [.. _instances.Values.OrderBy(i => i.Created)]; } }

    public ApprovalForm? Form(string processCode) { lock (_gate) return _forms.GetValueOrDefault(processCode); }

    public ApprovalInstance? Find(string id) { lock (_gate) return _instances.GetValueOrDefault(id); }

    /// <exception cref="DingTalkRefusal">There are too many, or another one has the name.</exception>
    public void Put(ApprovalForm form)
    {
        lock (_gate)
        {
            if (_forms.Values.Any(f => f.Name == form.Name && f.ProcessCode != form.ProcessCode)) throw DingTalkRefusal.New("formName.error", "已有相同名称表单");
            // The code of one too many is UNVERIFIED.
            if (_forms.Count >= MostForms && !_forms.ContainsKey(form.ProcessCode)) throw DingTalkRefusal.New("processes.error", "审批流已超过最大数量");
            _forms[form.ProcessCode] = form;
        }
    }

    public void Start(ApprovalInstance instance)
    {
        lock (_gate)
        {
            instance = Enter(instance with { Records = [new ApprovalRecord(instance.Originator, instance.Created, "START_PROCESS_INSTANCE", "NONE", "")] }, 0);
            _instances[instance.Id] = instance;
            _order.Enqueue(instance.Id);
            if (_order.Count > MostInstances) _instances.Remove(_order.Dequeue());
        }

        TellInstance(instance, "start", instance.Originator);
        foreach (var task in instance.Tasks) TellTask(instance, task, "start");
        if (instance.Status == "COMPLETED") TellInstance(instance, "finish", instance.Originator);
    }

    /// <summary>An approver decides.</summary>
    /// <exception cref="DingTalkRefusal">There is nothing to decide for them.</exception>
    public void Decide(string id, long? taskId, string userId, bool agree, string remark, ApprovalEnclosure? enclosed = null) => Move(id, instance =>
    {
        var task = Open(instance, taskId, userId) ?? throw DingTalkRefusal.New("aflowProcessInstCanNotBeExecuted", "审批状态异常，无法执行");
        var now = state.Clock.GetUtcNow();
        instance = instance with
        {
            Tasks = instance.Tasks.Replace(task, task with { Status = ApprovalTaskStatus.Completed, Result = agree ? "AGREE" : "REFUSE", Finished = now }),
            Records = instance.Records.Add(new ApprovalRecord(userId, now, "EXECUTE_TASK_NORMAL", agree ? "AGREE" : "REFUSE", remark).With(enclosed ?? ApprovalEnclosure.None)),
        };
        if (!agree) return End(instance, "COMPLETED", "refuse");
        var mates = instance.Tasks.Where(t => t.Step == task.Step && t.Result != "REDIRECTED").ToArray();
        var enough = instance.Steps[task.Step].ActionType == "OR" || mates.All(t => t.Status == ApprovalTaskStatus.Completed);
        return enough ? Enter(Cancel(instance), task.Step + 1) : instance;
    }, userId, remark);

    /// <summary>Somebody else is to decide; only who has to decide now can say so.</summary>
    public void Redirect(long taskId, string userId, string to, string remark, ApprovalEnclosure enclosed)
    {
        var found = Instances.FirstOrDefault(i => i.Tasks.Any(t => t.Id == taskId)) ?? throw DingTalkRefusal.New("param.illegal", "不合法的参数taskId");
        Move(found.Id, present =>
        {
            if (present.Status != "RUNNING") throw DingTalkRefusal.New("instance.status.error", "当前流程实例状态不是运行中不支持转交操作");
            var task = present.Tasks.First(t => t.Id == taskId);
            if (task.Status != ApprovalTaskStatus.Running) throw DingTalkRefusal.New("task.status.error", "当前任务状态不是运行中不支持转交操作");
            if (task.UserId != userId) throw DingTalkRefusal.New("param.illegal.operator", "不合法的参数operateUserId");
            var now = state.Clock.GetUtcNow();
            return present with
            {
                Tasks = present.Tasks.Replace(task, task with { Status = ApprovalTaskStatus.Completed, Result = "REDIRECTED", Finished = now }).Add(NewTask(task.Step, to)),
                Records = present.Records.Add(new ApprovalRecord(userId, now, "REDIRECT_TASK", "NONE", remark).With(enclosed)),
            };
        }, userId, remark);
    }

    public void Terminate(string id, string userId, string remark, bool bySystem) => Move(id, instance =>
    {
        if (instance.Status != "RUNNING") throw Wrong("审批实例已结束");
        if (!bySystem && instance.Originator != userId) throw Wrong("只有发起人可以撤销");
        if (state.Clock.GetUtcNow() < instance.Created + Settling) throw Wrong("发起15秒内不能撤销");
        return End(instance with { Records = instance.Records.Add(new ApprovalRecord(userId, state.Clock.GetUtcNow(), "TERMINATE_PROCESS_INSTANCE", "NONE", remark)) }, "TERMINATED", "");
    }, userId, remark);

    public void Comment(string id, string userId, string text, ApprovalEnclosure enclosed) =>
        Move(id, i => i with { Records = i.Records.Add(new ApprovalRecord(userId, state.Clock.GetUtcNow(), "ADD_REMARK", "NONE", text).With(enclosed)) }, userId, text);

    public long NextNumber() => Interlocked.Increment(ref _numbers);

    public void Reset()
    {
        lock (_gate)
        {
            _forms.Clear();
            _instances.Clear();
            _order.Clear();
        }
    }

    private void Move(string id, Func<ApprovalInstance, ApprovalInstance> change, string by, string remark)
    {
        ApprovalInstance before, after;
        lock (_gate)
        {
            before = _instances.GetValueOrDefault(id) ?? throw DingTalkRefusal.New("aflowProcessInstNotExist", "审批实例不存在");
            _instances[id] = after = change(before);
        }

        state.Announce(ChangeKind.ApprovalChanged);
        foreach (var task in after.Tasks)
        {
            var old = before.Tasks.FirstOrDefault(t => t.Id == task.Id);
            if (old is null) TellTask(after, task, "start");
            else if (old.Status != task.Status) TellTask(after, task, task.Status == ApprovalTaskStatus.Canceled ? "cancel" : "finish", remark);
        }

        if (before.Status != after.Status) TellInstance(after, after.Status == "TERMINATED" ? "terminate" : "finish", by, remark);
    }

    /// <summary>The next step with somebody in it; behind the last, all have agreed.</summary>
    private ApprovalInstance Enter(ApprovalInstance instance, int step) =>
        step >= instance.Steps.Length ? End(instance, "COMPLETED", "agree") : instance with { Tasks = instance.Tasks.AddRange(instance.Steps[step].UserIds.Select(u => NewTask(step, u))) };

    private ApprovalInstance End(ApprovalInstance instance, string status, string result) => Cancel(instance) with { Status = status, Result = result, Finished = state.Clock.GetUtcNow() };

    private ApprovalInstance Cancel(ApprovalInstance instance) =>
        instance with { Tasks = [.. instance.Tasks.Select(t => t.Status == ApprovalTaskStatus.Running ? t with { Status = ApprovalTaskStatus.Canceled, Finished = state.Clock.GetUtcNow() } : t)] };

    private ApprovalTask NewTask(int step, string userId) => new(NextNumber(), step, userId, ApprovalTaskStatus.Running, "NONE", state.Clock.GetUtcNow());

    private static ApprovalTask? Open(ApprovalInstance instance, long? taskId, string userId) =>
        instance.Tasks.FirstOrDefault(t => t.Status == ApprovalTaskStatus.Running && t.UserId == userId && (taskId is null || t.Id == taskId));

    private void TellInstance(ApprovalInstance i, string type, string by, string remark = "")
    {
        var data = Event(i, type, by, remark, i.Created, type is "finish" or "terminate" ? i.Finished : null);
        if (type == "finish") data["result"] = i.Result;
        events.Begin("bpms_instance_change", data);
    }

    private void TellTask(ApprovalInstance i, ApprovalTask t, string type, string remark = "")
    {
        var data = Event(i, type, t.UserId, remark, t.Created, t.Finished);
        data["taskId"] = t.Id;
        if (type == "finish") data["result"] = t.Result switch { "AGREE" => "agree", "REFUSE" => "refuse", _ => "redirect" };
        events.Begin("bpms_task_change", data);
    }

    private static JsonObject Event(ApprovalInstance i, string type, string by, string remark, DateTimeOffset created, DateTimeOffset? finished)
    {
        var data = new JsonObject
        {
            ["processInstanceId"] = i.Id, ["processCode"] = i.Form.ProcessCode, ["businessId"] = i.BusinessId, ["title"] = i.Title, ["type"] = type, ["staffId"] = by, ["createTime"] = created.ToUnixTimeMilliseconds(),
        };
        if (finished is { } at) data["finishTime"] = at.ToUnixTimeMilliseconds();
        if (remark.Length > 0) data["remark"] = remark;
        return data;
    }

    private static DingTalkRefusal Wrong(string why) => DingTalkRefusal.New("aflowProcessInstStatusException", why);
}
