using System.Globalization;
using Larkspur.Gateway.Syncs.Looking;
using Larkspur.Gateway.Syncs.Mapping;
using Larkspur.Gateway.Syncs.Merging;
using Larkspur.Gateway.Syncs.Rows;
using Larkspur.Gateway.Syncs.Sides;

namespace Larkspur.Gateway.Syncs.Running;

/// <summary>
/// The first copy: the source's rows, then those that only the table has. How far it is is put down with each page's rows, so that after a
/// crash one page at most is looked at again, and what it had made is found by its key.
/// </summary>
internal sealed class FirstCopy(SyncSession session)
{
    public async Task SourceAsync(CancellationToken cancellation)
    {
        if (await GoOnAsync(cancellation)) return;
        var after = session.Row.PhaseAfter;
        var examination = new Examination(session);
        await foreach (var page in session.Source.ScanAsync(after, cancellation))
        {
            await session.MaySendAsync(cancellation);
            await TypedAsync(examination, cancellation);
            var different = await LinkEqualAsync(page.Rows, cancellation);
            await examination.RunAsync([], [], different, true, false,
                unit => SyncProgress.PhaseAsync(unit, session.Id, Phases.CopySource, page.After ?? after), cancellation);
            after = page.After ?? after;
        }

        await session.WriteAsync(unit => SyncProgress.PhaseAsync(unit, session.Id, Phases.CopyTable, null), cancellation);
    }

    public async Task TableAsync(CancellationToken cancellation)
    {
        if (await GoOnAsync(cancellation)) return;
        var examination = new Examination(session);
        for (var after = long.Parse(session.Row.PhaseAfter ?? "0",
            CultureInfo.InvariantCulture); session.Rules().RowsGoTo(SideName.Source);)
        {
            var rows = await session.ReadAsync(sql => RowStore.FoundAsync(sql, session.Id, after, session.Source.PageSize), cancellation);
            if (rows.Count == 0) break;
            after = rows[^1].Id;
            var next = after.ToString(CultureInfo.InvariantCulture);
            await examination.RunAsync([], rows, [], false, false,
                unit => SyncProgress.PhaseAsync(unit, session.Id, Phases.CopyTable, next), cancellation);
        }

        await session.WriteAsync(async unit =>
        {
            await SyncProgress.PhaseAsync(unit, session.Id, Phases.Live, null);
            var linked = await RowStore.LinkedAsync(unit, session.Id);
            await SyncProgress.CopiedAsync(unit, session.Id, linked, Survey.Starting, session.Now);
            await SyncRuns.EndAsync(unit, session.Id, session.Now);
        }, cancellation);
    }

    /// <summary>What somebody types into the table meanwhile is linked before the source's row of that key comes to be made.</summary>
    private async Task TypedAsync(Examination examination, CancellationToken cancellation)
    {
        var hints = await session.ReadAsync(sql => HintStore.DueAsync(sql, session.Id, session.Now, session.Table.PageSize), cancellation);
        var typed = hints.Where(hint => hint.Side == SideName.Table).ToList();
        if (typed.Count > 0) await examination.RunAsync(typed, [], [], false, false, null, cancellation);
    }

    /// <summary>What a crash left behind comes first.</summary>
    private async Task<bool> GoOnAsync(CancellationToken cancellation)
    {
        var pending = await session.ReadAsync(sql => RowStore.PendingAsync(sql, session.Id, session.Table.PageSize), cancellation);
        if (pending.Count == 0) return false;
        await new Examination(session).RunAsync([], pending, [], false, false, null, cancellation);
        return true;
    }

    /// <summary>Rows that were found equal are linked without a call.</summary>
    /// <returns>The others.</returns>
    private async Task<List<SideRow>> LinkEqualAsync(IReadOnlyList<SideRow> rows, CancellationToken cancellation)
    {
        var found = await session.ReadAsync(
            sql => RowStore.ByKeysAsync(sql, session.Dialect, session.Id, rows.Select(row => row.Id)), cancellation);
        var byKey = found.Where(row => row is { State: RowState.Found, Record: not null, Pending: null })
            .ToDictionary(row => row.Key!, StringComparer.Ordinal);
        var equal = rows.Where(row => byKey.TryGetValue(row.Id, out var its) && its.Hash == session.Map.HashOf(row.Values)).ToList();
        if (equal.Count > 0) await session.WriteAsync(async unit =>
        {
            foreach (var row in equal)
            {
                await RowStore.SaveAsync(unit, session.Id, byKey[row.Id] with
                {
                    State = RowState.Linked, Base = BaseValues.Empty.Meeting(session.Map, row.Values, row.Values),
                });
            }
        }, cancellation);
        // Those that are linked already belong to a page that was gone through before a crash.
        var done = found.Where(row => row is { State: RowState.Linked, Pending: null }).Select(row =>
            row.Key!).ToHashSet(StringComparer.Ordinal);
        done.UnionWith(equal.Select(row => row.Id));
        return [.. rows.Where(row => !done.Contains(row.Id))];
    }
}
