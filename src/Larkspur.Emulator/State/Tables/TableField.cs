using System.Collections.Immutable;

namespace Larkspur.Emulator.State.Tables;

/// <summary>A column of a table.</summary>
public sealed record TableField
{
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

    public ImmutableArray<SelectOption> Options { get; init; } = [];

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

    public SelectOption? Option(string optionId) => Options.FirstOrDefault(o => o.Id == optionId);
}

/// <param name="Value">The least digits of the number, a form of the day when the row was made, or the text.</param>
public sealed record SerialPart(SerialKind Kind, string Value);

public enum SerialKind { Number, Created, Text }

/// <param name="Id"><c>opt…</c></param>
/// <param name="Color">0 to 54.</param>
public sealed record SelectOption(string Id, string Name, int Color);
