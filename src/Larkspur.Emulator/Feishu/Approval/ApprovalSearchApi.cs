using System.Text.Json.Nodes;
using Larkspur.Emulator.Feishu.ApiPipeline;
using Larkspur.Emulator.Feishu.Im;
using Larkspur.Emulator.State.Approvals;
using TaskStatus = Larkspur.Emulator.State.Approvals.TaskStatus;

namespace Larkspur.Emulator.Feishu.Approval;

/// <summary>Looks for requests, tasks and copies of the whole company, and for what one person has to do.</summary>
/// <remarks>The platform's index is late by some seconds; here it is not.</remarks>
internal sealed class ApprovalSearchApi(EmulatorState state) : IApiArea
{
    private readonly ApprovalView _view = new(state);

    public void Register(ApiHandlers on)
    {
        on.AddApproval("approval.v4.instance.query", Instances);
        on.AddApproval("approval.v4.task.search", Tasks);
        on.AddApproval("approval.v4.instance.search_cc", Copies);
        on.AddApproval("approval.v4.task.query", OfPerson);
    }

    /// <summary>Withdrawn requests come only when they are asked for (RECALL).</summary>
    private ApiAnswer Instances(ApiRequest request)
    {
        var status = request.Text("instance_status");
        var found = Wanted(request).Where(i => InWindow(request, "instance_start_time", i.StartTime) && Titled(request, "instance_title", i) && (status switch
        {
            null or "" or "ALL" => i.Status != InstanceStatus.Canceled,
            "RECALL" => i.Status == InstanceStatus.Canceled,
            "REJECT" => i.Status == InstanceStatus.Rejected,
            _ => ApprovalView.Upper(i.Status) == status,
        }) && (UserOf(request) is not { } user || i.UserId == user)).ToArray();
        return Page(request, found, i => Head(request, i), "instance_list");
    }

    private ApiAnswer Tasks(ApiRequest request)
    {
        var statuses = request.Texts("task_status_list").Concat(request.Text("task_status") is { Length: > 0 } one ? [one] : []).ToHashSet();
        var user = UserOf(request);
        var found = Wanted(request).Where(i => Titled(request, "task_title", i)).SelectMany(i => i.Tasks.Select(t => (Instance: i, Task: t)))
            .Where(x => x.Task.UserId.Length > 0 && (user is null || x.Task.UserId == user) && InWindow(request, "task_start_time", x.Task.StartTime)
                && (statuses.Count == 0 || statuses.Contains("ALL") || statuses.Contains(StatusOf(x.Task)) || (statuses.Contains("PROCESSED") && x.Task.Status != TaskStatus.Pending)));
        var order = request.Body["order"]?.GetValue<int>() ?? 2;
        found = order switch { 0 => found.OrderByDescending(x => x.Task.EndTime ?? x.Task.StartTime), 1 => found.OrderBy(x => x.Task.EndTime ?? x.Task.StartTime), 3 => found.OrderBy(x => x.Task.StartTime), _ => found.OrderByDescending(x => x.Task.StartTime) };
        return Page(request, [.. found], x =>
        {
            var item = Head(request, x.Instance);
            item["task"] = new JsonObject
            {
                ["user_id"] = _view.Id(request, x.Task.UserId), ["start_time"] = MessageView.Millis(x.Task.StartTime), ["end_time"] = ApprovalView.End(x.Task.EndTime),
                ["status"] = StatusOf(x.Task).ToLowerInvariant(), ["title"] = x.Instance.Name(ApprovalCalls.Locale(request)), ["extra"] = "", ["link"] = Link(request, x.Instance), ["task_id"] = x.Task.Id,
                ["update_time"] = MessageView.Millis(x.Task.EndTime ?? x.Task.StartTime), ["task_external_id"] = "",
            };
            return item;
        }, "task_list");
    }

    private ApiAnswer Copies(ApiRequest request)
    {
        var user = UserOf(request);
        var read = request.Text("read_status");
        var found = Wanted(request).Where(i => Titled(request, "cc_title", i)).SelectMany(i => i.Copies.Select(c => (Instance: i, Copy: c)))
            .Where(x => (user is null || x.Copy.UserId == user) && (read is null or "" or "ALL" || x.Copy.Read == (read == "READ")) && InWindow(request, "cc_create_time", x.Copy.CreateTime)).ToArray();
        return Page(request, found, x =>
        {
            var item = Head(request, x.Instance);
            item["cc"] = new JsonObject
            {
                ["user_id"] = _view.Id(request, x.Copy.UserId), ["create_time"] = MessageView.Millis(x.Copy.CreateTime), ["read_status"] = x.Copy.Read ? "read" : "unread",
                ["title"] = x.Instance.Name(ApprovalCalls.Locale(request)), ["extra"] = "", ["link"] = Link(request, x.Instance),
            };
            return item;
        }, "cc_list");
    }

    /// <summary>A person's lists: 1 to do, 2 done, 3 submitted, 17 unread copies, 18 read copies.</summary>
    private ApiAnswer OfPerson(ApiRequest request)
    {
        var user = state.PersonBy(request, request.QueryText("user_id")!);
        if (request.Caller!.UserId is { } self && self != user)
            throw ApprovalRefusal.Bad("a person's token opens that person's list only", "用户身份只能查询本人的列表");
        var topic = request.QueryText("topic")!;
        var found = PersonTasks.Of(state, user, topic);
        var listed = found.OrderByDescending(x => x.Instance.StartTime).ToArray();
        var page = Paging.Page(request, listed, x => OfPerson(request, user, topic, x.Instance, x.TaskId, x.Status), 100, "tasks", ApprovalRefusal.BadParameter);
        // The count stands on the first page only.
        if (request.QueryText("page_token") is null) page["count"] = new JsonObject { ["total"] = listed.Length, ["has_more"] = false };
        return FeishuAnswer.Data(page);
    }

    private JsonObject OfPerson(ApiRequest request, string user, string topic, ApprovalInstance instance, string taskId, string status)
    {
        var link = Link(request, instance);
        return new JsonObject
        {
            ["topic"] = topic, ["user_id"] = _view.Id(request, user), ["title"] = instance.Name("zh-CN"),
            ["urls"] = new JsonObject { ["helpdesk"] = "", ["mobile"] = link["mobile_link"]!.DeepClone(), ["pc"] = link["pc_link"]!.DeepClone() },
            ["process_external_id"] = "", ["task_external_id"] = "", ["status"] = status,
            ["process_status"] = PersonTasks.InstanceStatusOf(instance),
            ["definition_code"] = instance.Definition.Code, ["initiators"] = ApprovalCalls.List([_view.Id(request, instance.UserId)]),
            ["initiator_names"] = ApprovalCalls.List([state.Person(instance.UserId)?.Name ?? ""]), ["task_id"] = taskId, ["process_id"] = instance.Code, ["process_code"] = instance.Code,
            ["definition_group_id"] = "", ["definition_group_name"] = "", ["definition_id"] = instance.Definition.ApprovalId, ["definition_name"] = instance.Definition.Say("zh-CN"),
        };
    }

    /// <summary>A search without any of these would be one of the whole company, which the platform refuses.</summary>
    private IEnumerable<ApprovalInstance> Wanted(ApiRequest request)
    {
        var (approval, instance) = (request.Text("approval_code"), request.Text("instance_code"));
        if (string.IsNullOrEmpty(approval) && string.IsNullOrEmpty(instance) && string.IsNullOrEmpty(request.Text("user_id")) && string.IsNullOrEmpty(request.Text("instance_external_id")) && string.IsNullOrEmpty(request.Text("group_external_id")))
        {
            throw ApprovalRefusal.Bad("one of user_id, approval_code, instance_code, instance_external_id and group_external_id is required", "user_id、approval_code、instance_code、instance_external_id、group_external_id 至少填写一个");
        }

        if (!string.IsNullOrEmpty(approval) && state.Approval(approval) is null) throw new ApprovalRefusal(ApprovalRefusal.NoDefinition, "approval code not found", "没有这个审批定义");
        if (!string.IsNullOrEmpty(instance) && state.ApprovalInstance(instance) is null) throw new ApprovalRefusal(ApprovalRefusal.NoInstance, "instance code not found", "没有这个审批");
        if (!string.IsNullOrEmpty(request.Text("instance_external_id")) || !string.IsNullOrEmpty(request.Text("group_external_id"))) return [];
        return state.ApprovalInstances.Reverse().Where(i => (string.IsNullOrEmpty(approval) || i.Definition.Code.Equals(approval, StringComparison.OrdinalIgnoreCase)) && (string.IsNullOrEmpty(instance) || i.Code.Equals(instance, StringComparison.OrdinalIgnoreCase)));
    }

    private string? UserOf(ApiRequest request) => request.Text("user_id") is { Length: > 0 } id ? state.PersonBy(request, id) : null;

    private static bool Titled(ApiRequest request, string name, ApprovalInstance instance) =>
        request.Text(name) is not { Length: > 0 } title || instance.Name("zh-CN").Contains(title, StringComparison.OrdinalIgnoreCase) || instance.Name("en-US").Contains(title, StringComparison.OrdinalIgnoreCase);

    private static bool InWindow(ApiRequest request, string name, DateTimeOffset time) =>
        (request.Text(name + "_from") is not { Length: > 0 } from || time >= ApprovalCalls.Time(name + "_from", from))
        && (request.Text(name + "_to") is not { Length: > 0 } to || time <= ApprovalCalls.Time(name + "_to", to));

    private JsonObject Head(ApiRequest request, ApprovalInstance instance) => new()
    {
        ["approval"] = new JsonObject
        {
            ["code"] = instance.Definition.Code, ["name"] = instance.Definition.Say(ApprovalCalls.Locale(request)), ["is_external"] = false,
            ["external"] = new JsonObject { ["batch_cc_read"] = false }, ["approval_id"] = instance.Definition.ApprovalId, ["icon"] = "",
        },
        ["group"] = new JsonObject { ["external_id"] = "", ["name"] = "" },
        ["instance"] = new JsonObject
        {
            ["code"] = instance.Code, ["external_id"] = "", ["user_id"] = _view.Id(request, instance.UserId), ["start_time"] = MessageView.Millis(instance.StartTime),
            ["end_time"] = ApprovalView.End(instance.EndTime), ["status"] = instance.Status.ToString().ToLowerInvariant(), ["title"] = instance.Name(ApprovalCalls.Locale(request)), ["extra"] = "",
            ["serial_id"] = instance.SerialNumber, ["link"] = Link(request, instance),
        },
    };

    /// <summary>Where a person sees the request: the inbox of the emulated client.</summary>
    private static JsonObject Link(ApiRequest request, ApprovalInstance instance)
    {
        var link = $"{request.Origin.Scheme}://{request.Origin.Host}/approvals?instance={instance.Code}";
        return new JsonObject { ["pc_link"] = link, ["mobile_link"] = link };
    }

    private static string StatusOf(ApprovalTask task) => task.Kind == TaskKind.AutoPass && task.UserId.Length > 0 ? "RM_REPEAT" : ApprovalView.Status(task.Status);

    private static ApiAnswer Page<T>(ApiRequest request, IReadOnlyList<T> found, Func<T, JsonNode?> show, string name)
    {
        var page = Paging.Page(request, found, show, 10, name, ApprovalRefusal.BadParameter);
        page["count"] = found.Count;
        return FeishuAnswer.Data(page);
    }
}
