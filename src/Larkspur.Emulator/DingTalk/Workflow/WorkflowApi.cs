using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Larkspur.Emulator.DingTalk.ApiPipeline;

namespace Larkspur.Emulator.DingTalk.Workflow;

/// <summary>Approvals by API: requests, and actions of people.</summary>
internal sealed class WorkflowApi(EmulatorState state, ApprovalEngine engine, ApprovalFlows flows) : IDingTalkArea
{
    private const string Root = "/v1.0/workflow/";
    private const string Read = "Workflow.Instance.Read";
    private const string Write = "Workflow.Instance.Write";
    private const int MostSteps = 20;
    private const int MostCopied = 50;
    private const int MostPerPage = 20;
    private const int MostOriginators = 10;
    private const int LongestRemark = 1024;
    private const int LongestReason = 256;
    private static readonly TimeSpan LongestPeriod = TimeSpan.FromDays(120);

    public IEnumerable<DingTalkRoute> Routes =>
    [
        DingTalkRoute.Post(Root + "processInstances", Start) with { Scope = Write },
        DingTalkRoute.Get(Root + "processInstances", Get) with { Scope = Read },
        DingTalkRoute.Post(Root + "processes/instanceIds/query", Query) with { Scope = Read },
        DingTalkRoute.Post(Root + "processInstances/execute", Execute) with { Scope = Write },
        DingTalkRoute.Post(Root + "processInstances/terminate", Terminate) with { Scope = Write },
        DingTalkRoute.Post(Root + "processInstances/comments", Comment) with { Scope = Write },
        DingTalkRoute.Post(Root + "tasks/redirect", Redirect) with { Scope = Write },
        DingTalkRoute.Get(Root + "processes/todoTasks/numbers", CountToDo) with { Scope = Read },
    ];

    private DingTalkAnswer Start(DingTalkCall call)
    {
        var form = Form(call);
        var originator = Person(call, "originatorUserId");
        var steps = (call.Array("approvers") ?? []).Select(Step).ToImmutableArray();
        if (steps.Length > MostSteps) throw DingTalkRefusal.Parameter("approvers", $"has {MostSteps} entries at most");
        var department = call.Number("deptId");
        if (steps.Length == 0 && department is null) throw DingTalkRefusal.Parameter("deptId", "is required without approvers");
        if (steps.Length == 0) steps = flows.Walk(form.ProcessCode, originator, call.Array("targetSelectActioners") ?? []);
        var copied = call.Texts("ccList");
        if (copied.Count > MostCopied) throw DingTalkRefusal.Parameter("ccList", $"has {MostCopied} entries at most");
        var now = state.Clock.GetUtcNow();
        var instance = new ApprovalInstance(state.Ids.Next("")[..22], now.ToOffset(TimeSpan.FromHours(8)).ToString("yyyyMMddHHmm") + engine.NextNumber(), form, originator.UserId, department ?? -1, form.Fill(call.Array("formComponentValues")), steps, now)
        {
            Copied = [.. copied], Title = $"{originator.Name}提交的{form.Name}",
        };
        engine.Start(instance);
        return new(new JsonObject { ["instanceId"] = instance.Id });
    }

    private DingTalkAnswer Get(DingTalkCall call)
    {
        var i = Known(call.Need("processInstanceId"));
        return new(new JsonObject { ["success"] = true, ["result"] = ApprovalView.Of(i) });
    }

    /// <summary>At most 20 ids a page, of a period of 120 days that began at most 365 days ago.</summary>
    private DingTalkAnswer Query(DingTalkCall call)
    {
        var form = Form(call);
        var start = Time(call.Number("startTime") ?? throw DingTalkRefusal.Parameter("startTime", "is missing"));
        var end = call.Number("endTime") is { } given ? Time(given) : state.Clock.GetUtcNow();
        if (end - start > LongestPeriod || end < start) throw DingTalkRefusal.New("invalidEndTime", "审批实例结束时间不能小于开始时间；且查询时间范围不能超过120天。");
        if (start < state.Clock.GetUtcNow() - TimeSpan.FromDays(365)) throw DingTalkRefusal.Parameter("startTime", "is more than 365 days ago");
        var size = (int)((call.Number("maxResults") ?? MostPerPage) is >= 1 and <= MostPerPage and var wanted ? wanted : throw DingTalkRefusal.New("invalidMaxResults", $"分页参数非法，每页大小，最多传{MostPerPage}。"));
        var from = (int)((call.Number("nextToken") ?? 0) is >= 0 and <= int.MaxValue and var page ? page : throw DingTalkRefusal.Parameter("nextToken", "is wrong"));
        var (people, statuses) = (call.Texts("userIds"), call.Texts("statuses"));
        if (people.Count > MostOriginators) throw DingTalkRefusal.New("invalidUserIds", $"userIds has {MostOriginators} entries at most");
        var found = engine.Instances.Where(i => i.Form.ProcessCode == form.ProcessCode && i.Created >= start && i.Created <= end && (people.Count == 0 || people.Contains(i.Originator)) && (statuses.Count == 0 || statuses.Contains(i.Status))).ToArray();
        var result = new JsonObject { ["list"] = new JsonArray([.. found.Skip(from).Take(size).Select(i => (JsonNode?)i.Id)]) };
        if (found.Length > from + size) result["nextToken"] = (from + size).ToString();
        return new(new JsonObject { ["success"] = true, ["result"] = result });
    }

    private DingTalkAnswer Execute(DingTalkCall call)
    {
        var agree = call.Text("result") switch { "agree" => true, "refuse" => false, _ => throw DingTalkRefusal.New("invalidInstanceExecuteResult", "审批操作取值必填 且值必须为agree/refuse") };
        var instance = Known(call.Need("processInstanceId", "invalidInstanceId"));
        var taskId = call.Number("taskId") ?? throw DingTalkRefusal.New("invalidInstanceExecuteTaskId", "任务节点id不能为空");
        engine.Decide(instance.Id, taskId, Person(call, "actionerUserId", "invalidInstanceExecuteActionerUserId").UserId, agree, Remark(call, "remark", LongestRemark), ApprovalEnclosure.Of(call));
        return Done();
    }

    private DingTalkAnswer Terminate(DingTalkCall call)
    {
        var bySystem = call.Flag("isSystem");
        var instance = Known(call.Need("processInstanceId", "invalidInstanceId"));
        engine.Terminate(instance.Id, bySystem ? call.Text("operatingUserId") ?? "" : Person(call, "operatingUserId", "invalidInstanceTerminateOperatingUserId").UserId, Remark(call, "remark", LongestRemark), bySystem);
        return Done();
    }

    private DingTalkAnswer Comment(DingTalkCall call)
    {
        var instance = Known(call.Need("processInstanceId", "invalidInstanceId"));
        call.Need("text", "invalidInstanceCommentText");
        engine.Comment(instance.Id, Person(call, "commentUserId", "invalidInstanceCommentUserId").UserId, Remark(call, "text", LongestRemark), ApprovalEnclosure.Of(call));
        return Done();
    }

    private DingTalkAnswer Redirect(DingTalkCall call)
    {
        var taskId = call.Number("taskId") ?? throw DingTalkRefusal.New("param.blank", "taskId参数不能为空");
        var (by, to) = (call.Need("operateUserId", "param.blank"), call.Need("toUserId", "param.blank"));
        if (state.Person(to) is not { IsResigned: false }) throw DingTalkRefusal.New("param.illegal", "不合法的参数toUserId");
        engine.Redirect(taskId, by, to, Remark(call, "remark", LongestReason), ApprovalEnclosure.Of(call));
        // This one says no "success".
        return new(new JsonObject { ["result"] = true });
    }

    private DingTalkAnswer CountToDo(DingTalkCall call)
    {
        var userId = Person(call, "userId").UserId;
        return new(new JsonObject { ["result"] = engine.Instances.Sum(i => i.Tasks.Count(t => t.UserId == userId && t.Status == ApprovalTaskStatus.Running)) });
    }

    private ApprovalStep Step(JsonNode? item)
    {
        if (item is not JsonObject o || o["userIds"] is not JsonArray { Count: > 0 } ids) throw DingTalkRefusal.Parameter("approvers", "is no list of actionType and userIds");
        var people = ids.Select(u => state.Person(u?.ToString() ?? "")?.UserId ?? throw DingTalkRefusal.Parameter("approvers", $"{u} is unknown")).Distinct().ToImmutableArray();
        return o["actionType"]?.ToString() switch
        {
            "AND" or "OR" when people.Length > 1 => new ApprovalStep(o["actionType"]!.ToString(), people),
            "NONE" when people.Length == 1 => new ApprovalStep("NONE", people),
            _ => throw DingTalkRefusal.Parameter("approvers", "actionType must be NONE for one person, AND or OR for several"),
        };
    }

    private ApprovalForm Form(DingTalkCall call) => engine.Form(call.Need("processCode", "invalidProcessCode")) ?? throw DingTalkRefusal.New("processCodeError", "获取审批模板失败或者模板已被删除");

    private ApprovalInstance Known(string id) => engine.Find(id) ?? throw DingTalkRefusal.New("aflowProcessInstNotExist", "审批实例不存在");

    private Person Person(DingTalkCall call, string name, string missing = "invalidParameter") => state.Person(call.Need(name, missing)) ?? throw DingTalkRefusal.New("userNotExist", "用户不存在");

    private static string Remark(DingTalkCall call, string name, int longest) => (call.Text(name) ?? "") is var said && said.Length <= longest ? said : throw DingTalkRefusal.Parameter(name, $"has {longest} characters at most");

    private static DateTimeOffset Time(long milliseconds) =>
        milliseconds is >= 0 and < 253_402_300_800_000 ? DateTimeOffset.FromUnixTimeMilliseconds(milliseconds) : throw DingTalkRefusal.Parameter("startTime", "is no time in milliseconds");

    private static DingTalkAnswer Done() => new(new JsonObject { ["success"] = true, ["result"] = true });
}
