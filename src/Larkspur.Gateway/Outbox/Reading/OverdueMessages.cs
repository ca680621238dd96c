using Larkspur.Gateway.Queueing;
using Larkspur.Gateway.Storage;

namespace Larkspur.Gateway.Outbox.Reading;

/// <summary>Messages that should have left and did not, each found once: it is marked in the transaction that finds it.</summary>
internal static class OverdueMessages
{
    /// <summary>Marks those that are not marked yet.</summary>
    /// <param name="unit">The transaction.</param>
    /// <param name="bound"><see cref="Overdue.Bound"/>.</param>
    /// <param name="now">Now.</param>
    /// <param name="limit">How many at most.</param>
    public static ValueTask<List<OutboxItem>> MarkAsync(IUnitOfWork unit, long bound, DateTimeOffset now, int limit) => unit.QueryAsync($"""
        UPDATE outbox SET overdue_at = $2 WHERE overdue_at IS NULL AND status IN (0, 2) AND id IN (
          SELECT id FROM (SELECT id FROM outbox WHERE status = 2 AND overdue_at IS NULL
            UNION SELECT id FROM outbox WHERE {Overdue.OpenMessage} AND overdue_at IS NULL) AS stuck
          ORDER BY id LIMIT $3)
        RETURNING {OutboxItem.Columns}
        """, OutboxItem.Read, bound, now.ToUnixTimeMilliseconds(), limit);
}
