using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Larkspur.Emulator.DingTalk.ApiPipeline;

namespace Larkspur.Emulator.DingTalk.Workflow;

/// <summary>A field of an approval's form.</summary>
internal sealed record ApprovalField(string Id, string Type, string Label, bool Required);

/// <summary>A template of approvals.</summary>
/// <param name="Components">As the schema tells them.</param>
internal sealed record ApprovalForm(string ProcessCode, string Name, string Description, ImmutableArray<ApprovalField> Fields, JsonArray Components, DateTimeOffset Created, DateTimeOffset Modified)
{
    private const int MostComponents = 200;
    private const int MostValues = 150;
    private const int LongestName = 200;
    private const int LongestDescription = 300;
    private const int LongestValue = 65_535;
    private const int DeepestChildren = 3;

    private static readonly HashSet<string> Types = new(StringComparer.Ordinal)
    {
        "TextField", "TextareaField", "NumberField", "MoneyField", "DDSelectField", "DDMultiSelectField", "DDDateField", "DDDateRangeField", "PhoneField", "DDPhotoField", "DDAttachment", "TableField",
        "InnerContactField", "DepartmentField", "RelateField", "AddressField", "StarRatingField", "TextNote", "IdCardField", "FormRelateField",
    };

    public static ApprovalForm Read(string processCode, DingTalkCall call, DateTimeOffset created, DateTimeOffset now)
    {
        var (name, description) = (call.Need("name", "formName.error"), call.Text("description") ?? "");
        if (name.Length > LongestName || description.Length > LongestDescription) throw Bad($"name and description have {LongestName} and {LongestDescription} characters at most");
        var components = call.Array("formComponents") ?? throw Bad("formComponents is missing");
        if (components.Count == 0) throw Bad("formComponents is empty");
        var left = MostComponents;
        var shown = new JsonArray();
        for (var i = 0; i < components.Count; i++) shown.Add(Component(components[i], i.ToString(), DeepestChildren, ref left));
        var fields = shown.Select(c => Field(c!.AsObject())).ToImmutableArray();
        if (fields.DistinctBy(f => f.Id).Count() != fields.Length) throw Bad("a componentId is there twice");
        return new ApprovalForm(processCode, name, description, fields, shown, created, now);
    }

    /// <summary>Validates what a submitter filled in: each value is text and belongs to a field, and what is required is there.</summary>
    public ImmutableArray<ApprovalValue> Fill(JsonArray? values, int most = MostValues)
    {
        values ??= [];
        if (values.Count > most) throw DingTalkRefusal.Parameter("formComponentValues", $"has {most} entries at most");
        var filled = values.Select(Value).ToImmutableArray();
        var empty = Fields.FirstOrDefault(f => f.Required && f.Type != "TextNote" && !filled.Any(v => v.Id == f.Id && v.Value.Length > 0));
        return empty is null ? filled : throw DingTalkRefusal.New("formConverterError", $"表单数据校验失败，失败控件：{empty.Label}");
    }

    private ApprovalValue Value(JsonNode? item)
    {
        if (item is not JsonObject o) throw DingTalkRefusal.Parameter("formComponentValues", "is no list of objects");
        var (id, name) = (o.TextOf("id"), o.TextOf("name"));
        var field = Fields.FirstOrDefault(f => id.Length > 0 ? f.Id == id : f.Label == name) ?? throw DingTalkRefusal.Parameter("formComponentValues", $"{(id.Length > 0 ? id : name)} is no field of the form");
        if (o["value"] is not JsonValue v || !v.TryGetValue<string>(out var text) || text.Length > LongestValue) throw DingTalkRefusal.Parameter("formComponentValues", $"the value of {field.Label} is no text of {LongestValue} characters at most");
        // That each file has all its members is written; the code is UNVERIFIED.
        if (field.Type == "DDAttachment" && text.Length > 0 && !(DingTalkCall.Parsed(text) is JsonArray files && ApprovalAttachment.Read(files) is not null)) throw DingTalkRefusal.New("formConverterError", $"表单数据校验失败，失败控件：{field.Label}");
        return new ApprovalValue(field.Id, field.Label, text, field.Type);
    }

    /// <summary>A component as the schema tells it: its name, its properties with an id, and the components in it.</summary>
    private static JsonObject Component(JsonNode? item, string place, int depth, ref int left)
    {
        if (--left < 0) throw Bad($"there are more than {MostComponents} components");
        if (item is not JsonObject o || o["props"] is not JsonObject props) throw Bad("formComponents is no list of components with props");
        var type = o.TextOf("componentType");
        if (!Types.Contains(type)) throw Bad($"componentType {type} is unknown");
        var shownProps = props.DeepClone().AsObject();
        shownProps.Remove("componentId");
        shownProps["id"] = props.TextOf("componentId") is { Length: > 0 } id ? id : props.TextOf("id") is { Length: > 0 } other ? other : $"{type}-{place}";
        var shown = new JsonObject { ["componentName"] = type, ["props"] = shownProps };
        if (Label(shownProps).Length == 0) throw Bad("a component has no label");
        if (o["children"] is not JsonArray { Count: > 0 } children) return shown;
        if (depth == 1) throw Bad("components are nested too deeply");
        var inner = new JsonArray();
        for (var i = 0; i < children.Count; i++) inner.Add(Component(children[i], $"{place}-{i}", depth - 1, ref left));
        shown["children"] = inner;
        return shown;
    }

    private static ApprovalField Field(JsonObject shown)
    {
        var props = shown["props"]!.AsObject();
        return new ApprovalField(props.TextOf("id"), shown.TextOf("componentName"), Label(props), props.TextOf("required") == "true");
    }

    private static string Label(JsonObject props) => props.TextOf("label") is { Length: > 0 } said ? said : props.TextOf("content");

    private static DingTalkRefusal Bad(string why) => DingTalkRefusal.New("formschema.error", why);
}

/// <summary>A filled field.</summary>
internal sealed record ApprovalValue(string Id, string Name, string Value, string Type);
