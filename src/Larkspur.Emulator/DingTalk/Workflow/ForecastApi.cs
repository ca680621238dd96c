using System.Text.Json.Nodes;
using Larkspur.Emulator.DingTalk.ApiPipeline;

namespace Larkspur.Emulator.DingTalk.Workflow;

/// <summary>Forecasts the flow of an instance before it begins: by it an application learns where the originator has to choose.</summary>
internal sealed class ForecastApi(EmulatorState state, ApprovalEngine engine, ApprovalFlows flows) : IDingTalkArea
{
    public IEnumerable<DingTalkRoute> Routes => [DingTalkRoute.Post("/v1.0/workflow/processes/forecast", Forecast) with { Scope = "Workflow.Instance.Write" }];

    private DingTalkAnswer Forecast(DingTalkCall call)
    {
        var form = engine.Form(call.Need("processCode", "processCodeError")) ?? throw DingTalkRefusal.New("processCodeError", "获取审批模板失败或模板已删除");
        var originator = state.Person(call.Need("userId", "invalidUserId")) is { IsResigned: false } person ? person : throw DingTalkRefusal.New("userNotExist", "用户不存在");
        if (call.Number("deptId") is null) throw DingTalkRefusal.Parameter("deptId", "is missing");
        form.Fill(call.Array("formComponentValues") ?? throw DingTalkRefusal.New("componentIsNull", "表单数据为空"));
        var flow = flows.Of(form.ProcessCode, originator);
        var rules = new JsonArray();
        for (var i = 0; i < flow.Length; i++) rules.Add(Show(flow[i], i == 0 ? "start" : flow[i - 1].ActivityId));
        return new(new JsonObject
        {
            ["result"] = new JsonObject
            {
                ["isForecastSuccess"] = true, ["processCode"] = form.ProcessCode, ["userId"] = originator.UserId, ["processId"] = 1, ["isStaticWorkflow"] = true, ["workflowActivityRules"] = rules,
                ["workflowForecastNodes"] = new JsonArray([.. flow.Select(s => (JsonNode?)new JsonObject { ["activityId"] = s.ActivityId, ["outId"] = "line-" + s.ActivityId })]),
            },
        });
    }

    private JsonObject Show(FlowStep step, string before)
    {
        var shown = new JsonObject { ["activityId"] = step.ActivityId, ["prevActivityId"] = before, ["activityName"] = step.Name, ["activityType"] = step.Chosen ? "target_select" : "target_approval", ["isTargetSelect"] = step.Chosen };
        var actor = new JsonObject { ["actorKey"] = step.ActorKey, ["actorType"] = "approver", ["allowedMulti"] = true, ["approvalType"] = "MANUAL", ["approvalMethod"] = step.Method, ["actorActivateType"] = "ALL", ["required"] = true };
        if (step.Chosen)
        {
            actor["actorSelectionType"] = step.People.IsEmpty ? "allStaff" : "approvals";
            actor["actorSelectionRange"] = new JsonObject { ["approvals"] = People(step, "workNo", "userName") };
        }
        else
        {
            shown["activityActioners"] = People(step, "userId", "name");
        }

        shown["workflowActor"] = actor;
        return shown;
    }

    private JsonArray People(FlowStep step, string id, string name) => new([.. step.People.Select(p => (JsonNode?)new JsonObject { [id] = p, [name] = state.Person(p)?.Name ?? "" })]);
}
