using Larkspur.Gateway.Outbox.Reading;
using Larkspur.Gateway.Queueing;
using Larkspur.Gateway.Storage;

namespace Larkspur.Gateway.Inbox.Reading;

/// <summary>Events that should have ended and did not, each found once: it is marked in the transaction that finds it.</summary>
internal static class OverdueEvents
{
    /// <summary>Open since before <c>$1</c>.</summary>
    private const string Open = "status = 0 AND COALESCE(replayed_at, received_at) < $1";

    /// <summary>Ids of those that are stuck, or whose answer is.</summary>
    public const string Ids = $"""
        SELECT id FROM inbox WHERE {Open}
        UNION {OverdueMessages.EventIds}
        """;

    /// <summary>How many are open for too long, and how many dead letters there are.</summary>
    /// <param name="sql">The connection.</param>
    /// <param name="bound"><see cref="Overdue.Bound"/>.</param>
    public static async ValueTask<(long Open, long Dead)> CountAsync(ISql sql, long bound) => (
        await Overdue.CountAsync(sql, $"SELECT 1 FROM inbox WHERE {Open}", bound),
        await Overdue.CountAsync(sql, "SELECT 1 FROM inbox WHERE status = 2"));

    /// <summary>Marks those that are not marked yet.</summary>
    /// <param name="unit">The transaction.</param>
    /// <param name="bound"><see cref="Overdue.Bound"/>.</param>
    /// <param name="now">Now.</param>
    /// <param name="limit">How many at most.</param>
    public static ValueTask<List<OverdueEvent>> MarkAsync(IUnitOfWork unit, long bound, DateTimeOffset now, int limit) =>
        unit.QueryAsync($"""
        UPDATE inbox SET overdue_at = $2 WHERE overdue_at IS NULL AND status = 0 AND id IN (
          SELECT id FROM inbox WHERE {Open} AND overdue_at IS NULL ORDER BY id LIMIT $3)
        RETURNING id, event_type, app, ordering_key, reference, COALESCE(replayed_at, received_at), attempts
        """, static row => new OverdueEvent(row.GetInt64(0), row.GetString(1), row.GetString(2), row.GetString(3), row.GetString(4),
            row.NearestTimeOrNull(5) ?? default, row.GetInt32(6)), bound, now.ToUnixTimeMilliseconds(), limit);
}

/// <summary>An event that is open for too long.</summary>
/// <param name="Id">Its row.</param>
/// <param name="Type">The type of event.</param>
/// <param name="App">The app that received it.</param>
/// <param name="Key">Its ordering key.</param>
/// <param name="Reference">What people may quote.</param>
/// <param name="Since">When it arrived, or was replayed.</param>
/// <param name="Attempts">Failed ones.</param>
internal readonly record struct OverdueEvent(long Id, string Type, string App, string Key, string Reference,
    DateTimeOffset Since, int Attempts);
