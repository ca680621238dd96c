using System.Runtime.InteropServices;
using Larkspur.Gateway.Common;

namespace Larkspur.Gateway.Inbox.Seen;

/// <summary>
/// Keys that are not in their table yet, in memory: those taken since the last merge, and those of the merge under way. Durable all the same: the
/// committed event rows have them, and are read back at the start.
/// </summary>
/// <remarks>Written by the database writer's thread; asked by any.</remarks>
internal sealed class RecentKeys
{
    private readonly Lock _gate = new();
    private readonly HashSet<uint> _owners = [];
    private Dictionary<SeenKey, long> _taken = [];
    private Dictionary<SeenKey, long>? _merging;

    /// <summary>Keys taken since the last merge began.</summary>
    public int Taken
    {
        get { lock (_gate) return _taken.Count; }
    }

    /// <summary>Keys in memory.</summary>
    public int Count
    {
        get { lock (_gate) return _taken.Count + (_merging?.Count ?? 0); }
    }

    /// <summary>The row that has a key, or null.</summary>
    public long? Find(in SeenKey key)
    {
        lock (_gate)
        {
            if (_taken.TryGetValue(key, out var row)) return row;
            return _merging is not null && _merging.TryGetValue(key, out row) ? row : null;
        }
    }

    public void Add(in SeenKey key, long row)
    {
        lock (_gate)
        {
            _taken[key] = row;
            _owners.Add(key.Owner);
        }
    }

    /// <summary>Forgets a key of this row; another row's stays.</summary>
    /// <returns>Whether it was there.</returns>
    public bool Remove(in SeenKey key, long row)
    {
        lock (_gate)
        {
            return Remove(_taken, key, row) | (_merging is not null && Remove(_merging, key, row));
        }
    }

    /// <summary>Rows of an event id, of all apps.</summary>
    public IReadOnlyList<long> RowsOf(string eventId)
    {
        uint[] owners;
        lock (_gate) owners = [.. _owners];
        var rows = new List<long>();
        foreach (var owner in owners)
        {
            if (Find(SeenKey.ForEvent(eventId, owner)) is { } row) rows.Add(row);
        }

        return rows;
    }

    /// <summary>Begins a merge: what was taken so far, in the order of the table.</summary>
    public KeyValuePair<SeenKey, long>[] Seal()
    {
        lock (_gate)
        {
            if (_merging is not null) throw new InvalidOperationException("A merge is under way.");
            _merging = _taken;
            _taken = new Dictionary<SeenKey, long>(_merging.Count);
            var sorted = _merging.ToArray();
            sorted.AsSpan().Sort(static (a, b) => a.Key.CompareTo(b.Key));
            return sorted;
        }
    }

    /// <summary>The merge is durable.</summary>
    public void Merged()
    {
        lock (_gate) _merging = null;
    }

    private static bool Remove(Dictionary<SeenKey, long> keys, in SeenKey key, long row)
    {
        ref var held = ref CollectionsMarshal.GetValueRefOrNullRef(keys, key);
        return !System.Runtime.CompilerServices.Unsafe.IsNullRef(ref held) && held == row && keys.Remove(key);
    }
}
