using System.Data.Common;
using Larkspur.Gateway.Storage;

namespace Larkspur.Gateway.Syncs.Rows;

/// <summary>A piece of work of a sync.</summary>
internal sealed record RunRow(
    long Id, long Sync, string Kind, DateTimeOffset BeganAt, DateTimeOffset? EndedAt, long ToTable, long ToSource, long Conflicts,
    long Problems, long ReadRows, DateTimeOffset? UndoneAt)
{
    public const string Survey = "survey";
    public const string Copy = "copy";
    public const string Changes = "changes";
    public const string Compare = "compare";
    public const string Undo = "undo";

    public const string Columns = "id, sync, kind, began_at, ended_at, to_table, to_source, conflicts, problems, read_rows, undone_at";

    public static RunRow Read(DbDataReader row) => new(row.GetInt64(0), row.GetInt64(1), row.GetString(2), row.Time(3), row.TimeOrNull(4),
        row.GetInt64(5), row.GetInt64(6), row.GetInt64(7), row.GetInt64(8), row.GetInt64(9), row.TimeOrNull(10));
}

/// <summary>What a run did; each transaction adds what it did itself.</summary>
internal sealed record RunCounts(long ToTable = 0, long ToSource = 0, long Conflicts = 0, long Problems = 0, long ReadRows = 0)
{
    public bool IsNothing => this == new RunCounts();
}

/// <summary>Runs in the database.</summary>
internal static class SyncRuns
{
    /// <summary>The open run of a kind; a new one when there is none.</summary>
    public static async ValueTask<long> OpenAsync(IUnitOfWork unit, long sync, string kind, DateTimeOffset now) =>
        await unit.NumberAsync("SELECT MAX(id) FROM sync_run WHERE sync = $1 AND kind = $2 AND ended_at IS NULL", sync, kind)
        ?? await unit.NumberAsync("INSERT INTO sync_run (sync, kind, began_at) VALUES ($1, $2, $3) RETURNING id", sync, kind,
            now.ToUnixTimeMilliseconds()) ?? 0;

    public static async ValueTask AddAsync(IUnitOfWork unit, long run, RunCounts counts)
    {
        if (counts.IsNothing) return;
        await unit.ExecuteAsync("""
            UPDATE sync_run SET to_table = to_table + $2, to_source = to_source + $3, conflicts = conflicts + $4, problems = problems + $5,
              read_rows = read_rows + $6 WHERE id = $1
            """, run, counts.ToTable, counts.ToSource, counts.Conflicts, counts.Problems, counts.ReadRows);
    }

    public static async ValueTask<bool> AnyOpenAsync(ISql sql, long sync) =>
        await sql.NumberAsync("SELECT COUNT(*) FROM sync_run WHERE sync = $1 AND ended_at IS NULL", sync) > 0;

    /// <summary>Open runs are over. One of changes that did nothing is forgotten, unless what it sent may yet turn out to have
    /// arrived.</summary>
    public static async ValueTask EndAsync(IUnitOfWork unit, long sync, DateTimeOffset now)
    {
        await unit.ExecuteAsync("""
            DELETE FROM sync_run WHERE sync = $1 AND ended_at IS NULL AND kind = 'changes' AND to_table = 0 AND to_source = 0
            AND conflicts = 0 AND problems = 0
            AND NOT EXISTS (SELECT 1 FROM sync_row WHERE sync = $1 AND pending IS NOT NULL)
            """, sync);
        await unit.ExecuteAsync("UPDATE sync_run SET ended_at = $2 WHERE sync = $1 AND ended_at IS NULL", sync,
            now.ToUnixTimeMilliseconds());
    }

    public static ValueTask<List<RunRow>> LastAsync(ISql sql, long sync, int atMost) => sql.QueryAsync(
        $"SELECT {RunRow.Columns} FROM sync_run WHERE sync = $1 ORDER BY id DESC LIMIT {atMost}", RunRow.Read, sync);

    public static ValueTask<RunRow?> FindAsync(ISql sql, long sync, long run) =>
        sql.FirstAsync($"SELECT {RunRow.Columns} FROM sync_run WHERE sync = $1 AND id = $2", RunRow.Read, sync, run);
}
