using System.Text.Json.Nodes;
using Larkspur.Emulator.Control;
using Larkspur.Emulator.Feishu.Approval;
using Larkspur.Emulator.Feishu.Im;
using Larkspur.Emulator.State.Approvals;

namespace Larkspur.Emulator.Feishu.Control;

/// <summary>The approvals' part of <c>GET /_emulator/state</c>.</summary>
internal static class ApprovalStateView
{
    public static JsonObject Of(EmulatorState state) => new()
    {
        ["definitions"] = state.Approvals.ToJson(d => new JsonObject
        {
            ["approval_code"] = d.Code, ["name"] = d.Say("zh-CN"), ["en_name"] = d.Say("en-US"), ["status"] = ApprovalView.Upper(d.Status), ["version"] = d.Version, ["remove_repeat"] = d.SkipsRepeated,
            ["nodes"] = d.Nodes.ToJson(n => new JsonObject
            {
                ["node_id"] = n.NodeId, ["custom_node_id"] = n.CustomId, ["name"] = d.Texts.Say(n.Name, "zh-CN"), ["type"] = ApprovalView.Upper(n.Kind), ["need_approver"] = n.NeedsChoice,
            }),
            ["form"] = JsonNode.Parse(d.FormJson),
        }),
        ["instances"] = state.ApprovalInstances.ToJson(Instance),
        ["subscriptions"] = state.ApprovalSubscriptions.ToJson(s => new JsonObject { ["app_id"] = s.AppId, ["approval_code"] = s.Code }),
        ["external_definitions"] = state.ExternalApprovals.ToJson(e => new JsonObject { ["approval_code"] = e.Code, ["given_code"] = e.GivenCode, ["name"] = e.Name }),
        ["external_instances"] = state.ExternalInstances.ToJson(e => new JsonObject
        {
            ["approval_code"] = e.Code, ["instance_id"] = e.InstanceId, ["status"] = e.Status, ["user_id"] = e.UserId, ["update_time"] = e.UpdateTime,
            ["tasks"] = e.Tasks.ToJson(t => new JsonObject { ["task_id"] = t.TaskId, ["user_id"] = t.UserId, ["status"] = t.Status }),
        }),
    };

    public static string Status(ApprovalInstance instance) => instance.Reverted ? "REVERTED" : ApprovalView.Upper(instance.Status);

    private static JsonObject Instance(ApprovalInstance i) => new()
    {
        ["instance_code"] = i.Code, ["approval_code"] = i.Definition.Code, ["name"] = i.Name("zh-CN"), ["serial_number"] = i.SerialNumber, ["uuid"] = i.Uuid, ["user_id"] = i.UserId,
        ["status"] = Status(i), ["start_time"] = MessageView.Millis(i.StartTime), ["end_time"] = ApprovalView.End(i.EndTime), ["form"] = JsonNode.Parse(i.FormJson),
        ["tasks"] = i.Tasks.ToJson(t => new JsonObject
        {
            ["task_id"] = t.Id, ["user_id"] = t.UserId, ["status"] = ApprovalView.Upper(t.Status), ["type"] = ApprovalView.Upper(t.Kind), ["node_id"] = t.NodeId, ["custom_node_id"] = t.CustomNodeId,
        }),
        ["timeline"] = i.Timeline.ToJson(d => new JsonObject
        {
            ["type"] = ApprovalView.Upper(d.Kind), ["user_id"] = d.UserId, ["task_id"] = d.TaskId, ["comment"] = d.Comment, ["create_time"] = MessageView.Millis(d.Time),
            ["people"] = d.Others.IsDefaultOrEmpty ? new JsonArray() : new JsonArray([.. d.Others.Select(o => (JsonNode?)o)]),
        }),
        ["comments"] = i.Comments.Where(c => !c.Deleted).ToJson(c => new JsonObject { ["id"] = c.Id, ["user_id"] = c.UserId, ["content"] = c.Content }),
        ["cc"] = i.Copies.ToJson(c => new JsonObject { ["user_id"] = c.UserId, ["from"] = c.FromUserId, ["read"] = c.Read }),
    };
}
