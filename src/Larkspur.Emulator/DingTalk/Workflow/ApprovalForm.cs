using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Larkspur.Emulator.DingTalk.Front;

namespace Larkspur.Emulator.DingTalk.Workflow;

/// <summary>A field of an approval's form.</summary>
internal sealed record ApprovalField(string Id, string Type, string Label, bool Required);

/// <summary>A template of approvals.</summary>
internal sealed record ApprovalForm(string ProcessCode, string Name, string Description, ImmutableArray<ApprovalField> Fields, JsonArray Components)
{
    private const int MostComponents = 200;
    private const int MostValues = 150;

    private static readonly HashSet<string> Types = new(StringComparer.Ordinal)
    {
        "TextField", "TextareaField", "NumberField", "MoneyField", "DDSelectField", "DDMultiSelectField", "DDDateField", "DDDateRangeField", "PhoneField", "DDPhotoField", "DDAttachment", "TableField",
        "InnerContactField", "DepartmentField", "RelateField", "AddressField", "StarRatingField", "TextNote", "IdCardField",
    };

    public static ApprovalForm Read(string processCode, DingTalkCall call)
    {
        var components = call.Array("formComponents") ?? throw DingTalkRefusal.Parameter("formComponents", "is missing");
        if (components.Count is 0 or > MostComponents) throw DingTalkRefusal.Parameter("formComponents", $"has 1 to {MostComponents} entries");
        var fields = components.Select(Field).ToImmutableArray();
        if (fields.DistinctBy(f => f.Id).Count() != fields.Length) throw DingTalkRefusal.Parameter("formComponents", "has a componentId twice");
        return new ApprovalForm(processCode, call.Need("name"), call.Text("description") ?? "", fields, components.DeepClone().AsArray());
    }

    /// <summary>Judges what a submitter filled in: each value is text and belongs to a field, and what is required is there.</summary>
    public ImmutableArray<ApprovalValue> Fill(JsonArray? values)
    {
        values ??= [];
        if (values.Count > MostValues) throw DingTalkRefusal.Parameter("formComponentValues", $"has {MostValues} entries at most");
        var filled = values.Select(Value).ToImmutableArray();
        var empty = Fields.FirstOrDefault(f => f.Required && f.Type != "TextNote" && !filled.Any(v => v.Id == f.Id && v.Value.Length > 0));
        return empty is null ? filled : throw DingTalkRefusal.Parameter("formComponentValues", $"{empty.Label} is required");
    }

    private ApprovalValue Value(JsonNode? item)
    {
        if (item is not JsonObject o) throw DingTalkRefusal.Parameter("formComponentValues", "is no list of objects");
        var (id, name) = (Said(o, "id"), Said(o, "name"));
        var field = Fields.FirstOrDefault(f => id.Length > 0 ? f.Id == id : f.Label == name) ?? throw DingTalkRefusal.Parameter("formComponentValues", $"{(id.Length > 0 ? id : name)} is no field of the form");
        return o["value"] is JsonValue v && v.TryGetValue<string>(out var text) ? new ApprovalValue(field.Id, field.Label, text, field.Type) : throw DingTalkRefusal.Parameter("formComponentValues", $"the value of {field.Label} is no text");
    }

    private static ApprovalField Field(JsonNode? item, int index)
    {
        if (item is not JsonObject o || o["props"] is not JsonObject props) throw DingTalkRefusal.Parameter("formComponents", "is no list of components with props");
        var type = Said(o, "componentType");
        if (!Types.Contains(type)) throw DingTalkRefusal.Parameter("formComponents", $"componentType {type} is unknown");
        var label = Said(props, "label") is { Length: > 0 } said ? said : Said(props, "content");
        if (label.Length == 0) throw DingTalkRefusal.Parameter("formComponents", "a component has no label");
        return new ApprovalField(Said(props, "componentId") is { Length: > 0 } id ? id : $"{type}-{index}", type, label, Said(props, "required") == "true");
    }

    private static string Said(JsonObject o, string name) => o[name] is JsonValue v ? v.TryGetValue<string>(out var text) ? text : v.ToJsonString() : "";
}

/// <summary>A filled field.</summary>
internal sealed record ApprovalValue(string Id, string Name, string Value, string Type);
