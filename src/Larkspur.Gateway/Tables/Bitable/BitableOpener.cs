using Larkspur.Gateway.Apps.Feishu;
using Larkspur.Gateway.Syncs.Mapping;
using Larkspur.Gateway.Syncs.Sides;
using Larkspur.Gateway.Tables.Bases;

namespace Larkspur.Gateway.Tables.Bitable;

/// <summary>Opens tables of bases that are opened to the sync's owner.</summary>
internal sealed class BitableOpener(BaseStore bases, PlatformCalls calls, WatchedTables tables) : ITableOpener
{
    public async Task<ISide> OpenAsync(string owner, SyncSpec spec, CancellationToken cancellation) =>
        new BitableSide(await FindAsync(owner, spec.Table, cancellation), spec);

    /// <summary>The table that a sync means.</summary>
    /// <exception cref="SideStoppedException">There is none, or its base is another's.</exception>
    public async Task<WatchedTable> FindAsync(string owner, TablePlace place, CancellationToken cancellation)
    {
        // Administrators' syncs reach all bases; a system's its own.
        if (await bases.FindAsync(place.Base, cancellation) is not { } row || (owner.Length > 0 && row.Owner != owner))
            throw new SideStoppedException(Problems.NotFound, place.Base) { Side = SideName.Table };
        try
        {
            return await tables.FindAsync(row, calls.App(row.App, null), place.Table, cancellation)
                ?? throw new SideStoppedException(Problems.NotFound, place.Table) { Side = SideName.Table };
        }
        catch (Exception e) when (BitableFailures.IsKnown(e))
        {
            throw BitableFailures.Of(e);
        }
    }
}
