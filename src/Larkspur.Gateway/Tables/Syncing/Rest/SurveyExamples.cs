using Larkspur.Gateway.Storage;
using Larkspur.Gateway.Syncs.Mapping;
using Larkspur.Gateway.Syncs.Rows;
using Larkspur.Gateway.Syncs.Running;
using Larkspur.Gateway.Syncs.Sides;

namespace Larkspur.Gateway.Tables.Syncing.Rest;

/// <summary>The report of a survey, with the values of its examples as they are now.</summary>
internal sealed class SurveyExamples(IDatabase database, SyncOpening opening)
{
    /// <param name="sync">A sync that was looked at.</param>
    /// <param name="cancellation">Ends the waiting.</param>
    /// <exception cref="SideAwayException">A side is away.</exception>
    /// <exception cref="SideStoppedException">A side says no.</exception>
    public async Task<SyncSurveyView?> OfAsync(SyncRecord sync, CancellationToken cancellation)
    {
        if (sync.Survey is null) return null;
        var report = SurveyReport.Read(sync.Survey);
        return new()
        {
            TableRows = report.TableRows, SourceRows = report.SourceRows, Equal = report.Equal, Differing = report.Differing,
            OnlySource = report.OnlySource, OnlyTable = Math.Max(0, report.OnlyTable), NoKey = report.NoKey, KeyTwice = report.KeyTwice,
            Unreadable = report.Unreadable,
            Examples = report.Examples.Count == 0 || sync.Map is null ? [] : await ReadAsync(sync, report, cancellation),
        };
    }

    private async Task<IReadOnlyList<SyncSurveyExampleView>> ReadAsync(SyncRecord sync, SurveyReport report, CancellationToken cancellation)
    {
        var map = new RowMap(StoredMap.Read(sync.Map!).Fields);
        var (table, source) = await opening.SidesAsync(sync.Owner, sync.Id, sync.Spec, cancellation);
        await using var openTable = table;
        await using var openSource = source;
        table.Use(map);
        source.Use(map);
        var keys = report.Examples.Where(IsKey).Select(example => example.Item).Distinct().ToList();
        var rows = await database.ReadAsync(sql => RowStore.ByKeysAsync(sql, database.Dialect, sync.Id, keys), cancellation);
        var records = rows.Where(row => row is { Key: not null, Record: not null })
            .ToDictionary(row => row.Key!, row => row.Record!, StringComparer.Ordinal);
        var bare = report.Examples.Where(example => !IsKey(example)).Select(example => example.Item);
        var here = await ById(table, [.. records.Values.Concat(bare).Distinct()], cancellation);
        var there = await ById(source, [.. keys], cancellation);
        return [.. report.Examples.Select(example => new SyncSurveyExampleView(example.Kind, example.Item, example.Detail, Values(map,
            here.GetValueOrDefault(IsKey(example) ? records.GetValueOrDefault(example.Item) ?? "" : example.Item),
            there.GetValueOrDefault(example.Item))))];
    }

    private static bool IsKey(SurveyExample example) => example.Kind is "differing" or "only_source" or "unreadable";

    private static async Task<Dictionary<string, SideRow>> ById(ISide side, List<string> ids, CancellationToken cancellation)
    {
        var found = new Dictionary<string, SideRow>(StringComparer.Ordinal);
        foreach (var some in ids.Chunk(side.PageSize))
            foreach (var row in (await side.ReadAsync(some, cancellation)).Rows) found[row.Id] = row;
        return found;
    }

    private static List<SyncExampleValueView> Values(RowMap map, SideRow? table, SideRow? source)
    {
        var values = new List<SyncExampleValueView>();
        foreach (var i in map.Active)
        {
            var (here, there) = (table?.Values[i], source?.Values[i]);
            // Of a row that both have, what is the same tells nothing.
            if (table is not null && source is not null && here == there && !map.Fields[i].IsKey) continue;
            if (here is null && there is null) continue;
            values.Add(new(map.Fields[i].Field, FieldValues.Shown(map.Fields[i].Kind, here), FieldValues.Shown(map.Fields[i].Kind, there)));
        }

        return values;
    }
}
