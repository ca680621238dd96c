using System.Text.Json.Nodes;
using Larkspur.Emulator.WeCom.ApiPipeline;

namespace Larkspur.Emulator.WeCom.Approvals;

/// <summary>Forms and requests in the state's JSON.</summary>
internal static class ApprovalStateView
{
    public static JsonArray Templates(ApprovalEngine engine) => WeComJson.List(engine.Templates.Select(t =>
    {
        var shown = t.Show();
        (shown["template_id"], shown["made_by"]) = (t.Id, t.MadeBy);
        shown["approvers"] = new JsonArray([.. t.Nodes.Select(n => (JsonNode?)WeComJson.List(n.People.Select(p => p.UserId)))]);
        return shown;
    }));

    public static JsonArray Approvals(ApprovalEngine engine) => WeComJson.List(engine.Approvals.Select(a =>
    {
        var shown = ApprovalView.Detail(a);
        (shown["deciders"], shown["summary"]) = (WeComJson.List(a.Deciders), WeComJson.List(a.Summary));
        return shown;
    }));
}
