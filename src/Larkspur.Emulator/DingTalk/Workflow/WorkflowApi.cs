using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Larkspur.Emulator.DingTalk.Front;
using Larkspur.Emulator.World;

namespace Larkspur.Emulator.DingTalk.Workflow;

/// <summary>Approvals by API: templates, requests, deeds of people.</summary>
internal sealed class WorkflowApi(EmulatedWorld world, ApprovalDesk desk) : IDingTalkArea
{
    private const string Root = "/v1.0/workflow/";
    private const string Read = "Workflow.Instance.Read";
    private const string Write = "Workflow.Instance.Write";
    private const int MostSteps = 20;
    private const int MostCopied = 50;
    private const int MostPerPage = 20;
    private static readonly TimeSpan LongestPeriod = TimeSpan.FromDays(120);

    public IEnumerable<DingTalkRoute> Routes =>
    [
        DingTalkRoute.Post(Root + "forms", PutForm) with { Scope = "Workflow.Form.Write" },
        DingTalkRoute.Get(Root + "forms/schemas/processCodes", Schema) with { Scope = "Workflow.Form.Read" },
        DingTalkRoute.Post(Root + "processInstances", Start) with { Scope = Write },
        DingTalkRoute.Get(Root + "processInstances", Get) with { Scope = Read },
        DingTalkRoute.Post(Root + "processes/instanceIds/query", Query) with { Scope = Read },
        DingTalkRoute.Post(Root + "processInstances/execute", Execute) with { Scope = Write },
        DingTalkRoute.Post(Root + "processInstances/terminate", Terminate) with { Scope = Write },
        DingTalkRoute.Post(Root + "processInstances/comments", Comment) with { Scope = Write },
        DingTalkRoute.Post(Root + "tasks/redirect", Redirect) with { Scope = Write },
        DingTalkRoute.Get(Root + "processes/todoTasks/numbers", CountToDo) with { Scope = Read },
    ];

    private DingTalkAnswer PutForm(DingTalkCall call)
    {
        var known = call.Text("processCode");
        if (known is not null && desk.Form(known) is null) throw DingTalkRefusal.Parameter("processCode", "is unknown");
        var form = ApprovalForm.Read(known ?? "PROC-" + Guid.NewGuid().ToString().ToUpperInvariant(), call);
        if (!desk.Put(form)) throw DingTalkRefusal.New("form.tooMany", $"{ApprovalDesk.MostForms} templates at most");
        return new(new JsonObject { ["result"] = new JsonObject { ["processCode"] = form.ProcessCode } });
    }

    private DingTalkAnswer Schema(DingTalkCall call)
    {
        var form = Form(call);
        return new(new JsonObject
        {
            ["result"] = new JsonObject
            {
                ["name"] = form.Name, ["memo"] = form.Description, ["processCode"] = form.ProcessCode, ["status"] = "PUBLISHED",
                ["schemaContent"] = new JsonObject { ["title"] = form.Name, ["items"] = new JsonArray([.. form.Components.Select((c, i) => (JsonNode?)Item(c!.AsObject(), form.Fields[i]))]) },
            },
        });
    }

    private DingTalkAnswer Start(DingTalkCall call)
    {
        var form = Form(call);
        var originator = Person(call, "originatorUserId");
        var steps = (call.Array("approvers") ?? []).Select(Step).ToImmutableArray();
        if (steps.Length > MostSteps) throw DingTalkRefusal.Parameter("approvers", $"has {MostSteps} entries at most");
        var department = call.Number("deptId");
        if (steps.Length == 0 && department is null) throw DingTalkRefusal.Parameter("deptId", "is required without approvers");
        // A template's own way is drawn in the console; here it is the originator's leader, or nobody.
        if (steps.Length == 0 && originator.LeaderUserId is { } leader) steps = [new ApprovalStep("NONE", [leader])];
        var copied = call.Texts("ccList");
        if (copied.Count > MostCopied) throw DingTalkRefusal.Parameter("ccList", $"has {MostCopied} entries at most");
        var now = world.Clock.GetUtcNow();
        var instance = new ApprovalInstance(world.Ids.Next("")[..22], now.ToOffset(TimeSpan.FromHours(8)).ToString("yyyyMMddHHmm") + desk.NextNumber(), form, originator.UserId, department ?? -1, form.Fill(call.Array("formComponentValues")), steps, now)
        {
            Copied = [.. copied], Title = $"{originator.Name}提交的{form.Name}",
        };
        desk.Start(instance);
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
        var end = call.Number("endTime") is { } given ? Time(given) : world.Clock.GetUtcNow();
        if (end - start > LongestPeriod || end < start) throw DingTalkRefusal.Parameter("endTime", "the period has 120 days at most");
        if (start < world.Clock.GetUtcNow() - TimeSpan.FromDays(365)) throw DingTalkRefusal.Parameter("startTime", "is more than 365 days ago");
        var size = (int)((call.Number("maxResults") ?? MostPerPage) is >= 1 and <= MostPerPage and var wanted ? wanted : throw DingTalkRefusal.Parameter("maxResults", $"must be 1 to {MostPerPage}"));
        var from = (int)((call.Number("nextToken") ?? 0) is >= 0 and <= int.MaxValue and var page ? page : throw DingTalkRefusal.Parameter("nextToken", "is wrong"));
        var (people, statuses) = (call.Texts("userIds"), call.Texts("statuses"));
        var found = desk.Instances.Where(i => i.Form.ProcessCode == form.ProcessCode && i.Created >= start && i.Created <= end && (people.Count == 0 || people.Contains(i.Originator)) && (statuses.Count == 0 || statuses.Contains(i.Status))).ToArray();
        var result = new JsonObject { ["list"] = new JsonArray([.. found.Skip(from).Take(size).Select(i => (JsonNode?)i.Id)]) };
        if (found.Length > from + size) result["nextToken"] = (from + size).ToString();
        return new(new JsonObject { ["success"] = true, ["result"] = result });
    }

    private DingTalkAnswer Execute(DingTalkCall call)
    {
        var agree = call.Need("result") switch { "agree" => true, "refuse" => false, _ => throw DingTalkRefusal.Parameter("result", "must be agree or refuse") };
        var instance = Known(call.Need("processInstanceId"));
        desk.Decide(instance.Id, call.Number("taskId") ?? throw DingTalkRefusal.Parameter("taskId", "is missing"), Person(call, "actionerUserId").UserId, agree, call.Text("remark") ?? "");
        return Done();
    }

    private DingTalkAnswer Terminate(DingTalkCall call)
    {
        var bySystem = call.Flag("isSystem");
        desk.Terminate(Known(call.Need("processInstanceId")).Id, bySystem ? call.Text("operatingUserId") ?? "" : Person(call, "operatingUserId").UserId, call.Text("remark") ?? "", bySystem);
        return Done();
    }

    private DingTalkAnswer Comment(DingTalkCall call)
    {
        desk.Comment(Known(call.Need("processInstanceId")).Id, Person(call, "commentUserId").UserId, call.Need("text"));
        return Done();
    }

    private DingTalkAnswer Redirect(DingTalkCall call)
    {
        desk.Redirect(call.Number("taskId") ?? throw DingTalkRefusal.Parameter("taskId", "is missing"), Person(call, "operateUserId").UserId, Person(call, "toUserId").UserId, call.Text("remark") ?? "");
        return Done();
    }

    private DingTalkAnswer CountToDo(DingTalkCall call)
    {
        var userId = Person(call, "userId").UserId;
        return new(new JsonObject { ["result"] = desk.Instances.Sum(i => i.Tasks.Count(t => t.UserId == userId && t.Status == ApprovalTaskStatus.Running)) });
    }

    private ApprovalStep Step(JsonNode? item)
    {
        if (item is not JsonObject o || o["userIds"] is not JsonArray { Count: > 0 } ids) throw DingTalkRefusal.Parameter("approvers", "is no list of actionType and userIds");
        var people = ids.Select(u => world.Person(u?.ToString() ?? "")?.UserId ?? throw DingTalkRefusal.Parameter("approvers", $"{u} is unknown")).Distinct().ToImmutableArray();
        return o["actionType"]?.ToString() switch
        {
            "AND" or "OR" when people.Length > 1 => new ApprovalStep(o["actionType"]!.ToString(), people),
            "NONE" when people.Length == 1 => new ApprovalStep("NONE", people),
            _ => throw DingTalkRefusal.Parameter("approvers", "actionType must be NONE for one person, AND or OR for several"),
        };
    }

    private static JsonObject Item(JsonObject component, ApprovalField field)
    {
        var item = component.DeepClone().AsObject();
        item["componentName"] = field.Type;
        item["props"]!["componentId"] = field.Id;
        return item;
    }

    private ApprovalForm Form(DingTalkCall call) => desk.Form(call.Need("processCode")) ?? throw DingTalkRefusal.Parameter("processCode", "is unknown");

    private ApprovalInstance Known(string id) => desk.Find(id) ?? throw DingTalkRefusal.Parameter("processInstanceId", "is unknown");

    private Person Person(DingTalkCall call, string name) => world.Person(call.Need(name)) ?? throw DingTalkRefusal.Parameter(name, "is nobody");

    private static DateTimeOffset Time(long milliseconds) =>
        milliseconds is >= 0 and < 253_402_300_800_000 ? DateTimeOffset.FromUnixTimeMilliseconds(milliseconds) : throw DingTalkRefusal.Parameter("startTime", "is no time in milliseconds");

    private static DingTalkAnswer Done() => new(new JsonObject { ["success"] = true, ["result"] = true });
}
