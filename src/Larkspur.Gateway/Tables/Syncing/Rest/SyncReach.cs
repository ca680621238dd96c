using Larkspur.Gateway.Api.Keys;
using Larkspur.Gateway.Common.Refusals;
using Larkspur.Gateway.Syncs.Rows;
using Larkspur.Gateway.Tables.Bases;

namespace Larkspur.Gateway.Tables.Syncing.Rest;

/// <summary>Which syncs there are for a caller, and which of them are his to steer.</summary>
internal sealed class SyncReach(SyncStore syncs, BaseStore bases)
{
    /// <summary>Those that he may see, by name.</summary>
    public async Task<IReadOnlyList<SyncRecord>> ReadableAsync(KeyGrant caller, CancellationToken cancellation)
    {
        var apps = (await bases.AllAsync(cancellation)).ToDictionary(row => row.Name, row => row.App, StringComparer.Ordinal);
        return [.. (await syncs.AllAsync(cancellation)).Where(sync => caller.MayRead(sync.Owner)
            && (!apps.TryGetValue(sync.Spec.Table.Base, out var app) || caller.MayUse(app)))];
    }

    /// <summary>There is such a sync for this caller.</summary>
    /// <param name="caller">Who asks.</param>
    /// <param name="name">Its name.</param>
    /// <param name="change">It is to be changed or steered.</param>
    /// <param name="cancellation">Ends the waiting.</param>
    /// <exception cref="RequestRefusedException">There is none, or it is there to be read only.</exception>
    public async Task<SyncRecord> KnownAsync(KeyGrant caller, string name, bool change, CancellationToken cancellation)
    {
        if (await FindAsync(caller, name, cancellation) is not { } row) throw SyncRefusals.NoSync();
        return !change || caller.MayChange(row.Owner) ? row : throw KeyGrant.NotMine();
    }

    /// <summary>The sync of a name; null: for this caller there is none.</summary>
    public async Task<SyncRecord?> FindAsync(KeyGrant caller, string name, CancellationToken cancellation)
    {
        if (await syncs.FindAsync(name, cancellation) is not { } row || !caller.MayRead(row.Owner)) return null;
        return await bases.FindAsync(row.Spec.Table.Base, cancellation) is { } place && !caller.MayUse(place.App) ? null : row;
    }
}
