using Larkspur.Gateway.Storage;
using Larkspur.Gateway.Syncs.Looking;
using Larkspur.Gateway.Syncs.Mapping;
using Larkspur.Gateway.Syncs.Rows;
using Larkspur.Gateway.Syncs.Sides;

namespace Larkspur.Gateway.Syncs.Running;

/// <summary>
/// Takes back what a run wrote: each value becomes what it was before, where what the run wrote is still there; rows that it made are
/// deleted, rows that it deleted are made again. The sync is paused first, so that it does not do the same again. What is written is
/// absolute: after a crash the whole is done once more, and finds done what was done.
/// </summary>
internal sealed class Undo(IDatabase database, SyncLeases leases, SyncOpening opening, ISyncChance chance, TimeProvider clock)
{
    private const int AtOnce = 200;

    /// <param name="sync">The sync.</param>
    /// <param name="run">One of its runs.</param>
    /// <param name="cancellation">Gives up; what is not taken back yet stays so until it is asked for again.</param>
    /// <exception cref="SyncLostException">The sync was resumed, changed or removed meanwhile.</exception>
    /// <exception cref="SideAwayException">A side is away.</exception>
    /// <exception cref="SideStoppedException">A side says no.</exception>
    public async Task<UndoReport> RunAsync(long sync, long run, CancellationToken cancellation)
    {
        var until = clock.GetUtcNow() + SyncLeases.Lease;
        var row = await database.TransactAsync(async unit =>
        {
            var taken = await UndoStore.TakeAsync(unit, sync, until);
            if (taken is not null) await SyncRuns.EndAsync(unit, sync, clock.GetUtcNow());
            return taken;
        }, cancellation) ?? throw new SyncLostException($"{sync}");
        var held = new HeldSync(row, until);
        try
        {
            return await RunAsync(held, run, cancellation);
        }
        finally
        {
            await leases.ReleaseAsync(held, CancellationToken.None);
        }
    }

    private async Task<UndoReport> RunAsync(HeldSync held, long run, CancellationToken cancellation)
    {
        var (table, source) = await opening.SidesAsync(held.Row.Owner, held.Row.Id, held.Row.Spec, cancellation);
        await using var openTable = table;
        await using var openSource = source;
        var map = await MapAsync(held, table, source, cancellation);
        var session = new SyncSession(database, leases, held, map, table, source, clock, chance);
        var own = await session.WriteAsync(unit => SyncRuns.OpenAsync(unit, held.Row.Id, RunRow.Undo, clock.GetUtcNow()), cancellation);
        var report = new UndoReport();
        for (var after = 0L; ;)
        {
            var rows = await session.ReadAsync(sql => UndoStore.RowsAsync(sql, run, after, AtOnce), cancellation);
            if (rows.Count == 0) break;
            after = rows[^1];
            var changes = await session.ReadAsync(sql => UndoStore.ChangesAsync(sql, session.Dialect, run, rows), cancellation);
            foreach (var side in (SideName[])[SideName.Source, SideName.Table])
                report = await SideAsync(session, own, side, [.. changes.Where(change => change.Side == side)], report, cancellation);
        }

        await session.WriteAsync(async unit =>
        {
            await UndoStore.DoneAsync(unit, run, session.Now);
            await SyncRuns.EndAsync(unit, session.Id, session.Now);
        }, cancellation);
        return report;
    }

    private static async Task<RowMap> MapAsync(HeldSync held, ISide table, ISide source, CancellationToken cancellation)
    {
        var before = held.Row.Map is { } json ? StoredMap.Read(json) : null;
        var found = MapResolver.Of(
            held.Row.Spec, await table.DescribeAsync(true, cancellation), await source.DescribeAsync(true, cancellation), before);
        if (found.Problems is [var problem, ..])
            throw new SideStoppedException(Problems.NotFound, $"{problem.Word}: {problem.Given}") { Side = SideName.Table };
        table.Use(found.Map);
        source.Use(found.Map);
        return found.Map;
    }

    private static async Task<UndoReport> SideAsync(
        SyncSession session, long own, SideName side, List<ChangeRow> changes, UndoReport report, CancellationToken cancellation)
    {
        if (changes.Count == 0) return report;
        var rows = await FindAsync(session, side, changes, cancellation);
        var undone = rows.Select(one => (one.Changes, Of: UndoneRow.Of(session.Map, side, one.Has, one.Changes))).ToList();
        foreach (var (its, of) in undone.Where(one => !one.Of.IsDone))
            report = report.Left(session.Map, its[0], side, "changed_since", of.Kept);
        // Rows come back before values do, and what the run made goes last.
        foreach (var kind in (WriteKind[])[WriteKind.Create, WriteKind.Update, WriteKind.Delete])
        {
            var some = undone.Where(one => one.Of.Write?.Kind == kind).ToList();
            if (some.Count == 0) continue;
            await session.MaySendAsync(cancellation);
            var results = await session.Of(side).WriteAsync([.. some.Select(one => one.Of.Write!)], cancellation);
            report = await NoteAsync(session, own, side, [.. some.Zip(results, (one, result) => (one.Changes[0], one.Of.Write!, result))],
                report, cancellation);
        }

        return report with { Same = report.Same + undone.Count(one => one.Of is { Write: null, IsDone: true }) };
    }

    /// <summary>The rows as they are. A record that was deleted has another id when it is back: it is found by its key.</summary>
    private static async Task<List<(SideRow? Has, List<ChangeRow> Changes)>> FindAsync(
        SyncSession session, SideName side, List<ChangeRow> changes, CancellationToken cancellation)
    {
        var groups = changes.GroupBy(change => change.RowId).Select(group => group.ToList()).ToList();
        var found = new Dictionary<string, SideRow>(StringComparer.Ordinal);
        var ids = groups.Select(group => IdOf(group[0], side)).OfType<string>().Distinct(StringComparer.Ordinal);
        foreach (var some in ids.Chunk(session.Of(side).PageSize))
            foreach (var row in (await session.Of(side).ReadAsync(some, cancellation)).Rows) found[row.Id] = row;
        var byKey = new Dictionary<string, SideRow>(StringComparer.Ordinal);
        var lost = side == SideName.Source ? [] : groups.Where(group => !found.ContainsKey(group[0].Record ?? "")
            && group[0].Kind == "delete" && group[0].Key is not null).Select(group => group[0].Key!).ToList();
        if (lost.Count > 0)
            foreach (var row in await session.Table.FindAsync(lost, cancellation))
                if (session.Map.KeyOf(row.Values) is { } key) byKey[key] = row;
        return [.. groups.Select(group => (found.GetValueOrDefault(IdOf(group[0], side) ?? "")
            ?? byKey.GetValueOrDefault(group[0].Key ?? ""), group))];
    }

    private static string? IdOf(ChangeRow change, SideName side) => side == SideName.Table ? change.Record : change.Key;

    private static Task<UndoReport> NoteAsync(SyncSession session, long own, SideName side,
        List<(ChangeRow Change, SideWrite Write, WriteResult Result)> written, UndoReport report, CancellationToken cancellation) =>
        session.WriteAsync(async unit =>
        {
            var (sum, done) = (report, 0L);
            foreach (var (change, write, result) in written)
            {
                if (result.State != WriteState.Done)
                {
                    sum = sum.Left(session.Map, change, side, result.Reason ?? Problems.Failed, []);
                    continue;
                }

                done++;
                sum = sum.Wrote(write.Kind);
                await HistoryAsync(unit, session, own, side, change, write, result);
            }

            await SyncRuns.AddAsync(unit, own, side == SideName.Table ? new(ToTable: done) : new(ToSource: done));
            return sum;
        }, cancellation);

    private static async ValueTask HistoryAsync(
        IUnitOfWork unit, SyncSession session, long own, SideName side, ChangeRow change, SideWrite write, WriteResult result)
    {
        var fields = session.Map.Fields;
        var note = new ChangeRow
        {
            Run = own, RowId = change.RowId, Key = change.Key, Record = side == SideName.Table ? result.Id ?? write.Id : change.Record,
            Side = side, Kind = write.Kind.ToString().ToLowerInvariant(), At = session.Now,
        };
        if (write.Kind == WriteKind.Update)
        {
            foreach (var (i, value) in write.Values)
            {
                await HistoryStore.AddAsync(unit, session.Id, note with
                {
                    Field = fields[i].FieldId, Before = write.Read!.Values[i], After = value,
                });
            }

            return;
        }

        await HistoryStore.AddAsync(unit, session.Id, note with
        {
            Before = write.Read is { } read
                ? ValuesJson.Of(session.Map.Active.ToDictionary(i => fields[i].FieldId, i => read.Values[i])) : null,
            After = write.Kind == WriteKind.Create
                ? ValuesJson.Of(write.Values.ToDictionary(pair => fields[pair.Key].FieldId, pair => pair.Value)) : null,
        });
    }
}
