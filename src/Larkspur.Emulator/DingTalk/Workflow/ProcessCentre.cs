using System.Collections.Immutable;
using Larkspur.Emulator.DingTalk.ApiPipeline;

namespace Larkspur.Emulator.DingTalk.Workflow;

/// <summary>An approval that another system runs and DingTalk shows.</summary>
/// <param name="Status"><c>RUNNING</c>, <c>COMPLETED</c> or <c>TERMINATED</c>.</param>
internal sealed record CentreInstance(string Id, string ProcessCode, string Originator, string Title, string Url, ImmutableArray<ApprovalValue> Values, DateTimeOffset Created, string Status = "RUNNING", string Result = "");

/// <summary>What one person has to do in such an approval.</summary>
/// <param name="Activity">The group it belongs to, by which it can be cancelled; empty for none.</param>
/// <param name="Status"><c>RUNNING</c>, <c>COMPLETED</c> or <c>CANCELED</c>.</param>
internal sealed record CentreTask(long Id, string InstanceId, string Activity, string UserId, string Url, DateTimeOffset Created, string Status = "RUNNING", string Result = "")
{
    public DateTimeOffset? Finished { get; init; }
}

/// <summary>The process centre (流程中心): templates, approvals and tasks of other systems. It decides nothing; it shows what it is told.</summary>
internal sealed class ProcessCentre(EmulatorState state, ApprovalEngine engine) : IResettableState
{
    private const int MostTemplates = 200;
    private const int MostInstances = 5_000;
    private const int MostTasks = 20_000;

    private readonly Lock _gate = new();
    private readonly Dictionary<string, ApprovalForm> _templates = [];
    private readonly Dictionary<string, CentreInstance> _instances = [];
    private readonly Dictionary<long, CentreTask> _tasks = [];
    private readonly Queue<string> _order = [];
    private readonly Queue<long> _taskOrder = [];

    public IReadOnlyList<ApprovalForm> Templates { get { lock (_gate) return [.. _templates.Values]; } }

    public IReadOnlyList<CentreInstance> Instances { get { lock (_gate) return [.. _instances.Values.OrderBy(i => i.Created)]; } }

    public IReadOnlyList<CentreTask> Tasks { get { lock (_gate) return [.. _tasks.Values.OrderBy(t => t.Id)]; } }

    public ApprovalForm? Template(string processCode) { lock (_gate) return _templates.GetValueOrDefault(processCode); }

    public CentreInstance? Find(string id) { lock (_gate) return _instances.GetValueOrDefault(id); }

    public void Put(ApprovalForm template)
    {
        lock (_gate)
        {
            if (_templates.Values.Any(t => t.Name == template.Name && t.ProcessCode != template.ProcessCode)) throw DingTalkRefusal.New("formName.error", "已有相同名称表单");
            if (_templates.Count >= MostTemplates && !_templates.ContainsKey(template.ProcessCode)) throw DingTalkRefusal.New("processes.error", "审批流已超过最大数量");
            _templates[template.ProcessCode] = template;
        }
    }

    /// <summary>Of an internal application the template alone goes; running tasks only when that is asked for.</summary>
    public bool Remove(string processCode, bool withTasks)
    {
        lock (_gate)
        {
            if (!_templates.Remove(processCode)) return false;
            if (withTasks) Cancel(t => _instances.GetValueOrDefault(t.InstanceId)?.ProcessCode == processCode);
        }

        state.Announce(ChangeKind.ApprovalChanged);
        return true;
    }

    public void Add(CentreInstance instance)
    {
        lock (_gate)
        {
            _instances[instance.Id] = instance;
            _order.Enqueue(instance.Id);
            if (_order.Count > MostInstances) _instances.Remove(_order.Dequeue());
        }

        state.Announce(ChangeKind.ApprovalChanged);
    }

    /// <summary>All or none. Whoever has a task left loses it.</summary>
    public void End(IReadOnlyList<(string Id, string Status, string Result)> ends)
    {
        lock (_gate)
        {
            if (ends.Any(e => !_instances.ContainsKey(e.Id))) throw DingTalkRefusal.New("process.inst.notExist", "审批单不存在或已删除");
            foreach (var (id, status, result) in ends)
            {
                _instances[id] = _instances[id] with { Status = status, Result = result };
                Cancel(t => t.InstanceId == id);
            }
        }

        state.Announce(ChangeKind.ApprovalChanged);
    }

    public IReadOnlyList<CentreTask> AddTasks(CentreInstance instance, string activity, IEnumerable<(string UserId, string Url)> tasks)
    {
        CentreTask[] made;
        lock (_gate)
        {
            if (_instances[instance.Id].Status != "RUNNING") throw DingTalkRefusal.New("integrated.state.invalid", "流程实例已完结，不能继续创建任务");
            made = [.. tasks.Select(t => new CentreTask(engine.NextNumber(), instance.Id, activity, t.UserId, t.Url, state.Clock.GetUtcNow()))];
            foreach (var task in made)
            {
                _tasks[task.Id] = task;
                _taskOrder.Enqueue(task.Id);
                if (_taskOrder.Count > MostTasks) _tasks.Remove(_taskOrder.Dequeue());
            }
        }

        state.Announce(ChangeKind.ApprovalChanged);
        return made;
    }

    /// <summary>All or none.</summary>
    public void EndTasks(string instanceId, IReadOnlyList<(long Id, string Status, string Result)> ends)
    {
        lock (_gate)
        {
            // The code of a task that is not there is UNVERIFIED.
            if (ends.Any(e => !_tasks.TryGetValue(e.Id, out var task) || task.InstanceId != instanceId)) throw DingTalkRefusal.New("integrated.state.invalid", "任务不存在");
            foreach (var (id, status, result) in ends) _tasks[id] = _tasks[id] with { Status = status, Result = result, Finished = state.Clock.GetUtcNow() };
        }

        state.Announce(ChangeKind.ApprovalChanged);
    }

    public void CancelTasks(string instanceId, IReadOnlyCollection<string> activities)
    {
        lock (_gate) Cancel(t => t.InstanceId == instanceId && activities.Contains(t.Activity));
        state.Announce(ChangeKind.ApprovalChanged);
    }

    public void Reset()
    {
        lock (_gate)
        {
            _templates.Clear();
            _instances.Clear();
            _tasks.Clear();
            _order.Clear();
            _taskOrder.Clear();
        }
    }

    private void Cancel(Func<CentreTask, bool> which)
    {
        foreach (var task in _tasks.Values.Where(t => t.Status == "RUNNING" && which(t)).ToArray()) _tasks[task.Id] = task with { Status = "CANCELED", Finished = state.Clock.GetUtcNow() };
    }
}
