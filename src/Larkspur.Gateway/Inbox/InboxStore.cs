using System.Data.Common;
using System.Globalization;
using Larkspur.Gateway.Inbox.Seen;
using Larkspur.Gateway.Storage;
using Larkspur.Gateway.Storage.Leases;

namespace Larkspur.Gateway.Inbox;

/// <inheritdoc/>
internal sealed class InboxStore(IDatabase database, IInboxAppend append) : IInboxStore
{
    private const string EntryColumns = "id, app, ordering_key, reference, attempts, part, not_before, waiting_node";

    private const string ItemColumns = "i.id, i.app, i.event_type, i.status, i.outcome, i.reason, i.reference, i.attempts, i.effects, i.duplicates, i.received_at, i.finished_at";

    /// <summary>The write counts only while the lease is the one it was begun under.</summary>
    internal const string Fenced = "EXISTS (SELECT 1 FROM lease WHERE lease.part = $2 AND lease.token = $3)";

    public ValueTask<IReadOnlyList<Appended>> AppendAsync(IUnitOfWork unit, IReadOnlyList<NewEvent> events) => append.AppendAsync(unit, events);

    public async ValueTask<bool> FinishAsync(IUnitOfWork unit, long id, Fence fence, Outcome outcome, bool effect, DateTimeOffset at) =>
        await unit.ExecuteAsync($"""
            UPDATE inbox SET status = 1, outcome = $4, reason = $5, effects = effects + $6, finished_at = $7 WHERE id = $1 AND status = 0 AND {Fenced}
            """, id, fence.Part, fence.Token, outcome.Name, outcome.Reason, effect ? 1 : 0, at.ToUnixTimeMilliseconds()) == 1;

    public async ValueTask RecordFailureAsync(IUnitOfWork unit, long id, Fence fence, int attempts, DateTimeOffset notBefore) =>
        await unit.ExecuteAsync($"UPDATE inbox SET attempts = $4, not_before = $5 WHERE id = $1 AND status = 0 AND {Fenced}",
            id, fence.Part, fence.Token, attempts, notBefore.ToUnixTimeMilliseconds());

    public async ValueTask KeepAnswerAsync(IUnitOfWork unit, long id, string answer) =>
        await unit.ExecuteAsync("UPDATE inbox SET answer = $2 WHERE id = $1", id, answer);

    public Task<string?> AnswerAsync(long id, CancellationToken cancellation) =>
        database.ReadAsync(sql => sql.FirstAsync("SELECT answer FROM inbox WHERE id = $1", static row => row.Text(0), id), cancellation);

    public Task<IReadOnlyList<InboxEntry>> LoadOpenAsync(Partitions parts, long afterId, int limit, CancellationToken cancellation) =>
        database.ReadAsync<IReadOnlyList<InboxEntry>>(async sql => await sql.QueryAsync(
            $"SELECT {EntryColumns} FROM inbox WHERE status = 0 AND id > $1 AND (($2 >> part) & 1) = 1 ORDER BY id LIMIT $3", Entry, afterId, parts.Value, limit), cancellation);

    public Task<IReadOnlyList<InboxEntry>> LoadAsync(IReadOnlyList<long> ids, CancellationToken cancellation) =>
        database.ReadAsync<IReadOnlyList<InboxEntry>>(async sql => await sql.QueryAsync(
            $"SELECT {EntryColumns} FROM inbox WHERE status = 0 AND id IN ({string.Join(',', ids.Select(id => id.ToString(CultureInfo.InvariantCulture)))}) ORDER BY id", Entry), cancellation);

    public Task<InboxEntry?> EarlierAsync(InboxEntry entry, CancellationToken cancellation) => database.ReadAsync(sql => sql.FirstAsync(
        $"SELECT {EntryColumns} FROM inbox WHERE status = 0 AND ordering_key = $1 AND app = $2 AND id < $3 ORDER BY id LIMIT 1", Entry, entry.OrderingKey, entry.App, entry.Id), cancellation);

    public Task<InboundEvent> ReadAsync(long id, CancellationToken cancellation) => database.ReadAsync(async sql => await sql.FirstAsync("""
        SELECT platform, app, event_id, event_type, kind, ordering_key, chat_id, message_id, person_id, tenant_key, trace_parent, received_at, payload
        FROM inbox WHERE id = $1
        """, Event, id) ?? throw new InvalidOperationException($"Inbox row {id} is gone."), cancellation);

    public Task<IReadOnlyList<InboxItem>> FindAsync(string eventId, CancellationToken cancellation)
    {
        var recent = append.RecentRowsOf(eventId);
        return database.ReadAsync<IReadOnlyList<InboxItem>>(async sql =>
        {
            // By way of inbox_seen, which is keyed by what is asked for; a second push of one message under a new event id is not in there.
            var (first, last) = SeenKey.RangeOfEvent(eventId);
            var rows = await sql.QueryAsync($"SELECT {ItemColumns} FROM inbox_seen s JOIN inbox i ON i.id = s.inbox_id WHERE s.seen BETWEEN $1 AND $2 AND i.event_id = $3 ORDER BY i.id",
                Item, first, last, eventId);
            foreach (var id in recent.Except(rows.Select(r => r.Id)))
                rows.AddRange(await sql.QueryAsync($"SELECT {ItemColumns} FROM inbox i WHERE i.id = $1 AND i.event_id = $2", Item, id, eventId));
            rows.Sort(static (a, b) => a.Id.CompareTo(b.Id));
            return rows;
        }, cancellation);
    }

    public async ValueTask<int> PruneAsync(IUnitOfWork unit, DateTimeOffset before, int limit)
    {
        var old = await unit.QueryAsync("SELECT id, platform, app, event_id, message_id FROM inbox WHERE status = 1 AND received_at < $1 ORDER BY id LIMIT $2",
            static row =>
            {
                string platform = row.GetString(1), app = row.GetString(2);
                return (Id: row.GetInt64(0), ByEvent: SeenKey.ForEvent(platform, app, row.GetString(3)),
                    ByMessage: row.Text(4) is { } message ? SeenKey.ForMessage(platform, app, message) : (SeenKey?)null);
            }, before.ToUnixTimeMilliseconds(), limit);
        foreach (var (id, byEvent, byMessage) in old)
        {
            await ForgetAsync(unit, byEvent, id);
            // Events about a message (a reaction, a recall) name it too; only the row that received it holds its key.
            if (byMessage is { } message) await ForgetAsync(unit, message, id);
            await unit.ExecuteAsync("DELETE FROM inbox WHERE id = $1", id);
        }

        return old.Count;
    }

    public Task<(long Count, DateTimeOffset? Oldest)> CountOpenAsync(CancellationToken cancellation) => database.ReadAsync(sql => sql.FirstAsync(
        "SELECT COUNT(*), (SELECT received_at FROM inbox WHERE status = 0 ORDER BY id LIMIT 1) FROM inbox WHERE status = 0",
        static row => (row.GetInt64(0), row.TimeOrNull(1))), cancellation);

    private ValueTask<int> ForgetAsync(IUnitOfWork unit, SeenKey key, long id)
    {
        append.Forget(unit, key, id);
        return unit.ExecuteAsync("DELETE FROM inbox_seen WHERE seen = $1 AND inbox_id = $2", key.ToArray(), id);
    }

    private static InboxEntry Entry(DbDataReader row) => new()
    {
        Id = row.GetInt64(0),
        App = row.GetString(1),
        OrderingKey = row.GetString(2),
        Reference = row.GetString(3),
        Attempts = row.GetInt32(4),
        Part = row.GetInt32(5),
        NotBefore = row.Time(6),
        WaitingNode = row.Text(7),
    };

    private static InboundEvent Event(DbDataReader row) => new()
    {
        Platform = row.GetString(0),
        App = row.GetString(1),
        EventId = row.GetString(2),
        EventType = row.GetString(3),
        Kind = (EventKind)row.GetInt32(4),
        OrderingKey = row.GetString(5),
        ChatId = row.Text(6),
        MessageId = row.Text(7),
        PersonId = row.Text(8),
        TenantKey = row.Text(9),
        TraceParent = row.Text(10),
        ReceivedAt = row.Time(11),
        Payload = row.Bytes(12),
    };

    private static InboxItem Item(DbDataReader row) => new()
    {
        Id = row.GetInt64(0),
        App = row.GetString(1),
        EventType = row.GetString(2),
        Status = row.GetInt32(3) == 0 ? "open" : "finished",
        Outcome = row.Text(4),
        Reason = row.Text(5),
        Reference = row.GetString(6),
        Attempts = row.GetInt32(7),
        Effects = row.GetInt32(8),
        Duplicates = row.GetInt32(9),
        ReceivedAt = row.Time(10),
        FinishedAt = row.TimeOrNull(11),
    };
}
