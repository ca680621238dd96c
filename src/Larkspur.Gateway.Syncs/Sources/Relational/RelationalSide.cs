using System.Runtime.CompilerServices;
using Larkspur.Gateway.Syncs.Mapping;
using Larkspur.Gateway.Syncs.Sides;

namespace Larkspur.Gateway.Syncs.Sources.Relational;

/// <summary>A table of a database as a side: what all of them have in common. A row's id is its key.</summary>
internal abstract partial class RelationalSide(SyncSpec spec, TimeProvider clock, ILogger logger) : ISide
{
    private RowReader? _rows;
    private bool _toldOfKeys;

    public int PageSize => 1000;

    protected SyncSpec Spec => spec;

    protected TimeProvider Clock => clock;

    protected ILogger Logger => logger;

    /// <summary>The columns of the table, as they were found when it was opened.</summary>
    protected abstract IReadOnlyList<SourceColumn> Table { get; }

    protected RowReader Rows => _rows ?? throw new InvalidOperationException("No map is used yet.");

    private bool IsMarking => spec.Deletes.InSource == DeletionRule.Mark && spec.Deletes.MarkColumn is not null;

    public abstract Task<SideShape> DescribeAsync(bool again, CancellationToken cancellation);

    public void Use(RowMap map)
    {
        var columns = Table.ToDictionary(column => column.Name, StringComparer.Ordinal);
        _rows = new(map, columns, IsMarking ? Named(spec.Deletes.MarkColumn!) : null,
            spec.ChangedColumn is { } changed ? Named(changed) : null);

        SourceColumn Named(string name) => columns.GetValueOrDefault(name)
            ?? throw new SideStoppedException(Problems.ColumnGone, name) { Side = SideName.Source };
    }

    public async IAsyncEnumerable<SidePage> ScanAsync(string? after, [EnumeratorCancellation] CancellationToken cancellation)
    {
        for (var at = after is null ? null : Rows.StoredKey(after); ;)
        {
            // One more than a page tells whether the last key is there twice.
            var stored = await GuardAsync(() => PageAsync(at, PageSize + 1, cancellation));
            if (stored.Count == 0) yield break;
            var ids = stored.Select(row => Rows.KeyText(Rows.KeyOf(row))).ToList();
            var page = new List<SideRow>(PageSize);
            for (var i = 0; i < Math.Min(stored.Count, PageSize); i++)
            {
                if (ids[i] is not { } id) TellOfKeys(stored[i]);
                else if (page.Count > 0 && page[^1].Id == id) page[^1] = Rows.Twice(page[^1]);
                else if (Rows.Row(stored[i]) is { } row) page.Add(i + 1 < stored.Count && ids[i + 1] == id ? Rows.Twice(row) : row);
            }

            if (page.Count > 0) after = page[^1].Id;
            yield return new(page, after);
            if (stored.Count <= PageSize) yield break;
            at = Rows.KeyOf(stored[PageSize - 1]);
        }
    }

    public abstract Task<string?> MarkAsync(CancellationToken cancellation);

    public abstract Task<long?> CountAsync(CancellationToken cancellation);

    public async Task<SideLookup> ReadAsync(IReadOnlyCollection<string> ids, CancellationToken cancellation)
    {
        var found = await ByKeysAsync(ids, cancellation);
        return new([.. found.Values], ids.Where(id => !found.ContainsKey(id)).ToHashSet(StringComparer.Ordinal), new HashSet<string>());
    }

    public async Task<IReadOnlyList<SideRow>> FindAsync(IReadOnlyCollection<string> keys, CancellationToken cancellation) =>
        [.. (await ByKeysAsync(keys, cancellation)).Values];

    public async Task<IReadOnlyList<WriteResult>> WriteAsync(IReadOnlyList<SideWrite> writes, CancellationToken cancellation)
    {
        var results = new List<WriteResult>(writes.Count);
        foreach (var some in writes.Chunk(PageSize))
            results.AddRange(await GuardAsync(() => WriteSomeAsync(some, cancellation)));
        return results;
    }

    public abstract Task<SideNews?> NewsAsync(string? cursor, CancellationToken cancellation);

    public virtual ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        return ValueTask.CompletedTask;
    }

    /// <summary>A page of unmarked rows in the order of the key, without those whose key is null.</summary>
    protected abstract Task<List<object?[]>> PageAsync(object?[]? after, int count, CancellationToken cancellation);

    /// <summary>Rows by stored keys, marked ones among them.</summary>
    protected abstract Task<List<object?[]>> LookUpAsync(IReadOnlyList<object?[]> keys, CancellationToken cancellation);

    /// <summary>Writes in one transaction.</summary>
    protected abstract Task<IReadOnlyList<WriteResult>> WriteSomeAsync(IReadOnlyList<SideWrite> writes, CancellationToken cancellation);

    /// <summary>What an error of the driver means for the side; null: it is none of the driver's.</summary>
    protected abstract Exception? Told(Exception e);

    /// <summary>The key of the row that is written; null: a part of it is empty.</summary>
    protected string? KeyOf(SideWrite write) => write.Id ?? Rows.Map.KeyOf(
        [.. Enumerable.Range(0, Rows.Map.Fields.Count).Select(i => write.Values.GetValueOrDefault(i))]);

    /// <summary>Runs something and says of the driver's errors what they mean.</summary>
    protected async Task<T> GuardAsync<T>(Func<Task<T>> work)
    {
        try
        {
            return await work();
        }
        catch (Exception e) when (Told(e) is { } told)
        {
            throw told;
        }
    }

    private async Task<Dictionary<string, SideRow>> ByKeysAsync(IReadOnlyCollection<string> ids, CancellationToken cancellation)
    {
        var asked = ids.ToHashSet(StringComparer.Ordinal);
        var found = new Dictionary<string, SideRow>(StringComparer.Ordinal);
        foreach (var some in asked.Chunk(PageSize))
        {
            var keys = some.Select(Rows.StoredKey).OfType<object?[]>().ToList();
            if (keys.Count == 0) continue;
            foreach (var stored in await GuardAsync(() => LookUpAsync(keys, cancellation)))
            {
                // A database may find more than what was asked for: "a" and "A" are the same to some collations.
                if (Rows.IsMarked(stored) || Rows.Row(stored) is not { } row || !asked.Contains(row.Id)) continue;
                found[row.Id] = found.ContainsKey(row.Id) ? Rows.Twice(row) : row;
            }
        }

        return found;
    }

    private void TellOfKeys(object?[] stored)
    {
        if (_toldOfKeys) return;
        _toldOfKeys = true;
        NoKey(spec.Source.Table, string.Join(", ", Rows.KeyOf(stored).Select(part => part is byte[]? "bytes" : part)));
    }

    [LoggerMessage(LogLevel.Warning, "Rows of {Table} are left out whose key is empty or cannot be asked for again; the first: {Key}")]
    private partial void NoKey(string table, string key);
}
