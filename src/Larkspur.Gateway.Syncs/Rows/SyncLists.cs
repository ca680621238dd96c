using Larkspur.Gateway.Storage;

namespace Larkspur.Gateway.Syncs.Rows;

/// <summary>What waits at a sync.</summary>
/// <param name="Conflicts">Conflicts that nobody has decided yet.</param>
/// <param name="Problems">Rows that do not get on.</param>
/// <param name="Waiting">Rows that are to be looked at.</param>
internal readonly record struct SyncCounts(long Conflicts, long Problems, long Waiting);

/// <summary>Syncs and what belongs to them, as people look through them.</summary>
internal static class SyncLists
{
    /// <summary>What waits at each sync, by its number; one at which nothing does is left out.</summary>
    public static async ValueTask<IReadOnlyDictionary<long, SyncCounts>> CountsAsync(ISql sql)
    {
        var counts = new Dictionary<long, SyncCounts>();
        foreach (var (sync, count) in await By(sql, "sync_conflict WHERE decided_at IS NULL AND decision IS NULL"))
            counts[sync] = counts.GetValueOrDefault(sync) with { Conflicts = count };
        foreach (var (sync, count) in await By(sql, "sync_problem"))
            counts[sync] = counts.GetValueOrDefault(sync) with { Problems = count };
        foreach (var (sync, count) in await By(sql, "sync_hint")) counts[sync] = counts.GetValueOrDefault(sync) with { Waiting = count };
        return counts;
    }

    /// <summary>What waits at one sync.</summary>
    public static async ValueTask<SyncCounts> CountsAsync(ISql sql, long sync) => new(
        await sql.NumberAsync("SELECT COUNT(*) FROM sync_conflict WHERE sync = $1 AND decided_at IS NULL AND decision IS NULL", sync) ?? 0,
        await ProblemStore.CountAsync(sql, sync), await HintStore.CountAsync(sql, sync));

    /// <summary>Conflicts that nobody has decided yet, the oldest first, after a number.</summary>
    public static ValueTask<List<ConflictRow>> ConflictsAsync(ISql sql, long sync, long after, int atMost) => sql.QueryAsync($"""
        SELECT {ConflictRow.Columns} FROM sync_conflict WHERE sync = $1 AND id > $2 AND decided_at IS NULL AND decision IS NULL
        ORDER BY id LIMIT {atMost}
        """, ConflictRow.Read, sync, after);

    /// <summary>Rows that do not get on, the oldest first, after a number.</summary>
    public static ValueTask<List<ProblemRow>> ProblemsAsync(ISql sql, long sync, long after, int atMost) => sql.QueryAsync(
        $"SELECT {ProblemRow.Columns} FROM sync_problem WHERE sync = $1 AND id > $2 ORDER BY id LIMIT {atMost}", ProblemRow.Read, sync,
        after);

    /// <summary>What a sync wrote, the newest first, before a number.</summary>
    public static ValueTask<List<ChangeRow>> ChangesAsync(ISql sql, long sync, long before, int atMost) => sql.QueryAsync(
        $"SELECT {ChangeRow.Columns} FROM sync_change WHERE sync = $1 AND id < $2 ORDER BY id DESC LIMIT {atMost}", ChangeRow.Read, sync,
        before);

    /// <summary>The last run of each sync.</summary>
    public static ValueTask<List<RunRow>> LastRunsAsync(ISql sql) => sql.QueryAsync(
        $"SELECT {RunRow.Columns} FROM sync_run WHERE id IN (SELECT MAX(id) FROM sync_run GROUP BY sync)", RunRow.Read);

    private static ValueTask<List<(long Sync, long Count)>> By(ISql sql, string from) => sql.QueryAsync(
        $"SELECT sync, COUNT(*) FROM {from} GROUP BY sync", static row => (row.GetInt64(0), row.GetInt64(1)));
}
