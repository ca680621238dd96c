using Larkspur.Gateway.Storage;

namespace Larkspur.Gateway.Syncs.Rows;

/// <summary>What undoing a run needs of the database.</summary>
internal static class UndoStore
{
    /// <summary>Takes the sync for whoever undoes a run of it: it is paused, and goes on by nobody until somebody says so.</summary>
    /// <returns>Null: it was removed.</returns>
    public static ValueTask<SyncRecord?> TakeAsync(IUnitOfWork unit, long sync, DateTimeOffset until) => unit.FirstAsync($"""
        UPDATE sync SET paused = $2, side = NULL, detail = NULL, away = NULL, not_before = NULL, fence = fence + 1, lease_until = $3
        WHERE id = $1 RETURNING {SyncRecord.Columns}
        """, SyncRecord.Read, sync, Sides.Problems.Undone, until.ToUnixTimeMilliseconds());

    /// <summary>Runs of a sync, the newest first.</summary>
    public static ValueTask<List<RunRow>> RunsAsync(ISql sql, long sync, long before, int atMost) => sql.QueryAsync(
        $"SELECT {RunRow.Columns} FROM sync_run WHERE sync = $1 AND id < $2 ORDER BY id DESC LIMIT {atMost}", RunRow.Read, sync, before);

    /// <summary>Rows that a run wrote, in the order of their ids.</summary>
    public static ValueTask<List<long>> RowsAsync(ISql sql, long run, long after, int atMost) => sql.QueryAsync(
        $"SELECT DISTINCT row_id FROM sync_change WHERE run = $1 AND row_id > $2 ORDER BY row_id LIMIT {atMost}",
        static row => row.GetInt64(0), run, after);

    /// <summary>What a run wrote into rows, from the last to the first.</summary>
    public static ValueTask<List<ChangeRow>> ChangesAsync(ISql sql, Dialect dialect, long run, IEnumerable<long> rows) => sql.QueryAsync(
        $"SELECT {ChangeRow.Columns} FROM sync_change WHERE run = $1 AND row_id {IdList.In(dialect, "$2")} ORDER BY id DESC",
        ChangeRow.Read, run, IdList.Of(dialect, rows));

    /// <summary>It is done.</summary>
    public static async ValueTask DoneAsync(IUnitOfWork unit, long run, DateTimeOffset now) =>
        await unit.ExecuteAsync("UPDATE sync_run SET undone_at = $2 WHERE id = $1", run, now.ToUnixTimeMilliseconds());
}
