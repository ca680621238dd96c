using System.Data.Common;
using Larkspur.Gateway.Storage;

namespace Larkspur.Gateway.Outbox.Reading;

/// <summary>An outbox row with what it says: for whoever queued it, and asks again.</summary>
internal sealed record QueuedRow(OutboxItem Item, string Content, bool InThread, string IdempotencyKey)
{
    private const string Columns = OutboxItem.Columns + ", content, in_thread, idempotency_key";

    private const string OfKey = "idempotency_key = $1 AND app = $2 AND platform = $3";

    /// <summary>The row of a message that was queued under a key; null: there is none (any more).</summary>
    public static ValueTask<QueuedRow?> FindAsync(ISql sql, QueuedMessage queued) =>
        sql.FirstAsync($"SELECT {Columns} FROM outbox WHERE {OfKey}", Read,
        IdempotencyKeys.ForQueued(queued.Platform, queued.App, queued.IdempotencyKey), queued.App, queued.Platform);

    /// <summary>A row by its id; webhooks to business systems are none.</summary>
    public static ValueTask<QueuedRow?> FindAsync(ISql sql, long id) =>
        sql.FirstAsync($"SELECT {Columns} FROM outbox WHERE id = $1 AND platform <> $2", Read, id, OutboxScope.WebhookPlatform);

    /// <summary>The plainer message that took the place of this one, whose content was refused; null: none did.</summary>
    public ValueTask<OutboxItem?> InsteadAsync(ISql sql) => sql.FirstAsync($"SELECT {OutboxItem.Columns} FROM outbox WHERE {OfKey}", OutboxItem.Read,
        IdempotencyKeys.ForFallbackOf(IdempotencyKey), Item.App, Item.Platform);

    /// <summary>Rows from before their keys had owners: whether any is there still, and the one of this key.</summary>
    public static async ValueTask<(bool Any, long? Found)> UnownedAsync(ISql sql, string platform, string app, string key) => (
        await sql.NumberAsync("SELECT up_to FROM outbox_unowned WHERE EXISTS (SELECT 1 FROM outbox WHERE id <= up_to)") is not null,
        await sql.NumberAsync($"SELECT id FROM outbox WHERE {OfKey} AND id <= (SELECT MAX(up_to) FROM outbox_unowned)",
            IdempotencyKeys.ForQueued(platform, app, key), app, platform));

    /// <summary>It says this message, and nothing else.</summary>
    public bool Says(OutboxMessage message) =>
        Item.TargetType == message.TargetType && Item.Target == message.Target && Item.MessageType == message.MessageType
        && Content == message.Content && InThread == message.InThread && Item.Operation == message.Operation.Name;

    private static QueuedRow Read(DbDataReader row) => new(OutboxItem.Read(row), row.GetString(21), row.GetInt32(22) != 0, row.GetString(23));
}
