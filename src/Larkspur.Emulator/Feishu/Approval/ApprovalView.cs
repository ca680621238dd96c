using System.Text.Json.Nodes;
using Larkspur.Emulator.Feishu.ApiPipeline;
using Larkspur.Emulator.Feishu.Im;
using Larkspur.Emulator.State.Approvals;
using TaskStatus = Larkspur.Emulator.State.Approvals.TaskStatus;

namespace Larkspur.Emulator.Feishu.Approval;

/// <summary>Definitions and requests as the API shows them.</summary>
internal sealed class ApprovalView(EmulatorState state)
{
    public const string StartNode = "b078ffd28db767c502ac367053f6e0ac";
    public const string EndNode = "b1a326c06d88bf042f73d70f50197905";

    public JsonObject Definition(ApiRequest request, ApprovalDefinition definition)
    {
        var locale = ApprovalCalls.Locale(request);
        var english = locale == "en-US";
        var data = new JsonObject
        {
            ["approval_name"] = definition.Say(locale),
            ["status"] = definition.Status.ToString().ToUpperInvariant(),
            ["form"] = CanonicalJson.Write(new JsonArray([.. FormReader.Controls(definition.FormJson).Select(c => (JsonNode)Localised(c, definition.Texts, locale))])),
            ["node_list"] = new JsonArray([
                Place(english ? "Submit" : "发起", StartNode, "START"),
                .. definition.Nodes.Select(n => (JsonNode)Node(request, definition, n, locale)),
                Place(english ? "End" : "结束", EndNode, "END"),
            ]),
            ["viewers"] = Viewers(request, definition),
            ["form_widget_relation"] = "{}",
        };
        if (request.QueryText("with_admin_id") is "true" or "True" or "1") data["approval_admin_ids"] = ApprovalCalls.List(definition.Managers.Select(m => Id(request, m)));
        return data;
    }

    public static JsonObject Instance(ApiRequest request, ApprovalInstance instance)
    {
        var locale = ApprovalCalls.Locale(request);
        var texts = instance.Definition.Texts;
        var data = new JsonObject
        {
            ["approval_name"] = instance.Definition.Say(locale),
            ["approval_code"] = instance.Definition.Code,
            ["instance_code"] = instance.Code,
            ["start_time"] = MessageView.Millis(instance.StartTime),
            ["end_time"] = End(instance.EndTime),
            ["serial_number"] = instance.SerialNumber,
            ["department_id"] = instance.DepartmentId,
            ["status"] = instance.Status.ToString().ToUpperInvariant(),
            ["uuid"] = instance.Uuid,
            ["form"] = Form(instance, locale),
            ["task_list"] = new JsonArray([.. instance.Tasks.Select(t => (JsonNode)Task(request, t, texts.Say(t.NodeName, locale)))]),
            ["comment_list"] = new JsonArray([.. instance.Comments.Where(c => !c.Deleted).Select(c => (JsonNode)With(request, c.UserId, new JsonObject
            {
                ["id"] = c.Id, ["comment"] = CommentsApi.Text(c.Content), ["create_time"] = MessageView.Millis(c.CreateTime), ["files"] = new JsonArray(),
            }))]),
            ["timeline"] = new JsonArray([.. instance.Timeline.Select(d => (JsonNode)Entry(request, instance, d))]),
            ["modified_instance_code"] = "",
            ["reverted_instance_code"] = "",
            ["reverted"] = instance.Reverted,
        };
        return With(request, instance.UserId, data);
    }

    /// <summary>The filled form as JSON text; choices show their text and keep the key beside it.</summary>
    public static string Form(ApprovalInstance instance, string locale) => CanonicalJson.Write(Filled(instance, locale));

    public static JsonArray Filled(ApprovalInstance instance, string locale) =>
        Filled(JsonNode.Parse(instance.FormJson)!.AsArray(), FormReader.Controls(instance.Definition.FormJson), instance.Definition.Texts, locale);

    public string Id(ApiRequest request, string userId) => MessageView.PersonId(state, request.App, userId, request.QueryText("user_id_type") ?? "open_id");

    /// <summary>Rolled back tasks are over; only their event says why.</summary>
    public static string Status(TaskStatus status) => status is TaskStatus.Rollback or TaskStatus.Reverted ? "DONE" : status.ToString().ToUpperInvariant();

    /// <summary>AUTO_PASS for AutoPass.</summary>
    public static string Upper<T>(T value) where T : struct, Enum => System.Text.Json.JsonNamingPolicy.SnakeCaseUpper.ConvertName(value.ToString());

    public static string End(DateTimeOffset? time) => time is { } at ? MessageView.Millis(at) : "0";

    /// <summary>Adds <c>open_id</c>, and <c>user_id</c> for an app that may see it.</summary>
    private static JsonObject With(ApiRequest request, string userId, JsonObject item)
    {
        item["open_id"] = userId.Length == 0 ? "" : WireIds.OpenId(request.App.AppId, userId);
        if (request.App.IsGranted("contact:user.employee_id:readonly")) item["user_id"] = userId;
        return item;
    }

    private static JsonObject Task(ApiRequest request, ApprovalTask task, string nodeName) => With(request, task.UserId, new JsonObject
    {
        ["id"] = task.Id, ["status"] = Status(task.Status), ["node_id"] = task.NodeId, ["node_name"] = nodeName, ["custom_node_id"] = task.CustomNodeId, ["type"] = Upper(task.Kind),
        ["start_time"] = MessageView.Millis(task.StartTime), ["end_time"] = End(task.EndTime),
    });

    private static JsonObject Entry(ApiRequest request, ApprovalInstance instance, TimelineEntry entry)
    {
        var item = With(request, entry.UserId, new JsonObject { ["type"] = Upper(entry.Kind), ["create_time"] = MessageView.Millis(entry.Time), ["ext"] = entry.Ext ?? "{}" });
        if (entry.TaskId is { } task) item["task_id"] = task;
        if (entry.Comment is { } comment) item["comment"] = comment;
        if (entry.NodeKey is { } key) item["node_key"] = key;
        if (entry.Others.IsDefaultOrEmpty) return item;
        if (entry.Kind == TimelineKind.Cc)
        {
            item["cc_user_list"] = new JsonArray([.. entry.Others.Select(o => (JsonNode)With(request, o, new JsonObject { ["cc_id"] = instance.Copies.LastOrDefault(c => c.UserId == o)?.Id ?? "" }))]);
            return item;
        }

        item["open_id_list"] = ApprovalCalls.List(entry.Others.Select(o => WireIds.OpenId(request.App.AppId, o)));
        if (request.App.IsGranted("contact:user.employee_id:readonly")) item["user_id_list"] = ApprovalCalls.List(entry.Others);
        return item;
    }

    private JsonObject Node(ApiRequest request, ApprovalDefinition definition, ApprovalNode node, string locale)
    {
        var item = new JsonObject
        {
            ["name"] = definition.Texts.Say(node.Name, locale), ["need_approver"] = node.NeedsChoice, ["node_id"] = node.NodeId, ["node_type"] = Upper(node.Kind),
            ["approver_chosen_multi"] = node.ChosenMulti, ["require_signature"] = false,
        };
        if (node.CustomId.Length > 0) item["custom_node_id"] = node.CustomId;
        if (node.NeedsChoice)
        {
            item["approver_chosen_range"] = new JsonArray(node.ChosenFrom.IsEmpty
                ? new JsonObject { ["approver_range_type"] = 0, ["approver_range_ids"] = new JsonArray() }
                : new JsonObject { ["approver_range_type"] = 2, ["approver_range_ids"] = ApprovalCalls.List(node.ChosenFrom.Select(u => Id(request, u))) });
        }

        return item;
    }

    private static JsonObject Place(string name, string id, string customId) => new()
    {
        ["name"] = name, ["need_approver"] = false, ["node_id"] = id, ["custom_node_id"] = customId, ["node_type"] = "OR", ["approver_chosen_multi"] = false, ["require_signature"] = false,
    };

    private JsonArray Viewers(ApiRequest request, ApprovalDefinition definition) =>
        new([.. JsonNode.Parse(definition.ViewersJson)!.AsArray().OfType<JsonObject>().Select(v =>
        {
            var item = new JsonObject { ["type"] = v["type"]!.DeepClone(), ["id"] = v["id"]?.DeepClone() ?? "" };
            if (FormReader.Text(v["user_id"]) is { Length: > 0 } user) item["user_id"] = Id(request, user);
            return (JsonNode)item;
        })]);

    private static JsonObject Localised(JsonObject control, LocalTexts texts, string locale)
    {
        var item = control.DeepClone().AsObject();
        Say(item, "name");
        foreach (var option in (item["option"] as JsonArray ?? item["value"] as JsonArray ?? []).OfType<JsonObject>()) Say(option, "text");
        if (item["children"] is JsonArray children) item["children"] = new JsonArray([.. children.OfType<JsonObject>().Select(c => (JsonNode)Localised(c, texts, locale))]);
        return item;

        void Say(JsonObject of, string name)
        {
            if (FormReader.Text(of[name]) is { } key) of[name] = texts.Say(key, locale);
        }
    }

    private static JsonArray Filled(JsonArray items, IReadOnlyList<JsonObject> controls, LocalTexts texts, string locale)
    {
        var shown = new JsonArray();
        foreach (var stored in items.OfType<JsonObject>())
        {
            var item = stored.DeepClone().AsObject();
            item["name"] = texts.Say(FormReader.Text(item["name"]) ?? "", locale);
            var control = controls.FirstOrDefault(c => FormReader.Text(c["id"]) == FormReader.Text(item["id"]));
            var options = control is null ? [] : FormReader.Options(control).ToDictionary(o => o.Key, o => texts.Say(o.Text, locale));
            switch (FormReader.Text(item["type"]))
            {
                case "radioV2" or "radio":
                    var key = FormReader.Text(item["value"]) ?? "";
                    item["value"] = options.GetValueOrDefault(key, key);
                    item["option"] = new JsonObject { ["key"] = key, ["text"] = options.GetValueOrDefault(key, key) };
                    break;
                case "checkboxV2" or "checkbox":
                    var keys = (item["value"] as JsonArray ?? []).Select(FormReader.Text).OfType<string>().ToArray();
                    item["value"] = ApprovalCalls.List(keys.Select(k => options.GetValueOrDefault(k, k)));
                    item["option"] = new JsonArray([.. keys.Select(k => (JsonNode)new JsonObject { ["key"] = k, ["text"] = options.GetValueOrDefault(k, k) })]);
                    break;
                case "fieldList":
                    var children = (control?["children"] as JsonArray ?? []).OfType<JsonObject>().ToArray();
                    item["value"] = new JsonArray([.. (item["value"] as JsonArray ?? []).OfType<JsonArray>().Select(row => (JsonNode)Filled(row, children, texts, locale))]);
                    break;
            }

            shown.Add(item);
        }

        return shown;
    }
}
