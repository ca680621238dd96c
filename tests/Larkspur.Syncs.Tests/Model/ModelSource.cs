using System.Globalization;
using System.Runtime.CompilerServices;
using Larkspur.Gateway.Syncs.Mapping;
using Larkspur.Gateway.Syncs.Sides;

namespace Larkspur.Syncs.Tests.Model;

/// <summary>A company's own data: unique keys, compare-and-set, and a log of changed keys.</summary>
internal sealed class ModelSource(World world)
{
    private readonly World _world = world;
    private readonly List<string> _log = [];

    public SortedDictionary<string, string?[]> Rows { get; } = new(StringComparer.Ordinal);

    public Dictionary<string, string?[]> Deleted { get; } = [];

    /// <summary>The log was lost: what happened before is told no more.</summary>
    public bool IsCut { get; set; }

    public void Put(string key, string?[] values)
    {
        Rows[key] = values;
        Deleted.Remove(key);
        _log.Add(key);
        _world.Log.Add($"    source {key} is there: {string.Join(' ', values)}");
    }

    public void Set(string key, int field, string? value)
    {
        _world.Log.Add($"    source {key} {field}: {Rows[key][field]} -> {value}");
        Rows[key][field] = value;
        _log.Add(key);
    }

    /// <summary>Rows that people deleted.</summary>
    public List<string?[]> Thrown { get; } = [];

    public void Delete(string key, bool byPerson = false)
    {
        if (byPerson) Thrown.Add(Rows[key]);
        Deleted[key] = [.. Rows[key]];
        Rows.Remove(key);
        _log.Add(key);
        _world.Log.Add($"    source {key} is gone");
    }

    public ISide Open() => new Side(this);

    private sealed class Side(ModelSource source) : ISide
    {
        private World World => source._world;

        public int PageSize => 5;

        public void Use(RowMap map)
        {
        }

        public Task<SideShape> DescribeAsync(bool again, CancellationToken cancellation) => Task.FromResult(ModelFields.SourceShape());

        public async IAsyncEnumerable<SidePage> ScanAsync(string? after, [EnumeratorCancellation] CancellationToken cancellation)
        {
            await Task.CompletedTask;
            for (var last = after; ;)
            {
                World.Call("scan of the source");
                var page = source.Rows.Where(row => string.CompareOrdinal(row.Key, last) > 0).Take(PageSize).ToList();
                if (page.Count == 0) yield break;
                last = page[^1].Key;
                yield return new([.. page.Select(row => Row(row.Key))], last);
            }
        }

        public Task<string?> MarkAsync(CancellationToken cancellation) => Task.FromResult<string?>(null);

        public Task<long?> CountAsync(CancellationToken cancellation) => Task.FromResult<long?>(source.Rows.Count);

        public Task<SideLookup> ReadAsync(IReadOnlyCollection<string> ids, CancellationToken cancellation)
        {
            World.Call("look-up in the source");
            return Task.FromResult(new SideLookup([.. ids.Where(source.Rows.ContainsKey).Select(Row)],
                ids.Where(id => !source.Rows.ContainsKey(id)).ToHashSet(), new HashSet<string>()));
        }

        public Task<IReadOnlyList<SideRow>> FindAsync(IReadOnlyCollection<string> keys, CancellationToken cancellation) =>
            Task.FromResult<IReadOnlyList<SideRow>>([.. keys.Where(source.Rows.ContainsKey).Select(Row)]);

        public Task<IReadOnlyList<WriteResult>> WriteAsync(IReadOnlyList<SideWrite> writes, CancellationToken cancellation)
        {
            World.Call("write to the source");
            var results = writes.Select(Write).ToList();
            World.Answer("write to the source");
            return Task.FromResult<IReadOnlyList<WriteResult>>(results);
        }

        public Task<SideNews?> NewsAsync(string? cursor, CancellationToken cancellation)
        {
            World.Call("news of the source");
            var end = source._log.Count.ToString(CultureInfo.InvariantCulture);
            if (cursor is null) return Task.FromResult<SideNews?>(new([], end));
            var from = int.Parse(cursor, CultureInfo.InvariantCulture);
            var news = new SideNews([.. source._log.Skip(from).Distinct()], end, IsGap: source.IsCut);
            if (source.IsCut) news = news with { Items = [] };
            source.IsCut = false;
            return Task.FromResult<SideNews?>(news);
        }

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;

        private SideRow Row(string key) => new(key, [.. source.Rows[key]]);

        private WriteResult Write(SideWrite write)
        {
            var key = write.Id!;
            if (write.Values.Values.Any(value => value?.Contains('?', StringComparison.Ordinal) == true))
                return new(WriteState.Refused, null, Problems.Constraint);
            switch (write.Kind)
            {
                case WriteKind.Create:
                    if (source.Rows.ContainsKey(key)) return new(WriteState.Moved);
                    var values = new string?[ModelFields.Columns.Length];
                    foreach (var (field, value) in write.Values) values[field] = value;
                    World.Writes++;
                    source.Put(key, values);
                    return WriteResult.Done(key);
                case WriteKind.Update:
                    if (!source.Rows.TryGetValue(key, out var has)) return new(WriteState.Moved);
                    if (write.Values.Keys.Any(field => has[field] != write.Read!.Values[field])) return new(WriteState.Moved);
                    World.Writes++;
                    foreach (var (field, value) in write.Values) source.Set(key, field, value);
                    return WriteResult.Done(key);
                default:
                    if (!source.Rows.TryGetValue(key, out var gone)) return WriteResult.Done(key);
                    if (!gone.SequenceEqual(write.Read!.Values)) return new(WriteState.Moved);
                    World.Writes++;
                    source.Delete(key);
                    return WriteResult.Done(key);
            }
        }
    }
}
