using System.Text.Json.Nodes;
using Larkspur.Emulator.Feishu.ApiPipeline;
using Larkspur.Emulator.Feishu.Im;
using Larkspur.Emulator.State.Approvals;

namespace Larkspur.Emulator.Feishu.Approval;

/// <summary>Requests as the calls with a person's own token show them.</summary>
/// <remarks>Source: approval-v4 of the catalogue; larksuite/cli, skills/lark-approval/references.</remarks>
internal sealed class OwnApprovalsView(EmulatorState state)
{
    private const int DefaultPage = 20;
    private const int MostSummaries = 3;
    /// <summary>From this on the count of a list says 99. Source: lark-approval-tasks-query.</summary>
    private const int Uncounted = 100;

    private readonly ApprovalView _view = new(state);

    public string Id(ApiRequest request, string userId) => userId.Length == 0 ? "" : _view.Id(request, userId);

    /// <summary>Whether the call's definition and time (unix seconds, both ends included) take it in.</summary>
    public static bool Wanted(ApiRequest request, string definitionCode, DateTimeOffset time) =>
        (request.QueryText("definition_code") is not { } code || code.Equals(definitionCode, StringComparison.OrdinalIgnoreCase))
        && (Seconds(request, "start_timestamp") is not { } from || time.ToUnixTimeSeconds() >= from)
        && (Seconds(request, "end_timestamp") is not { } to || time.ToUnixTimeSeconds() <= to);

    /// <summary>The count stands on the first page only.</summary>
    public static ApiAnswer Page<T>(ApiRequest request, IReadOnlyList<T> found, string name, Func<T, JsonNode?> show)
    {
        var page = Paging.Page(request, found, show, DefaultPage, name, ApprovalRefusal.BadParameter);
        if (request.QueryText("page_token") is null) page["count"] = found.Count >= Uncounted ? Uncounted - 1 : found.Count;
        return FeishuAnswer.Data(page);
    }

    /// <summary>What both lists say of a request.</summary>
    public JsonObject Head(ApiRequest request, ApprovalInstance instance) => new()
    {
        ["instance_status"] = PersonTasks.InstanceStatusOf(instance), ["definition_code"] = instance.Definition.Code,
        ["initiator"] = Id(request, instance.UserId), ["initiator_name"] = state.Person(instance.UserId)?.Name ?? "",
        ["instance_code"] = instance.Code, ["definition_group_id"] = "", ["definition_group_name"] = "",
        ["definition_name"] = instance.Definition.Say(ApprovalCalls.Locale(request)),
        ["summaries"] = Summaries(instance, ApprovalCalls.Locale(request)), ["instance_external_id"] = "", ["link"] = "",
    };

    public JsonObject Detail(ApiRequest request, ApprovalInstance instance)
    {
        var locale = ApprovalCalls.Locale(request);
        var texts = instance.Definition.Texts;
        return new JsonObject
        {
            ["definition_name"] = instance.Definition.Say(locale), ["definition_code"] = instance.Definition.Code,
            ["instance_code"] = instance.Code, ["start_time"] = MessageView.Millis(instance.StartTime),
            ["end_time"] = ApprovalView.End(instance.EndTime), ["user_id"] = Id(request, instance.UserId),
            ["serial_number"] = instance.SerialNumber,
            ["department_id"] = instance.DepartmentId, ["status"] = instance.Status.ToString().ToUpperInvariant(),
            ["reverted"] = instance.Reverted, ["form"] = ApprovalView.Form(instance, locale),
            ["tasks"] = new JsonArray(
                [.. instance.Tasks.Select(t => (JsonNode)Task(request, t, texts.Say(t.NodeName, locale)))]),
            ["comments"] = new JsonArray([.. instance.Comments.Where(c => !c.Deleted).Select(c => (JsonNode)new JsonObject
            {
                ["id"] = c.Id, ["user_id"] = Id(request, c.UserId), ["comment"] = CommentsApi.Text(c.Content),
                ["create_time"] = MessageView.Millis(c.CreateTime), ["files"] = new JsonArray(),
            })]),
            ["operation_records"] = new JsonArray([.. instance.Timeline.Select(e => (JsonNode)Entry(request, e))]),
            ["current_nodes"] = new JsonArray(
                [.. instance.OpenTasks.GroupBy(t => t.NodeId).Select(n => (JsonNode)Node(request, n, locale, texts))]),
        };
    }

    /// <summary>A node that waits for somebody.</summary>
    private JsonObject Node(ApiRequest request, IGrouping<string, ApprovalTask> open, string locale, LocalTexts texts) => new()
    {
        ["node_id"] = open.Key, ["node_name"] = texts.Say(open.First().NodeName, locale), ["type"] = ApprovalView.Upper(open.First().Kind),
        ["approvers"] = new JsonArray([.. open.Select(t => (JsonNode)new JsonObject
        {
            ["task_id"] = t.Id, ["user_id"] = Id(request, t.UserId),
        })]),
    };

    private JsonObject Task(ApiRequest request, ApprovalTask task, string nodeName) => new()
    {
        ["id"] = task.Id, ["user_id"] = Id(request, task.UserId), ["status"] = ApprovalView.Status(task.Status), ["node_id"] = task.NodeId,
        ["node_name"] = nodeName, ["type"] = ApprovalView.Upper(task.Kind), ["start_time"] = MessageView.Millis(task.StartTime),
        ["end_time"] = ApprovalView.End(task.EndTime),
    };

    private JsonObject Entry(ApiRequest request, TimelineEntry entry)
    {
        var item = new JsonObject
        {
            ["type"] = ApprovalView.Upper(entry.Kind), ["create_time"] = MessageView.Millis(entry.Time),
            ["user_id"] = Id(request, entry.UserId), ["comment"] = entry.Comment ?? "", ["files"] = new JsonArray(),
        };
        if (entry.TaskId is { } task) item["task_id"] = task;
        if (entry.NodeKey is { } node && node != InstanceRun.StartKey) item["node_id"] = node;
        if (entry.Kind == TimelineKind.Cc) item["cc_user_ids"] = ApprovalCalls.List(entry.Others.Select(o => Id(request, o)));
        return item;
    }

    /// <summary>The first fields of the form that hold a plain value.</summary>
    private static JsonArray Summaries(ApprovalInstance instance, string locale) =>
        new([.. ApprovalView.Filled(instance, locale).OfType<JsonObject>().Where(c => c["value"] is JsonValue).Take(MostSummaries)
            .Select(c => (JsonNode)new JsonObject { ["key"] = FormReader.Text(c["name"]) ?? "", ["value"] = Plain(c["value"]!) })]);

    private static string Plain(JsonNode value) => FormReader.Text(value) ?? value.ToJsonString();

    private static long? Seconds(ApiRequest request, string name) => request.QueryText(name) is not { } text ? null
        : long.TryParse(text, out var seconds) ? seconds
        : throw ApprovalRefusal.Bad($"{name} must be unix seconds", $"{name} 必须是秒级时间戳");
}
