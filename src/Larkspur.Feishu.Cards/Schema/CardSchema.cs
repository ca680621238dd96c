using System.Collections.Frozen;
using System.Text.Json;

namespace Larkspur.Feishu.Cards.Schema;

/// <summary>A component of one JSON version.</summary>
internal sealed class SchemaComponent
{
    public required string Tag { get; init; }

    public required FieldSet Fields { get; init; }

    /// <summary>The fields together with those that only a form's buttons have.</summary>
    public required FieldSet FieldsInForm { get; init; }

    /// <summary>root, column_set, form, interactive_container, collapsible_panel, action.</summary>
    public required string[] AllowedIn { get; init; }

    /// <summary>Tags that alone may be inside (an action module's).</summary>
    public FrozenSet<string>? Children { get; init; }

    public bool IsContainer { get; init; }

    /// <summary>The user can enter or choose something: inside a form it needs a name.</summary>
    public bool TakesInput => Tag is "input" or "select_static" or "multi_select_static" or "select_person" or "multi_select_person"
        or "date_picker" or "picker_time" or "picker_datetime" or "select_img" or "checker";
}

/// <summary>One JSON version of cards: 1.0 or 2.0.</summary>
internal sealed class CardVersion
{
    public required string Name { get; init; }

    public required FieldSet Root { get; init; }

    public required FieldSet Header { get; init; }

    public required FrozenDictionary<string, SchemaComponent> Components { get; init; }

    public bool IsV2 => Name == "2.0";
}

/// <summary>The numbers of card-schema.json.</summary>
internal sealed record CardLimits(
    int MessageBytes, int CustomBotBytes, int DelayedUpdateBytes, int MaxElements, int MaxNesting, int MaxTablesPerCard, int MaxTablesPerMarkdown,
    FrozenDictionary<string, int> ImagesOfCombination);

/// <summary>The catalogue of cards (card-schema.json), read once per process.</summary>
internal sealed class CardSchema
{
    private static readonly Lazy<CardSchema> Loaded = new(Load);

    public static CardSchema Instance => Loaded.Value;

    public required CardLimits Limits { get; init; }

    public required CardVersion V1 { get; init; }

    public required CardVersion V2 { get; init; }

    public required FieldSet Template { get; init; }

    public required FieldSet Entity { get; init; }

    public required FrozenSet<string> Locales { get; init; }

    /// <summary>color, icon, headerTemplate, textTag.</summary>
    public required FrozenDictionary<string, FrozenSet<string>> Enums { get; init; }

    /// <summary>The fields of a behavior by its type.</summary>
    public required FrozenDictionary<string, FieldSet> Behaviors { get; init; }

    /// <summary>The components that may have a behavior of that type.</summary>
    public required FrozenDictionary<string, FrozenSet<string>> BehaviorComponents { get; init; }

    private static CardSchema Load()
    {
        using var stream = typeof(CardSchema).Assembly.GetManifestResourceStream("card-schema.json")
            ?? throw new InvalidOperationException("card-schema.json is not embedded in Larkspur.Feishu.Cards.");
        using var document = JsonDocument.Parse(stream);
        return new SchemaReader(document.RootElement).Read();
    }
}
