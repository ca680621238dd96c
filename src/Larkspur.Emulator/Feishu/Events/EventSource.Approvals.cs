using System.Text.Json.Nodes;
using Larkspur.Emulator.Feishu.Approval;
using Larkspur.Emulator.Feishu.Im;
using Larkspur.Emulator.State.Approvals;

namespace Larkspur.Emulator.Feishu.Events;

/// <summary>What apps hear of approvals: only those that subscribed to the definition's code.</summary>
public sealed partial class EventSource
{
    internal void ApprovalDefinitionChanged(ApprovalDefinition definition)
    {
        foreach (var app in SubscribedTo(definition.Code))
        {
            Publish(app, "approval.approval.updated_v4", new JsonObject
            {
                ["object"] = new JsonObject
                {
                    ["approval_code"] = definition.Code, ["approval_id"] = definition.ApprovalId, ["version_id"] = definition.ApprovalId[..^3] + definition.Version.ToString("D3"),
                    ["form_definition_id"] = WireIds.Hash("form", definition.FormJson), ["process_obj"] = "", ["timestamp"] = state.Clock.GetUtcNow().ToUnixTimeMilliseconds(), ["extra"] = "",
                    ["widget_group_type"] = 0,
                },
            }, "approval/" + definition.Code);
        }
    }

    /// <summary>Events of one request and one type keep their order: the next waits until the one before is acknowledged or given up.</summary>
    internal void ApprovalChanged(ApprovalInstance instance, IEnumerable<ApprovalEvent> news)
    {
        var all = news.ToArray();
        foreach (var app in SubscribedTo(instance.Definition.Code))
        {
            foreach (var item in all)
            {
                var (type, body) = item switch
                {
                    InstanceEvent i => ("approval_instance", InstanceEvent(instance, i)),
                    TaskEvent t => ("approval_task", TaskEvent(app, t)),
                    CopyEvent c => ("approval_cc", CopyEvent(c)),
                    _ => throw new InvalidOperationException($"Nobody told apps how to hear of {item.GetType().Name}."),
                };
                body["approval_code"] = instance.Definition.Code;
                body["instance_code"] = instance.Code;
                if (EventScopes.Allow(app, type)) pusher.Publish(app, type, body, $"approval/{type}/{instance.Code}/{app.AppId}", legacySchema: true, inOrder: true);
            }
        }
    }

    private JsonObject InstanceEvent(ApprovalInstance instance, InstanceEvent news)
    {
        var now = state.Clock.GetUtcNow();
        return new JsonObject
        {
            ["status"] = news.Status,
            // The platform tells the time of a reverted request as a number, all others as text.
            ["operate_time"] = news.Status == "REVERTED" ? now.ToUnixTimeMilliseconds() : MessageView.Millis(now),
            ["instance_operate_time"] = MessageView.Millis(now),
            ["uuid"] = instance.Uuid,
        };
    }

    private JsonObject TaskEvent(BotApp app, TaskEvent news) => new()
    {
        ["task_id"] = news.Task.Id,
        ["user_id"] = news.Task.UserId,
        ["open_id"] = news.Task.UserId.Length == 0 ? "" : WireIds.OpenId(app.AppId, news.Task.UserId),
        ["status"] = news.Task.Status.ToString().ToUpperInvariant(),
        ["operate_time"] = MessageView.Millis(state.Clock.GetUtcNow()),
        ["custom_key"] = news.Task.CustomNodeId,
        ["def_key"] = news.Task.NodeId,
        ["extra"] = news.Extra ?? "",
    };

    private static JsonObject CopyEvent(CopyEvent news) => new()
    {
        ["id"] = news.Copy.Id,
        ["user_id"] = news.Copy.UserId,
        ["create_time"] = news.Copy.CreateTime.ToUnixTimeMilliseconds(),
        ["operate"] = news.Read ? "READ" : "CREATE",
        ["from"] = news.Copy.FromUserId,
    };

    private IEnumerable<BotApp> SubscribedTo(string approvalCode) => state.Apps.Where(a => state.IsSubscribed(a.AppId, approvalCode));
}
