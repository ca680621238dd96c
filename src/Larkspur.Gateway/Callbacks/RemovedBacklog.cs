using Larkspur.Gateway.Operations;
using Larkspur.Gateway.Storage;

namespace Larkspur.Gateway.Callbacks;

/// <summary>What waits for a destination that is taken away.</summary>
internal static class RemovedBacklog
{
    /// <summary>Why such a callback is dead.</summary>
    public const string Reason = "destination_removed";

    /// <summary>Callbacks in one transaction: SQLite's one writer has others to serve as well.</summary>
    internal const int Batch = 500;

    private const string Waiting = "status = 0 AND platform = 'callback' AND target = $1";

    /// <summary>How many wait.</summary>
    public static async Task<int> CountAsync(IDatabase database, string name, CancellationToken cancellation) =>
        (int)(await database.ReadAsync(sql => sql.NumberAsync($"SELECT COUNT(*) FROM outbox WHERE {Waiting}", name), cancellation) ?? 0);

    /// <summary>Whether one waits.</summary>
    public static async ValueTask<bool> AnyAsync(ISql sql, string name) =>
        await sql.NumberAsync($"SELECT 1 FROM outbox WHERE {Waiting} LIMIT 1", name) is not null;

    /// <summary>Makes dead letters of those that wait, each batch with its lines of the story in one transaction.</summary>
    /// <returns>How many. One that came meanwhile may be left.</returns>
    public static async Task<int> BuryAsync(IDatabase database, string name, string by, TimeProvider clock, CancellationToken cancellation)
    {
        var dead = 0;
        // On along the index: PostgreSQL walks over what a batch before has changed until a vacuum clears it away.
        var (rank, after) = (-1, 0L);
        while (true)
        {
            var (at, why) = (clock.GetUtcNow(), $"The destination \"{name}\" was removed");
            var buried = await database.TransactAsync(async unit =>
            {
                var rows = await unit.QueryAsync($"""
                    UPDATE outbox SET status = 2, reason = '{Reason}', finished_at = $2 WHERE status = 0 AND id IN (
                      SELECT id FROM outbox WHERE {Waiting} AND (rank, id) > ($3, $4) ORDER BY rank, id LIMIT $5)
                    RETURNING rank, id
                    """, static row => (Rank: row.GetInt32(0), Id: row.GetInt64(1)), name, at.ToUnixTimeMilliseconds(), rank, after, Batch);
                await RowStory.AddAsync(unit, database.Dialect, RowStory.Outbox, [.. rows.Select(static row => row.Id)],
                    new StoryLine { At = at, What = StoryLine.Dead, Who = by, Message = why });
                return rows;
            }, cancellation);
            if (buried.Count == 0) return dead;
            dead += buried.Count;
            (rank, after) = buried.Max();
        }
    }
}
