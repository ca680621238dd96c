using System.Collections.Frozen;
using System.Text.RegularExpressions;

namespace Larkspur.Feishu.Cards.Schema;

/// <summary>The kind of value that a property of a card takes.</summary>
internal enum FieldKind
{
    String,
    Int,
    Number,
    Boolean,
    Object,
    Map,
    Any,
}

/// <summary>Who checks what is inside of a property.</summary>
internal enum FieldContent
{
    /// <summary>Its own fields, if any.</summary>
    Plain,

    /// <summary>Components with tags.</summary>
    Components,

    /// <summary>The columns of a column set.</summary>
    Columns,

    /// <summary>What a component does when it is used.</summary>
    Behaviors,

    /// <summary>The head of the card.</summary>
    Header,

    /// <summary>Tags beside the title.</summary>
    TextTags,
}

/// <summary>One property of a card's object, as card-schema.json describes it.</summary>
internal sealed class SchemaField
{
    public required string Name { get; init; }

    public required FieldKind Kind { get; init; }

    public bool IsArray { get; init; }

    public bool Required { get; init; }

    /// <summary>The values it may have; null when it is free or has a list of its own (<see cref="EnumRef"/>).</summary>
    public FrozenSet<string>? Enum { get; init; }

    /// <summary>A boolean that has one legal value (update_multi in JSON 2.0).</summary>
    public bool MustBeTrue { get; init; }

    /// <summary>color, icon, headerTemplate or textTag: a list shared by many properties.</summary>
    public string? EnumRef { get; init; }

    /// <summary>Names that the card itself declares under config.style are legal, too.</summary>
    public bool TakesStyleNames { get; init; }

    public LengthRange? Range { get; init; }

    public LengthRange? Percent { get; init; }

    public string? Default { get; init; }

    public double? Min { get; init; }

    public double? Max { get; init; }

    public int? MaxLength { get; init; }

    public int? MaxItems { get; init; }

    public Regex? Pattern { get; init; }

    public FieldContent Content { get; init; }

    /// <summary>Tags that alone may stand here (a div's extra).</summary>
    public FrozenSet<string>? Kinds { get; init; }

    /// <summary>Of a map whose keys are locales.</summary>
    public bool LocaleKeys { get; init; }

    public bool Deprecated { get; init; }

    /// <summary>What the object, each object of the list, or each value of the map holds; null when it is free.</summary>
    public FieldSet? Fields { get; init; }
}

/// <summary>The properties of an object.</summary>
internal sealed class FieldSet(IReadOnlyList<SchemaField> fields)
{
    private readonly FrozenDictionary<string, SchemaField> _byName = fields.ToFrozenDictionary(f => f.Name, StringComparer.Ordinal);

    public IReadOnlyList<SchemaField> All { get; } = fields;

    /// <summary>Those that must be there.</summary>
    public SchemaField[] Required { get; } = [.. fields.Where(f => f.Required)];

    public SchemaField? Find(string name) => _byName.GetValueOrDefault(name);
}
