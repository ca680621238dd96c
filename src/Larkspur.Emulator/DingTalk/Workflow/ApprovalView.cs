using System.Text.Json.Nodes;

namespace Larkspur.Emulator.DingTalk.Workflow;

/// <summary>A request as the API tells it.</summary>
internal static class ApprovalView
{
    public static JsonObject Of(ApprovalInstance i) => new()
    {
        ["title"] = i.Title, ["status"] = i.Status, ["result"] = i.Result, ["businessId"] = i.BusinessId, ["originatorUserId"] = i.Originator, ["originatorDeptId"] = i.DepartmentId.ToString(),
        ["createTime"] = Time(i.Created), ["finishTime"] = i.Finished is { } end ? Time(end) : null, ["bizAction"] = "NONE", ["attachedProcessInstanceIds"] = new JsonArray(),
        ["approverUserIds"] = i.Steps.SelectMany(s => s.UserIds).Distinct().ToJson(), ["ccUserIds"] = i.Copied.ToJson(),
        ["formComponentValues"] = new JsonArray([.. i.Values.Select(v => (JsonNode?)new JsonObject { ["id"] = v.Id, ["name"] = v.Name, ["value"] = v.Value, ["extValue"] = "", ["componentType"] = v.Type })]),
        ["tasks"] = new JsonArray([.. i.Tasks.Select(t => (JsonNode?)Task(t))]),
        ["operationRecords"] = new JsonArray([.. i.Records.Select(r => (JsonNode?)Record(r))]),
    };

    /// <summary>What was not said is not there.</summary>
    private static JsonObject Record(ApprovalRecord r)
    {
        var shown = new JsonObject { ["userId"] = r.UserId, ["date"] = Time(r.Date), ["type"] = r.Type, ["result"] = r.Result };
        if (r.Remark.Length > 0) shown["remark"] = r.Remark;
        if (!r.Attachments.IsEmpty) shown["attachments"] = new JsonArray([.. r.Attachments.Select(a => (JsonNode?)a.Show())]);
        if (!r.Images.IsEmpty) shown["images"] = r.Images.ToJson();
        return shown;
    }

    private static JsonObject Task(ApprovalTask t) => new()
    {
        ["taskId"] = t.Id, ["userId"] = t.UserId, ["status"] = t.Status.ToString().ToUpperInvariant(), ["result"] = t.Result, ["activityId"] = $"step_{t.Step}", ["createTime"] = Time(t.Created),
        ["finishTime"] = t.Finished is { } end ? Time(end) : null, ["mobileUrl"] = "", ["pcUrl"] = "",
    };

    /// <summary>To the minute, as the reference's samples show it; whether they mean UTC is UNVERIFIED.</summary>
    private static string Time(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm'Z'");
}
