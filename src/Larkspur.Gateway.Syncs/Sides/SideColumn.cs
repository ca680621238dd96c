using Larkspur.Gateway.Syncs.Values;

namespace Larkspur.Gateway.Syncs.Sides;

/// <summary>A column of a side.</summary>
/// <param name="Id">What stays when it is renamed; of a database its name.</param>
/// <param name="Name">What it is called.</param>
/// <param name="Type">The side's own word for its type: another one is another column.</param>
/// <param name="Kinds">What its values can be taken for, the best first; empty: it cannot be synchronised.</param>
internal sealed record SideColumn(string Id, string Name, string Type, IReadOnlyList<ValueKind> Kinds)
{
    /// <summary>It is read and never written.</summary>
    public bool IsReadOnly { get; init; }

    /// <summary>It must have a value.</summary>
    public bool IsRequired { get; init; }

    /// <summary>It is (a part of) the side's own primary key.</summary>
    public bool IsKey { get; init; }

    /// <summary>What it takes and nothing else: options of a select, values of an enumeration; empty: anything.</summary>
    public IReadOnlyList<string> Options { get; init; } = [];

    /// <summary>What may get lost on the way, as words of <see cref="Losses"/>.</summary>
    public IReadOnlyList<string> Losses { get; init; } = [];
}

/// <summary>What may get lost of a column's values, told before the first run.</summary>
internal static class Losses
{
    /// <summary>Digits beyond what a double holds.</summary>
    public const string Digits = "digits";

    /// <summary>Microseconds.</summary>
    public const string Microseconds = "microseconds";

    /// <summary>The difference between an empty text and none.</summary>
    public const string EmptyText = "empty_text";

    /// <summary>The difference between false and unknown.</summary>
    public const string UnknownBoolean = "unknown_boolean";

    /// <summary>Characters beyond the column's length.</summary>
    public const string Length = "length";
}
