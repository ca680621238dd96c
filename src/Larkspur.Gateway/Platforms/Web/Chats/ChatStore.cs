using Larkspur.Gateway.Assistant.Turns;
using Larkspur.Gateway.People.Identities;
using Larkspur.Gateway.Storage;

namespace Larkspur.Gateway.Platforms.Web.Chats;

/// <summary>The chats' rows. A change takes the chat's next number under the lock of its row: numbers are committed in their order, so who has seen one has seen all before it.</summary>
internal sealed class ChatStore(IDatabase database)
{
    private const int Batch = 200;
    private const string Noted = "web_message";

    /// <summary>Puts a message down.</summary>
    /// <returns>Its row; null: there is one of this key.</returns>
    public static async ValueTask<ChatRow?> AddAsync(IUnitOfWork unit, ChatRow row)
    {
        // Who became another while this was on its way writes in that one's chat.
        var person = await PersonRows.SurvivorAsync(unit, row.Person) ?? row.Person;
        if (await unit.NumberAsync("SELECT 1 FROM web_message WHERE key = $1", row.Key) is not null) return null;
        var seq = await NextAsync(unit, person);
        return await unit.FirstAsync($"""
            INSERT INTO web_message (person, seq, changed, kind, key, session, turn, state, text, face, reference, at) VALUES ($1, $2, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
            ON CONFLICT (key) DO NOTHING RETURNING {ChatRow.Columns}
            """, ChatRow.Read, person, seq, (int)row.Kind, row.Key, row.Session, row.Turn, row.IsOpen ? 0 : 1, row.Text, row.Face.ToString(), row.Reference, row.At.ToUnixTimeMilliseconds());
    }

    /// <summary>The answer is whole: this is its last face.</summary>
    /// <returns>Whose chat it is in; null: it had ended.</returns>
    public static async ValueTask<string?> EndAsync(IUnitOfWork unit, long id, string text, ChatFace face)
    {
        // The row first: should its person become another now, that waits for this, or this for that.
        var person = await unit.FirstAsync("UPDATE web_message SET state = 1, text = $2, face = $3 WHERE id = $1 AND state = 0 RETURNING person", static row => (string?)row.GetString(0), id, text, face.ToString());
        if (person is null) return null;
        await unit.ExecuteAsync("UPDATE web_message SET changed = $2 WHERE id = $1", id, await NextAsync(unit, person));
        return person;
    }

    public static ValueTask<ChatRow?> OfKeyAsync(ISql sql, string key) => sql.FirstAsync($"SELECT {ChatRow.Columns} FROM web_message WHERE key = $1", ChatRow.Read, key);

    /// <summary>A message of somebody's chat.</summary>
    public static ValueTask<ChatRow?> FindAsync(ISql sql, long id, string person) =>
        sql.FirstAsync($"SELECT {ChatRow.Columns} FROM web_message WHERE id = $1 AND person = $2", ChatRow.Read, id, person);

    /// <summary>The chat's newest number; 0: nothing was said yet.</summary>
    public static async ValueTask<long> SeqAsync(ISql sql, string person) => await sql.NumberAsync("SELECT seq FROM web_chat WHERE person = $1", person) ?? 0;

    /// <summary>What has changed since a number, in the order of the changes; nothing once the session that reads is somebody else's.</summary>
    public Task<List<ChatRow>> ChangedAsync(string person, string session, long since, int limit, CancellationToken cancellation) => database.ReadAsync(sql => sql.QueryAsync($"""
        SELECT {ChatRow.Columns} FROM web_message WHERE person = $1 AND changed > $2 AND EXISTS (SELECT 1 FROM web_session s WHERE s.session = $4 AND s.person = $1) ORDER BY changed LIMIT $3
        """, ChatRow.Read, person, since, limit, session), cancellation);

    /// <summary>Answers that are being written.</summary>
    public static ValueTask<List<ChatRow>> OpenAsync(ISql sql, string person) =>
        sql.QueryAsync($"SELECT {ChatRow.Columns} FROM web_message WHERE person = $1 AND state = 0 ORDER BY seq", ChatRow.Read, person);

    /// <summary>A page of the chat, in its order: behind <paramref name="after"/>, or the newest before <paramref name="before"/>.</summary>
    public static async ValueTask<List<ChatRow>> PageAsync(ISql sql, string person, long? after, long? before, int limit)
    {
        if (after is { } since) return await sql.QueryAsync($"SELECT {ChatRow.Columns} FROM web_message WHERE person = $1 AND seq > $2 ORDER BY seq LIMIT $3", ChatRow.Read, person, since, limit);
        var rows = await sql.QueryAsync($"SELECT {ChatRow.Columns} FROM web_message WHERE person = $1 AND seq < $2 ORDER BY seq DESC LIMIT $3", ChatRow.Read, person, before ?? long.MaxValue, limit);
        rows.Reverse();
        return rows;
    }

    /// <summary>The newest numbers of chats, and what is written in them now as it was last put down.</summary>
    public async Task<(IReadOnlyDictionary<string, long> Seqs, IReadOnlyList<(long Id, string Person, string? Text)> Texts)> LookAsync(IReadOnlyCollection<string> people, CancellationToken cancellation)
    {
        var seqs = new Dictionary<string, long>(StringComparer.Ordinal);
        var texts = new List<(long, string, string?)>();
        foreach (var batch in people.Chunk(Batch))
        {
            var places = string.Join(", ", Enumerable.Range(1, batch.Length).Select(i => $"${i}"));
            object?[] values = [.. batch];
            await database.ReadAsync(async sql =>
            {
                foreach (var (person, seq) in await sql.QueryAsync($"SELECT person, seq FROM web_chat WHERE person IN ({places})", static row => (row.GetString(0), row.GetInt64(1)), values)) seqs[person] = seq;
                texts.AddRange(await sql.QueryAsync($"""
                    SELECT m.id, m.person, {TurnTable.AnswerOf("m.turn")} FROM web_message m
                    WHERE m.state = 0 AND m.person IN ({places})
                    """, static row => (row.GetInt64(0), row.GetString(1), row.Text(2)), values));
                return true;
            }, cancellation);
        }

        return (seqs, texts);
    }

    /// <summary>Two became one: what the one wrote stands behind what the other wrote.</summary>
    public static async ValueTask MoveAsync(IUnitOfWork unit, PersonJoin join)
    {
        var (from, into) = (join.Former, join.Person);
        await JoinRows.NoteAsync(unit, join, Noted, "web_message");
        if (await unit.FirstAsync("DELETE FROM web_chat WHERE person = $1 RETURNING seq", static row => (long?)row.GetInt64(0), from) is not { } moved) return;
        var end = await unit.NumberAsync("INSERT INTO web_chat (person, seq) VALUES ($1, $2) ON CONFLICT (person) DO UPDATE SET seq = web_chat.seq + excluded.seq RETURNING seq", into, moved);
        await unit.ExecuteAsync("UPDATE web_message SET person = $2, seq = seq + $3, changed = changed + $3 WHERE person = $1", from, into, end - moved);
    }

    /// <summary>
    /// They are two again: the messages that were moved go back, and of those since what was written in the former person's sessions and answered to it. Both chats count on from the same number, so that
    /// nobody who reads comes back with one that was not reached yet.
    /// </summary>
    public static async ValueTask ReturnAsync(IUnitOfWork unit, JoinUndo undo)
    {
        var (stays, goes) = (undo.Person, undo.Former.Id);
        await LockAsync(unit, stays);
        await unit.ExecuteAsync("INSERT INTO web_chat (person, seq) SELECT $2, seq FROM web_chat WHERE person = $1", stays, goes);
        await unit.ExecuteAsync($"""
            UPDATE web_message SET person = $2 WHERE person = $1 AND (id IN {JoinRows.Of(undo.Join, Noted)} OR session IN (SELECT session FROM web_session WHERE person = $2)
              OR turn IN ({TurnTable.NamesOf("$2")}))
            """, stays, goes);
        // What was said in one piece names the event that it is said to, and that its session.
        foreach (var session in await unit.QueryAsync("SELECT session FROM web_session WHERE person = $1", static row => row.GetString(0), goes))
        {
            await unit.ExecuteAsync("UPDATE web_message SET person = $2 WHERE person = $1 AND kind = 1 AND at >= $4 AND key LIKE $3 ESCAPE '!'", stays, goes,
                $"say %{session.Replace("_", "!_", StringComparison.Ordinal)}:%", undo.Join.JoinedAt.ToUnixTimeMilliseconds());
        }
    }

    /// <summary>Forgets old messages; also answers that nobody writes any more and that were never ended, because nobody could be told.</summary>
    public static async ValueTask<int> PruneAsync(OldBatch old) =>
        await old.ExecuteAsync(
            "DELETE FROM web_message WHERE id IN (SELECT id FROM web_message WHERE state = 1 AND at < $1 ORDER BY at LIMIT $2)")
        + await old.ExecuteAsync($"""
            DELETE FROM web_message WHERE id IN (
              SELECT id FROM web_message m WHERE state = 0 AND at < $1 AND NOT {TurnTable.IsOpenByName("m.turn")} LIMIT $2)
            """);

    /// <summary>Waits for the other changes of the chat, and keeps them waiting until the transaction ends. It is no change itself.</summary>
    public static async ValueTask LockAsync(IUnitOfWork unit, string person) =>
        await unit.ExecuteAsync("INSERT INTO web_chat (person, seq) VALUES ($1, 0) ON CONFLICT (person) DO UPDATE SET seq = web_chat.seq", person);

    private static async ValueTask<long> NextAsync(IUnitOfWork unit, string person) => (await unit.NumberAsync(
        "INSERT INTO web_chat (person, seq) VALUES ($1, 1) ON CONFLICT (person) DO UPDATE SET seq = web_chat.seq + 1 RETURNING seq", person)).GetValueOrDefault();
}
