using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Larkspur.Emulator.Feishu.ApiPipeline;
using Larkspur.Emulator.State.Approvals;

namespace Larkspur.Emulator.Feishu.Approval;

/// <summary>Validates and reads a definition that an app makes.</summary>
internal sealed class DefinitionReader(EmulatorState state)
{
    private const int ShortestKey = 9;
    private const int MostControls = 200;
    private const int MostNodes = 100;
    private const int MostRevertSeconds = 10 * 365 * 24 * 3600;

    /// <summary>Kinds of controls that definitions made by an app can have.</summary>
    private static readonly ImmutableHashSet<string> Creatable =
    [
        "input", "textarea", "number", "amount", "radioV2", "radio", "checkboxV2", "checkbox", "date", "dateInterval", "contact", "department", "connect", "document",
        "attachmentV2", "attachment", "image", "imageV2", "fieldList", "telephone", "address", "text", "account",
    ];

    public ApprovalDefinition Read(ApiRequest request, string code, string approvalId)
    {
        var texts = Texts(request.Body["i18n_resources"]);
        if (texts.ByLocale.IsEmpty) throw ApprovalRefusal.Bad("i18n_resources is empty", "i18n_resources 为空");
        var name = Key("approval_name", request.Text("approval_name")!, texts);
        if (name.Length < ShortestKey) throw ApprovalRefusal.Bad($"approval_name: a key has at least {ShortestKey} characters", $"approval_name 的 key 至少 {ShortestKey} 个字符");
        var settings = request.Body["settings"] as JsonObject;
        var seconds = Number(settings?["revert_interval"]) ?? (int)TimeSpan.FromDays(31).TotalSeconds;
        if (seconds is < 0 or > MostRevertSeconds) throw ApprovalRefusal.Bad("settings.revert_interval is out of range", "settings.revert_interval 超出范围");
        return new ApprovalDefinition
        {
            Code = code, ApprovalId = approvalId, Name = name, Texts = texts,
            Description = request.Text("description") is { Length: > 0 } description ? Key("description", description, texts) : "",
            FormJson = Form(FormReader.Text(request.Body["form"]?["form_content"]) ?? "", texts),
            Nodes = Nodes(request, code, texts),
            ViewersJson = Viewers(request),
            Managers = [.. request.Texts("process_manager_ids").Select(m => state.PersonBy(request, m))],
            RejectReturns = Number(settings?["reject_option"]) == 1,
            RevertWithin = TimeSpan.FromSeconds(seconds),
        };
    }

    /// <summary>Texts of a call's <c>i18n_resources</c>; none when it gives none.</summary>
    public static LocalTexts Texts(JsonNode? resources)
    {
        var all = (resources as JsonArray ?? []).OfType<JsonObject>().ToArray();
        if (all.Length == 0) return LocalTexts.None;
        var byLocale = ImmutableDictionary<string, ImmutableDictionary<string, string>>.Empty;
        foreach (var resource in all)
        {
            var texts = ImmutableDictionary<string, string>.Empty;
            foreach (var text in (resource["texts"] as JsonArray ?? []).OfType<JsonObject>()) texts = texts.SetItem(FormReader.Text(text["key"])!, FormReader.Text(text["value"])!);
            byLocale = byLocale.SetItem(FormReader.Text(resource["locale"])!, texts);
        }

        var usual = all.FirstOrDefault(r => r["is_default"]?.GetValue<bool>() == true) ?? all[0];
        return new LocalTexts(FormReader.Text(usual["locale"])!, byLocale);
    }

    private static string Form(string content, LocalTexts texts)
    {
        JsonArray? controls = null;
        try
        {
            controls = content.Length > FormReader.MostCharacters ? null : StrictJson.Parse(content) as JsonArray;
        }
        catch (JsonException)
        {
            throw ApprovalRefusal.Bad("form.form_content is not valid JSON", "form_content 不是合法的 JSON");
        }

        if (controls is null || controls.Count is 0 or > MostControls || controls.Any(c => c is not JsonObject)) throw ApprovalRefusal.Bad($"form.form_content must be a JSON list of 1 to {MostControls} controls", "form_content 必须是控件列表");
        HashSet<string> ids = [];
        foreach (var control in controls.OfType<JsonObject>()) CheckControl(control, texts, ids);
        return CanonicalJson.Write(controls);
    }

    private static void CheckControl(JsonObject control, LocalTexts texts, HashSet<string> ids)
    {
        var id = FormReader.Text(control["id"]);
        if (string.IsNullOrEmpty(id)) throw ApprovalRefusal.Bad("form.form_content: a control has no id", "有控件缺少 id");
        foreach (var name in new[] { id, FormReader.Text(control["custom_id"]) }.Where(n => !string.IsNullOrEmpty(n)).Distinct())
        {
            if (!ids.Add(name!)) throw ApprovalRefusal.Bad($"form.form_content: control id {name} is given twice", $"控件 id {name} 重复");
        }

        var type = FormReader.Text(control["type"]) ?? "";
        if (!Creatable.Contains(type)) throw ApprovalRefusal.Bad($"form.form_content: control {id} has the type {type}, which the API cannot make", $"控件 {id} 的类型 {type} 不支持通过接口创建");
        Key($"form.form_content: the name of control {id}", FormReader.Text(control["name"]) ?? "", texts);
        if (type is "radioV2" or "radio" or "checkboxV2" or "checkbox")
        {
            var options = FormReader.Options(control).ToArray();
            if (options.Length == 0 || options.Any(o => o.Key.Length == 0) || options.DistinctBy(o => o.Key).Count() != options.Length) throw ApprovalRefusal.Bad($"form.form_content: control {id} needs options with different keys", $"控件 {id} 的选项缺失或重复");
            foreach (var option in options) Key($"form.form_content: an option of control {id}", option.Text, texts);
        }

        if (type != "fieldList") return;
        // Made as "value", shown as "children": approval-definition-form-control-parameters.
        if (control["children"] is null && control["value"] is JsonArray made)
        {
            control.Remove("value");
            control["children"] = made;
        }

        var children = (control["children"] as JsonArray ?? []).OfType<JsonObject>().ToArray();
        if (children.Length is 0 or > MostControls || children.Any(c => FormReader.Text(c["type"]) == "fieldList")) throw ApprovalRefusal.Bad($"form.form_content: control {id} needs children, and none of them a list", $"明细控件 {id} 的子控件不合法");
        foreach (var child in children) CheckControl(child, texts, ids);
    }

    /// <summary>The first node is START, the last END; these two have no approvers.</summary>
    private ImmutableArray<ApprovalNode> Nodes(ApiRequest request, string code, LocalTexts texts)
    {
        var all = (request.Body["node_list"] as JsonArray ?? []).OfType<JsonObject>().ToArray();
        var ids = all.Select(n => FormReader.Text(n["id"])!).ToArray();
        if (all.Length is < 3 or > MostNodes || ids[0] != "START" || ids[^1] != "END") throw ApprovalRefusal.Bad("node_list must begin with START, end with END and have nodes between", "node_list 必须以 START 开始、以 END 结束，中间至少一个节点");
        if (ids.Distinct().Count() != ids.Length) throw ApprovalRefusal.Bad("node_list: an id is given twice", "node_list 的 id 重复");
        return [.. all[1..^1].Select(n => Node(request, code, n, texts))];
    }

    private ApprovalNode Node(ApiRequest request, string code, JsonObject node, LocalTexts texts)
    {
        var id = FormReader.Text(node["id"])!;
        var kind = FormReader.Text(node["node_type"]) switch { "OR" => NodeKind.Or, "SEQUENTIAL" => NodeKind.Sequential, _ => NodeKind.And };
        var approvers = People(request, id, node["approver"]);
        if (approvers.IsEmpty) throw ApprovalRefusal.Bad($"node_list: node {id} has no approver", $"节点 {id} 没有审批人");
        if (kind == NodeKind.Sequential && approvers.Any(a => a.Kind != ApproverKind.Free)) throw ApprovalRefusal.Bad($"node_list: node {id} is SEQUENTIAL and can only have the approver type Free", $"依次审批的节点 {id} 只支持发起人自选");
        var ranges = (node["approver_chosen_range"] as JsonArray ?? []).OfType<JsonObject>().ToArray();
        return new ApprovalNode
        {
            NodeId = WireIds.Hash("approval-node", code + "/" + id), CustomId = id, Kind = kind, Approvers = approvers, CopiedTo = People(request, id, node["ccer"]),
            Name = Key($"node_list: the name of node {id}", FormReader.Text(node["name"]) ?? "", texts),
            ChosenMulti = node["approver_chosen_multi"]?.GetValue<bool>() == true,
            ChosenFrom = ranges.Any(r => FormReader.Text(r["type"]) == "ALL") ? [] : [.. ranges.SelectMany(r => Range(request, r)).Distinct()],
            OwnRequest = FormReader.Text(node["starter_assignee"]) switch
            {
                "AUTO_PASS" => OwnRequest.AutoPass, "SUPERVISOR" => OwnRequest.Supervisor, "DEPARTMENT_MANAGER" => OwnRequest.DepartmentManager, _ => OwnRequest.Starter,
            },
        };
    }

    private IEnumerable<string> Range(ApiRequest request, JsonObject range)
    {
        var ids = (range["id_list"] as JsonArray ?? []).Select(FormReader.Text).OfType<string>();
        return FormReader.Text(range["type"]) == "ROLE"
            ? ids.SelectMany(i => (state.Role(i) ?? throw ApprovalRefusal.Bad($"approver_chosen_range: role {i} not found", $"没有角色 {i}")).Members)
            : ids.Select(i => state.PersonBy(request, i));
    }

    private ImmutableArray<Approver> People(ApiRequest request, string node, JsonNode? list) => [.. (list as JsonArray ?? []).OfType<JsonObject>().Select(a =>
    {
        var kind = Enum.Parse<ApproverKind>(FormReader.Text(a["type"])!);
        if (kind == ApproverKind.Personal) return new Approver(kind, state.PersonBy(request, FormReader.Text(a["user_id"]) ?? ""));
        if (kind == ApproverKind.Free) return new Approver(kind);
        return int.TryParse(FormReader.Text(a["level"]), NumberStyles.None, CultureInfo.InvariantCulture, out var level) && level is > 0 and <= 20
            ? new Approver(kind, null, level) : throw ApprovalRefusal.Bad($"node_list: node {node}: {kind} needs a level from 1 to 20", $"节点 {node} 的 {kind} 需要 1 到 20 的 level");
    })];

    private string Viewers(ApiRequest request) => CanonicalJson.Write(new JsonArray([.. (request.Body["viewers"] as JsonArray ?? []).OfType<JsonObject>().Select(v => (JsonNode)(FormReader.Text(v["viewer_type"]) switch
    {
        "USER" => new JsonObject { ["type"] = "USER", ["id"] = "", ["user_id"] = state.PersonBy(request, FormReader.Text(v["viewer_user_id"]) ?? "") },
        "DEPARTMENT" => new JsonObject { ["type"] = "DEPARTMENT", ["id"] = Department(FormReader.Text(v["viewer_department_id"]) ?? "") },
        var type => new JsonObject { ["type"] = type ?? "TENANT" },
    }))]));

    private string Department(string id) =>
        state.Departments.FirstOrDefault(d => d.OpenDepartmentId == id || d.DepartmentId == id)?.OpenDepartmentId ?? throw ApprovalRefusal.Bad($"viewers: department {id} not found", $"没有部门 {id}");

    private static string Key(string where, string key, LocalTexts texts)
    {
        if (!key.StartsWith(LocalTexts.KeyMark, StringComparison.Ordinal)) throw ApprovalRefusal.Bad($"{where} must be a key that begins with {LocalTexts.KeyMark}", $"{where} 必须以 {LocalTexts.KeyMark} 开头");
        return texts.Say(key, texts.DefaultLocale) != key ? key : throw ApprovalRefusal.Bad($"{where}: i18n_resources has no text for {key}", $"i18n_resources 缺少 {key} 的文案");
    }

    private static int? Number(JsonNode? node) => (node as JsonValue)?.TryGetValue<int>(out var number) == true ? number : null;
}
