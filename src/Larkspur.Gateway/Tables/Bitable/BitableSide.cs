using System.Runtime.CompilerServices;
using Larkspur.Feishu.Tables;
using Larkspur.Gateway.Syncs.Mapping;
using Larkspur.Gateway.Syncs.Sides;
using Larkspur.Gateway.Syncs.Values;

namespace Larkspur.Gateway.Tables.Bitable;

/// <summary>A table of the platform as a side of a sync.</summary>
/// <param name="watched">The table, and what this process knows of it.</param>
/// <param name="spec">What was asked for.</param>
internal sealed class BitableSide(WatchedTable watched, SyncSpec? spec) : ISide
{
    /// <summary>Values of a condition; keys of one search.</summary>
    private const int MostConditions = 50;

    private RowMap _map = new([]);
    private CellValues? _values;

    public int PageSize => 500;

    private FeishuTable Table => watched.Table;

    private bool NeedsTimes => spec?.ChangedColumn is not null || _map.Fields.Any(map => map.Policy == ConflictPolicy.Newest);

    public void Use(RowMap map) => _map = map;

    public Task<SideShape> DescribeAsync(CancellationToken cancellation) => AskAsync(() => watched.ShapeAsync(cancellation));

    public async IAsyncEnumerable<SidePage> ScanAsync(string? after, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var values = await ValuesAsync(cancellation);
        // Not through a view, whose filter would make rows look deleted; and not by names, of which a search takes fewer than a table may have.
        var records = Table.SearchAsync(new() { PageSize = PageSize }, cancellation).GetAsyncEnumerator(cancellation);
        await using (records)
        {
            var page = new List<SideRow>(PageSize);
            while (await AskAsync(async () => await records.MoveNextAsync()))
            {
                page.Add(values.Row(records.Current));
                if (page.Count < PageSize) continue;
                yield return new(page, null);
                page = new(PageSize);
            }

            if (page.Count > 0) yield return new(page, null);
        }
    }

    public Task<string?> MarkAsync(CancellationToken cancellation) => AskAsync(() => watched.RevisionAsync(cancellation));

    public async Task<long?> CountAsync(CancellationToken cancellation) =>
        await AskAsync(() => Table.CountAsync(cancellationToken: cancellation));

    public async Task<SideLookup> ReadAsync(IReadOnlyCollection<string> ids, CancellationToken cancellation)
    {
        var values = await ValuesAsync(cancellation);
        var found = await AskAsync(() => Table.GetAsync(ids, NeedsTimes, cancellation));
        return new([.. found.Records.Select(values.Row)], found.Absent.ToHashSet(StringComparer.Ordinal),
            found.Forbidden.ToHashSet(StringComparer.Ordinal));
    }

    public async Task<IReadOnlyList<SideRow>> FindAsync(IReadOnlyCollection<string> keys, CancellationToken cancellation)
    {
        var values = await ValuesAsync(cancellation);
        var wanted = keys.ToHashSet(StringComparer.Ordinal);
        var (first, found) = (_map.Keys[0], new List<SideRow>());
        foreach (var some in wanted.Select(key => _map.PartsOf(key)[0]).Distinct(StringComparer.Ordinal).Chunk(MostConditions))
        {
            var filter = some.Select(part => Condition(first, part)).Aggregate((all, one) => all | one);
            await AskAsync(async () =>
            {
                await foreach (var record in Table.SearchAsync(new() { Filter = filter, WithAuthors = NeedsTimes }, cancellation))
                {
                    var row = values.Row(record);
                    // Another's date of the same day, or a text that the platform takes for equal, is another key.
                    if (_map.KeyOf(row.Values) is { } key && wanted.Contains(key)) found.Add(row);
                }

                return true;
            });
        }

        return found;
    }

    public async Task<IReadOnlyList<WriteResult>> WriteAsync(IReadOnlyList<SideWrite> writes, CancellationToken cancellation)
    {
        var writing = new BitableWriting(Table, _map, await ValuesAsync(cancellation), spec?.NewOptions == true);
        var results = await AskAsync(() => writing.WriteAsync(writes, cancellation));
        watched.Wrote();
        return results;
    }

    public Task<SideNews?> NewsAsync(string? cursor, CancellationToken cancellation) => AskAsync(() => watched.NewsAsync(cursor, cancellation));

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private TableFilter Condition(int field, string part)
    {
        var where = Where.Field(_map.Fields[field].FieldId);
        return _map.Fields[field].Kind switch
        {
            ValueKind.Number => where.Is(Canonical.AsNumber(part)),
            ValueKind.Date => where.Is(Canonical.AsDate(part)),
            _ => where.Is(part),
        };
    }

    private async Task<CellValues> ValuesAsync(CancellationToken cancellation) =>
        _values ??= new(_map, await AskAsync(() => Table.Base.GetTimeZoneAsync(cancellation)));

    private static async Task<T> AskAsync<T>(Func<Task<T>> ask)
    {
        try
        {
            return await ask();
        }
        catch (Exception e) when (BitableFailures.IsKnown(e))
        {
            throw BitableFailures.Of(e);
        }
    }
}
