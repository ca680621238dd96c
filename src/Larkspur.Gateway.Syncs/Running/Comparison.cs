using Larkspur.Gateway.Storage;
using Larkspur.Gateway.Syncs.Mapping;
using Larkspur.Gateway.Syncs.Rows;
using Larkspur.Gateway.Syncs.Sides;

namespace Larkspur.Gateway.Syncs.Running;

/// <summary>
/// Compares everything: what no event and no news told of is found here. It changes nothing itself; rows that differ, or were not met, are
/// looked at one by one afterwards, so that a page that shifts under the reading costs a look and deletes nothing.
/// </summary>
internal sealed class Comparison(SyncSession session)
{
    private const int Page = 1000;

    /// <summary>A side that has fewer than this share of the rows that are known is not believed.</summary>
    private const double LeastShare = 0.5;

    /// <summary>Of so few rows half may be gone.</summary>
    private const int Few = 10;

    /// <summary>A person let it go on although a side shows little of what it had.</summary>
    public const string Accepted = "accepted";

    public async Task RunAsync(CancellationToken cancellation)
    {
        var (tableSeen, tableRows) = await SideAsync(SideName.Table, cancellation);
        var (sourceSeen, sourceRows) = await SideAsync(SideName.Source, cancellation);
        await MissingAsync(SideName.Table, tableSeen, cancellation);
        await MissingAsync(SideName.Source, sourceSeen, cancellation);
        await session.WriteAsync(async unit =>
        {
            await ProblemStore.LookAsync(unit, session.Id);
            await SyncRuns.AddAsync(unit, await session.RunAsync(unit), new(ReadRows: tableRows + sourceRows));
            await SyncProgress.ScannedAsync(unit, session.Id, tableRows, sourceRows, session.Now);
        }, cancellation);
    }

    private async Task<(SeenRows Seen, long Rows)> SideAsync(SideName side, CancellationToken cancellation)
    {
        var (seen, rows) = (new SeenRows(), 0L);
        await foreach (var page in session.Of(side).ScanAsync(null, cancellation))
        {
            await session.MaySendAsync(cancellation);
            rows += page.Rows.Count;
            var marks = (await session.ReadAsync(
                    sql => RowStore.MarksAsync(sql, session.Dialect, session.Id, side, page.Rows.Select(row => row.Id)), cancellation))
                .ToDictionary(mark => mark.Item, StringComparer.Ordinal);
            var different = new List<string>();
            foreach (var row in page.Rows)
            {
                if (marks.TryGetValue(row.Id, out var mark)) seen.Add(mark.Id);
                if (mark.Id == 0 || mark.State != RowState.Linked || mark.Hash != session.Map.HashOf(row.Values)) different.Add(row.Id);
            }

            if (different.Count > 0) await session.WriteAsync(
                unit => HintStore.AddAsync(unit, session.Dialect, session.Id, side, different), cancellation);
        }

        var linked = await session.ReadAsync(sql => RowStore.LinkedAsync(sql, session.Id), cancellation);
        // Whoever has seen that so much is missing, and lets it go on, is believed; what is deleted by it still asks.
        if (session.Row.Scan != Accepted && linked > Few && seen.Count < linked * LeastShare)
            throw new SideStoppedException(Problems.Shrunk, $"{seen.Count} of {linked}") { Side = side };
        return (seen, rows);
    }

    /// <summary>Rows that were not met are asked for by their ids.</summary>
    private async Task MissingAsync(SideName side, SeenRows seen, CancellationToken cancellation)
    {
        for (var after = 0L; ;)
        {
            var marks = await session.ReadAsync(sql => RowStore.MarksAsync(sql, session.Id, side, after, Page), cancellation);
            if (marks.Count == 0) return;
            after = marks[^1].Id;
            var missing = marks.Where(mark => mark.State == RowState.Linked && !seen.Has(mark.Id)).Select(mark => mark.Item).ToList();
            if (missing.Count > 0) await session.WriteAsync(
                unit => HintStore.AddAsync(unit, session.Dialect, session.Id, side, missing), cancellation);
        }
    }
}
