using Larkspur.Gateway.Api.Keys;
using Larkspur.Gateway.Common.Localisation;
using Larkspur.Gateway.Common.Refusals;
using Larkspur.Gateway.Syncs.Mapping;
using Larkspur.Gateway.Tables.Bases;

namespace Larkspur.Gateway.Tables.Syncing.Rest;

/// <summary>Holds a spec against what there is: the base, the connection, and both tables as they are now.</summary>
internal sealed class SpecChecking(BaseStore bases, ConnectionStore connections, SyncPlanning planning)
{
    /// <summary>The base and the connection are there for the sync's owner, and for who asks.</summary>
    /// <exception cref="RequestRefusedException"><c>unknown_base</c>, <c>unknown_connection</c>.</exception>
    public async Task DemandPlacesAsync(KeyGrant caller, string owner, SyncSpec spec, CancellationToken cancellation)
    {
        var open = (await bases.AllAsync(cancellation))
            .Where(row => (owner.Length == 0 || row.Owner == owner) && BaseReach.IsSeen(caller, row))
            .Select(row => row.Name).ToList();
        Demand(open, spec.Table.Base, "unknown_base", "/table/base", SyncRestTexts.NoBase);
        var there = (await connections.AllAsync(cancellation))
            .Where(row => (owner.Length == 0 || row.Owner == owner) && caller.MayRead(row.Owner))
            .Select(row => row.Name).ToList();
        Demand(there, spec.Source.Connection, "unknown_connection", "/source/connection", SyncRestTexts.NoConnection);
    }

    /// <summary>Its fields and columns are there and go together.</summary>
    /// <exception cref="RequestRefusedException">They do not; the pointer says which.</exception>
    public async Task DemandFieldsAsync(string owner, long sync, SyncSpec spec, CancellationToken cancellation)
    {
        var (found, _, source) = await SyncRefusals.JudgedAsync(() => planning.ShapesAsync(owner, sync, spec, cancellation));
        if (found.Problems is [var first, ..]) throw SyncRefusals.Of(first);
        foreach (var (name, pointer) in ((string?, string)[])
            [(spec.ChangedColumn, "/changed_column"), (spec.Deletes.MarkColumn, "/deletes/mark_column")])
        {
            if (name is null || source.Columns.Any(column => column.Name == name)) continue;
            throw RequestRefusedException.Impossible(MapProblem.NoColumn, pointer,
                SyncRefusals.Near(SyncRestTexts.NoColumn(name), name, [.. source.Columns.Select(column => column.Name)]));
        }
    }

    private static void Demand(List<string> there, string name, string word, string pointer, Func<object, LocalText> text)
    {
        if (there.Contains(name, StringComparer.Ordinal)) return;
        throw RequestRefusedException.Impossible(word, pointer, SyncRefusals.Near(text(name), name, there));
    }
}
