using System.Data.Common;
using Larkspur.Gateway.Storage;

namespace Larkspur.Gateway.Tables.Syncing.Cards;

/// <summary>A card that tells somebody of a sync that something waits for them.</summary>
internal sealed record SyncCardRow(
    long Id, long Sync, string Topic, long Subject, string App, string OpenId, string Shown, string? MessageId, bool IsOpen,
    DateTimeOffset CreatedAt)
{
    public const string Conflict = "conflict";
    public const string Deletions = "deletions";
    public const string Paused = "paused";

    private const string Columns = "id, sync, topic, subject, app, open_id, shown, message_id, is_open, created_at";

    public static ValueTask<SyncCardRow?> FindAsync(ISql sql, long id) =>
        sql.FirstAsync($"SELECT {Columns} FROM sync_card WHERE id = $1", Read, id);

    /// <summary>Those that ask for something, of one sync.</summary>
    public static ValueTask<List<SyncCardRow>> OpenAsync(ISql sql, long sync) =>
        sql.QueryAsync($"SELECT {Columns} FROM sync_card WHERE sync = $1 AND is_open = 1 ORDER BY id", Read, sync);

    /// <summary>Keeps a card that is going to be sent.</summary>
    /// <returns>Its id; null: there is one already.</returns>
    public static ValueTask<long?> AddAsync(
        IUnitOfWork unit, long sync, string topic, long subject, string app, string openId, string shown, DateTimeOffset now) =>
        unit.NumberAsync("""
            INSERT INTO sync_card (sync, topic, subject, app, open_id, shown, created_at) VALUES ($1, $2, $3, $4, $5, $6, $7)
            ON CONFLICT (sync, topic, subject) WHERE is_open = 1 DO NOTHING RETURNING id
            """, sync, topic, subject, app, openId, shown, now.ToUnixTimeMilliseconds());

    /// <summary>How many cards were sent to somebody since a time.</summary>
    public static async ValueTask<long> SentToAsync(ISql sql, string openId, DateTimeOffset since) =>
        await sql.NumberAsync("SELECT COUNT(*) FROM sync_card WHERE open_id = $1 AND created_at > $2", openId,
            since.ToUnixTimeMilliseconds()) ?? 0;

    public static async ValueTask QueuedAsync(IUnitOfWork unit, long id, long outbox) =>
        await unit.ExecuteAsync("UPDATE sync_card SET outbox_id = $2 WHERE id = $1", id, outbox);

    /// <summary>A message was sent: it may be such a card.</summary>
    public static async ValueTask SentAsync(IUnitOfWork unit, long outbox, string message) =>
        await unit.ExecuteAsync("UPDATE sync_card SET message_id = $2 WHERE outbox_id = $1 AND message_id IS NULL", outbox, message);

    public static async ValueTask CloseAsync(IUnitOfWork unit, long id) =>
        await unit.ExecuteAsync("UPDATE sync_card SET is_open = 0 WHERE id = $1", id);

    public static ValueTask<int> PruneAsync(OldBatch old) => old.ExecuteAsync("""
        DELETE FROM sync_card WHERE id IN (SELECT id FROM sync_card WHERE created_at < $1 ORDER BY created_at LIMIT $2) AND created_at < $1
        """);

    private static SyncCardRow Read(DbDataReader row) => new(row.GetInt64(0), row.GetInt64(1), row.GetString(2), row.GetInt64(3),
        row.GetString(4), row.GetString(5), row.GetString(6), row.Text(7), row.GetInt64(8) != 0, row.Time(9));
}
