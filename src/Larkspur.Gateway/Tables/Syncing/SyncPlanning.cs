using Larkspur.Gateway.Syncs.Mapping;
using Larkspur.Gateway.Syncs.Rows;
using Larkspur.Gateway.Syncs.Running;
using Larkspur.Gateway.Syncs.Sides;

namespace Larkspur.Gateway.Tables.Syncing;

/// <summary>Looks at both sides by a spec that is not kept yet, and says what would come of it. Nothing is written anywhere.</summary>
internal sealed class SyncPlanning(SyncOpening opening)
{
    public const int MostRows = 20;

    /// <param name="owner">The business system whose sync it would be.</param>
    /// <param name="spec">The spec.</param>
    /// <param name="existing">The sync that it would change; null: a new one.</param>
    /// <param name="cancellation">Ends the waiting.</param>
    /// <exception cref="SideAwayException">A side is away.</exception>
    /// <exception cref="SideStoppedException">A side says no.</exception>
    public async Task<SyncPlan> OfAsync(string owner, SyncSpec spec, SyncRecord? existing, CancellationToken cancellation)
    {
        var (table, source) = await opening.SidesAsync(owner, existing?.Id ?? 0, spec, cancellation);
        await using var openTable = table;
        await using var openSource = source;
        var (tableShape, sourceShape) = (await table.DescribeAsync(true, cancellation), await source.DescribeAsync(true, cancellation));
        // Of the sync as it is, fields that people renamed since are known by their ids.
        var before = existing is { Map: { } map } && existing.Spec.ToJson() == spec.ToJson() ? StoredMap.Read(map) : null;
        var found = MapResolver.Of(spec, tableShape, sourceShape, before);
        var (tableRows, sourceRows) = ((IReadOnlyList<SideRow>)[], (IReadOnlyList<SideRow>)[]);
        if (found.Problems.Count == 0)
        {
            table.Use(found.Map);
            source.Use(found.Map);
            (tableRows, sourceRows) = (await FirstAsync(table, cancellation), await FirstAsync(source, cancellation));
        }

        return new(found, tableShape, sourceShape, tableRows, sourceRows,
            found.Problems.Count == 0 ? await table.CountAsync(cancellation) : null,
            found.Problems.Count == 0 ? await source.CountAsync(cancellation) : null, existing);
    }

    /// <summary>Looks at both sides, and at no row.</summary>
    /// <inheritdoc cref="OfAsync" path="/exception"/>
    public async Task<(ResolvedMap Found, SideShape Table, SideShape Source)> ShapesAsync(
        string owner, long sync, SyncSpec spec, CancellationToken cancellation)
    {
        var (table, source) = await opening.SidesAsync(owner, sync, spec, cancellation);
        await using var openTable = table;
        await using var openSource = source;
        var (tableShape, sourceShape) = (await table.DescribeAsync(true, cancellation), await source.DescribeAsync(true, cancellation));
        return (MapResolver.Of(spec, tableShape, sourceShape, null), tableShape, sourceShape);
    }

    private static async Task<IReadOnlyList<SideRow>> FirstAsync(ISide side, CancellationToken cancellation)
    {
        await foreach (var page in side.ScanAsync(null, cancellation)) return [.. page.Rows.Take(MostRows)];
        return [];
    }
}

/// <summary>What would come of a spec.</summary>
/// <param name="Found">Its fields, and what is wrong with them.</param>
/// <param name="Table">The table as it is.</param>
/// <param name="Source">The source as it is.</param>
/// <param name="TableRows">The first rows, in canonical values.</param>
/// <param name="SourceRows">The same of the source.</param>
/// <param name="TableCount">How many rows the table has; null: not known.</param>
/// <param name="SourceCount">The same of the source.</param>
/// <param name="Existing">The sync that it changes; null: a new one.</param>
internal sealed record SyncPlan(ResolvedMap Found, SideShape Table, SideShape Source, IReadOnlyList<SideRow> TableRows,
    IReadOnlyList<SideRow> SourceRows, long? TableCount, long? SourceCount, SyncRecord? Existing);
