using Larkspur.Gateway.Common;
using Larkspur.Gateway.Inbox.Seen;
using Larkspur.Gateway.Storage;
using Larkspur.Gateway.Storage.Postgres;
using Npgsql;
using NpgsqlTypes;

namespace Larkspur.Gateway.Inbox;

/// <inheritdoc/>
/// <remarks>
/// Keys are inserted in their own order, so that two processes that record the same events at once wait for each other and do not deadlock; who comes
/// second sees the conflict once the first has committed.
/// </remarks>
internal sealed class PostgresInboxAppend : IInboxAppend
{
    private const string LockPatience = "500ms";

    public async ValueTask<IReadOnlyList<Appended>> AppendAsync(IUnitOfWork unit, IReadOnlyList<NewEvent> events)
    {
        var sql = PostgresUnitOfWork.Of(unit);
        var ids = await ReserveAsync(sql, events.Count);
        var owners = await ClaimAsync(sql, events, ids);

        var results = new Appended[events.Count];
        var fresh = new List<int>(events.Count);
        for (var i = 0; i < results.Length; i++)
        {
            results[i] = new Appended(owners[i], owners[i] != ids[i]);
            if (!results[i].Duplicate) fresh.Add(i);
        }

        if (fresh.Count > 0) await InsertAsync(sql, events, ids, fresh);
        var again = results.Where(r => r.Duplicate).CountBy(r => r.Id).ToList();
        if (again.Count > 0) await CountAgainAsync(sql, again);
        return results;
    }

    public async ValueTask<bool> HasAsync(IUnitOfWork unit, SeenKey key) => await unit.NumberAsync("SELECT 1 FROM inbox_seen WHERE seen = $1", key.ToArray()) is not null;

    /// <remarks>Several processes write: the table alone knows.</remarks>
    public IReadOnlyList<long> RecentRowsOf(string eventId) => [];

    public async ValueTask ForgetAsync(IUnitOfWork unit, IReadOnlyList<(SeenKey Key, long Row)> keys) => await unit.ExecuteAsync(
        "DELETE FROM inbox_seen USING unnest($1, $2) AS gone(forgotten, row_id) WHERE seen = forgotten AND inbox_id = row_id",
        keys.Select(static k => k.Key.ToArray()).ToArray(), keys.Select(static k => k.Row).ToArray());

    /// <summary>The platform waits 3 s for its answer: a row that somebody holds is not waited for longer than leaves time for the others.</summary>
    private static async ValueTask<long[]> ReserveAsync(PostgresUnitOfWork sql, int count)
    {
        var ids = await sql.QueryAsync(InboxHorizon.Reserve, static row => row.GetInt64(0), count, LockPatience);
        ids.Sort();
        return [.. ids];
    }

    /// <summary>Takes the keys that nobody has; returns for each event the row that owns it.</summary>
    private static async ValueTask<long[]> ClaimAsync(PostgresUnitOfWork sql, IReadOnlyList<NewEvent> events, long[] ids)
    {
        var keys = events.Select(e => (ByEvent: e.Keys.ByEvent.ToArray(), ByMessage: e.Keys.ByMessage?.ToArray())).ToArray();
        // Within the batch the first with a key has it.
        var wanted = new SortedDictionary<byte[], long>(ByBytes);
        for (var i = 0; i < keys.Length; i++)
        {
            wanted.TryAdd(keys[i].ByEvent, ids[i]);
            if (keys[i].ByMessage is { } byMessage) wanted.TryAdd(byMessage, ids[i]);
        }

        var taken = await sql.QueryAsync("""
            INSERT INTO inbox_seen (seen, inbox_id) SELECT * FROM unnest($1, $2) ON CONFLICT (seen) DO NOTHING RETURNING seen
            """, static row => row.Bytes(0), wanted.Keys.ToArray(), wanted.Values.ToArray());
        var owner = new Dictionary<byte[], long>(EqualBytes);
        foreach (var key in taken) owner.Add(key, wanted[key]);
        var others = wanted.Keys.Where(k => !owner.ContainsKey(k)).ToArray();
        if (others.Length > 0)
        {
            foreach (var (key, id) in await sql.QueryAsync("SELECT seen, inbox_id FROM inbox_seen WHERE seen = ANY($1)", static row => (row.Bytes(0), row.GetInt64(1)), [others]))
                owner[key] = id;
        }

        var owners = new long[keys.Length];
        var stray = new List<byte[]>();
        for (var i = 0; i < keys.Length; i++)
        {
            var byEvent = owner[keys[i].ByEvent];
            var byMessage = keys[i].ByMessage is { } message ? owner[message] : byEvent;
            owners[i] = byEvent != ids[i] ? byEvent : byMessage;
            // The same message under another event id: what was taken for that id names a row that will not be.
            if (byEvent == ids[i] && byMessage != ids[i]) stray.Add(keys[i].ByEvent);
            else if (byEvent != ids[i] && byMessage == ids[i]) stray.Add(keys[i].ByMessage!);
        }

        if (stray.Count > 0) await sql.ExecuteAsync("DELETE FROM inbox_seen WHERE seen = ANY($1)", [stray.ToArray()]);
        return owners;
    }

    private static async ValueTask InsertAsync(PostgresUnitOfWork sql, IReadOnlyList<NewEvent> events, long[] ids, List<int> fresh)
    {
        await using var command = new NpgsqlCommand("""
            INSERT INTO inbox (id, platform, app, event_id, event_type, kind, ordering_key, chat_id, message_id, person_id, tenant_key, trace_parent,
                               payload, reference, received_at, partition, waiting_node, created_at, status, outcome, reason, effects, finished_at)
            SELECT id, platform, app, event_id, event_type, kind, ordering_key, chat_id, message_id, person_id, tenant_key, trace_parent,
                   payload, reference, received_at, partition, waiting_node, created_at, CASE WHEN outcome IS NULL THEN 0 ELSE 1 END, outcome, reason,
                   CASE WHEN outcome IS NULL THEN 0 ELSE 1 END, CASE WHEN outcome IS NOT NULL THEN received_at END
            FROM unnest($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20)
              AS added (id, platform, app, event_id, event_type, kind, ordering_key, chat_id, message_id, person_id, tenant_key, trace_parent,
                        payload, reference, received_at, partition, waiting_node, created_at, outcome, reason)
            """, sql.Connection);
        var parameters = command.Parameters;
        parameters.Add(new() { Value = fresh.Select(i => ids[i]).ToArray(), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Bigint });
        Texts(e => e.Event.Platform);
        Texts(e => e.Event.App);
        Texts(e => e.Event.EventId);
        Texts(e => e.Event.EventType);
        Numbers(e => (int)e.Event.Kind);
        Texts(e => e.Event.OrderingKey);
        Texts(e => e.Event.ChatId);
        Texts(e => e.Event.MessageId);
        Texts(e => e.Event.PersonId);
        Texts(e => e.Event.TenantKey);
        Texts(e => e.Event.TraceParent);
        parameters.Add(new() { Value = fresh.Select(i => events[i].Event.Payload.ToArray()).ToArray(), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Bytea });
        Texts(e => e.Reference);
        parameters.Add(new() { Value = fresh.Select(i => events[i].Event.ReceivedAt.ToUnixTimeMilliseconds()).ToArray(), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Bigint });
        Numbers(e => e.Event.Partition);
        Texts(e => e.WaitingNode);
        parameters.Add(new() { Value = fresh.Select(i => events[i].Event.CreatedAt?.ToUnixTimeMilliseconds()).ToArray(), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Bigint });
        Texts(e => e.End?.Name);
        Texts(e => e.End?.Reason);
        await command.ExecuteNonQueryAsync();

        void Texts(Func<NewEvent, string?> of) => parameters.Add(new()
        {
            Value = fresh.Select(i => of(events[i]) is { } text ? PostgresUnitOfWork.Storable(text) : null).ToArray(),
            NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Text,
        });
        void Numbers(Func<NewEvent, int> of) => parameters.Add(new() { Value = fresh.Select(i => of(events[i])).ToArray(), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Integer });
    }

    private static async ValueTask CountAgainAsync(PostgresUnitOfWork sql, List<KeyValuePair<long, int>> again) =>
        await sql.ExecuteAsync("UPDATE inbox SET duplicates = duplicates + n FROM unnest($1, $2) AS again(row_id, n) WHERE id = row_id",
            again.Select(a => a.Key).Order().ToArray(), again.OrderBy(a => a.Key).Select(a => a.Value).ToArray());

    private static readonly Comparer<byte[]> ByBytes = Comparer<byte[]>.Create(static (a, b) => a.AsSpan().SequenceCompareTo(b));

    private static readonly IEqualityComparer<byte[]> EqualBytes = EqualityComparer<byte[]>.Create(
        static (a, b) => a.AsSpan().SequenceEqual(b), static key => BitConverter.ToInt32(key));
}
