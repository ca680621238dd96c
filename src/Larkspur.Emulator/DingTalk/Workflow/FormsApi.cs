using System.Text.Json.Nodes;
using Larkspur.Emulator.DingTalk.ApiPipeline;

namespace Larkspur.Emulator.DingTalk.Workflow;

/// <summary>Templates of approvals.</summary>
internal sealed class FormsApi(EmulatorState state, ApprovalEngine engine) : IDingTalkArea
{
    private const string Root = "/v1.0/workflow/";
    private const int MostPerPage = 100;

    public IEnumerable<DingTalkRoute> Routes =>
    [
        DingTalkRoute.Post(Root + "forms", Put) with { Scope = "Workflow.Form.Write" },
        DingTalkRoute.Get(Root + "forms/schemas/processCodes", Schema) with { Scope = "Workflow.Form.Read" },
        DingTalkRoute.Get(Root + "processes/userVisibilities/templates", Visible) with { Scope = "Workflow.Form.Read" },
    ];

    private DingTalkAnswer Put(DingTalkCall call)
    {
        var now = state.Clock.GetUtcNow();
        var known = call.Text("processCode") is { } code ? engine.Form(code) ?? throw DingTalkRefusal.New("processcode.error", "processCode对应的审批流程不存在") : null;
        var form = ApprovalForm.Read(known?.ProcessCode ?? NewCode(), call, known?.Created ?? now, now);
        engine.Put(form);
        return new(new JsonObject { ["result"] = new JsonObject { ["processCode"] = form.ProcessCode } });
    }

    public static string NewCode() => "PROC-" + Guid.NewGuid().ToString().ToUpperInvariant();

    private DingTalkAnswer Schema(DingTalkCall call)
    {
        var form = engine.Form(call.Need("processCode")) ?? throw DingTalkRefusal.New("formNotExist", "审批表单模板不存在");
        return new(new JsonObject
        {
            ["result"] = new JsonObject
            {
                ["formCode"] = form.ProcessCode, ["formUuid"] = "FORM-" + form.ProcessCode[5..], ["name"] = form.Name, ["memo"] = form.Description, ["ownerIdType"] = "orgId", ["status"] = "PUBLISHED", ["procType"] = "inner",
                ["schemaContent"] = new JsonObject { ["title"] = form.Name, ["icon"] = "common", ["items"] = form.Components.DeepClone() },
                ["gmtCreate"] = form.Created.ToUnixTimeMilliseconds().ToString(), ["gmtModified"] = form.Modified.ToUnixTimeMilliseconds().ToString(),
            },
        });
    }

    /// <summary>Everybody sees every template; whom a template is shown to is set in the console.</summary>
    private DingTalkAnswer Visible(DingTalkCall call)
    {
        if (call.Text("userId") is { } userId && state.Person(userId) is null) throw DingTalkRefusal.Parameter("userId", "is nobody");
        if (call.Number("maxResults") is not (>= 1 and <= MostPerPage and var size)) throw DingTalkRefusal.New("invalidMaxResults", $"maxResults must be 1 to {MostPerPage}");
        if (call.Number("nextToken") is not (>= 0 and <= int.MaxValue and var from)) throw DingTalkRefusal.New("invalidNextToken", "nextToken is missing or wrong");
        var all = engine.Forms;
        var list = all.Skip((int)from).Take((int)size).Select(f => (JsonNode?)new JsonObject { ["name"] = f.Name, ["processCode"] = f.ProcessCode, ["url"] = "", ["iconUrl"] = "", ["dirId"] = "other", ["dirName"] = "其他" });
        var result = new JsonObject { ["processList"] = new JsonArray([.. list]) };
        if (all.Count > from + size) result["nextToken"] = from + size;
        return new(new JsonObject { ["result"] = result });
    }
}
