using Larkspur.Gateway.Queueing;
using Larkspur.Gateway.Storage;

namespace Larkspur.Gateway.Outbox.Reading;

/// <summary>The outbox's rows for business systems.</summary>
internal static class WebhookRows
{
    private const int MostRead = 1000;
    private const string Waiting = "status = 0 AND platform = 'webhook' AND target = $1";

    /// <summary>How many wait for a webhook.</summary>
    public static async ValueTask<int> CountWaitingAsync(ISql sql, string name) =>
        (int)(await sql.NumberAsync($"SELECT COUNT(*) FROM outbox WHERE {Waiting}", name) ?? 0);

    /// <summary>Whether one waits.</summary>
    public static async ValueTask<bool> AnyWaitsAsync(ISql sql, string name) =>
        await sql.NumberAsync($"SELECT 1 FROM outbox WHERE {Waiting} LIMIT 1", name) is not null;

    /// <summary>How many wait, by webhook; one for which none waits is not among them.</summary>
    public static async ValueTask<Dictionary<string, long>> WaitingAsync(ISql sql) => ByName(await sql.QueryAsync(
        "SELECT target, COUNT(*) FROM outbox WHERE status = 0 AND platform = 'webhook' GROUP BY target",
        static row => (row.GetString(0), row.GetInt64(1))));

    /// <summary>How many have failed and are not sent, by webhook; of very many not all are counted.</summary>
    public static async ValueTask<Dictionary<string, long>> FailingAsync(ISql sql) => ByName(await sql.QueryAsync($"""
        SELECT target, COUNT(*) FROM (
          SELECT target FROM outbox WHERE platform = 'webhook' AND ((status = 0 AND attempts > 0) OR status = 2) LIMIT {MostRead}) AS failing
        GROUP BY target
        """, static row => (row.GetString(0), row.GetInt64(1))));

    /// <summary>The newest rows of a webhook before one, the newest first.</summary>
    public static ValueTask<List<long>> NewestAsync(ISql sql, string name, long before, int limit) => sql.QueryAsync(
        "SELECT id FROM outbox WHERE platform = 'webhook' AND target = $1 AND id < $2 ORDER BY id DESC LIMIT $3",
        static row => row.GetInt64(0), name, before, limit);

    /// <summary>Makes dead letters of those that wait for a webhook: a batch, on along the index from where the one before ended.</summary>
    /// <param name="unit">The transaction.</param>
    /// <param name="dialect">Which database.</param>
    /// <param name="name">The webhook.</param>
    /// <param name="after">Where the batch before ended.</param>
    /// <param name="limit">How many at most.</param>
    /// <param name="reason">A word.</param>
    /// <param name="line">What their histories say.</param>
    /// <returns>Their ranks and ids.</returns>
    /// <remarks>PostgreSQL walks over what a batch before has changed until a vacuum clears it away.</remarks>
    public static async ValueTask<List<(int Rank, long Id)>> DeadLetterAsync(
        IUnitOfWork unit, Dialect dialect, string name, (int Rank, long Id) after, int limit, string reason, HistoryLine line)
    {
        var rows = await unit.QueryAsync($"""
            UPDATE outbox SET status = 2, reason = $6, finished_at = $2 WHERE status = 0 AND id IN (
              SELECT id FROM outbox WHERE {Waiting} AND (rank, id) > ($3, $4) ORDER BY rank, id LIMIT $5)
            RETURNING rank, id
            """, static row => (Rank: row.GetInt32(0), Id: row.GetInt64(1)),
            name, line.At.ToUnixTimeMilliseconds(), after.Rank, after.Id, limit, reason);
        await RowHistory.AddAsync(unit, dialect, RowHistory.Outbox, [.. rows.Select(static row => row.Id)], line);
        return rows;
    }

    private static Dictionary<string, long> ByName(IEnumerable<(string Name, long Count)> rows) =>
        rows.ToDictionary(r => r.Name, r => r.Count, StringComparer.Ordinal);
}
