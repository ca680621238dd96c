using Larkspur.Gateway.Syncs.Mapping;
using Larkspur.Gateway.Syncs.Sides;

namespace Larkspur.Gateway.Syncs.Merging;

/// <summary>What becomes of the fields of a row that both sides have.</summary>
internal sealed class RowMerge
{
    /// <summary>What the table gets, by the field's place.</summary>
    public Dictionary<int, string?> ToTable { get; } = [];

    /// <summary>What the source gets.</summary>
    public Dictionary<int, string?> ToSource { get; } = [];

    /// <summary>Fields that a person decides.</summary>
    public List<int> Conflicts { get; } = [];

    /// <summary>Values that are overwritten although nobody on the other side has seen them, and whose they are.</summary>
    public List<(int Field, SideName Loser)> Losses { get; } = [];

    /// <param name="map">The fields.</param>
    /// <param name="table">The table's row.</param>
    /// <param name="source">The source's.</param>
    /// <param name="common">What both had in common last.</param>
    /// <param name="winner">A person's word at the first meeting.</param>
    public static RowMerge Of(RowMap map, SideRow table, SideRow source, BaseValues common, SideName? winner)
    {
        var merge = new RowMerge();
        foreach (var i in map.Active)
        {
            // What one side could not read is nothing that the other could be given.
            if (table.Unreadable.ContainsKey(i) || source.Unreadable.ContainsKey(i)) continue;
            var field = map.Fields[i];
            // Rows with different keys are different rows.
            if (field.IsKey) continue;
            var of = FieldMerge.Of(field, table.Values[i], source.Values[i], common.Of(field), Newer(table, source),
                common.Has(field) ? null : winner);
            if (of.ToTable) merge.ToTable[i] = of.Value;
            if (of.ToSource) merge.ToSource[i] = of.Value;
            if (of.IsConflict) merge.Conflicts.Add(i);
            if (of.Loser is { } loser) merge.Losses.Add((i, loser));
        }

        return merge;
    }

    /// <summary>Whether something of a row changed since the sides were equal last, in what goes over from it.</summary>
    public static bool IsEdited(RowMap map, SideName side, SideRow row, BaseValues common) =>
        map.Active.Any(i => map.Fields[i].GoesTo(side.Other()) && !row.Unreadable.ContainsKey(i)
            && row.Values[i] != common.Of(map.Fields[i]));

    private static SideName? Newer(SideRow table, SideRow source) => (table.ChangedAt, source.ChangedAt) switch
    {
        ({ } there, { } here) when there > here => SideName.Table,
        ({ } there, { } here) when there < here => SideName.Source,
        _ => null,
    };
}
