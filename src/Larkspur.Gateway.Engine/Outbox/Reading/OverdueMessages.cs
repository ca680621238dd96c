using Larkspur.Gateway.Queueing;
using Larkspur.Gateway.Storage;

namespace Larkspur.Gateway.Outbox.Reading;

/// <summary>Messages that should have left and did not, each found once: it is marked in the transaction that finds it.</summary>
internal static class OverdueMessages
{
    /// <summary>Waits since before <c>$1</c>, and not because its sender wanted it later.</summary>
    private const string Open = "status = 0 AND created_at < $1 AND (attempts > 0 OR not_before < $1)";

    /// <summary>Their ids.</summary>
    public const string Ids = $"SELECT id FROM outbox WHERE status = 2 UNION SELECT id FROM outbox WHERE {Open}";

    /// <summary>The ids of the events that they answer.</summary>
    public const string EventIds = $"SELECT inbox_id FROM outbox WHERE status = 2 UNION SELECT inbox_id FROM outbox WHERE {Open}";

    /// <summary>How many are open for too long, and how many dead letters there are.</summary>
    /// <param name="sql">The connection.</param>
    /// <param name="bound"><see cref="Overdue.Bound"/>.</param>
    public static async ValueTask<(long Open, long Dead)> CountAsync(ISql sql, long bound) => (
        await Overdue.CountAsync(sql, $"SELECT 1 FROM outbox WHERE {Open}", bound),
        await Overdue.CountAsync(sql, "SELECT 1 FROM outbox WHERE status = 2"));

    /// <summary>Marks those that are not marked yet.</summary>
    /// <param name="unit">The transaction.</param>
    /// <param name="bound"><see cref="Overdue.Bound"/>.</param>
    /// <param name="now">Now.</param>
    /// <param name="limit">How many at most.</param>
    public static ValueTask<List<OutboxItem>> MarkAsync(IUnitOfWork unit, long bound, DateTimeOffset now, int limit) => unit.QueryAsync($"""
        UPDATE outbox SET overdue_at = $2 WHERE overdue_at IS NULL AND status IN (0, 2) AND id IN (
          SELECT id FROM (SELECT id FROM outbox WHERE status = 2 AND overdue_at IS NULL
            UNION SELECT id FROM outbox WHERE {Open} AND overdue_at IS NULL) AS stuck
          ORDER BY id LIMIT $3)
        RETURNING {OutboxItem.Columns}
        """, OutboxItem.Read, bound, now.ToUnixTimeMilliseconds(), limit);
}
