using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json.Nodes;
using Larkspur.Emulator.Feishu.ApiPipeline;
using Larkspur.Emulator.State.Approvals;

namespace Larkspur.Emulator.Feishu.Approval;

/// <summary>Requests that live in another system and are synced into the people's inbox.</summary>
internal sealed class ExternalApprovalsApi(EmulatorState state, ApprovalEngine engine) : IApiArea
{
    public void Register(ApiHandlers on)
    {
        on.AddApproval("approval.v4.external_approval.create", Define);
        on.AddApproval("approval.v4.external_approval.get", Get);
        on.AddApproval("approval.v4.external_instance.create", Sync);
        on.AddApproval("approval.v4.external_instance.check", Check);
        on.AddApproval("approval.v4.external_task.list", Tasks);
    }

    /// <summary>The same call again, under the given or the real code, changes the definition.</summary>
    private ApiAnswer Define(ApiRequest request)
    {
        var given = request.Text("approval_code")!;
        var known = state.ExternalApproval(given) ?? state.ExternalApprovals.FirstOrDefault(e => e.GivenCode == given && e.AppId == request.App.AppId);
        var external = request.Body["external"]!.AsObject();
        var callback = FormReader.Text(external["action_callback_url"]) ?? "";
        if (callback.Length > 0 && !(Uri.TryCreate(callback, UriKind.Absolute, out var address) && address.Scheme is "http" or "https")) throw ApprovalRefusal.Bad("external.action_callback_url must be an absolute http address", "action_callback_url 必须是完整的 http 地址");
        var texts = DefinitionReader.Texts(request.Body["i18n_resources"]);
        var approval = new ExternalApproval(known?.Code ?? engine.NewCode(), known?.GivenCode ?? given, request.App.AppId, texts.Say(request.Text("approval_name")!, "zh-CN"), CanonicalJson.Write(Known(request)),
            callback, FormReader.Text(external["action_callback_token"]) ?? "", FormReader.Text(external["action_callback_key"]) ?? "");
        if (!state.Put(approval)) throw ApprovalRefusal.Bad("there are too many approval definitions", "审批定义数量已达上限");
        return FeishuAnswer.Data(new JsonObject { ["approval_code"] = approval.Code });
    }

    /// <summary>As it was given, the callback's token and key included (external_approval/get).</summary>
    private ApiAnswer Get(ApiRequest request)
    {
        var approval = Find(request.Path["approval_code"]);
        var body = JsonNode.Parse(approval.BodyJson)!.AsObject();
        body["approval_code"] = approval.Code;
        return FeishuAnswer.Data(body);
    }

    private ApiAnswer Sync(ApiRequest request)
    {
        var approval = Find(request.Text("approval_code")!);
        var body = Known(request);
        var known = state.ExternalInstance(approval.Code, request.Text("instance_id")!);
        var update = Number("update_time", request.Text("update_time")!);
        var user = Person(request, body) ?? known?.UserId ?? throw ApprovalRefusal.Bad("user_id or open_id is required", "user_id 和 open_id 至少填写一个");
        var tasks = (body["task_list"] as JsonArray ?? []).OfType<JsonObject>().Select(t => Task(request, t, update)).ToImmutableArray();
        if (tasks.DistinctBy(t => t.TaskId).Count() != tasks.Length) throw ApprovalRefusal.Bad("task_list: a task_id is given twice", "task_list 的 task_id 重复");
        // REPLACE leaves only what is named; UPDATE keeps the other tasks.
        if (request.Text("update_mode") == "UPDATE" && known is not null) tasks = [.. known.Tasks.Where(k => tasks.All(t => t.TaskId != k.TaskId)), .. tasks];
        var texts = DefinitionReader.Texts(request.Body["i18n_resources"]);
        var title = texts.Say(request.Text("title") is { Length: > 0 } said ? said : approval.Name, "zh-CN");
        var kept = state.Put(new ExternalInstance(approval.Code, request.Text("instance_id")!, request.App.AppId, request.Text("status")!, user, title, Number("start_time", request.Text("start_time")!), update, CanonicalJson.Write(body), tasks))
            ?? throw ApprovalRefusal.Bad("there are too many instances", "审批实例数量已达上限");
        return FeishuAnswer.Data(new JsonObject { ["data"] = JsonNode.Parse(kept.BodyJson) });
    }

    /// <summary>Which of them are kept here in another state than the caller has.</summary>
    private ApiAnswer Check(ApiRequest request)
    {
        var different = new JsonArray();
        foreach (var asked in request.Body["instances"]!.AsArray().OfType<JsonObject>())
        {
            var id = FormReader.Text(asked["instance_id"])!;
            var known = state.ExternalInstances.FirstOrDefault(i => i.InstanceId == id && i.AppId == request.App.AppId);
            var tasks = asked["tasks"]!.AsArray().OfType<JsonObject>().Select(t => (Id: FormReader.Text(t["task_id"])!, Time: Number("update_time", FormReader.Text(t["update_time"])!)))
                .Where(t => known?.Tasks.FirstOrDefault(k => k.TaskId == t.Id)?.UpdateTime != t.Time).ToArray();
            if (known?.UpdateTime == Number("update_time", FormReader.Text(asked["update_time"])!) && tasks.Length == 0) continue;
            different.Add(new JsonObject
            {
                ["instance_id"] = id, ["update_time"] = Text(known?.UpdateTime),
                ["tasks"] = new JsonArray([.. tasks.Select(t => (JsonNode)new JsonObject { ["task_id"] = t.Id, ["update_time"] = Text(known?.Tasks.FirstOrDefault(k => k.TaskId == t.Id)?.UpdateTime) })]),
            });
        }

        return FeishuAnswer.Data(new JsonObject { ["diff_instances"] = different });
    }

    private ApiAnswer Tasks(ApiRequest request)
    {
        var (codes, ids, status) = (request.Texts("approval_codes"), request.Texts("instance_ids"), request.Text("status"));
        var users = request.Texts("user_ids");
        var found = state.ExternalInstances.Where(i => i.AppId == request.App.AppId && (codes.Count == 0 || codes.Contains(i.Code)) && (ids.Count == 0 || ids.Contains(i.InstanceId)))
            .Select(i => (Instance: i, Tasks: i.Tasks.Where(t => (users.Count == 0 || users.Contains(t.UserId)) && (string.IsNullOrEmpty(status) || t.Status == status)).ToArray()))
            .Where(x => x.Tasks.Length > 0).ToArray();
        return FeishuAnswer.Data(Paging.Page(request, found, x => new JsonObject
        {
            ["instance_id"] = x.Instance.InstanceId, ["approval_id"] = x.Instance.Code, ["approval_code"] = x.Instance.Code, ["status"] = x.Instance.Status, ["update_time"] = Text(x.Instance.UpdateTime),
            ["tasks"] = new JsonArray([.. x.Tasks.Select(t => (JsonNode)new JsonObject { ["id"] = t.TaskId, ["status"] = t.Status, ["update_time"] = Text(t.UpdateTime) })]),
        }, 50, "data", ApprovalRefusal.BadParameter));
    }

    private ExternalTask Task(ApiRequest request, JsonObject task, long instanceUpdate) => new(
        FormReader.Text(task["task_id"])!, Person(request, task) ?? throw ApprovalRefusal.Bad("task_list: user_id or open_id is required", "task_list 的 user_id 和 open_id 至少填写一个"),
        FormReader.Text(task["status"])!, FormReader.Text(task["update_time"]) is { Length: > 0 } time ? Number("task_list: update_time", time) : instanceUpdate, FormReader.Text(task["action_context"]) ?? "",
        [.. (task["action_configs"] as JsonArray ?? []).OfType<JsonObject>().Select(a => new ExternalAction(
            FormReader.Text(a["action_type"])!, DefinitionReader.Texts(request.Body["i18n_resources"]).Say(FormReader.Text(a["action_name"]) ?? "", "zh-CN"), a["is_reason_required"]?.GetValue<bool>() == true))]);

    private ExternalApproval Find(string code) => state.ExternalApproval(code) ?? throw new ApprovalRefusal(ApprovalRefusal.NoDefinition, $"approval code not found: {code}", $"没有这个审批定义：{code}");

    private string? Person(ApiRequest request, JsonObject item) =>
        FormReader.Text(item["user_id"]) is { Length: > 0 } user ? state.PersonBy(request, user, "user_id")
        : FormReader.Text(item["open_id"]) is { Length: > 0 } open ? state.PersonBy(request, open, "open_id") : null;

    private static JsonObject Known(ApiRequest request) =>
        new(request.Body.Where(m => request.Endpoint.Body.Any(f => f.Name == m.Key)).Select(m => KeyValuePair.Create(m.Key, m.Value?.DeepClone())));

    private static long Number(string name, string text) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : throw ApprovalRefusal.Bad($"{name} must be Unix milliseconds", $"{name} 必须是毫秒时间戳");

    private static string Text(long? time) => (time ?? 0).ToString(CultureInfo.InvariantCulture);
}
