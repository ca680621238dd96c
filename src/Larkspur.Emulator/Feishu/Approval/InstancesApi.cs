using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Larkspur.Emulator.Feishu.ApiPipeline;
using Larkspur.Emulator.Feishu.Im;
using Larkspur.Emulator.State.Approvals;

namespace Larkspur.Emulator.Feishu.Approval;

/// <summary>Approval instances: creates, previews, reads, lists, withdraws them, and sends copies.</summary>
internal sealed class InstancesApi(EmulatorState state, ApprovalEngine engine) : IApiArea
{
    private static readonly TimeSpan LongestWindow = TimeSpan.FromHours(10);
    private readonly ApprovalView _view = new(state);

    public void Register(ApiHandlers on)
    {
        on.AddApproval("approval.v4.instance.create", Create);
        on.AddApproval("approval.v4.instance.preview", Preview);
        on.AddApproval("approval.v4.instance.get", Get);
        on.AddApproval("approval.v4.instance.list", List);
        on.AddApproval("approval.v4.instance.cancel", Cancel);
        on.AddApproval("approval.v4.instance.cc", CopyTo);
    }

    private ApiAnswer Create(ApiRequest request)
    {
        var instance = engine.Create(new NewRequest
        {
            ApprovalCode = request.Text("approval_code")!,
            UserId = Submitter(request),
            DepartmentId = request.Text("department_id"),
            Form = request.Text("form")!,
            Approvers = Chosen(request, "node_approver"),
            Copies = Chosen(request, "node_cc"),
            AutoNodes = [.. (request.Body["node_auto_approval_list"] as JsonArray ?? []).OfType<JsonObject>().Select(n => FormReader.Text(n["node_id"])).OfType<string>()],
            Uuid = request.Text("uuid") ?? "",
            Title = request.Text("title") ?? "",
            Texts = DefinitionReader.Texts(request.Body["i18n_resources"]),
            ForbidsRevoke = request.Flag("forbid_revoke"),
        });
        return FeishuAnswer.Data(new JsonObject { ["instance_code"] = instance.Code });
    }

    /// <summary>The nodes of a request that is not made yet, or of one that is on its way.</summary>
    private ApiAnswer Preview(ApiRequest request)
    {
        var user = state.PersonBy(request, request.Text("user_id")!);
        var known = request.Text("instance_code") is { Length: > 0 } code ? engine.Instance(code) : null;
        var (definition, assignees) = known is not null
            ? (known.Definition, known.Assignees)
            : engine.Preview(new NewRequest { ApprovalCode = request.Text("approval_code") ?? "", UserId = user, DepartmentId = request.Text("department_id"), Form = request.Text("form") ?? "" });
        var locale = ApprovalCalls.Locale(request);
        return FeishuAnswer.Data(new JsonObject
        {
            ["preview_nodes"] = new JsonArray([.. definition.Nodes.Zip(assignees).Select(n => (JsonNode)new JsonObject
            {
                ["user_id_list"] = ApprovalCalls.List(n.Second.Approvers.Select(u => _view.Id(request, u))),
                ["end_cc_id_list"] = ApprovalCalls.List(n.Second.CopiedTo.Select(u => _view.Id(request, u))),
                ["node_id"] = n.First.NodeId,
                ["node_name"] = definition.Texts.Say(n.First.Name, locale),
                ["node_type"] = ApprovalView.Upper(n.First.Kind),
                ["custom_node_id"] = n.First.CustomId,
                ["comments"] = new JsonArray(),
                ["is_empty_logic"] = n.Second.Approvers.IsEmpty && !n.First.NeedsChoice,
                ["is_approver_type_free"] = n.First.NeedsChoice,
                ["has_cc_type_free"] = n.First.CopiedTo.Any(c => c.Kind == ApproverKind.Free),
            })]),
        });
    }

    private ApiAnswer Get(ApiRequest request)
    {
        var instance = engine.Instance(request.Path["instance_id"]);
        if (request.QueryText("user_id") is { } id && !instance.Involves(state.PersonBy(request, id))) throw new ApprovalRefusal(ApprovalRefusal.NotAllowed, "no operation permission", "没有权限");
        return FeishuAnswer.Data(ApprovalView.Instance(request, instance));
    }

    /// <summary>Codes by time of submission; ten hours at most at once.</summary>
    private ApiAnswer List(ApiRequest request)
    {
        var definition = engine.Definition(request.QueryText("approval_code")!);
        var (from, to) = (ApprovalCalls.Time("start_time", request.QueryText("start_time")!), ApprovalCalls.Time("end_time", request.QueryText("end_time")!));
        if (to < from) throw ApprovalRefusal.Bad("end_time is before start_time", "结束时间早于开始时间");
        if (to - from > LongestWindow) throw ApprovalRefusal.Bad("the time between start_time and end_time is longer than 10 hours", "查询时间跨度不能超过 10 小时");
        var found = state.ApprovalInstances.Where(i => i.Definition.Code == definition.Code && i.StartTime >= from && i.StartTime <= to).ToArray();
        return FeishuAnswer.Data(Paging.Page(request, found, i => i.Code, 100, "instance_code_list", ApprovalRefusal.BadParameter));
    }

    private ApiAnswer Cancel(ApiRequest request)
    {
        engine.Cancel(engine.InstanceOf(request), state.PersonBy(request, request.Text("user_id")!));
        return FeishuAnswer.Data();
    }

    private ApiAnswer CopyTo(ApiRequest request)
    {
        engine.CopyTo(engine.InstanceOf(request), state.PersonBy(request, request.Text("user_id")!), [.. request.Texts("cc_user_ids").Select(u => state.PersonBy(request, u))], request.Text("comment"));
        return FeishuAnswer.Data();
    }

    /// <summary><c>user_id</c> goes before <c>open_id</c>.</summary>
    private string Submitter(ApiRequest request) =>
        request.Text("user_id") is { Length: > 0 } user ? state.PersonBy(request, user, "user_id")
        : request.Text("open_id") is { Length: > 0 } open ? state.PersonBy(request, open, "open_id")
        : throw ApprovalRefusal.Bad("user_id or open_id is required", "user_id 和 open_id 至少填写一个");

    /// <summary>Both lists together: by user_id and by open_id.</summary>
    private ImmutableDictionary<string, ImmutableArray<string>> Chosen(ApiRequest request, string name)
    {
        var chosen = ImmutableDictionary<string, ImmutableArray<string>>.Empty;
        foreach (var style in (string[])["user_id", "open_id"])
        {
            foreach (var entry in (request.Body[$"{name}_{style}_list"] as JsonArray ?? []).OfType<JsonObject>())
            {
                var key = FormReader.Text(entry["key"]) ?? throw ApprovalRefusal.Bad($"{name}_{style}_list: key is required", $"{name}_{style}_list 缺少 key");
                var people = (entry["value"] as JsonArray ?? []).Select(FormReader.Text).OfType<string>().Select(id => state.PersonBy(request, id, style));
                chosen = chosen.SetItem(key, [.. chosen.GetValueOrDefault(key, []).Concat(people).Distinct()]);
            }
        }

        return chosen;
    }
}
