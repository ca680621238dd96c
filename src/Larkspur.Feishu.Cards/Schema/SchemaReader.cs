using System.Collections.Frozen;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Larkspur.Feishu.Cards.Schema;

/// <summary>Reads card-schema.json. Its form is described in the catalogue's README.</summary>
internal sealed class SchemaReader(JsonElement root)
{
    /// <summary>content -> i18n_content, and so on: any object with the one may have the other.</summary>
    private readonly Dictionary<string, string> _translations =
        root.GetProperty("i18n").GetProperty("fields").EnumerateObject().ToDictionary(p => p.Name, p => p.Value.GetString()!, StringComparer.Ordinal);

    public CardSchema Read() => new()
    {
        Limits = Limits(root.GetProperty("limits")),
        V1 = Version("1.0"),
        V2 = Version("2.0"),
        Template = Fields(root.GetProperty("templateForm").GetProperty("fields")),
        Entity = Fields(root.GetProperty("entityForm").GetProperty("fields")),
        Locales = Strings(root.GetProperty("i18n").GetProperty("locales")),
        Enums = root.GetProperty("enums").EnumerateObject().ToFrozenDictionary(p => p.Name, p => Strings(p.Value), StringComparer.Ordinal),
        Behaviors = root.GetProperty("behavior").EnumerateArray()
            .ToFrozenDictionary(b => b.GetProperty("type").GetString()!, b => Behavior(b.GetProperty("fields")), StringComparer.Ordinal),
        BehaviorComponents = root.GetProperty("behavior").EnumerateArray()
            .ToFrozenDictionary(b => b.GetProperty("type").GetString()!, b => Strings(b.GetProperty("components")), StringComparer.Ordinal),
    };

    private static CardLimits Limits(JsonElement limits) => new(
        limits.GetProperty("messageBytes").GetInt32(),
        limits.GetProperty("customBotBytes").GetInt32(),
        limits.GetProperty("delayedUpdateBytes").GetInt32(),
        limits.GetProperty("maxElements").GetProperty("2.0").GetInt32(),
        limits.GetProperty("maxNesting").GetInt32(),
        limits.GetProperty("maxTablesPerCard").GetInt32(),
        limits.GetProperty("maxTablesPerMarkdown").GetInt32(),
        limits.GetProperty("imgCombinationMax").EnumerateObject().ToFrozenDictionary(p => p.Name, p => p.Value.GetInt32(), StringComparer.Ordinal));

    private CardVersion Version(string name)
    {
        var components = root.GetProperty("components").GetProperty(name);
        return new CardVersion
        {
            Name = name,
            Root = Fields(root.GetProperty("root").GetProperty(name)),
            Header = Fields(components.GetProperty("header").GetProperty("fields")),
            Components = components.EnumerateObject().Where(p => p.Name != "header")
                .ToFrozenDictionary(p => p.Name, p => Component(p.Value), StringComparer.Ordinal),
        };
    }

    private SchemaComponent Component(JsonElement component)
    {
        var fields = component.GetProperty("fields").EnumerateArray().ToList();
        var tag = component.GetProperty("tag").GetString()!;
        var own = new FieldSet([.. WithTranslations(fields.Select(f => Field(f)))]);

        // The catalogue notes under 1.0's form what its buttons have; the button's own entry says it again.
        var inForm = tag != "form" && component.TryGetProperty("inFormFields", out var more)
            ? new FieldSet([.. own.All.Where(f => !more.EnumerateArray().Any(m => m.GetProperty("name").GetString() == f.Name)), .. more.EnumerateArray().Select(f => Field(f))])
            : own;
        return new SchemaComponent
        {
            Tag = tag,
            Fields = own,
            FieldsInForm = inForm,
            AllowedIn = [.. component.GetProperty("allowedIn").EnumerateArray().Select(e => e.GetString()!)],
            Children = component.TryGetProperty("children", out var children) ? Strings(children) : null,
            IsContainer = tag is "column_set" or "form" or "interactive_container" or "collapsible_panel",
        };
    }

    /// <summary>A callback's value is an object for the catalogue; the platform also takes text (facts file, 4.3).</summary>
    private FieldSet Behavior(JsonElement fields) => new(
    [
        .. fields.EnumerateArray().Select(f => f.GetProperty("name").GetString() == "value"
            ? new SchemaField { Name = "value", Kind = FieldKind.Any, Required = true }
            : Field(f)),
    ]);

    private FieldSet Fields(JsonElement fields) => new([.. WithTranslations(fields.EnumerateArray().Select(f => Field(f)))]);

    private IEnumerable<SchemaField> WithTranslations(IEnumerable<SchemaField> fields)
    {
        var all = fields.ToList();
        foreach (var (name, translated) in _translations)
        {
            if (all.Exists(f => f.Name == name) && !all.Exists(f => f.Name == translated))
            {
                all.Add(new SchemaField { Name = translated, Kind = FieldKind.Map, LocaleKeys = true });
            }
        }

        return all;
    }

    private SchemaField Field(JsonElement field)
    {
        var name = field.GetProperty("name").GetString()!;
        var isArray = Flag(field, "array");
        var (kind, content) = (Kind(Text(field, "type")), Content(Text(field, "ref")));
        if (Text(field, "valueType") is { } valueType)
        {
            kind = FieldKind.Map;
            (content, isArray) = valueType switch
            {
                "header" => (FieldContent.Header, false),
                "component[]" => (FieldContent.Components, true),
                "text_tag[]" => (FieldContent.TextTags, true),
                _ => (FieldContent.Plain, false),
            };
        }

        return new SchemaField
        {
            Name = name,
            Kind = name.StartsWith("i18n_", StringComparison.Ordinal) ? FieldKind.Map : kind,
            IsArray = isArray,

            // What has a default need not be said; only tags are asked for all the same.
            Required = Flag(field, "required") && (name is "tag" or "default" || !field.TryGetProperty("default", out _)),
            Enum = field.TryGetProperty("enum", out var values) && values[0].ValueKind == JsonValueKind.String ? Strings(values) : null,
            MustBeTrue = values.ValueKind == JsonValueKind.Array && values[0].ValueKind == JsonValueKind.True,
            EnumRef = Text(field, "enumRef"),
            TakesStyleNames = field.TryGetProperty("custom", out _),
            Range = Text(field, "range") is { } range && field.GetProperty("type").GetString() == "string" ? LengthRange.Parse(range) : null,
            Percent = Text(field, "percent") is { } percent ? LengthRange.Parse(percent) : null,
            Default = field.TryGetProperty("default", out var fallback) && fallback.ValueKind == JsonValueKind.String ? fallback.GetString() : null,
            Min = Number(field, "min"),
            Max = Number(field, "max"),
            MaxLength = (int?)Number(field, "maxLength"),
            MaxItems = (int?)Number(field, "maxItems"),
            Pattern = Text(field, "pattern") is { } pattern ? new Regex(pattern, RegexOptions.CultureInvariant | RegexOptions.NonBacktracking) : null,
            Content = content,
            Kinds = field.TryGetProperty("kinds", out var kinds) ? Strings(kinds) : null,
            LocaleKeys = Text(field, "enumKeys") == "locale" || name.StartsWith("i18n_", StringComparison.Ordinal),
            Deprecated = Flag(field, "deprecated"),
            Fields = field.TryGetProperty("fields", out var inner) ? Fields(inner) : null,
        };
    }

    private static FieldKind Kind(string? type) => type switch
    {
        "string" => FieldKind.String,
        "int" => FieldKind.Int,
        "number" => FieldKind.Number,
        "boolean" => FieldKind.Boolean,
        "object" => FieldKind.Object,
        "map" => FieldKind.Map,
        _ => FieldKind.Any,
    };

    private static FieldContent Content(string? reference) => reference switch
    {
        "component" => FieldContent.Components,
        "column" => FieldContent.Columns,
        "behavior" => FieldContent.Behaviors,
        "header" => FieldContent.Header,
        _ => FieldContent.Plain,
    };

    private static FrozenSet<string> Strings(JsonElement array) => array.EnumerateArray().Select(e => e.GetString()!).ToFrozenSet(StringComparer.Ordinal);

    private static bool Flag(JsonElement field, string name) => field.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.True;

    private static string? Text(JsonElement field, string name) =>
        field.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private static double? Number(JsonElement field, string name) =>
        field.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number ? value.GetDouble() : null;
}
