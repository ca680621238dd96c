using System.Text.Json.Nodes;
using Larkspur.Emulator.DingTalk.ApiPipeline;

namespace Larkspur.Emulator.DingTalk.Workflow;

/// <summary>Approvals of other systems, shown in DingTalk.</summary>
/// <remarks>Buttons that call back by a gateway (<c>processFeatureConfig</c>, <c>featureConfig</c>) are taken and not played.</remarks>
internal sealed class ProcessCentreApi(EmulatorState state, ProcessCentre centre) : IDingTalkArea
{
    private const string Root = "/v1.0/workflow/processCentres/";
    private const string Flows = "qyapi_aflow";
    private const string Write = "Workflow.Instance.Write";
    private const int MostValues = 100;
    private const int MostNotified = 20;
    private const int MostEnds = 50;
    private const int MostTasks = 20;
    private const int MostPerPage = 40;
    private const int LongestAddress = 1024;

    public IEnumerable<DingTalkRoute> Routes =>
    [
        DingTalkRoute.Post(Root + "schemas", PutTemplate) with { Scope = "Workflow.Form.Write" },
        new DingTalkRoute("DELETE", Root + "schemas", call => Task.FromResult(RemoveTemplate(call))) { Scope = "Workflow.Form.Write" },
        DingTalkRoute.Get(Root + "schemaNames/processCodes", CodeOf) with { Scope = "Workflow.Form.Read" },
        DingTalkRoute.Post(Root + "instances", Start) with { Scope = Write },
        DingTalkRoute.Put(Root + "instances", call => End([End(call.Body)])) with { Scope = Write },
        DingTalkRoute.Put(Root + "instances/batch", EndMany) with { Scope = Write },
        DingTalkRoute.Post(Root + "tasks", AddTasks) with { Scope = Flows },
        DingTalkRoute.Put(Root + "tasks", EndTasks) with { Scope = Flows },
        DingTalkRoute.Post(Root + "tasks/cancel", CancelTasks) with { Scope = Write },
        DingTalkRoute.Get(Root + "todoTasks", ToDo) with { Scope = Flows },
    ];

    private DingTalkAnswer PutTemplate(DingTalkCall call)
    {
        var now = state.Clock.GetUtcNow();
        var known = call.Text("processCode") is { } code ? centre.Template(code) ?? throw DingTalkRefusal.New("processcode.error", "processCode对应的审批流程不存在") : null;
        var template = ApprovalForm.Read(known?.ProcessCode ?? FormsApi.NewCode(), call, known?.Created ?? now, now);
        centre.Put(template);
        return Told(new JsonObject { ["processCode"] = template.ProcessCode });
    }

    private DingTalkAnswer RemoveTemplate(DingTalkCall call)
    {
        var code = call.Need("processCode");
        return centre.Remove(code, call.Flag("cleanRunningTask")) ? Told(new JsonObject { ["processCode"] = code }) : throw DingTalkRefusal.New("processNotExist", "审批流不存在");
    }

    private DingTalkAnswer CodeOf(DingTalkCall call)
    {
        var name = call.Need("name");
        var template = centre.Templates.FirstOrDefault(t => t.Name == name) ?? throw DingTalkRefusal.New("process.error", "模板不存在");
        return Told(new JsonObject { ["processCode"] = template.ProcessCode, ["gmtModified"] = template.Modified.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm'Z'") });
    }

    private DingTalkAnswer Start(DingTalkCall call)
    {
        var template = centre.Template(call.Need("processCode", "parameter.invalid")) ?? throw DingTalkRefusal.New("process.error", "审批流不存在");
        var originator = state.Person(call.Need("originatorUserId", "parameter.invalid")) is { IsResigned: false } person ? person : throw DingTalkRefusal.New("userNotExist", "用户不存在");
        var url = call.Need("url", "parameter.invalid");
        if (url.Length > LongestAddress || (call.Array("notifiers")?.Count ?? 0) > MostNotified) throw DingTalkRefusal.New("parameter.invalid", "参数错误");
        var title = call.Text("title") ?? $"{originator.Name}的{template.Name}";
        var instance = new CentreInstance(state.Ids.Next("")[..22], template.ProcessCode, originator.UserId, title, url, template.Fill(call.Array("formComponentValueList"), MostValues), state.Clock.GetUtcNow());
        centre.Add(instance);
        return Told(new JsonObject { ["processInstanceId"] = instance.Id });
    }

    private DingTalkAnswer EndMany(DingTalkCall call) =>
        call.Array("updateProcessInstanceRequests") is { Count: > 0 and <= MostEnds } list ? End([.. list.Select(i => End(i as JsonObject ?? []))]) : throw DingTalkRefusal.New("updateOverSize", "更新审批单数量超出限制");

    private DingTalkAnswer End(IReadOnlyList<(string Id, string Status, string Result)> ends)
    {
        centre.End(ends);
        return Done();
    }

    private static (string Id, string Status, string Result) End(JsonObject told) => (told.TextOf("processInstanceId"), told.TextOf("status"), told.TextOf("result")) switch
    {
        ({ Length: > 0 } id, "COMPLETED", "agree" or "refuse") => (id, "COMPLETED", told.TextOf("result")),
        // Withdrawn, whichever of the two is said.
        ({ Length: > 0 } id, "TERMINATED", "agree" or "refuse") => (id, "TERMINATED", ""),
        _ => throw DingTalkRefusal.Parameter("status", "processInstanceId, status (COMPLETED, TERMINATED) and result (agree, refuse) are needed"),
    };

    private DingTalkAnswer AddTasks(DingTalkCall call)
    {
        var instance = Known(call);
        if (call.Array("tasks") is not { Count: > 0 and <= MostTasks } list) throw DingTalkRefusal.New("tasks.is.null", $"tasks has 1 to {MostTasks} entries");
        var made = centre.AddTasks(instance, call.Text("activityId") ?? "", [.. list.Select(Task)]);
        return new(new JsonObject { ["success"] = true, ["result"] = new JsonArray([.. made.Select(t => (JsonNode?)new JsonObject { ["taskId"] = t.Id, ["userId"] = t.UserId })]) });

        (string UserId, string Url) Task(JsonNode? item)
        {
            var o = item as JsonObject ?? [];
            var userId = state.Person(o.TextOf("userId"))?.UserId ?? throw DingTalkRefusal.New("userNotExist", "用户不存在");
            if (o.TextOf("url").Length > LongestAddress) throw DingTalkRefusal.New("task.url.error", "任务列表tasks中url长度不能超过1024字符");
            if (long.TryParse(o.TextOf("dueTimestamp"), out var due) && due < state.Clock.GetUtcNow().ToUnixTimeMilliseconds()) throw DingTalkRefusal.New("task.dueTime.error", "任务列表tasks中截止时间dueTimestamp不能小于当前任务创建时间");
            return (userId, o.TextOf("url"));
        }
    }

    private DingTalkAnswer EndTasks(DingTalkCall call)
    {
        var instance = Known(call);
        if (call.Array("tasks") is not { Count: > 0 and <= MostTasks } list) throw DingTalkRefusal.New("tasks.is.null", $"tasks has 1 to {MostTasks} entries");
        centre.EndTasks(instance.Id, [.. list.Select(item => ReadEnd(item as JsonObject ?? []))]);
        return Done();
    }

    private static (long Id, string Status, string Result) ReadEnd(JsonObject o) => (long.TryParse(o.TextOf("taskId"), out var id), o.TextOf("status"), o.TextOf("result")) switch
    {
        (true, "COMPLETED", "AGREE" or "REFUSE") => (id, "COMPLETED", o.TextOf("result")),
        (true, "CANCELED", _) => (id, "CANCELED", ""),
        _ => throw DingTalkRefusal.Parameter("tasks", "taskId, status (COMPLETED, CANCELED) and for the first result (AGREE, REFUSE) are needed"),
    };

    private DingTalkAnswer CancelTasks(DingTalkCall call)
    {
        var instance = Known(call);
        centre.CancelTasks(instance.Id, [.. call.Texts("activityIds"), call.Need("activityId")]);
        return Done();
    }

    private DingTalkAnswer ToDo(DingTalkCall call)
    {
        var userId = call.Need("userId", "integrated.params.error");
        if (call.Number("pageSize") is not (>= 1 and <= MostPerPage and var size) || call.Number("pageNumber") is not (>= 1 and <= 10_000 and var page)) throw DingTalkRefusal.New("integrated.params.error", "参数非法，请检查分页参数跟起始时间");
        // Whether createBefore bounds the time from above or from below its page does not say; it is not heeded.
        var all = centre.Tasks.Where(t => t.UserId == userId && t.Status == "RUNNING").ToArray();
        var from = (int)((page - 1) * size);
        var list = all.Skip(from).Take((int)size).Select(t => (JsonNode?)new JsonObject
        {
            ["taskId"] = t.Id, ["activityId"] = t.Activity, ["userId"] = t.UserId, ["status"] = t.Status, ["createTime"] = t.Created.ToUnixTimeMilliseconds(), ["processInstanceId"] = t.InstanceId,
        });
        return new(new JsonObject { ["taskPage"] = new JsonObject { ["hasMore"] = all.Length > from + size, ["list"] = new JsonArray([.. list]) } });
    }

    private CentreInstance Known(DingTalkCall call) => centre.Find(call.Need("processInstanceId")) ?? throw DingTalkRefusal.New("integrated.state.invalid", "流程实例不存在");

    private static DingTalkAnswer Told(JsonObject result) => new(new JsonObject { ["result"] = result });

    private static DingTalkAnswer Done() => new(new JsonObject { ["success"] = true });
}
