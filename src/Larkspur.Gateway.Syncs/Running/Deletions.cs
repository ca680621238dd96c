using Larkspur.Gateway.Syncs.Looking;
using Larkspur.Gateway.Syncs.Mapping;
using Larkspur.Gateway.Syncs.Rows;
using Larkspur.Gateway.Syncs.Sides;

namespace Larkspur.Gateway.Syncs.Running;

/// <summary>
/// Deletes what somebody deleted on the other side, once its time has come. More than usual needs a person's yes; and nothing is deleted
/// while a side does not show what it surely has.
/// </summary>
internal sealed class Deletions(SyncSession session)
{
    private const int AtOnce = 100;
    private const int Witnesses = 20;
    private static readonly TimeSpan AgainAfter = TimeSpan.FromMinutes(10);

    /// <returns>False: nothing is to be deleted now.</returns>
    public async Task<bool> RunAsync(CancellationToken cancellation)
    {
        var due = await session.ReadAsync(sql => RowStore.DueAsync(sql, session.Id, session.Now, AtOnce), cancellation);
        if (due.Count == 0) return false;
        var confirmed = session.Row.ConfirmedAt;
        var (waiting, linked) = await session.ReadAsync(sql => RowStore.DeletionsAsync(sql, session.Id, confirmed), cancellation);
        var asks = waiting > 0 && (waiting > session.Spec.Deletes.LimitOf(linked) || session.Row.Asks > 0);
        await AskAsync(asks ? waiting : 0, cancellation);
        var allowed = due.Where(row => !asks || row.GoneAt <= confirmed).ToList();
        if (allowed.Count == 0) return false;
        await CheckSidesAsync(cancellation);
        await new Examination(session).RunAsync([], allowed, [], false, true, null, cancellation);
        // What could not be deleted waits: it would keep all others, and this process, busy for ever.
        await session.WriteAsync(unit => RowStore.PutOffAsync(unit, session.Dialect, session.Id, allowed.Select(row => row.Id), session.Now,
            session.Now + AgainAfter), cancellation);
        return true;
    }

    private async Task AskAsync(long asks, CancellationToken cancellation)
    {
        if (asks == session.Row.Asks) return;
        await session.WriteAsync(unit => SyncProgress.AsksAsync(unit, session.Id, asks, session.Row.ConfirmedAt), cancellation);
        await session.RefreshAsync(cancellation);
    }

    /// <summary>Rows that are surely there must be seen: else what is not seen is not gone.</summary>
    private async Task CheckSidesAsync(CancellationToken cancellation)
    {
        var some = await session.ReadAsync(sql => RowStore.WitnessesAsync(sql, session.Id, Witnesses), cancellation);
        if (some.Count > 0)
        {
            var records = await session.Table.ReadAsync([.. some.Select(row => row.Record!)], cancellation);
            if (records.Rows.Count == 0) throw new SideStoppedException(Problems.Shrunk) { Side = SideName.Table };
            var rows = await session.Source.ReadAsync([.. some.Select(row => row.Key!)], cancellation);
            if (rows.Rows.Count == 0) throw new SideStoppedException(Problems.Shrunk) { Side = SideName.Source };
        }

        if (session.Spec.Sentinel is not { } sentinel) return;
        if ((await session.Table.FindAsync([sentinel], cancellation)).Count == 0)
            throw new SideStoppedException(Problems.SentinelGone) { Side = SideName.Table };
        if ((await session.Source.ReadAsync([sentinel], cancellation)).Rows.Count == 0)
            throw new SideStoppedException(Problems.SentinelGone) { Side = SideName.Source };
    }
}
