using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Larkspur.Emulator.Feishu.Cards.Validation;

/// <summary>One property of a component, as the catalogue describes it.</summary>
internal sealed partial record CardField
{
    private static readonly HashSet<string> TextTags = ["plain_text", "lark_md", "markdown"];
    private static readonly TimeSpan PatternTimeout = TimeSpan.FromMilliseconds(100);

    public required string Name { get; init; }
    public required string Type { get; init; }
    public bool IsList { get; init; }
    /// <summary>Without it the card is refused.</summary>
    public bool Required { get; init; }
    /// <summary><c>component</c>, <c>column</c>, <c>behavior</c> or <c>header</c>.</summary>
    public string? Ref { get; init; }
    /// <summary>Of a component: the only tags that may stand here; empty for all that the place allows.</summary>
    public IReadOnlyList<string> Kinds { get; init; } = [];
    public string? ValueType { get; init; }
    public IReadOnlyList<string> Enum { get; init; } = [];
    public string? EnumRef { get; init; }
    /// <summary>Where a card may define further values for itself: <c>config.style.text_size</c>.</summary>
    public string? Custom { get; init; }
    public string? Default { get; init; }
    public double? Min { get; init; }
    public double? Max { get; init; }
    public int? MaxItems { get; init; }
    public int? MaxLength { get; init; }
    public Regex? Pattern { get; init; }
    /// <summary>Lengths such as <c>[0,99]px</c>.</summary>
    public (double Min, double Max)? Range { get; init; }
    public bool Percent { get; init; }
    public IReadOnlyList<string> AnyOf { get; init; } = [];
    public IReadOnlyDictionary<string, CardField> Fields { get; init; } = new Dictionary<string, CardField>();

    /// <summary>A text object: all of them know the same properties, whatever the single page names.</summary>
    public bool IsText => Fields.TryGetValue("tag", out var tag) && tag.Enum.Count > 0 && tag.Enum.All(TextTags.Contains) && Fields.ContainsKey("content");

    public static IReadOnlyDictionary<string, CardField> ReadAll(JsonElement fields) =>
        fields.EnumerateArray().Select(Read).DistinctBy(f => f.Name).ToDictionary(f => f.Name);

    private static CardField Read(JsonElement f) => new()
    {
        Name = f.GetProperty("name").GetString()!,
        Type = f.GetProperty("type").GetString()!,
        IsList = f.TryGetProperty("array", out var array) && array.GetBoolean(),
        Required = f.TryGetProperty("required", out var required) && required.GetBoolean()
            // The tag of a text, and the pace for every client, fall back to their defaults.
            && !(f.TryGetProperty("default", out _) && f.GetProperty("name").GetString() is ("tag" or "default")),
        Ref = Text(f, "ref"),
        Kinds = f.TryGetProperty("kinds", out var tags) ? [.. tags.EnumerateArray().Select(k => k.GetString()!)] : [],
        ValueType = Text(f, "valueType"),
        Enum = f.TryGetProperty("enum", out var values) ? [.. values.EnumerateArray().Select(v => v.ValueKind == JsonValueKind.String ? v.GetString()! : v.GetRawText())] : [],
        EnumRef = Text(f, "enumRef"),
        Custom = Text(f, "custom"),
        Default = f.TryGetProperty("default", out var otherwise) ? otherwise.ValueKind == JsonValueKind.String ? otherwise.GetString() : otherwise.GetRawText() : null,
        Min = Number(f, "min"),
        Max = Number(f, "max"),
        MaxItems = (int?)Number(f, "maxItems"),
        MaxLength = (int?)Number(f, "maxLength"),
        Pattern = Text(f, "pattern") is { } pattern ? new Regex(pattern, RegexOptions.CultureInvariant, PatternTimeout) : null,
        Range = Text(f, "range") is { } range ? Bounds(range) : null,
        Percent = f.TryGetProperty("percent", out _),
        AnyOf = f.TryGetProperty("anyOf", out var kinds) ? [.. kinds.EnumerateArray().Select(k => k.GetString()!)] : [],
        Fields = f.TryGetProperty("fields", out var inner) ? ReadAll(inner) : new Dictionary<string, CardField>(),
    };

    private static (double, double) Bounds(string range)
    {
        var match = RangeForm().Match(range);
        double Bound(int group) => match.Groups[group].Value == "∞" ? double.PositiveInfinity : double.Parse(match.Groups[group].Value, CultureInfo.InvariantCulture);
        return match.Success ? (Bound(1), Bound(2)) : throw new InvalidOperationException($"The catalogue has the range {range}, which nobody understands.");
    }

    private static string? Text(JsonElement f, string name) => f.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private static double? Number(JsonElement f, string name) => f.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number ? value.GetDouble() : null;

    [GeneratedRegex(@"^\[(-?\d+),(\d+|∞)[\])](?:px)?$")]
    private static partial Regex RangeForm();
}
