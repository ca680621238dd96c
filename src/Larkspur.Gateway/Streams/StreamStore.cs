using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Larkspur.Feishu.Messaging.Streaming;
using Larkspur.Gateway.Common;
using Larkspur.Gateway.Inbox.Reading;
using Larkspur.Gateway.Outbox;
using Larkspur.Gateway.Outbox.Reading;
using Larkspur.Gateway.Storage;
using Larkspur.Gateway.Storage.Leases;

namespace Larkspur.Gateway.Streams;

/// <summary>The streams' rows.</summary>
internal sealed class StreamStore(IDatabase database, LeaseOptions leases, IStreamWork work)
{
    /// <summary>The id of an app's stream under a key. A key whose stream has ended gets another one by <paramref name="life"/>: an event that is replayed is answered anew.</summary>
    public static string IdOf(string app, string key, int life) =>
        "st_" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{app}\n{key}\n{life.ToString(CultureInfo.InvariantCulture)}")).AsSpan(0, 16));

    /// <summary>The id of a business system's stream: whoever has it may add to the text, so that nobody can tell it from app and key.</summary>
    public static string FedIdOf(byte[] secret, string app, string key) =>
        "st_" + Convert.ToHexStringLower(HMACSHA256.HashData(secret, Encoding.UTF8.GetBytes($"{app}\n{key}")).AsSpan(0, 16));

    public static ValueTask<StreamRow?> FindAsync(ISql sql, string id) => sql.FirstAsync($"SELECT {StreamRow.Columns} FROM card_stream WHERE id = $1", StreamRow.Read, id);

    public Task<StreamRow?> FindAsync(string id, CancellationToken cancellation) => database.ReadAsync(sql => FindAsync(sql, id), cancellation);

    /// <returns>False: there is one of this id.</returns>
    public static async ValueTask<bool> AddAsync(IUnitOfWork unit, StreamRow row) => await unit.ExecuteAsync("""
        INSERT INTO card_stream (id, app, lane, partition, target_type, target, in_thread, inbox_id, fed_by, node, face, reference, created_at, fed_at, turn_id, owner)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $13, $14, $15) ON CONFLICT (id) DO NOTHING
        """, row.Id, row.App, row.Lane, OutboxEntry.PartitionOf(row.App, row.Lane), row.Target.IdType, row.Target.Id, row.Target.InThread ? 1 : 0, row.InboxId, row.IsFedOverApi ? 1 : 0,
        row.Node, row.Face.ToString(), row.Reference, row.CreatedAt.ToUnixTimeMilliseconds(), row.TurnId, row.Owner) == 1;

    /// <summary>This process sends the open stream's frames from now on.</summary>
    /// <param name="unit">The transaction.</param>
    /// <param name="id">The stream.</param>
    /// <param name="node">The process.</param>
    /// <param name="anew">Its work begins anew, from an empty text.</param>
    /// <param name="at">Now.</param>
    /// <returns>The row, or null: it has ended.</returns>
    public static ValueTask<StreamRow?> TakeAsync(IUnitOfWork unit, string id, string node, bool anew, DateTimeOffset at) => unit.FirstAsync(
        $"UPDATE card_stream SET node = $2, fed_at = CASE WHEN $3 = 1 THEN $4 ELSE fed_at END, text = CASE WHEN $3 = 1 THEN '' ELSE text END WHERE id = $1 AND state = 0 RETURNING {StreamRow.Columns}",
        StreamRow.Read, id, node, anew ? 1 : 0, at.ToUnixTimeMilliseconds());

    public Task<ShownStream?> ShownInAsync(string app, string messageId, CancellationToken cancellation) => database.ReadAsync(sql => sql.FirstAsync(
        "SELECT s.text, s.turn_id, s.state FROM card_stream_page p JOIN card_stream s ON s.id = p.stream_id WHERE p.message_id = $1 AND s.app = $2 LIMIT 1", static row => new ShownStream(row.GetString(0), row.GetInt64(1), row.GetInt32(2) != 0), messageId, app), cancellation);

    /// <summary>
    /// A message is one of the cards of the stream that work of the gateway's own writes under a key; or may be: one of them was sent and its
    /// message is not known yet, nor is this one another stream's.
    /// </summary>
    public static async ValueTask<bool> MayShowAsync(ISql sql, string app, string key, string messageId)
    {
        var id = IdOf(app, key, life: 0);
        var shown = await sql.FirstAsync(
            "SELECT stream_id FROM card_stream_page WHERE message_id = $1 LIMIT 1", static row => row.GetString(0), messageId);
        if (shown is not null) return shown == id;
        var onTheirWay = await sql.QueryAsync("""
            SELECT p.page, s.state FROM card_stream_page p JOIN card_stream s ON s.id = p.stream_id
            WHERE p.stream_id = $1 AND p.message_id IS NULL AND p.mode <> 0
            """, static row => (Page: row.GetInt32(0), Ended: row.GetInt32(1) != 0), id);
        foreach (var (page, ended) in onTheirWay)
        {
            if (!ended) return true;
            // Of one that has ended, the row of its last face is what sends it.
            if (await OutboxRows.MayHaveArrivedAsync(sql, PlatformNames.Feishu, app, StreamCompleter.KeyOf(id, page))) return true;
        }

        return false;
    }

    /// <summary>Puts the text of a stream that this process sends down.</summary>
    /// <returns>False: it has ended, or is another process's.</returns>
    public static async ValueTask<bool> WriteAsync(IUnitOfWork unit, string id, string node, string text, DateTimeOffset at) => await unit.ExecuteAsync(
        "UPDATE card_stream SET text = $3, fed_at = $4 WHERE id = $1 AND node = $2 AND state = 0", id, node, text, at.ToUnixTimeMilliseconds()) == 1;

    /// <summary>Ends a stream.</summary>
    /// <returns>The row, or null: it had ended before.</returns>
    public static ValueTask<StreamRow?> EndAsync(IUnitOfWork unit, string id, StreamEnd end, DateTimeOffset at) => unit.FirstAsync($"""
        UPDATE card_stream SET state = 1, ending = $2, ended_at = $3, text = COALESCE($4, text), last_face = $5
        WHERE id = $1 AND state = 0 RETURNING {StreamRow.Columns}
        """, StreamRow.Read, id, end.Ending, at.ToUnixTimeMilliseconds(), end.Text, JsonSerializer.Serialize(end with { Text = null }));

    /// <summary>Keeps another last face of a stream that has ended.</summary>
    public static async ValueTask KeepFaceAsync(IUnitOfWork unit, string id, StreamEnd end) => await unit.ExecuteAsync(
        "UPDATE card_stream SET last_face = $2 WHERE id = $1 AND state = 1", id, JsonSerializer.Serialize(end with { Text = null }));

    public static ValueTask<List<StreamedPage>> PagesAsync(ISql sql, string id) => sql.QueryAsync("SELECT page, mode, card_id, message_id FROM card_stream_page WHERE stream_id = $1 ORDER BY page",
        static row => new StreamedPage(row.GetInt32(0)) { Mode = (StreamingMode)row.GetInt32(1), CardId = row.Text(2), MessageId = row.Text(3) }, id);

    public Task<List<StreamedPage>> PagesAsync(string id, CancellationToken cancellation) => database.ReadAsync(sql => PagesAsync(sql, id), cancellation);

    public Task KeepAsync(string id, StreamedPage page, CancellationToken cancellation) => database.TransactAsync(async unit => await unit.ExecuteAsync("""
        INSERT INTO card_stream_page (stream_id, page, mode, card_id, message_id) VALUES ($1, $2, $3, $4, $5)
        ON CONFLICT (stream_id, page) DO UPDATE SET mode = excluded.mode, card_id = excluded.card_id, message_id = excluded.message_id
        """, id, page.Number, (int)page.Mode, page.CardId, page.MessageId), cancellation);

    /// <summary>Reserves numbers for operations on a page's entity.</summary>
    /// <param name="id">The stream.</param>
    /// <param name="page">The page.</param>
    /// <param name="count">How many.</param>
    /// <param name="node">Only while this process sends the open stream's frames; null: in any case, for the last frame.</param>
    /// <param name="cancellation">Ends the waiting.</param>
    /// <returns>The last of them; null: the stream is not this process's any more.</returns>
    public Task<long?> ReserveAsync(string id, int page, int count, string? node, CancellationToken cancellation) => database.TransactAsync(unit => unit.NumberAsync("""
        UPDATE card_stream_page SET reserved = reserved + $3 WHERE stream_id = $1 AND page = $2
          AND ($4 = '' OR EXISTS (SELECT 1 FROM card_stream WHERE id = $1 AND node = $4 AND state = 0)) RETURNING reserved
        """, id, page, count, node ?? ""), cancellation);

    /// <summary>Open streams of these partitions whose work will not be done any more, and why; and those that a process left which a business system goes on with.</summary>
    public Task<List<(string Id, string Why)>> ForsakenAsync(Partitions parts, DateTimeOffset idleSince, int limit, CancellationToken cancellation) => database.ReadAsync(sql => sql.QueryAsync($"""
        SELECT id, CASE
            WHEN inbox_id > 0 OR turn_id > 0 THEN '{StreamEndings.Interrupted}'
            WHEN fed_at < $2 THEN '{StreamEndings.Idle}'
            WHEN fed_by = 1 THEN '{Orphan}'
            ELSE '{StreamEndings.Interrupted}' END
        FROM card_stream WHERE state = 0 AND (($1 >> partition) & 1) = 1 AND CASE
            WHEN inbox_id > 0 THEN NOT {InboxTable.IsOpen("card_stream.inbox_id")}
            WHEN turn_id > 0 THEN NOT {work.IsOpen("card_stream.turn_id")}
            ELSE fed_at < $2 OR node NOT IN {Nodes.Alive("$3")} END
        ORDER BY fed_at LIMIT $4
        """, static row => (row.GetString(0), row.GetString(1)), parts.Value, idleSince.ToUnixTimeMilliseconds(), (long)leases.Lifetime.TotalMilliseconds, limit), cancellation);

    /// <summary>Open streams whose frames a process sends.</summary>
    public async Task<IReadOnlySet<string>> OwnAsync(string node, CancellationToken cancellation) =>
        (await database.ReadAsync(sql => sql.QueryAsync("SELECT id FROM card_stream WHERE state = 0 AND node = $1", static row => row.GetString(0), node), cancellation)).ToHashSet(StringComparer.Ordinal);

    /// <summary>The process that sends a stream's frames, or null: there is none of this id.</summary>
    public static ValueTask<string?> NodeOfAsync(ISql sql, string id) => sql.FirstAsync("SELECT node FROM card_stream WHERE id = $1", static row => row.GetString(0), id);

    /// <summary>A business system's stream whose process is gone.</summary>
    public const string Orphan = "orphan";

    /// <summary>Forgets streams that ended long ago, with their pages.</summary>
    public static async ValueTask<int> PruneAsync(OldBatch old)
    {
        var gone = await old.IdsAsync("""
            DELETE FROM card_stream WHERE id IN (SELECT id FROM card_stream WHERE state = 1 AND ended_at < $1 ORDER BY ended_at LIMIT $2) RETURNING id
            """);
        if (gone.Count == 0) return 0;
        await old.Unit.ExecuteAsync(
            $"DELETE FROM card_stream_page WHERE stream_id {IdList.In(old.Dialect, "$1")}", IdList.Of(old.Dialect, gone));
        return gone.Count;
    }
}
