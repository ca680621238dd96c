using System.Threading.Channels;
using Larkspur.Gateway.Common;
using Larkspur.Gateway.Storage.Sqlite;

namespace Larkspur.Gateway.Inbox.Seen;

/// <summary>
/// What SQLite's inbox has seen, on two levels. Ids are random: a key put at once into a table of a million changes a page of its own, and each changed
/// page is written whole. So the newest keys stay in memory, and many at a time go into <c>inbox_seen</c>, in its order.
/// </summary>
/// <remarks>
/// <para>Nothing is lost with the memory: the committed event row is the record. <c>inbox_merged</c> says up to which row the table has all keys, and the
/// rows after it are read back at the start. A merge is cut into small transactions that a crash may end anywhere: the mark moves with the last, and
/// what the others wrote is written again to the same end.</para>
/// <para>A key that is in neither level would still be looked for in the table; a filter over the table's keys spares nearly all of these looks.</para>
/// <para>On the database writer's thread, except where said.</para>
/// </remarks>
internal sealed class SeenKeys(InboxOptions options)
{
    private const int Chunk = 512;

    private readonly RecentKeys _recent = new();
    private readonly Channel<bool> _work = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private bool _loaded;

    // The merge under way.
    private volatile KeyValuePair<SeenKey, long>[]? _sorted;
    private int _next;
    private long _through;

    private volatile KeyFilter? _filter;
    private KeyFilter? _building;
    private long _forgotten;

    /// <summary>A merge or a filter is wanted. Read by the one who does both.</summary>
    public ChannelReader<bool> Work => _work.Reader;

    /// <summary>A merge is under way. Any thread.</summary>
    public bool IsMerging => _sorted is not null;

    /// <summary>There is no filter, or it was made for fewer keys, or many that it knows are gone. Any thread.</summary>
    public bool WantsFilter => _filter is not { } filter || filter.Count > filter.Capacity || Volatile.Read(ref _forgotten) > Math.Max(filter.Count, options.RecentKeys) / 2;

    /// <summary>Looks for keys that are surely new are spared. Any thread.</summary>
    public bool HasFilter => _filter is not null;

    /// <summary>Keys in memory. Any thread.</summary>
    public int InMemory => _recent.Count;

    /// <summary>Rows of an event id that the table may not have yet. Any thread; to be asked before the table, since keys go there and do not come back.</summary>
    public IReadOnlyList<long> RecentRowsOf(string eventId) => _recent.RowsOf(eventId);

    /// <summary>Before events are recorded: reads back what an earlier process left in memory, and helps a merge that falls behind.</summary>
    public void Prepare(SqliteUnitOfWork unit)
    {
        if (!_loaded) Load(unit);
        // Twice as many as one call can add: memory stays bounded whatever the disk does.
        if (IsMerging && _recent.Taken > 3L * options.RecentKeys) Merge(unit, 4 * Chunk);
    }

    /// <summary>The row that has a key, or null.</summary>
    public long? Find(SqliteUnitOfWork unit, in SeenKey key)
    {
        if (_recent.Find(key) is { } recent) return recent;
        if (_filter is { } filter && !filter.MayHave(key)) return null;
        var look = unit.Prepared("SELECT inbox_id FROM inbox_seen WHERE seen = ?1");
        Span<byte> bytes = stackalloc byte[SeenKey.Length];
        key.Write(bytes);
        look.Bind(1, bytes);
        try
        {
            return look.Step() ? look.Number(0) : null;
        }
        finally
        {
            look.Reset();
        }
    }

    /// <summary>Takes keys; the caller gives them back when they are rolled back.</summary>
    public void Take(in EventKeys keys, long row)
    {
        _recent.Add(keys.ByEvent, row);
        if (keys.ByMessage is { } byMessage) _recent.Add(byMessage, row);
    }

    /// <summary>What was taken in a transaction is not so.</summary>
    public void GiveBack(in EventKeys keys, long row)
    {
        _recent.Remove(keys.ByEvent, row);
        if (keys.ByMessage is { } byMessage) _recent.Remove(byMessage, row);
    }

    /// <summary>Forgets a key of a row that is deleted; the table's part is the caller's.</summary>
    public void Forget(SqliteUnitOfWork unit, SeenKey key, long row)
    {
        Interlocked.Increment(ref _forgotten);
        if (_recent.Remove(key, row)) unit.AfterRollback(() => _recent.Add(key, row));
    }

    /// <summary>After a commit: what is in memory is durable now, and may be enough for a merge.</summary>
    public void Committed()
    {
        if (IsMerging || _recent.Taken < options.RecentKeys) return;
        _next = 0;
        var sorted = _recent.Seal();
        // Of what is in memory, and that is what was committed: ids that were given to rows that were rolled back come again.
        _through = sorted.Max(static taken => taken.Value);
        _sorted = sorted;
        _work.Writer.TryWrite(true);
    }

    /// <summary>Goes on with the merge, within a transaction.</summary>
    /// <returns>False when it is through (once the transaction is durable).</returns>
    public bool Merge(SqliteUnitOfWork unit, int keys = Chunk)
    {
        if (_sorted is not { } sorted) return false;
        var from = _next;
        unit.AfterRollback(() => _next = from);
        var insert = unit.Prepared("INSERT INTO inbox_seen (seen, inbox_id) VALUES (?1, ?2) ON CONFLICT DO NOTHING");
        Span<byte> bytes = stackalloc byte[SeenKey.Length];
        for (; _next < sorted.Length && keys > 0; _next++, keys--)
        {
            var (key, row) = sorted[_next];
            if (_recent.Find(key) != row) continue; // its row was deleted meanwhile
            key.Write(bytes);
            insert.Bind(1, bytes);
            insert.Bind(2, row);
            insert.Run();
            // Before the commit: a key that is not kept after all makes a needless look, the other order would make a second effect.
            _filter?.Add(key);
            _building?.Add(key);
        }

        if (_next < sorted.Length) return true;
        unit.Execute("UPDATE inbox_merged SET through = $1", _through);
        unit.AfterCommit(() =>
        {
            if (_sorted != sorted) return;
            _sorted = null;
            _recent.Merged();
            if (WantsFilter) _work.Writer.TryWrite(true);
        });
        return false;
    }

    /// <summary>Begins a filter: merges from now on add to it, and its maker adds what the table has.</summary>
    public KeyFilter BeginFilter(long keysInTable)
    {
        Volatile.Write(ref _forgotten, 0);
        // Room for as many again, so that it lasts.
        return _building = new KeyFilter(Math.Max(4L * options.RecentKeys, 2 * keysInTable));
    }

    /// <summary>The filter has all of the table's keys.</summary>
    public void UseFilter(KeyFilter filter)
    {
        if (_building != filter) return;
        _filter = filter;
        _building = null;
    }

    private void Load(SqliteUnitOfWork unit)
    {
        var rows = unit.Prepared("""
            SELECT id, platform, app, event_id, CASE WHEN by_message = 1 THEN message_id END FROM inbox
            WHERE id > (SELECT through FROM inbox_merged) ORDER BY id
            """);
        try
        {
            while (rows.Step())
            {
                string platform = rows.Text(1), app = rows.Text(2);
                Take(new EventKeys(SeenKey.ForEvent(platform, app, rows.Text(3)), rows.IsNull(4) ? null : SeenKey.ForMessage(platform, app, rows.Text(4))), rows.Number(0));
            }
        }
        finally
        {
            rows.Reset();
        }

        _loaded = true;
    }
}
