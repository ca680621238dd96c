using System.Data.Common;
using Larkspur.Gateway.Storage;
using Larkspur.Gateway.Syncs.Mapping;

namespace Larkspur.Gateway.Syncs.Rows;

/// <summary>One value that a sync wrote, or one row that it made or deleted.</summary>
internal sealed record ChangeRow
{
    public const string Columns = "id, sync, run, row_id, row_key, record, side, kind, field, before, after, is_loss, at";

    public long Id { get; init; }

    public long Sync { get; init; }

    public required long Run { get; init; }

    public required long RowId { get; init; }

    public string? Key { get; init; }

    public string? Record { get; init; }

    /// <summary>The side that was written.</summary>
    public required SideName Side { get; init; }

    /// <summary>create, update, delete.</summary>
    public required string Kind { get; init; }

    /// <summary>The table's field id; empty: the row.</summary>
    public string Field { get; init; } = "";

    public string? Before { get; init; }

    public string? After { get; init; }

    /// <summary>Nobody on the other side had seen what was overwritten.</summary>
    public bool IsLoss { get; init; }

    public DateTimeOffset At { get; init; }

    public static ChangeRow Read(DbDataReader row) => new()
    {
        Id = row.GetInt64(0), Sync = row.GetInt64(1), Run = row.GetInt64(2), RowId = row.GetInt64(3), Key = row.Text(4),
            Record = row.Text(5),
        Side = SideWord.Of(row.GetString(6)), Kind = row.GetString(7), Field = row.GetString(8), Before = row.Text(9), After = row.Text(10),
        IsLoss = row.GetInt64(11) != 0, At = row.Time(12),
    };
}

/// <summary>What a sync wrote, kept for thirty days so that it can be brought back.</summary>
internal static class HistoryStore
{
    public static async ValueTask AddAsync(IUnitOfWork unit, long sync, ChangeRow change) => await unit.ExecuteAsync("""
        INSERT INTO sync_change (sync, run, row_id, row_key, record, side, kind, field, before, after, is_loss, at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
        """, sync, change.Run, change.RowId, change.Key, change.Record, new SideWord(change.Side).ToString(), change.Kind, change.Field,
        change.Before, change.After, change.IsLoss ? 1 : 0, change.At.ToUnixTimeMilliseconds());

    /// <summary>A row's changes, the newest first.</summary>
    public static ValueTask<List<ChangeRow>> OfRowAsync(ISql sql, long sync, long row, int atMost) => sql.QueryAsync(
        $"SELECT {ChangeRow.Columns} FROM sync_change WHERE row_id = $1 AND sync = $2 ORDER BY id DESC LIMIT {atMost}", ChangeRow.Read,
            row, sync);

    /// <summary>What a sync wrote last into a field of the table, since a time.</summary>
    public static ValueTask<ChangeRow?> LastWriteAsync(ISql sql, long sync, long row, string field, DateTimeOffset since) =>
        sql.FirstAsync($"""
        SELECT {ChangeRow.Columns} FROM sync_change WHERE row_id = $1 AND sync = $2 AND side = 'table' AND field = $3
        AND run > 0 AND at >= $4
        ORDER BY id DESC LIMIT 1
        """, ChangeRow.Read, row, sync, field, since.ToUnixTimeMilliseconds());

    /// <summary>A run's changes from the last to the first, before a number.</summary>
    public static ValueTask<List<ChangeRow>> OfRunAsync(ISql sql, long run, long before, int atMost) => sql.QueryAsync(
        $"SELECT {ChangeRow.Columns} FROM sync_change WHERE run = $1 AND id < $2 ORDER BY id DESC LIMIT {atMost}", ChangeRow.Read, run,
            before);

    /// <summary>Forgets what was written long ago.</summary>
    public static ValueTask<int> PruneAsync(OldBatch old) => old.ExecuteAsync("""
        DELETE FROM sync_change WHERE id IN (SELECT id FROM sync_change WHERE at < $1 ORDER BY at LIMIT $2) AND at < $1
        """);

    /// <summary>Forgets questions that were answered long ago.</summary>
    public static ValueTask<int> PruneConflictsAsync(OldBatch old) => old.ExecuteAsync("""
        DELETE FROM sync_conflict WHERE id IN (SELECT id FROM sync_conflict WHERE decided_at < $1 ORDER BY decided_at LIMIT $2)
        AND decided_at < $1
        """);

    /// <summary>Forgets runs that ended long ago.</summary>
    public static ValueTask<int> PruneRunsAsync(OldBatch old) => old.ExecuteAsync("""
        DELETE FROM sync_run WHERE id IN (SELECT id FROM sync_run WHERE began_at < $1 ORDER BY began_at LIMIT $2) AND began_at < $1
        AND ended_at IS NOT NULL
        """);

    /// <summary>Forgets rows that neither side has. Of one that the other side keeps it stays known, or it would come back.</summary>
    public static ValueTask<int> PruneGoneAsync(OldBatch old) => old.ExecuteAsync("""
        DELETE FROM sync_row WHERE id IN (SELECT id FROM sync_row WHERE gone_at < $1 AND gone_from IS NULL ORDER BY gone_at LIMIT $2)
        AND gone_at < $1 AND gone_from IS NULL AND state = 'gone'
        """);
}
