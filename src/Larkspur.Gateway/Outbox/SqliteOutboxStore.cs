using Dapper;
using Larkspur.Gateway.Storage;

namespace Larkspur.Gateway.Outbox;

/// <inheritdoc/>
internal sealed class SqliteOutboxStore(IDatabase database) : IOutboxStore
{
    private static readonly string[] Operations = ["create", "reply", "patch", "callback"];

    private const int Open = 0;
    private const int Held = 3;

    public ValueTask<OutboxEntry> AddAsync(IUnitOfWork unit, OutboxEntry entry) => new(entry with { Id = Insert(unit, entry, Open) });

    public ValueTask<long> HoldAsync(IUnitOfWork unit, OutboxEntry entry)
    {
        SqliteUnitOfWork.Of(unit).Execute("DELETE FROM outbox WHERE app = @1 AND lane = @2 AND status = 3", entry.App, entry.Message.Lane);
        return new(Insert(unit, entry, Held));
    }

    public ValueTask DropHeldAsync(IUnitOfWork unit, long id) => Run(unit, "DELETE FROM outbox WHERE id = @1 AND status IN (0, 3)", id);

    public ValueTask<int> ReleaseHeldAsync(IUnitOfWork unit) => new(SqliteUnitOfWork.Of(unit).Execute("UPDATE outbox SET status = 0 WHERE status = 3"));

    private static long Insert(IUnitOfWork unit, OutboxEntry entry, int status)
    {
        var message = entry.Message;
        return (long)SqliteUnitOfWork.Of(unit).Scalar("""
            INSERT INTO outbox (platform, app, lane, operation, target_type, target, message_type, content, idempotency_key, inbox_id, reference,
                                trace_parent, not_before, created_at, status)
            VALUES (@1, @2, @3, @4, @5, @6, @7, @8, @9, @10, @11, @12, @13, @14, @15) RETURNING id
            """, entry.Platform, entry.App, message.Lane, Operations[(int)message.Operation], message.TargetType, message.Target, message.MessageType,
            message.Content, entry.IdempotencyKey, entry.InboxId, entry.Reference, entry.TraceParent,
            entry.NotBefore.ToUnixTimeMilliseconds(), entry.CreatedAt.ToUnixTimeMilliseconds(), status)!;
    }

    public ValueTask<bool> IsLaneOpenAsync(IUnitOfWork unit, string app, string lane) =>
        new(SqliteUnitOfWork.Of(unit).Scalar("SELECT 1 FROM outbox WHERE app = @1 AND lane = @2 AND status = 0 LIMIT 1", app, lane) is not null);

    public ValueTask<bool> BeginAttemptAsync(IUnitOfWork unit, long id, DateTimeOffset at) => new(SqliteUnitOfWork.Of(unit).Execute(
        "UPDATE outbox SET attempts = attempts + 1, first_tried_at = COALESCE(first_tried_at, @2) WHERE id = @1 AND status = 0",
        id, at.ToUnixTimeMilliseconds()) == 1);

    public ValueTask SentAsync(IUnitOfWork unit, long id, SendReceipt receipt, DateTimeOffset at) => Run(unit,
        "UPDATE outbox SET status = 1, message_id = @2, log_id = @3, finished_at = @4, reason = NULL WHERE id = @1 AND status = 0",
        id, receipt.MessageId, receipt.LogId, at.ToUnixTimeMilliseconds());

    public ValueTask DeadAsync(IUnitOfWork unit, long id, string reason, DateTimeOffset at) => Run(unit,
        "UPDATE outbox SET status = 2, reason = @2, finished_at = @3 WHERE id = @1 AND status = 0", id, reason, at.ToUnixTimeMilliseconds());

    public ValueTask PostponeAsync(IUnitOfWork unit, long id, string reason, DateTimeOffset until, bool ambiguous) => Run(unit,
        "UPDATE outbox SET reason = @2, not_before = @3, first_tried_at = CASE WHEN @4 THEN first_tried_at END WHERE id = @1 AND status = 0",
        id, reason, until.ToUnixTimeMilliseconds(), ambiguous ? 1 : 0);

    public Task<IReadOnlyList<OutboxEntry>> LoadOpenAsync(OutboxScope scope, long afterId, int limit, CancellationToken cancellation) =>
        database.ReadAsync<IReadOnlyList<OutboxEntry>>(async connection =>
        {
            var rows = new List<OutboxEntry>();
            // Both conditions are those of a partial index.
            var whose = scope.Destination is null ? "platform <> 'callback'" : "platform = 'callback' AND target = @target";
            await using var reader = await connection.ExecuteReaderAsync($"""
                SELECT id, platform, app, lane, operation, target_type, target, message_type, content, idempotency_key, inbox_id, reference,
                       trace_parent, not_before, created_at, attempts, first_tried_at
                FROM outbox WHERE status = 0 AND {whose} AND id > @afterId ORDER BY id LIMIT @limit
                """, new { afterId, limit, target = scope.Destination });
            while (await reader.ReadAsync(cancellation)) rows.Add(Entry(reader));
            return rows;
        }, cancellation);

    public Task<IReadOnlyList<string>> OpenDestinationsAsync(CancellationToken cancellation) =>
        database.ReadAsync<IReadOnlyList<string>>(async connection =>
            [.. await connection.QueryAsync<string>("SELECT DISTINCT target FROM outbox WHERE status = 0 AND platform = 'callback'")], cancellation);

    public ValueTask<int> PruneAsync(IUnitOfWork unit, DateTimeOffset before, int limit) => new(SqliteUnitOfWork.Of(unit).Execute(
        "DELETE FROM outbox WHERE id IN (SELECT id FROM outbox WHERE status = 1 AND created_at < @1 ORDER BY id LIMIT @2)",
        before.ToUnixTimeMilliseconds(), limit));

    public Task<(long Open, long Dead)> CountAsync(CancellationToken cancellation) =>
        database.ReadAsync(connection => connection.QuerySingleAsync<(long, long)>(
            "SELECT (SELECT COUNT(*) FROM outbox WHERE status = 0), (SELECT COUNT(*) FROM outbox WHERE status = 2)"), cancellation);

    private static ValueTask Run(IUnitOfWork unit, string sql, params ReadOnlySpan<object?> values)
    {
        SqliteUnitOfWork.Of(unit).Execute(sql, values);
        return ValueTask.CompletedTask;
    }

    private static OutboxEntry Entry(System.Data.Common.DbDataReader reader) => new()
    {
        Id = reader.GetInt64(0),
        Platform = reader.GetString(1),
        App = reader.GetString(2),
        Message = new OutboxMessage
        {
            Lane = reader.GetString(3),
            Operation = (OutboxOperation)Array.IndexOf(Operations, reader.GetString(4)),
            TargetType = reader.GetString(5),
            Target = reader.GetString(6),
            MessageType = reader.GetString(7),
            Content = reader.GetString(8),
        },
        IdempotencyKey = reader.GetString(9),
        InboxId = reader.GetInt64(10),
        Reference = reader.GetString(11),
        TraceParent = reader.IsDBNull(12) ? null : reader.GetString(12),
        NotBefore = DateTimeOffset.FromUnixTimeMilliseconds(reader.GetInt64(13)),
        CreatedAt = DateTimeOffset.FromUnixTimeMilliseconds(reader.GetInt64(14)),
        Attempts = reader.GetInt32(15),
        FirstTriedAt = reader.IsDBNull(16) ? null : DateTimeOffset.FromUnixTimeMilliseconds(reader.GetInt64(16)),
    };
}
