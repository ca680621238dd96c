using Larkspur.Gateway.Syncs.Mapping;
using Larkspur.Gateway.Syncs.Values;

namespace Larkspur.Gateway.Syncs.Merging;

/// <summary>What becomes of one value: merged three ways, with what both sides had in common last.</summary>
/// <param name="ToTable">The table gets <paramref name="Value"/>.</param>
/// <param name="ToSource">The source gets it.</param>
/// <param name="Value">The value that stays.</param>
/// <param name="IsConflict">A person decides; nothing is written.</param>
/// <param name="Loser">Whose value is overwritten although it is newer than the last common one; it is kept in the history.</param>
internal readonly record struct FieldMerge(bool ToTable, bool ToSource, string? Value, bool IsConflict = false, SideName? Loser = null)
{
    private static readonly FieldMerge Nothing = new(false, false, null);
    private static readonly FieldMerge Conflict = new(false, false, null, true);

    /// <param name="field">The field.</param>
    /// <param name="table">The table's value.</param>
    /// <param name="source">The source's.</param>
    /// <param name="common">The last common one.</param>
    /// <param name="newer">Which side changed last, where both say so.</param>
    /// <param name="winner">Whose value stays where there was none in common: a person's word at the first meeting of two filled sides.
    /// </param>
    public static FieldMerge Of(FieldMap field, string? table, string? source, string? common, SideName? newer, SideName? winner)
    {
        if (table == source) return Nothing;
        if (field.Flow == Flow.ToTable) return Stays(SideName.Source, table != common);
        if (field.Flow == Flow.ToSource) return Stays(SideName.Table, source != common);
        if (table == common) return Stays(SideName.Source, false);
        if (source == common) return Stays(SideName.Table, false);
        if (field.Kind.IsSet()) return OfSets(table, source, common);
        return (winner ?? Policy()) is { } stays ? Stays(stays, true) : Conflict;

        FieldMerge Stays(SideName side, bool isLoss) => side == SideName.Source
            ? new(true, false, source, Loser: isLoss ? SideName.Table : null)
            : new(false, true, table, Loser: isLoss ? SideName.Source : null);

        SideName? Policy() => field.Policy switch
        {
            ConflictPolicy.Source => SideName.Source,
            ConflictPolicy.Table => SideName.Table,
            ConflictPolicy.Newest => newer,
            _ => null,
        };
    }

    /// <summary>What either side added is there, what either side took away is not.</summary>
    private static FieldMerge OfSets(string? table, string? source, string? common)
    {
        var (left, right, before) = (Canonical.AsSet(table), Canonical.AsSet(source), Canonical.AsSet(common));
        var gone = before.Where(member => !left.Contains(member) || !right.Contains(member));
        var merged = Canonical.Set(left.Union(right).Except(gone));
        return new(merged != table, merged != source, merged);
    }
}
