using Larkspur.Gateway.Syncs.Values;

namespace Larkspur.Gateway.Syncs.Mapping;

/// <summary>Which way values go.</summary>
internal enum Flow
{
    Both,

    /// <summary>The source owns it: what somebody writes into the table is put back, and kept in the history.</summary>
    ToTable,

    /// <summary>The table owns it.</summary>
    ToSource,
}

/// <summary>What is done when both sides changed one value differently.</summary>
internal enum ConflictPolicy
{
    /// <summary>Nothing, until a person decides.</summary>
    Ask,

    /// <summary>The source's value stays.</summary>
    Source,

    /// <summary>The table's value stays.</summary>
    Table,

    /// <summary>The one that changed last stays, as far as both sides say when; else a person decides.</summary>
    Newest,
}

/// <summary>A field of the table and a column of the source that hold the same.</summary>
internal sealed record FieldMap
{
    /// <summary>The field's id in the table: it stays when the field is renamed, and values are kept by it.</summary>
    public required string FieldId { get; init; }

    /// <summary>What people call it.</summary>
    public required string Field { get; init; }

    public required string Column { get; init; }

    public required ValueKind Kind { get; init; }

    public Flow Flow { get; init; }

    public ConflictPolicy Policy { get; init; }

    /// <summary>A part of the row's key.</summary>
    public bool IsKey { get; init; }

    /// <summary>Sides that keep the value by themselves: it is read there, and never written.</summary>
    public bool IsComputedInTable { get; init; }

    /// <inheritdoc cref="IsComputedInTable"/>
    public bool IsComputedInSource { get; init; }

    /// <summary>Left alone on both sides until somebody mends it: a word; null: it is synchronised.</summary>
    public string? Paused { get; init; }

    public bool GoesTo(SideName side) => side == SideName.Table ? Flow != Flow.ToSource : Flow != Flow.ToTable;

    public bool IsComputedIn(SideName side) => side == SideName.Table ? IsComputedInTable : IsComputedInSource;
}

/// <summary>The two sides of a sync.</summary>
internal enum SideName
{
    /// <summary>The table that people work in.</summary>
    Table,

    /// <summary>The company's own data.</summary>
    Source,
}

internal static class SideNames
{
    public static SideName Other(this SideName side) => side == SideName.Table ? SideName.Source : SideName.Table;
}
