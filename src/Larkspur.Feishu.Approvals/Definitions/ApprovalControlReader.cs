using System.Text.Json;

namespace Larkspur.Feishu.Approvals;

/// <summary>Reads the controls of a definition's form, as the platform answers them and as they are made: the two differ in where options and children stand.</summary>
internal static class ApprovalControlReader
{
    /// <summary>Tables and groups do not nest further on the platform.</summary>
    private const int Deepest = 4;

    private static readonly JsonDocumentOptions Bounds = new() { MaxDepth = 64 };

    /// <summary>Null: the text is no JSON array.</summary>
    public static List<ApprovalControl>? Read(string form)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(form, Bounds);
            return document.RootElement.ValueKind == JsonValueKind.Array ? Controls(document.RootElement.Clone(), 1) : null;
        }
        catch (JsonException)
        {
            // The caller knows what was read from where, and says it.
            return null;
        }
    }

    private static List<ApprovalControl> Controls(JsonElement list, int depth)
        => [.. list.EnumerateArray().Where(c => c.ValueKind == JsonValueKind.Object).Select(c => Control(c, depth)).Where(c => c.Id.Length > 0)];

    private static ApprovalControl Control(JsonElement json, int depth)
    {
        string type = Text(json, "type") ?? "";
        ApprovalControlKind kind = ApprovalControlKinds.Of(type);
        JsonElement value = Member(json, "value"), option = Member(json, "option");
        JsonElement children = Member(json, "children") is { ValueKind: JsonValueKind.Array } stated ? stated : HasParts(kind) ? value : default;
        string? date = kind switch
        {
            ApprovalControlKind.Date => value.ValueKind == JsonValueKind.String ? value.GetString() : "YYYY-MM-DD",
            ApprovalControlKind.DateInterval => (value.ValueKind == JsonValueKind.Object ? Text(value, "format") : null) ?? "YYYY-MM-DD",
            _ => null,
        };
        return new()
        {
            Id = Text(json, "id") ?? "",
            CustomId = Text(json, "custom_id") is { Length: > 0 } custom ? custom : null,
            Name = Text(json, "name") ?? "",
            Type = type,
            Kind = kind,
            Required = Flag(json, "required", otherwise: false),
            Visible = Flag(json, "visible", otherwise: true),
            IsConditional = IsCondition(Member(json, "display_condition")),
            HasDefault = Flag(json, "enable_default_value", otherwise: false),
            Options = kind is ApprovalControlKind.Radio or ApprovalControlKind.Checkbox ? Options(option, value) : [],
            HasExternalOptions = Member(json, "externalData").ValueKind == JsonValueKind.Object,
            Children = children.ValueKind == JsonValueKind.Array && depth < Deepest ? Controls(children, depth + 1) : [],
            Currencies = kind == ApprovalControlKind.Amount ? Strings(option.ValueKind == JsonValueKind.Object ? Member(option, "currencyRange") : default) : [],
            DefaultCurrency = kind == ApprovalControlKind.Amount ? Currency(option, value) : null,
            DateFormat = date,
            Raw = json,
        };
    }

    private static string? Currency(JsonElement option, JsonElement value)
        => value.ValueKind == JsonValueKind.String && value.GetString() is { Length: > 0 } made ? made
            : option.ValueKind == JsonValueKind.Object && Text(option, "currency") is { Length: > 0 } stated ? stated : null;

    private static bool HasParts(ApprovalControlKind kind) => kind is ApprovalControlKind.FieldList or ApprovalControlKind.LeaveGroup or ApprovalControlKind.WorkGroup or ApprovalControlKind.OutGroup;

    /// <summary>Answered: <c>option:[{value,text}]</c>. Made: <c>value:[{key,text}]</c>.</summary>
    private static List<ApprovalOption> Options(JsonElement option, JsonElement value)
    {
        JsonElement list = option.ValueKind == JsonValueKind.Array && option.GetArrayLength() > 0 ? option : value;
        if (list.ValueKind != JsonValueKind.Array) return [];
        return
        [
            .. list.EnumerateArray().Where(o => o.ValueKind == JsonValueKind.Object)
                .Select(o => new ApprovalOption(Text(o, "value") ?? Text(o, "key") ?? "", Text(o, "text") ?? "")).Where(o => o.Key.Length > 0),
        ];
    }

    private static List<string> Strings(JsonElement list)
        => list.ValueKind == JsonValueKind.Array ? [.. list.EnumerateArray().Where(e => e.ValueKind == JsonValueKind.String).Select(e => e.GetString()!)] : [];

    private static bool IsCondition(JsonElement condition) => condition.ValueKind switch
    {
        JsonValueKind.String => condition.GetString() is not ("" or "{}" or "null"),
        JsonValueKind.Object => condition.EnumerateObject().Any(),
        _ => false,
    };

    private static JsonElement Member(JsonElement json, string name) => json.TryGetProperty(name, out JsonElement member) ? member : default;

    private static string? Text(JsonElement json, string name) => Member(json, name) switch
    {
        { ValueKind: JsonValueKind.String } text => text.GetString(),
        { ValueKind: JsonValueKind.Number } number => number.GetRawText(),
        _ => null,
    };

    private static bool Flag(JsonElement json, string name, bool otherwise)
        => Member(json, name).ValueKind switch { JsonValueKind.True => true, JsonValueKind.False => false, _ => otherwise };
}
