using System.Globalization;
using System.Text.Json.Nodes;
using Larkspur.Emulator.WeCom.ApiPipeline;

namespace Larkspur.Emulator.WeCom.Approvals;

/// <summary>A request as <c>getapprovaldetail</c> shows it.</summary>
internal static class ApprovalView
{
    public static JsonObject Detail(WeComApproval approval) => new()
    {
        ["sp_no"] = approval.SpNo, ["sp_name"] = LocalTexts.Of(approval.Template.Names, chinese: true), ["sp_status"] = (int)approval.Status, ["template_id"] = approval.Template.Id,
        ["apply_time"] = approval.Created.ToUnixTimeSeconds(),
        ["applyer"] = new JsonObject { ["userid"] = approval.Applicant, ["partyid"] = approval.Department.ToString(CultureInfo.InvariantCulture) },
        ["batch_applyer"] = new JsonArray(),
        ["sp_record"] = WeComJson.List(approval.Nodes.Where(n => n.Kind != ApprovalNodeKind.Notify).Select(Record)),
        ["notifyer"] = WeComJson.List(approval.Notified.Select(p => new JsonObject { ["userid"] = p })),
        ["apply_data"] = new JsonObject { ["contents"] = new JsonArray([.. approval.Fields.Select(f => JsonNode.Parse(f.Content))]) },
        ["comments"] = WeComJson.List(approval.Comments.Select(c => new JsonObject
        {
            ["commentUserInfo"] = new JsonObject { ["userid"] = c.UserId }, ["commenttime"] = c.At.ToUnixTimeSeconds(), ["commentcontent"] = c.Text, ["commentid"] = c.Id, ["media_id"] = new JsonArray(),
        })),
        ["process_list"] = new JsonObject { ["node_list"] = WeComJson.List(approval.Nodes.Select(Node)) },
    };

    private static JsonObject Record(ApprovalNode node) => new()
    {
        ["sp_status"] = (int)node.Step, ["approverattr"] = node.Rule == ApprovalRule.Any ? 1 : 2,
        ["details"] = WeComJson.List(node.People.Select(p => new JsonObject
        {
            ["approver"] = new JsonObject { ["userid"] = p.UserId }, ["speech"] = p.Speech, ["sp_status"] = (int)p.Step, ["sptime"] = p.At?.ToUnixTimeSeconds() ?? 0, ["media_id"] = new JsonArray(),
        })),
    };

    private static JsonObject Node(ApprovalNode node) => new()
    {
        ["node_type"] = (int)node.Kind, ["sp_status"] = (int)node.Step, ["apv_rel"] = (int)node.Rule,
        ["sub_node_list"] = WeComJson.List(node.People.Select(p => new JsonObject
        {
            ["userid"] = p.UserId, ["speech"] = p.Speech, ["sp_yj"] = (int)p.Step, ["sptime"] = p.At?.ToUnixTimeSeconds() ?? 0, ["media_ids"] = new JsonArray(),
        })),
    };
}
