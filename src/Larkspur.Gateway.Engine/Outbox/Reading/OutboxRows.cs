using Larkspur.Gateway.Queueing;
using Larkspur.Gateway.Storage;

namespace Larkspur.Gateway.Outbox.Reading;

/// <summary>What other rooms ask about the rows that they have queued, within their own transactions and looks.</summary>
internal static class OutboxRows
{
    private const string OfKey = "idempotency_key = $1 AND app = $2 AND platform = $3";

    /// <summary>The row of a message that was queued; null: it is forgotten, or an operator has sent it under another key.</summary>
    public static ValueTask<long?> IdOfAsync(ISql sql, QueuedMessage queued) =>
        IdOfAsync(sql, queued.Platform, queued.App, queued.IdempotencyKey);

    /// <inheritdoc cref="IdOfAsync(ISql, QueuedMessage)"/>
    public static ValueTask<long?> IdOfAsync(ISql sql, string platform, string app, string key) =>
        sql.NumberAsync($"SELECT id FROM outbox WHERE {OfKey}", IdempotencyKeys.ForQueued(platform, app, key), app, platform);

    /// <summary>The row of a webhook message, by the <c>webhook-id</c> under which its receiver knows it.</summary>
    public static ValueTask<long?> IdOfWebhookAsync(ISql sql, string webhookId) =>
        sql.NumberAsync("SELECT id FROM outbox WHERE idempotency_key = $1 AND platform = 'webhook'", webhookId);

    /// <summary>How many wait to be sent to a platform, by lane; one in which none waits is not among them.</summary>
    public static async ValueTask<Dictionary<string, long>> WaitingByLaneAsync(ISql sql, string platform) => (await sql.QueryAsync(
        "SELECT lane, COUNT(*) FROM outbox WHERE status = 0 AND platform = $1 GROUP BY lane",
        static row => (Lane: row.GetString(0), Count: row.GetInt64(1)), platform))
        .ToDictionary(r => r.Lane, r => r.Count, StringComparer.Ordinal);

    /// <summary>These rows as they stand, by id; one that is not among them was forgotten.</summary>
    public static async ValueTask<IReadOnlyDictionary<long, OutboxItem>> ItemsAsync(ISql sql, IReadOnlyCollection<long> ids)
    {
        if (ids.Count == 0) return new Dictionary<long, OutboxItem>();
        var places = string.Join(", ", ids.Select((_, i) => $"${i + 1}"));
        var items = await sql.QueryAsync($"SELECT {OutboxItem.Columns} FROM outbox WHERE id IN ({places})", OutboxItem.Read,
            [.. ids.Select(id => (object?)id)]);
        return items.ToDictionary(i => i.Id);
    }

    /// <summary>The messages that an event has caused, the oldest first.</summary>
    public static ValueTask<List<OutboxItem>> OfEventAsync(ISql sql, long inboxId, int limit) =>
        sql.QueryAsync(
            $"SELECT {OutboxItem.Columns} FROM outbox WHERE inbox_id = $1 ORDER BY id LIMIT $2", OutboxItem.Read, inboxId, limit);

    /// <summary>How the row of an operation stands that is known by its idempotency key; null: it is forgotten.</summary>
    public static async ValueTask<int?> StatusAsync(ISql sql, string idempotencyKey, string app, OutboxOperation operation) =>
        (int?)await sql.NumberAsync(
            "SELECT status FROM outbox WHERE idempotency_key = $1 AND app = $2 AND operation = $3", idempotencyKey, app, operation.Name);

    /// <summary>It waits, or the platform took it; false: it is a dead letter, was discarded, or is forgotten.</summary>
    public static async ValueTask<bool> IsUnderWayAsync(ISql sql, QueuedMessage queued) => await sql.NumberAsync(
        $"SELECT 1 FROM outbox WHERE {OfKey} AND status IN (0, 1)", KeyOf(queued), queued.App, queued.Platform) is not null;

    /// <summary>It is open, and an attempt may have arrived.</summary>
    public static async ValueTask<bool> MayHaveArrivedAsync(ISql sql, string platform, string app, string key) => await sql.NumberAsync(
        $"SELECT 1 FROM outbox WHERE {OfKey} AND status = 0 AND first_tried_at IS NOT NULL",
        IdempotencyKeys.ForQueued(platform, app, key), app, platform) is not null;

    /// <summary>The platform refused one of an app's calls of this operation since a time, with a code.</summary>
    public static async ValueTask<bool> WasRefusedAsync(
        ISql sql, string app, OutboxOperation operation, string code, DateTimeOffset since) =>
        await sql.NumberAsync("""
            SELECT id FROM outbox WHERE status = 2 AND app = $1 AND operation = $2 AND finished_at > $3 AND reason LIKE $4 LIMIT 1
            """,
        app, operation.Name, since.ToUnixTimeMilliseconds(), "%_" + code) is not null;

    /// <summary>Ends a row for good of which surely no attempt is under way or may have arrived, with a line in its history.</summary>
    /// <param name="unit">The transaction.</param>
    /// <param name="id">The row.</param>
    /// <param name="who">Who takes it back.</param>
    /// <param name="now">Now.</param>
    /// <returns>False: an attempt is under way or may have arrived, or it has ended.</returns>
    public static async ValueTask<bool> DiscardUntriedAsync(IUnitOfWork unit, long id, string who, DateTimeOffset now) =>
        await DiscardAsync(unit, id, "status = 0 AND first_tried_at IS NULL", who, now);

    /// <summary>Ends an open or dead row for good, with a line in its history.</summary>
    /// <inheritdoc cref="DiscardUntriedAsync" path="/param"/>
    /// <returns>False: it has ended otherwise.</returns>
    public static async ValueTask<bool> DiscardAsync(IUnitOfWork unit, long id, string who, DateTimeOffset now) =>
        await DiscardAsync(unit, id, "status IN (0, 2)", who, now);

    private static async ValueTask<bool> DiscardAsync(IUnitOfWork unit, long id, string which, string who, DateTimeOffset now)
    {
        var ended = await unit.ExecuteAsync(
            $"UPDATE outbox SET status = 4, finished_at = $2 WHERE id = $1 AND {which}", id, now.ToUnixTimeMilliseconds());
        if (ended == 0) return false;
        await RowHistory.AddAsync(unit, RowHistory.Outbox, id, new HistoryLine { At = now, What = HistoryLine.Discarded, Who = who });
        return true;
    }

    private static string KeyOf(QueuedMessage queued) => IdempotencyKeys.ForQueued(queued.Platform, queued.App, queued.IdempotencyKey);
}
