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
    /// <summary>Keys of one search at most.</summary>
    private const int MostConditions = 50;

    /// <summary>Characters of a search's keys, with room for what stands around each: a filter has at most 2,000.</summary>
    private const int MostCharacters = 1500;

    private RowMap _map = new([]);
    private CellValues? _values;

    public int PageSize => 500;

    private FeishuTable Table => watched.Table;

    private bool NeedsTimes => spec?.ChangedColumn is not null || _map.Fields.Any(map => map.Policy == ConflictPolicy.Newest);

    public void Use(RowMap map) => _map = map;

    public Task<SideShape> DescribeAsync(bool again, CancellationToken cancellation) => AskAsync(() =>
    {
        if (again) watched.Forget();
        return watched.ShapeAsync(cancellation);
    });

    public async IAsyncEnumerable<SidePage> ScanAsync(string? after, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var values = await ValuesAsync(cancellation);
        // Not through a view, whose filter would make rows look deleted; and not by names, of which a search takes fewer than a table may
        // have.
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
        foreach (var some in Searches(wanted.Select(key => _map.PartsOf(key)[0]).Distinct(StringComparer.Ordinal),
            _map.Fields[first].FieldId.Length))
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

    public Task<SideNews?> NewsAsync(string? cursor, CancellationToken cancellation) =>
        AskAsync(() => watched.NewsAsync(cursor, cancellation));

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    /// <summary>As many keys together as a filter has room for. Characters that JSON writes in six count as six.</summary>
    private static IEnumerable<IReadOnlyList<string>> Searches(IEnumerable<string> parts, int fieldId)
    {
        var (some, characters) = (new List<string>(), 0);
        foreach (var part in parts)
        {
            var cost = 60 + fieldId + part.Sum(c => c is < ' ' or > '~' or '"' or '\\' ? 6 : 1);
            if (some.Count > 0 && (some.Count == MostConditions || characters + cost > MostCharacters))
            {
                yield return some;
                (some, characters) = ([], 0);
            }

            some.Add(part);
            characters += cost;
        }

        if (some.Count > 0) yield return some;
    }

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
