using Larkspur.Gateway.Storage;
using Larkspur.Gateway.Syncs.Mapping;

namespace Larkspur.Gateway.Syncs.Rows;

/// <summary>Rows of a sync in the database. Writes are made under the sync's fence.</summary>
internal static class RowStore
{
    public static ValueTask<List<SyncRow>> ByRecordsAsync(ISql sql, Dialect dialect, long sync, IEnumerable<string> records) =>
        sql.QueryAsync($"SELECT {SyncRow.Columns} FROM sync_row WHERE sync = $1 AND record {IdList.In(dialect, "$2")}", SyncRow.Read, sync,
            IdList.Of(dialect, records));

    public static ValueTask<List<SyncRow>> ByKeysAsync(ISql sql, Dialect dialect, long sync, IEnumerable<string> keys) =>
        sql.QueryAsync($"SELECT {SyncRow.Columns} FROM sync_row WHERE sync = $1 AND row_key {IdList.In(dialect, "$2")}", SyncRow.Read, sync,
            IdList.Of(dialect, keys));

    public static ValueTask<List<SyncRow>> ByIdsAsync(ISql sql, Dialect dialect, long sync, IEnumerable<long> ids) =>
        sql.QueryAsync($"SELECT {SyncRow.Columns} FROM sync_row WHERE sync = $1 AND id {IdList.In(dialect, "$2")}", SyncRow.Read, sync,
            IdList.Of(dialect, ids));

    /// <summary>Rows in the order of their ids.</summary>
    public static ValueTask<List<SyncRow>> PageAsync(ISql sql, long sync, long after, int atMost) => sql.QueryAsync(
        $"SELECT {SyncRow.Columns} FROM sync_row WHERE sync = $1 AND id > $2 ORDER BY id LIMIT {atMost}", SyncRow.Read, sync, after);

    /// <summary>Rows of which it is not known what became of what was sent.</summary>
    public static ValueTask<List<SyncRow>> PendingAsync(ISql sql, long sync, int atMost) => sql.QueryAsync(
        $"SELECT {SyncRow.Columns} FROM sync_row WHERE sync = $1 AND pending IS NOT NULL ORDER BY id LIMIT {atMost}", SyncRow.Read, sync);

    /// <summary>Rows that are to be deleted from the other side by now.</summary>
    public static ValueTask<List<SyncRow>> DueAsync(ISql sql, long sync, DateTimeOffset now, int atMost) => sql.QueryAsync(
        $"SELECT {SyncRow.Columns} FROM sync_row WHERE sync = $1 AND due_at <= $2 ORDER BY due_at LIMIT {atMost}", SyncRow.Read, sync,
        now.ToUnixTimeMilliseconds());

    /// <summary>What a comparison of everything needs of rows, by the side's ids.</summary>
    public static ValueTask<List<RowMark>> MarksAsync(ISql sql, Dialect dialect, long sync, SideName side, IEnumerable<string> items) =>
        sql.QueryAsync($"""
            SELECT id, {Column(side)}, hash, state FROM sync_row WHERE sync = $1 AND {Column(side)} {IdList.In(dialect, "$2")}
            """, RowMark.Read, sync, IdList.Of(dialect, items));

    /// <summary>The same in the order of the rows' ids.</summary>
    public static ValueTask<List<RowMark>> MarksAsync(ISql sql, long sync, SideName side, long after, int atMost) => sql.QueryAsync($"""
        SELECT id, {Column(side)}, hash, state FROM sync_row WHERE sync = $1 AND id > $2 AND {Column(side)} IS NOT NULL
        ORDER BY id LIMIT {atMost}
        """, RowMark.Read, sync, after);

    /// <summary>Some rows that both sides have, the newest: whoever sees none of them does not see what is there.</summary>
    public static ValueTask<List<SyncRow>> WitnessesAsync(ISql sql, long sync, int atMost) => sql.QueryAsync($"""
        SELECT {SyncRow.Columns} FROM sync_row WHERE sync = $1 AND state = 'linked' AND pending IS NULL ORDER BY id DESC LIMIT {atMost}
        """, SyncRow.Read, sync);

    /// <summary>Rows that were only found, from a number on.</summary>
    public static ValueTask<List<SyncRow>> FoundAsync(ISql sql, long sync, long after, int atMost) => sql.QueryAsync(
        $"SELECT {SyncRow.Columns} FROM sync_row WHERE sync = $1 AND state = 'found' AND id > $2 ORDER BY id LIMIT {atMost}", SyncRow.Read,
        sync, after);

    /// <summary>Forgets what was only found: the sides are read anew.</summary>
    public static async ValueTask ForgetFoundAsync(IUnitOfWork unit, long sync) =>
        await unit.ExecuteAsync("DELETE FROM sync_row WHERE sync = $1 AND state = 'found' AND pending IS NULL", sync);

    /// <summary>Keeps a row that the table was found to have.</summary>
    /// <returns>False: another row has its key, or the record is known.</returns>
    public static async ValueTask<bool> FindAsync(IUnitOfWork unit, long sync, string key, string record, string hash) =>
        await unit.ExecuteAsync("""
            INSERT INTO sync_row (sync, row_key, record, state, hash) VALUES ($1, $2, $3, 'found', $4) ON CONFLICT DO NOTHING
            """, sync, key, record, hash) > 0;

    private static string Column(SideName side) => side == SideName.Table ? "record" : "row_key";

    /// <summary>How many wait to be deleted, and how many rows are linked.</summary>
    public static async ValueTask<(long Waiting, long Linked)> DeletionsAsync(ISql sql, long sync, DateTimeOffset? confirmed) => (
        await sql.NumberAsync("SELECT COUNT(*) FROM sync_row WHERE sync = $1 AND due_at IS NOT NULL AND gone_at > $2", sync,
            confirmed?.ToUnixTimeMilliseconds() ?? 0) ?? 0,
        await LinkedAsync(sql, sync));

    public static async ValueTask<long> LinkedAsync(ISql sql, long sync) =>
        await sql.NumberAsync("SELECT COUNT(*) FROM sync_row WHERE sync = $1 AND state = 'linked'",
            sync) ?? 0;

    /// <summary>Keeps a row as it is now.</summary>
    /// <returns>Its id.</returns>
    public static async ValueTask<long> SaveAsync(IUnitOfWork unit, long sync, SyncRow row)
    {
        if (row.Id == 0) return await unit.NumberAsync("""
            INSERT INTO sync_row (sync, row_key, record, state, base, hash, pending, gone_from, gone_at, due_at)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) RETURNING id
            """, Values(sync, row)) ?? 0;
        await unit.ExecuteAsync("""
            UPDATE sync_row SET row_key = $2, record = $3, state = $4, base = $5, hash = $6, pending = $7, gone_from = $8, gone_at = $9,
              due_at = $10 WHERE id = $11 AND sync = $1
            """, [.. Values(sync, row), row.Id]);
        return row.Id;
    }

    /// <summary>Rows that are still to be deleted wait until a time.</summary>
    public static async ValueTask PutOffAsync(
        IUnitOfWork unit, Dialect dialect, long sync, IEnumerable<long> rows, DateTimeOffset now, DateTimeOffset until) =>
        await unit.ExecuteAsync(
            $"UPDATE sync_row SET due_at = $3 WHERE sync = $1 AND due_at <= $2 AND pending IS NULL AND id {IdList.In(dialect, "$4")}", sync,
            now.ToUnixTimeMilliseconds(), until.ToUnixTimeMilliseconds(), IdList.Of(dialect, rows));

    public static async ValueTask RemoveAsync(IUnitOfWork unit, long sync, long id) =>
        await unit.ExecuteAsync("DELETE FROM sync_row WHERE sync = $1 AND id = $2", sync, id);

    private static object?[] Values(long sync, SyncRow row) =>
    [
        sync, row.Key, row.Record, row.State.Word(), row.Base.ToJson(), row.Hash, row.Pending?.ToJson(), row.GoneFrom?.ToString(),
        row.GoneAt?.ToUnixTimeMilliseconds(), row.DueAt?.ToUnixTimeMilliseconds(),
    ];
}

/// <summary>What a comparison of everything needs of a row.</summary>
internal readonly record struct RowMark(long Id, string Item, string? Hash, RowState State)
{
    public static RowMark Read(System.Data.Common.DbDataReader row) =>
        new(row.GetInt64(0), row.GetString(1), row.Text(2), RowStates.Of(row.GetString(3)));
}
