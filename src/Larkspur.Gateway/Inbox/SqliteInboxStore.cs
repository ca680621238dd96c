using Dapper;
using Larkspur.Gateway.Storage;

namespace Larkspur.Gateway.Inbox;

/// <inheritdoc/>
internal sealed class SqliteInboxStore(IDatabase database) : IInboxStore
{
    public ValueTask<Appended> AppendAsync(IUnitOfWork unit, InboundEvent e, string reference)
    {
        var sqlite = SqliteUnitOfWork.Of(unit);
        var byEvent = SeenKey.ForEvent(e.Platform, e.App, e.EventId);
        var byMessage = e is { UniqueByMessage: true, MessageId: { } message } ? SeenKey.ForMessage(e.Platform, e.App, message) : null;

        var before = Seen(sqlite, byEvent) ?? (byMessage is null ? null : Seen(sqlite, byMessage));
        if (before is { } first)
        {
            sqlite.Execute("UPDATE inbox SET duplicates = duplicates + 1 WHERE id = @1", first);
            return new(new Appended(first, true));
        }

        var id = (long)sqlite.Scalar("""
            INSERT INTO inbox (platform, app, event_id, event_type, kind, ordering_key, chat_id, message_id, person_id, tenant_key, trace_parent,
                               payload, reference, received_at)
            VALUES (@1, @2, @3, @4, @5, @6, @7, @8, @9, @10, @11, @12, @13, @14) RETURNING id
            """, e.Platform, e.App, e.EventId, e.EventType, (int)e.Kind, e.OrderingKey, e.ChatId, e.MessageId, e.PersonId, e.TenantKey,
            e.TraceParent, e.Payload.ToArray(), reference, e.ReceivedAt.ToUnixTimeMilliseconds())!;
        Remember(sqlite, byEvent, id);
        if (byMessage is not null) Remember(sqlite, byMessage, id);
        return new(new Appended(id, false));
    }

    public ValueTask<bool> FinishAsync(IUnitOfWork unit, long id, Outcome outcome, bool effect, DateTimeOffset at) =>
        new(SqliteUnitOfWork.Of(unit).Execute("""
            UPDATE inbox SET status = 1, outcome = @2, reason = @3, effects = effects + @4, finished_at = @5 WHERE id = @1 AND status = 0
            """, id, outcome.Name, outcome.Reason, effect ? 1 : 0, at.ToUnixTimeMilliseconds()) == 1);

    public ValueTask RecordFailureAsync(IUnitOfWork unit, long id, int attempts)
    {
        SqliteUnitOfWork.Of(unit).Execute("UPDATE inbox SET attempts = @2 WHERE id = @1 AND status = 0", id, attempts);
        return ValueTask.CompletedTask;
    }

    public Task<IReadOnlyList<InboxEntry>> LoadOpenAsync(long afterId, int limit, CancellationToken cancellation) =>
        database.ReadAsync<IReadOnlyList<InboxEntry>>(async connection =>
        {
            var rows = await connection.QueryAsync<(long, string, string, string, long)>(
                "SELECT id, app, ordering_key, reference, attempts FROM inbox WHERE status = 0 AND id > @afterId ORDER BY id LIMIT @limit",
                new { afterId, limit });
            return [.. rows.Select(r => new InboxEntry(r.Item1, EntryKey(r.Item2, r.Item3), r.Item4, (int)r.Item5, null))];
        }, cancellation);

    public Task<InboundEvent> ReadAsync(long id, CancellationToken cancellation) =>
        database.ReadAsync(async connection =>
        {
            await using var reader = await connection.ExecuteReaderAsync("""
                SELECT platform, app, event_id, event_type, kind, ordering_key, chat_id, message_id, person_id, tenant_key, trace_parent, received_at, payload
                FROM inbox WHERE id = @id
                """, new { id });
            if (!await reader.ReadAsync(cancellation)) throw new InvalidOperationException($"Inbox row {id} is gone.");
            string? Text(int column) => reader.IsDBNull(column) ? null : reader.GetString(column);
            return new InboundEvent
            {
                Platform = reader.GetString(0),
                App = reader.GetString(1),
                EventId = reader.GetString(2),
                EventType = reader.GetString(3),
                Kind = (EventKind)reader.GetInt32(4),
                OrderingKey = reader.GetString(5),
                ChatId = Text(6),
                MessageId = Text(7),
                PersonId = Text(8),
                TenantKey = Text(9),
                TraceParent = Text(10),
                ReceivedAt = DateTimeOffset.FromUnixTimeMilliseconds(reader.GetInt64(11)),
                Payload = (byte[])reader.GetValue(12),
            };
        }, cancellation);

    public Task<IReadOnlyList<InboxItem>> FindAsync(string eventId, CancellationToken cancellation) =>
        database.ReadAsync<IReadOnlyList<InboxItem>>(async connection =>
        {
            // By way of inbox_seen, which is keyed by what is asked for; a second push of one message under a new event id is not in there.
            var (first, last) = SeenKey.RangeOfEvent(eventId);
            var rows = await connection.QueryAsync<ItemRow>("""
                SELECT i.id AS Id, i.app AS App, i.event_type AS EventType, i.status AS Status, i.outcome AS Outcome, i.reason AS Reason,
                       i.reference AS Reference, i.attempts AS Attempts, i.effects AS Effects, i.duplicates AS Duplicates,
                       i.received_at AS ReceivedAt, i.finished_at AS FinishedAt
                FROM inbox_seen s JOIN inbox i ON i.id = s.inbox_id WHERE s.seen BETWEEN @first AND @last AND i.event_id = @eventId ORDER BY i.id
                """, new { first, last, eventId });
            return [.. rows.Select(r => r.ToItem())];
        }, cancellation);

    public ValueTask<int> PruneAsync(IUnitOfWork unit, DateTimeOffset before, int limit)
    {
        var sqlite = SqliteUnitOfWork.Of(unit);
        var old = new List<(long Id, byte[] ByEvent, byte[]? ByMessage)>(limit);
        using (var reader = sqlite.Query("SELECT id, platform, app, event_id, message_id FROM inbox WHERE status = 1 AND received_at < @1 ORDER BY id LIMIT @2",
            before.ToUnixTimeMilliseconds(), limit))
        {
            while (reader.Read())
            {
                string platform = reader.GetString(1), app = reader.GetString(2);
                old.Add((reader.GetInt64(0), SeenKey.ForEvent(platform, app, reader.GetString(3)), reader.IsDBNull(4) ? null : SeenKey.ForMessage(platform, app, reader.GetString(4))));
            }
        }

        foreach (var (id, byEvent, byMessage) in old)
        {
            Forget(sqlite, byEvent, id);
            // Events about a message (a reaction, a recall) name it too; only the row that received it holds its key.
            if (byMessage is not null) Forget(sqlite, byMessage, id);
            sqlite.Execute("DELETE FROM inbox WHERE id = @1", id);
        }

        return new(old.Count);
    }

    public Task<(long Count, DateTimeOffset? Oldest)> CountOpenAsync(CancellationToken cancellation) =>
        database.ReadAsync<(long, DateTimeOffset?)>(async connection =>
        {
            var (count, oldest) = await connection.QuerySingleAsync<(long, long?)>(
                "SELECT COUNT(*), (SELECT received_at FROM inbox WHERE status = 0 ORDER BY id LIMIT 1) FROM inbox WHERE status = 0");
            return (count, oldest is { } at ? DateTimeOffset.FromUnixTimeMilliseconds(at) : null);
        }, cancellation);

    internal static string EntryKey(string app, string orderingKey) => app + " " + orderingKey;

    private static long? Seen(SqliteUnitOfWork sqlite, byte[] key) => (long?)sqlite.Scalar("SELECT inbox_id FROM inbox_seen WHERE seen = @1", key);

    private static void Remember(SqliteUnitOfWork sqlite, byte[] key, long id) => sqlite.Execute("INSERT INTO inbox_seen (seen, inbox_id) VALUES (@1, @2)", key, id);

    private static void Forget(SqliteUnitOfWork sqlite, byte[] key, long id) => sqlite.Execute("DELETE FROM inbox_seen WHERE seen = @1 AND inbox_id = @2", key, id);

    private sealed class ItemRow
    {
        public long Id { get; init; }

        public string App { get; init; } = "";

        public string EventType { get; init; } = "";

        public long Status { get; init; }

        public string? Outcome { get; init; }

        public string? Reason { get; init; }

        public string Reference { get; init; } = "";

        public long Attempts { get; init; }

        public long Effects { get; init; }

        public long Duplicates { get; init; }

        public long ReceivedAt { get; init; }

        public long? FinishedAt { get; init; }

        public InboxItem ToItem() => new()
        {
            Id = Id,
            App = App,
            EventType = EventType,
            Status = Status == 0 ? "open" : "finished",
            Outcome = Outcome,
            Reason = Reason,
            Reference = Reference,
            Attempts = (int)Attempts,
            Effects = (int)Effects,
            Duplicates = (int)Duplicates,
            ReceivedAt = DateTimeOffset.FromUnixTimeMilliseconds(ReceivedAt),
            FinishedAt = FinishedAt is { } at ? DateTimeOffset.FromUnixTimeMilliseconds(at) : null,
        };
    }
}
