using Larkspur.Gateway.Storage;
using Larkspur.Gateway.Syncs.Mapping;
using Larkspur.Gateway.Syncs.Rows;
using Larkspur.Gateway.Syncs.Sides;

namespace Larkspur.Gateway.Syncs.Running;

/// <summary>Opens both sides of a sync that this process holds, and finds its fields on them as they are now.</summary>
internal sealed class SyncOpening(
    IDatabase database, SyncLeases leases, ITableOpener tables, ISourceOpener sources, ISyncChance chance, TimeProvider clock)
{
    /// <exception cref="SideAwayException">A side is away.</exception>
    /// <exception cref="SideStoppedException">A side says no, or the key is not there any more.</exception>
    public async Task<SyncSession> OpenAsync(HeldSync held, CancellationToken cancellation)
    {
        var (table, source) = await SidesAsync(held.Row.Owner, held.Row.Id, held.Row.Spec, cancellation);
        try
        {
            var (tableShape, sourceShape) = (await table.DescribeAsync(held.Row.Scan is not null, cancellation),
                await source.DescribeAsync(false, cancellation));
            var before = held.Row.Map is { } map ? StoredMap.Read(map) : null;
            var found = MapResolver.Of(held.Row.Spec, tableShape, sourceShape, before);
            if (found.Problems is [var problem, ..])
                throw new SideStoppedException(Problems.NotFound, $"{problem.Word}: {problem.Given}") { Side = SideName.Table };
            // Whoever sees more or less than before must not take it for rows that came and went.
            if (held.Row.Rights is { } seen && tableShape.Rights is { } sees && seen != sees)
                throw new SideStoppedException(Problems.RightsChanged, $"{seen}, {sees}") { Side = SideName.Table };
            if (found.IsKeyPaused) throw new SideStoppedException(Problems.KeyFieldGone) { Side = SideName.Table };
            table.Use(found.Map);
            source.Use(found.Map);
            var session = new SyncSession(database, leases, held, found.Map, table, source, clock, chance);
            await KeepAsync(session, found, before, tableShape.Rights, cancellation);
            return session;
        }
        catch
        {
            await table.DisposeAsync();
            await source.DisposeAsync();
            throw;
        }
    }

    /// <summary>Both sides, for whoever only wants to look.</summary>
    public async Task<(ISide Table, ISide Source)> SidesAsync(string owner, long sync, SyncSpec spec, CancellationToken cancellation)
    {
        var table = await tables.OpenAsync(owner, spec, cancellation);
        try
        {
            return (table, await sources.OpenAsync(owner, sync, spec, cancellation));
        }
        catch
        {
            await table.DisposeAsync();
            throw;
        }
    }

    /// <summary>A field that was paused, or goes on, changes what is compared: everything is compared anew.</summary>
    private static async Task KeepAsync(
        SyncSession session, ResolvedMap found, StoredMap? before, string? rights, CancellationToken cancellation)
    {
        var json = found.Stored.ToJson();
        if (session.Row.Map == json && session.Row.Rights is not null == rights is not null) return;
        var isOther = before is not null && new RowMap(before.Fields).Version != found.Map.Version;
        await session.WriteAsync(async unit =>
        {
            await SyncProgress.MapAsync(unit, session.Id, json, rights);
            if (isOther && session.Row.Phase == Phases.Live) await SyncProgress.AskScanAsync(unit, session.Id, "fields");
        }, cancellation);
        await session.RefreshAsync(cancellation);
    }
}
