using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Larkspur.Emulator.State.Approvals;

namespace Larkspur.Emulator.Feishu.Approval;

/// <summary>Validates the values of a request against the controls of its form.</summary>
/// <remarks>Whatever does not fit is refused with 1390001 and the control's id. A control is named by its id or its custom id.</remarks>
internal sealed class FormReader(EmulatorState state)
{
    public const int MostCharacters = 512 * 1024;
    private const int LongestText = 10_000;

    /// <summary>Kinds that no app can fill in.</summary>
    private static readonly ImmutableHashSet<string> NotByApi =
        ["text", "mutableGroup", "account", "serialNumber", "tripGroup", "remedyGroupV2", "apaascorehrOnboardingGroup", "apaascorehrRegularateGroup", "apaascorehrJobAdjustGroup", "apaascorehrOffboardingGroup"];

    /// <returns>The controls of the definition that have a value, each with it.</returns>
    public string Read(ApprovalDefinition definition, string form)
    {
        if (form.Length > MostCharacters) throw ApprovalRefusal.Bad("form is too long", "表单内容过长");
        return CanonicalJson.Write(Fill(Controls(definition.FormJson), Items(form, "form"), "form"));
    }

    /// <summary>The controls of a definition's form.</summary>
    public static IReadOnlyList<JsonObject> Controls(string formJson) => [.. JsonNode.Parse(formJson)!.AsArray().OfType<JsonObject>()];

    /// <summary>The choices of a radio or check box: key and text (or the text's key).</summary>
    public static IEnumerable<(string Key, string Text)> Options(JsonObject control) =>
        ((control["option"] ?? control["value"]) as JsonArray ?? []).OfType<JsonObject>().Select(o => (Text(o["value"]) ?? Text(o["key"]) ?? "", Text(o["text"]) ?? ""));

    internal static string? Text(JsonNode? node) => (node as JsonValue)?.TryGetValue<string>(out var text) == true ? text : null;

    private JsonArray Fill(IReadOnlyList<JsonObject> controls, IReadOnlyList<JsonObject> items, string where)
    {
        Dictionary<string, JsonObject> given = [];
        foreach (var item in items)
        {
            var id = Text(item["id"]) ?? throw ApprovalRefusal.Bad($"{where}: a control has no id", "表单里有控件缺少 id");
            var control = controls.FirstOrDefault(c => Text(c["id"]) == id || (Text(c["custom_id"]) is { Length: > 0 } custom && custom == id))
                ?? throw Wrong(id, "is not a control of this form", "不是该表单的控件");
            var type = Text(control["type"]) ?? "";
            if (Text(item["type"]) is var said && !SameType(said, type)) throw Wrong(id, $"is of type {type}, not {said ?? "(none)"}", $"的类型是 {type}，不是 {said ?? "（空）"}");
            if (NotByApi.Contains(type)) throw Wrong(id, $"({type}) cannot be filled in by an app", $"（{type}）不能通过接口填写");
            if (!given.TryAdd(Text(control["id"])!, item)) throw Wrong(id, "is given twice", "重复出现");
        }

        var filled = new JsonArray();
        foreach (var control in controls)
        {
            var id = Text(control["id"])!;
            var required = control["required"] is JsonValue r && r.TryGetValue<bool>(out var needed) && needed;
            given.TryGetValue(id, out var item);
            if (item is null || IsEmpty(item["value"], item))
            {
                if (required && !NotByApi.Contains(Text(control["type"]) ?? "")) throw Wrong(Text(control["custom_id"]) is { Length: > 0 } custom ? $"{id} ({custom})" : id, "is required", "是必填项");
                continue;
            }

            filled.Add(WithValue(control, item, id));
        }

        return filled;
    }

    private JsonObject WithValue(JsonObject control, JsonObject item, string id)
    {
        var type = Text(control["type"])!;
        var value = item["value"];
        var result = new JsonObject { ["id"] = id, ["custom_id"] = Text(control["custom_id"]) ?? "", ["name"] = Text(control["name"]) ?? "", ["type"] = type, ["ext"] = null };
        switch (type)
        {
            case "input" or "textarea":
                if (Text(value) is not { } text) throw Wrong(id, "must be a string", "必须是字符串");
                if (text.Length > LongestText) throw Wrong(id, $"is longer than {LongestText} characters", $"超过 {LongestText} 个字符");
                break;
            case "number" or "formula":
                if (value?.GetValueKind() != JsonValueKind.Number) throw Wrong(id, "must be a number", "必须是数字");
                break;
            case "amount":
                if (value?.GetValueKind() != JsonValueKind.Number) throw Wrong(id, "must be a number", "必须是数字");
                result["ext"] = new JsonObject { ["currency"] = Currency(control, item, id) };
                break;
            case "radioV2" or "radio":
                if (Text(value) is not { } key || !HasOption(control, key)) throw Wrong(id, "must be the key of one of its options", "的值不是选项的 key");
                break;
            case "checkboxV2" or "checkbox":
                if (value is not JsonArray keys || keys.Any(k => Text(k) is not { } one || !HasOption(control, one))) throw Wrong(id, "must be a list of option keys", "的值必须是选项 key 的列表");
                break;
            case "date":
                Date(value, id);
                break;
            case "dateInterval":
                var (start, end) = (Date((value as JsonObject)?["start"], id), Date((value as JsonObject)?["end"], id));
                if (end < start) throw Wrong(id, "ends before it starts", "的结束时间早于开始时间");
                break;
            case "contact":
                result["open_ids"] = item["open_ids"]?.DeepClone();
                value = Contacts(value, item["open_ids"], id);
                break;
            case "department":
                if (value is not JsonArray departments || departments.Any(d => state.Departments.All(x => x.OpenDepartmentId != Text((d as JsonObject)?["open_id"])))) throw Wrong(id, "must name departments by their open_id", "必须用 open_id 指明部门");
                break;
            case "connect":
                if (value is not JsonArray codes || codes.Any(c => Text(c) is not { } code || state.ApprovalInstance(code) is null)) throw Wrong(id, "must list codes of existing instances", "必须是已有审批实例的 code 列表");
                break;
            case "document":
                if (Text((value as JsonObject)?["token"]) is not { Length: > 0 } || Text((value as JsonObject)?["type"]) is not { Length: > 0 }) throw Wrong(id, "must be {token, type}", "必须是 {token, type}");
                break;
            case "attachmentV2" or "attachment" or "image" or "imageV2":
                if (value is not JsonArray files || files.Any(f => Text(f) is not { } code || state.File(code) is null)) throw Wrong(id, "must list codes of uploaded files", "必须是已上传文件的 code 列表");
                break;
            case "fieldList":
                value = Rows(control, value, id);
                break;
            case "telephone":
                if (Text((value as JsonObject)?["countryCode"]) is not { Length: > 0 } || Text((value as JsonObject)?["nationalNumber"]) is not { Length: > 0 }) throw Wrong(id, "must be {countryCode, nationalNumber}", "必须是 {countryCode, nationalNumber}");
                break;
            case "address" or "leaveGroupV2":
                if (value is not JsonArray) throw Wrong(id, "must be a list", "必须是列表");
                break;
            case "shiftGroup":
                if (value is not JsonObject) throw Wrong(id, "must be an object", "必须是对象");
                break;
        }

        result["value"] = value?.DeepClone();
        return result;
    }

    private JsonArray Rows(JsonObject control, JsonNode? value, string id)
    {
        if (value is not JsonArray rows) throw Wrong(id, "must be a list of rows", "必须是行的列表");
        var children = (control["children"] as JsonArray ?? []).OfType<JsonObject>().ToArray();
        var filled = new JsonArray();
        foreach (var row in rows)
        {
            if (row is not JsonArray cells || cells.Any(c => c is not JsonObject)) throw Wrong(id, "must be a list of rows, each a list of controls", "每一行必须是控件列表");
            filled.Add(Fill(children, [.. cells.OfType<JsonObject>()], id));
        }

        return filled;
    }

    /// <summary>People by <c>user_id</c> or, beside it, by any app's <c>open_id</c>.</summary>
    private JsonArray Contacts(JsonNode? value, JsonNode? openIds, string id)
    {
        var people = (value as JsonArray ?? []).Select(v => Text(v) is { } user ? state.Person(user) : null)
            .Concat((openIds as JsonArray ?? []).Select(v => state.People.FirstOrDefault(p => state.Apps.Any(a => WireIds.OpenId(a.AppId, p.UserId) == Text(v))))).ToArray();
        if (people.Length == 0 || people.Any(p => p is null)) throw Wrong(id, "must list people of this company", "必须是本企业的成员");
        return [.. people.Select(p => p!.UserId).Distinct()];
    }

    private static string Currency(JsonObject control, JsonObject item, string id)
    {
        var option = control["option"] as JsonObject;
        var usual = Text(option?["currency"]) ?? "CNY";
        var currency = Text(item["currency"]) ?? usual;
        var range = (option?["currencyRange"] as JsonArray ?? []).Select(Text).ToArray();
        if (currency != usual && range.Length > 0 && !range.Contains(currency)) throw Wrong(id, $"does not take the currency {currency}", $"不支持币种 {currency}");
        return currency;
    }

    private static DateTimeOffset Date(JsonNode? node, string id) =>
        Text(node) is { } text && text.Contains('T', StringComparison.Ordinal) && DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var date)
            ? date : throw Wrong(id, "must be a time in RFC 3339, such as 2026-04-01T00:00:00+08:00", "必须是 RFC 3339 格式的时间，例如 2026-04-01T00:00:00+08:00");

    private static bool HasOption(JsonObject control, string key) => Options(control).Any(o => o.Key == key);

    private static bool SameType(string? said, string type) => said == type || (said is not null && said + "V2" == type);

    private static bool IsEmpty(JsonNode? value, JsonObject item) =>
        (value is null || Text(value) is "" || value is JsonArray { Count: 0 }) && item["open_ids"] is not JsonArray { Count: > 0 };

    private static IReadOnlyList<JsonObject> Items(string form, string where)
    {
        try
        {
            if (StrictJson.Parse(form) is JsonArray list && list.All(i => i is JsonObject)) return [.. list.OfType<JsonObject>()];
        }
        catch (JsonException)
        {
            throw ApprovalRefusal.Bad($"{where} is not valid JSON", "表单不是合法的 JSON");
        }

        throw ApprovalRefusal.Bad($"{where} must be a JSON list of controls", "表单必须是控件的 JSON 列表");
    }

    private static ApprovalRefusal Wrong(string id, string en, string zh) => ApprovalRefusal.Bad($"form: control {id} {en}", $"控件值不合法：{id} {zh}");
}
