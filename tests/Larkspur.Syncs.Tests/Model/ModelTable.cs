using System.Runtime.CompilerServices;
using Larkspur.Gateway.Syncs.Looking;
using Larkspur.Gateway.Syncs.Mapping;
using Larkspur.Gateway.Syncs.Sides;

namespace Larkspur.Syncs.Tests.Model;

/// <summary>A table as people's platform has it: no unique key, no compare-and-set, whole batches or nothing, and events that may be late,
/// doubled or lost.</summary>
internal sealed class ModelTable(World world)
{
    private readonly World _world = world;
    private int _records;

    public SortedDictionary<string, string?[]> Rows { get; } = new(StringComparer.Ordinal);

    public Dictionary<string, string?[]> Deleted { get; } = [];

    public HashSet<string> Hidden { get; } = [];

    public HashSet<int> GoneFields { get; } = [];

    public string Rights { get; set; } = "all";

    public int Renames { get; set; }

    /// <summary>Events that were not delivered yet: the record, and what changed of it.</summary>
    public List<ToldChange> Events { get; } = [];

    /// <summary>Values that people wrote and the engine overwrote without having read them.</summary>
    public List<(string Record, int Field, string? Lost)> Overwritten { get; } = [];

    public string Add(string?[] values)
    {
        var id = $"rec{++_records:D4}";
        Rows[id] = values;
        Tell(id, "", null, id);
        return id;
    }

    public void Set(string record, int field, string? value)
    {
        var before = Rows[record][field];
        Rows[record][field] = value;
        Tell(record, $"f{field}", before, value);
    }

    /// <summary>Rows that people deleted.</summary>
    public List<string?[]> Thrown { get; } = [];

    public void Delete(string record, bool byPerson = false)
    {
        if (byPerson) Thrown.Add([.. Rows[record]]);
        Deleted[record] = Rows[record];
        Rows.Remove(record);
        Tell(record, "", record, null);
    }

    public void Restore(string record)
    {
        Rows[record] = Deleted[record];
        Deleted.Remove(record);
        Tell(record, "", null, record);
    }

    /// <summary>Happens once, just before the engine writes.</summary>
    public Action? BeforeWrite { get; set; }

    public ISide Open() => new Side(this);

    private void Tell(string record, string field, string? before, string? after)
    {
        _world.Log.Add($"    table {record} {field}: {before} -> {after}");
        if (_world.IsCalm || _world.Chance.Next(8) != 0) Events.Add(new(record, field, before, after));
        if (!_world.IsCalm && _world.Chance.Next(8) == 0) Events.Add(new(record, field, before, after));
    }

    private sealed class Side(ModelTable table) : ISide
    {
        private World World => table._world;

        public int PageSize => 7;

        public void Use(RowMap map) => Map = map;

        private RowMap Map { get; set; } = null!;

        public Task<SideShape> DescribeAsync(bool again, CancellationToken cancellation) =>
            Task.FromResult(ModelFields.TableShape(table.GoneFields, table.Rights, table.Renames));

        public async IAsyncEnumerable<SidePage> ScanAsync(string? after, [EnumeratorCancellation] CancellationToken cancellation)
        {
            await Task.CompletedTask;
            // Pages are places in a list that moves: what is deleted before a page shifts all that follow.
            for (var place = 0; ; place += PageSize)
            {
                World.Call("scan of the table");
                var page = table.Rows.Where(row => !table.Hidden.Contains(row.Key)).Skip(place).Take(PageSize).ToList();
                if (page.Count == 0) yield break;
                yield return new([.. page.Select(row => Row(row.Key))], null);
            }
        }

        public Task<string?> MarkAsync(CancellationToken cancellation) => Task.FromResult<string?>(null);

        public Task<long?> CountAsync(CancellationToken cancellation) => Task.FromResult<long?>(table.Rows.Count);

        public Task<SideLookup> ReadAsync(IReadOnlyCollection<string> ids, CancellationToken cancellation)
        {
            World.Call("look-up in the table");
            var there = ids.Where(table.Rows.ContainsKey).ToList();
            return Task.FromResult(new SideLookup([.. there.Where(id => !table.Hidden.Contains(id)).Select(Row)],
                ids.Where(id => !table.Rows.ContainsKey(id)).ToHashSet(), there.Where(table.Hidden.Contains).ToHashSet()));
        }

        public Task<IReadOnlyList<SideRow>> FindAsync(IReadOnlyCollection<string> keys, CancellationToken cancellation)
        {
            World.Call("search in the table");
            return Task.FromResult<IReadOnlyList<SideRow>>([.. table.Rows.Where(row => row.Value[0] is { } key && keys.Contains(key)
                && !table.Hidden.Contains(row.Key)).Select(row => Row(row.Key))]);
        }

        public Task<IReadOnlyList<WriteResult>> WriteAsync(IReadOnlyList<SideWrite> writes, CancellationToken cancellation)
        {
            World.Call("write to the table");
            var before = table.BeforeWrite;
            table.BeforeWrite = null;
            before?.Invoke();
            var results = writes.Select(Write).ToList();
            World.Answer("write to the table");
            return Task.FromResult<IReadOnlyList<WriteResult>>(results);
        }

        public Task<SideNews?> NewsAsync(string? cursor, CancellationToken cancellation) => Task.FromResult<SideNews?>(null);

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;

        private SideRow Row(string id) => new(id, [.. table.Rows[id]]);

        private WriteResult Write(SideWrite write)
        {
            // Some cells the platform does not take, whoever sends them.
            if (write.Values.Values.Any(value => value?.Contains('!', StringComparison.Ordinal) == true))
                return new(WriteState.Refused, null, Problems.ValueRefused);
            World.Writes++;
            switch (write.Kind)
            {
                case WriteKind.Create:
                    var values = new string?[ModelFields.Columns.Length];
                    foreach (var (field, value) in write.Values) values[field] = value;
                    return WriteResult.Done(table.Add(values));
                case WriteKind.Update:
                    if (!table.Rows.TryGetValue(write.Id!, out var has)) return new(WriteState.Moved);
                    foreach (var (field, value) in write.Values)
                    {
                        var there = has[field];
                        if (there != write.Read!.Values[field] && there != value) table.Overwritten.Add((write.Id!, field, there));
                        table.Set(write.Id!, field, value);
                    }

                    return WriteResult.Done(write.Id);
                default:
                    if (table.Rows.ContainsKey(write.Id!)) table.Delete(write.Id!);
                    return WriteResult.Done(write.Id);
            }
        }
    }
}
