using Larkspur.Gateway.Common;
using Larkspur.Gateway.Inbox.Seen;
using Larkspur.Gateway.Storage;
using Larkspur.Gateway.Storage.Sqlite;

namespace Larkspur.Gateway.Inbox;

/// <inheritdoc/>
internal sealed class SqliteInboxAppend(SeenKeys seen) : IInboxAppend
{
    private const string Insert = """
        INSERT INTO inbox (platform, app, event_id, event_type, kind, ordering_key, chat_id, message_id, person_id, tenant_key, trace_parent,
                           payload, reference, received_at, partition, waiting_node, by_message, status, outcome, reason, effects, finished_at, created_at)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20, ?21, ?22, ?23)
        """;

    public ValueTask<IReadOnlyList<Appended>> AppendAsync(IUnitOfWork unit, IReadOnlyList<NewEvent> events)
    {
        var sqlite = SqliteUnitOfWork.Of(unit);
        seen.Prepare(sqlite);
        var results = new Appended[events.Count];
        var done = 0;
        sqlite.AfterRollback(() =>
        {
            for (var i = 0; i < done; i++)
            {
                if (!results[i].Duplicate) seen.GiveBack(events[i].Keys, results[i].Id);
            }
        });
        var insert = sqlite.Prepared(Insert);
        for (; done < results.Length; done++) results[done] = Append(sqlite, insert, events[done]);
        sqlite.AfterCommit(seen.Committed);
        return new(results);
    }

    public ValueTask<bool> HasAsync(IUnitOfWork unit, SeenKey key)
    {
        var sqlite = SqliteUnitOfWork.Of(unit);
        seen.Prepare(sqlite);
        return new(seen.Find(sqlite, key) is not null);
    }

    public IReadOnlyList<long> RecentRowsOf(string eventId) => seen.RecentRowsOf(eventId);

    /// <remarks>One by one: there is no way to the database that could be spared, and one statement is prepared for all.</remarks>
    public ValueTask ForgetAsync(IUnitOfWork unit, IReadOnlyList<(SeenKey Key, long Row)> keys)
    {
        var sqlite = SqliteUnitOfWork.Of(unit);
        var delete = sqlite.Prepared("DELETE FROM inbox_seen WHERE seen = ?1 AND inbox_id = ?2");
        Span<byte> bytes = stackalloc byte[SeenKey.Length];
        foreach (var (key, row) in keys)
        {
            seen.Forget(sqlite, key, row);
            key.Write(bytes);
            delete.Bind(1, bytes);
            delete.Bind(2, row);
            delete.Run();
        }

        return ValueTask.CompletedTask;
    }

    private Appended Append(SqliteUnitOfWork sqlite, SqliteStatement insert, in NewEvent added)
    {
        var keys = added.Keys;
        if ((seen.Find(sqlite, keys.ByEvent) ?? (keys.ByMessage is { } byMessage ? seen.Find(sqlite, byMessage) : null)) is { } first)
        {
            sqlite.Execute("UPDATE inbox SET duplicates = duplicates + 1 WHERE id = $1", first);
            return new Appended(first, true);
        }

        Bind(insert, added);
        insert.Run();
        var id = sqlite.File.LastId;
        seen.Take(keys, id);
        return new Appended(id, false);
    }

    private static void Bind(SqliteStatement insert, in NewEvent added)
    {
        var e = added.Event;
        var received = e.ReceivedAt.ToUnixTimeMilliseconds();
        insert.Bind(1, e.Platform);
        insert.Bind(2, e.App);
        insert.Bind(3, e.EventId);
        insert.Bind(4, e.EventType);
        insert.Bind(5, (int)e.Kind);
        insert.Bind(6, e.OrderingKey);
        insert.Bind(7, e.ChatId);
        insert.Bind(8, e.MessageId);
        insert.Bind(9, e.PersonId);
        insert.Bind(10, e.TenantKey);
        insert.Bind(11, e.TraceParent);
        insert.Bind(12, e.Payload.Span);
        insert.Bind(13, added.Reference);
        insert.Bind(14, received);
        insert.Bind(15, e.Partition);
        insert.Bind(16, added.WaitingNode);
        insert.Bind(17, added.Keys.ByMessage is null ? 0 : 1);
        insert.Bind(18, added.End is null ? 0 : 1);
        insert.Bind(19, added.End?.Name);
        insert.Bind(20, added.End?.Reason);
        insert.Bind(21, added.End is null ? 0 : 1);
        if (added.End is null) insert.BindNull(22);
        else insert.Bind(22, received);
        if (e.CreatedAt is { } created) insert.Bind(23, created.ToUnixTimeMilliseconds());
        else insert.BindNull(23);
    }
}
