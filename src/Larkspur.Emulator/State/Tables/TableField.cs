using System.Collections.Immutable;

namespace Larkspur.Emulator.State.Tables;

/// <summary>A column of a table.</summary>
public sealed record TableField
{
    // A field may have 20,000 options, and every row is asked for one of them.
    private readonly ImmutableArray<SelectOption> _options = [];
    private Dictionary<string, int>? _places;
    private Dictionary<string, int>? _names;

    /// <summary><c>fld…</c></summary>
    public required string FieldId { get; init; }
    public required string Name { get; init; }
    /// <summary>One of <see cref="FieldTypes"/>.</summary>
    public required int Type { get; init; }
    public required string UiType { get; init; }
    public bool IsPrimary { get; init; }
    public string Description { get; init; } = "";

    /// <summary>JSON of the wire's <c>property</c> without options and links; empty: there is none.</summary>
    public string Property { get; init; } = "";

    /// <summary>AutoNumber with a rule of its own: what stands one behind the other; empty: the plain number.</summary>
    public ImmutableArray<SerialPart> Serial { get; init; } = [];

    public ImmutableArray<SelectOption> Options
    {
        get => _options;
        init => (_options, _places, _names) = (value, null, null);
    }

    /// <summary>People, groups and links: more than one in a cell.</summary>
    public bool Multiple { get; init; } = true;

    /// <summary>Links: the table whose records they name.</summary>
    public string? LinkedTable { get; init; }

    /// <summary>Links in both directions: the field over there.</summary>
    public string? BackField { get; init; }

    /// <summary>Formulas: the expression as it was given.</summary>
    public string? Formula { get; init; }

    /// <summary>Characters of what it says.</summary>
    public long Weight => Description.Length + Property.Length + (Formula?.Length ?? 0) + Options.Sum(static o => 32L + o.Name.Length);

    public SelectOption? Option(string optionId) => PlaceOf(optionId) is >= 0 and var at ? _options[at] : null;

    /// <summary>The first of that name: there may be several.</summary>
    public SelectOption? OptionNamed(string name) =>
        (_names ??= Places(static o => o.Name)).TryGetValue(name, out var at) ? _options[at] : null;

    /// <summary>Which of the options it is, from 0; below 0: none.</summary>
    public int PlaceOf(string optionId) => (_places ??= Places(static o => o.Id)).GetValueOrDefault(optionId, -1);

    private Dictionary<string, int> Places(Func<SelectOption, string> key)
    {
        var places = new Dictionary<string, int>(_options.Length, StringComparer.Ordinal);
        for (var at = 0; at < _options.Length; at++) places.TryAdd(key(_options[at]), at);
        return places;
    }
}

/// <param name="Value">The least digits of the number, a form of the day when the row was made, or the text.</param>
public sealed record SerialPart(SerialKind Kind, string Value);

public enum SerialKind { Number, Created, Text }

/// <param name="Id"><c>opt…</c></param>
/// <param name="Color">0 to 54.</param>
public sealed record SelectOption(string Id, string Name, int Color);
