using System.Data.Common;
using Larkspur.Gateway.Queueing;
using Larkspur.Gateway.Storage;
using Larkspur.Gateway.Storage.Leases;
using Larkspur.Gateway.Storage.Lists;

namespace Larkspur.Gateway.Outbox.Reading;

/// <summary>What was sent to one webhook: looked for, and sent again under the same <c>webhook-id</c>.</summary>
internal sealed partial class WebhookDeliveries(
    IDatabase database, OutboxSenders senders, TimeProvider clock, ILogger<WebhookDeliveries> logger)
{
    /// <summary>No question reads more rows than this; what lies beyond is the next page's.</summary>
    private const int Window = 20_000;

    /// <summary>The same where what they say is read.</summary>
    private const int WindowOfContents = 2_000;

    /// <summary>Rows in one transaction: SQLite's one writer has others to serve as well.</summary>
    private const int Batch = 200;

    private const string MadeAt = "COALESCE(made_at, created_at)";
    private const string Columns = $"{OutboxItem.Columns}, idempotency_key, {MadeAt}";

    /// <summary>A page, the newest first.</summary>
    public Task<RowPage<WebhookRow>> ListAsync(WebhookFilter filter, long? cursor, int limit, CancellationToken cancellation) =>
        database.ReadAsync(async sql =>
        {
            var conditions = new SqlConditions();
            var size = filter.Holding is null ? Window : WindowOfContents;
            var window = $"""
                SELECT id FROM outbox WHERE platform = 'webhook' AND target = {conditions.Place(filter.Webhook)}
                  AND id < {conditions.Place(cursor ?? long.MaxValue)} ORDER BY id DESC LIMIT {size}
                """;
            var windowValues = conditions.Values;
            Narrow(conditions, filter);
            var rows = await sql.QueryAsync($"""
                SELECT {Columns} FROM outbox WHERE id IN (SELECT id FROM ({window}) AS window_rows) AND {conditions.Text}
                ORDER BY id DESC LIMIT {limit + 1}
                """, Read, conditions.Values);
            if (rows.Count > limit) return new RowPage<WebhookRow>(rows[..limit], rows[limit - 1].Item.Id);

            // Nothing more in this window; is there another behind it?
            var (count, last) = await sql.FirstAsync($"SELECT COUNT(*), MIN(id) FROM ({window}) AS window_rows",
                static row => (row.GetInt64(0), row.IsDBNull(1) ? 0 : row.GetInt64(1)), windowValues);
            return new RowPage<WebhookRow>(rows, count == size ? last : null);
        }, cancellation);

    /// <summary>One of them; null: none of this id that the filter lets through.</summary>
    public Task<WebhookRow?> FindAsync(WebhookFilter filter, CancellationToken cancellation) => database.ReadAsync(sql =>
    {
        // By the index of keys, and not along all that the webhook ever got.
        var conditions = new SqlConditions().When("webhook", "platform").When(filter.Webhook, "COALESCE(target, '')");
        Narrow(conditions, filter);
        return sql.FirstAsync($"SELECT {Columns} FROM outbox WHERE {conditions.Text}", Read, conditions.Values);
    }, cancellation);

    /// <summary>The row as it was sent, or would be; null: it is forgotten.</summary>
    public Task<OutboxEntry?> EntryAsync(long id, CancellationToken cancellation) => database.ReadAsync(sql => sql.FirstAsync(
        """
        SELECT app, lane, target, message_type, content, idempotency_key, inbox_id, reference, created_at, made_at, owner
        FROM outbox WHERE id = $1
        """,
        row => new OutboxEntry
        {
            Id = id, Platform = OutboxScope.WebhookPlatform, App = row.GetString(0), IdempotencyKey = row.GetString(5),
            Message = new OutboxMessage
            {
                Operation = MessageOperations.Webhook, Lane = row.GetString(1), TargetType = "webhook",
                Target = row.GetString(2), MessageType = row.GetString(3), Content = row.GetString(4), Owner = row.GetString(10),
            },
            InboxId = row.GetInt64(6), Reference = row.GetString(7), CreatedAt = row.Time(8), MadeAt = row.TimeOrNull(9),
            NotBefore = row.Time(8), Partition = OutboxEntry.PartitionOf(row.GetString(0), row.GetString(1)),
        }, id), cancellation);

    /// <summary>Those that have ended and would be sent again, the oldest first.</summary>
    public Task<List<long>> EndedAsync(WebhookFilter filter, int limit, CancellationToken cancellation) => database.ReadAsync(async sql =>
    {
        var conditions = new SqlConditions().When("webhook", "platform").When(filter.Webhook, "target");
        Narrow(conditions, filter);
        // Dead ones have an index of their own: written so that it serves.
        var dead = filter.States is { Count: 1 } only && only.First() == "dead" ? " AND status = 2" : "";
        return await sql.QueryAsync($"SELECT id FROM outbox WHERE {conditions.Text}{dead} ORDER BY id LIMIT {limit}",
            static row => row.GetInt64(0), conditions.Values);
    }, cancellation);

    /// <summary>
    /// Sends ended ones again, delivered ones too: their receivers know them by their <c>webhook-id</c>. Their attempts and their
    /// patience begin anew; their bodies stay as they were.
    /// </summary>
    /// <param name="ids">Which.</param>
    /// <param name="who">For their histories.</param>
    /// <param name="along">Done in the transaction of each batch, with the number of its rows.</param>
    /// <param name="cancellation">Ends it between two batches.</param>
    /// <returns>How many: what waits already is left alone.</returns>
    public async Task<int> ResendAsync(
        IReadOnlyList<long> ids, string who, Func<IUnitOfWork, int, ValueTask> along, CancellationToken cancellation)
    {
        var all = 0;
        foreach (var batch in ids.Chunk(Batch))
        {
            var resent = await database.TransactAsync(async unit =>
            {
                var ids = await ResendAsync(unit, batch, who);
                if (ids.Count > 0) await along(unit, ids.Count);
                return ids;
            }, cancellation);
            if (resent.Count == 0) continue;
            all += resent.Count;
            // At once, and not when the senders look for what nobody announced.
            await senders.HeardAsync(resent, cancellation);
        }

        if (all > 0) Resent(all, who);
        return all;
    }

    private async ValueTask<IReadOnlyList<long>> ResendAsync(IUnitOfWork unit, long[] ids, string who)
    {
        var now = clock.GetUtcNow();
        var resent = await unit.QueryAsync($"""
            UPDATE outbox SET status = 0, made_at = {MadeAt}, created_at = $2, not_before = $2, attempts = 0, finished_at = NULL,
              reason = NULL, overdue_at = NULL
            WHERE id {IdList.In(database.Dialect, "$1")} AND platform = 'webhook' AND status IN (1, 2, 4) RETURNING id
            """, static row => row.GetInt64(0), IdList.Of(database.Dialect, ids), now.ToUnixTimeMilliseconds());
        await RowHistory.AddAsync(unit, database.Dialect, RowHistory.Outbox, resent,
            new HistoryLine { At = now, What = HistoryLine.Replayed, Who = who, Message = "sent again under the same webhook-id" });
        unit.AfterCommit(senders.Look);
        foreach (var id in resent) unit.Announce(Topics.Outbox, id);
        return resent;
    }

    private static void Narrow(SqlConditions conditions, WebhookFilter filter)
    {
        // Words that no row has let none through. Numbers of ours stand in the text.
        if (filter.States is { } states) conditions.Among(states, StateWord);
        conditions.Among(filter.Types, "message_type").When(filter.Reference, "reference").When(filter.WebhookId, "idempotency_key")
            .Holding(filter.Holding is { } text ? $"\"{text}\"" : null, "content")
            .Among(filter.Holding is null ? null : filter.TypesHeld, "message_type").When(filter.Seen)
            .When(filter.Since?.ToUnixTimeMilliseconds(), $"{MadeAt} >=").When(filter.Until?.ToUnixTimeMilliseconds(), $"{MadeAt} <")
            .When(filter.QueuedBefore?.ToUnixTimeMilliseconds(), "created_at <");
    }

    /// <summary>The state in the words of <see cref="OutboxItem.States"/>.</summary>
    private const string StateWord = "CASE status WHEN 0 THEN 'open' WHEN 1 THEN 'sent' WHEN 2 THEN 'dead' WHEN 4 THEN 'discarded' END";

    private static WebhookRow Read(DbDataReader row) => new(OutboxItem.Read(row), row.GetString(21), row.Time(22));

    [LoggerMessage(LogLevel.Warning, "{Count} webhooks are sent again by {Who}")]
    private partial void Resent(int count, string who);
}
