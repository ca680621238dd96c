using Larkspur.Gateway.Storage;
using Larkspur.Gateway.Storage.Sqlite;

namespace Larkspur.Gateway.Inbox;

/// <inheritdoc/>
internal sealed class SqliteInboxAppend : IInboxAppend
{
    public ValueTask<IReadOnlyList<Appended>> AppendAsync(IUnitOfWork unit, IReadOnlyList<NewEvent> events)
    {
        var sqlite = SqliteUnitOfWork.Of(unit);
        var results = new Appended[events.Count];
        for (var i = 0; i < results.Length; i++) results[i] = Append(sqlite, events[i]);
        return new(results);
    }

    private static Appended Append(SqliteUnitOfWork sqlite, in NewEvent added)
    {
        var e = added.Event;
        var keys = EventKeys.Of(e);
        if ((Seen(sqlite, keys.ByEvent) ?? (keys.ByMessage is null ? null : Seen(sqlite, keys.ByMessage))) is { } first)
        {
            sqlite.Execute("UPDATE inbox SET duplicates = duplicates + 1 WHERE id = $1", first);
            return new Appended(first, true);
        }

        var id = (long)sqlite.Scalar("""
            INSERT INTO inbox (platform, app, event_id, event_type, kind, ordering_key, chat_id, message_id, person_id, tenant_key, trace_parent,
                               payload, reference, received_at, part, waiting_node)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16) RETURNING id
            """, e.Platform, e.App, e.EventId, e.EventType, (int)e.Kind, e.OrderingKey, e.ChatId, e.MessageId, e.PersonId, e.TenantKey,
            e.TraceParent, e.Payload.ToArray(), added.Reference, e.ReceivedAt.ToUnixTimeMilliseconds(), e.Part, added.WaitingNode)!;
        Remember(sqlite, keys.ByEvent, id);
        if (keys.ByMessage is not null) Remember(sqlite, keys.ByMessage, id);
        return new Appended(id, false);
    }

    private static long? Seen(SqliteUnitOfWork sqlite, byte[] key) => (long?)sqlite.Scalar("SELECT inbox_id FROM inbox_seen WHERE seen = $1", key);

    private static void Remember(SqliteUnitOfWork sqlite, byte[] key, long id) => sqlite.Execute("INSERT INTO inbox_seen (seen, inbox_id) VALUES ($1, $2)", key, id);
}
