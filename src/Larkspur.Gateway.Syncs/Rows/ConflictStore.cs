using System.Data.Common;
using Larkspur.Gateway.Storage;
using Larkspur.Gateway.Syncs.Mapping;

namespace Larkspur.Gateway.Syncs.Rows;

/// <summary>What a person decides, or has decided.</summary>
internal sealed record ConflictRow
{
    /// <summary>Both sides changed a value, differently.</summary>
    public const string OfValues = "values";

    /// <summary>One side deleted the row, the other changed it.</summary>
    public const string DeletedEdited = "deleted_edited";

    /// <summary>An edit in the table was overwritten in the moment in which it was made; its value is kept here.</summary>
    public const string Overwritten = "overwritten";

    public const string Columns = "id, row_id, row_key, kind, field, table_value, source_value, base_value, gone_from, table_by, table_at,"
        + " source_at, found_at, decided_at, decision, decided, decided_by, sync";

    public long Id { get; init; }

    public required long RowId { get; init; }

    public string? Key { get; init; }

    public required string Kind { get; init; }

    /// <summary>The table's field id; empty: the whole row.</summary>
    public required string Field { get; init; }

    public string? TableValue { get; init; }

    public string? SourceValue { get; init; }

    public string? BaseValue { get; init; }

    public SideWord? GoneFrom { get; init; }

    public string? TableBy { get; init; }

    public DateTimeOffset? TableAt { get; init; }

    public DateTimeOffset? SourceAt { get; init; }

    public DateTimeOffset FoundAt { get; init; }

    public DateTimeOffset? DecidedAt { get; init; }

    /// <summary>A word of <see cref="Decisions"/>; with no <see cref="DecidedAt"/> it is yet to be done.</summary>
    public string? Decision { get; init; }

    public string? Decided { get; init; }

    public string? DecidedBy { get; init; }

    public long Sync { get; init; }

    public static ConflictRow Read(DbDataReader row) => new()
    {
        Id = row.GetInt64(0), RowId = row.GetInt64(1), Key = row.Text(2), Kind = row.GetString(3), Field = row.GetString(4),
        TableValue = row.Text(5), SourceValue = row.Text(6), BaseValue = row.Text(7),
        GoneFrom = row.Text(8) is { } side ? SideWord.Of(side) : null, TableBy = row.Text(9), TableAt = row.TimeOrNull(10),
        SourceAt = row.TimeOrNull(11), FoundAt = row.Time(12), DecidedAt = row.TimeOrNull(13), Decision = row.Text(14),
        Decided = row.Text(15), DecidedBy = row.Text(16), Sync = row.GetInt64(17),
    };
}

/// <summary>How conflicts end.</summary>
internal static class Decisions
{
    public const string Table = "table";
    public const string Source = "source";

    /// <summary>Another value than either's.</summary>
    public const string Value = "value";

    /// <summary>Of a deleted row: it comes back.</summary>
    public const string Keep = "keep";

    /// <summary>Of a deleted row: the other side's goes too.</summary>
    public const string Delete = "delete";

    /// <summary>The sides became equal by themselves.</summary>
    public const string Equal = "equal";
}

/// <summary>Conflicts in the database.</summary>
internal static class ConflictStore
{
    /// <summary>Open ones of rows.</summary>
    public static ValueTask<List<ConflictRow>> OpenAsync(ISql sql, Dialect dialect, IEnumerable<long> rows) => sql.QueryAsync(
        $"SELECT {ConflictRow.Columns} FROM sync_conflict WHERE decided_at IS NULL AND row_id {IdList.In(dialect, "$1")}", ConflictRow.Read,
        IdList.Of(dialect, rows));

    /// <summary>A conflict is new, or is about other values than it was: what was decided about those counts for nothing then.</summary>
    public static async ValueTask PutAsync(IUnitOfWork unit, long sync, ConflictRow conflict) => await unit.ExecuteAsync("""
        INSERT INTO sync_conflict (sync, row_id, row_key, kind, field, table_value, source_value, base_value, gone_from, table_by, table_at,
          source_at, found_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
        ON CONFLICT (row_id, field, kind) WHERE decided_at IS NULL DO UPDATE SET table_value = excluded.table_value,
          source_value = excluded.source_value, base_value = excluded.base_value, gone_from = excluded.gone_from,
          table_by = excluded.table_by, table_at = excluded.table_at, source_at = excluded.source_at, decision = NULL, decided = NULL
        """, sync, conflict.RowId, conflict.Key, conflict.Kind, conflict.Field, conflict.TableValue, conflict.SourceValue,
        conflict.BaseValue, conflict.GoneFrom?.ToString(), conflict.TableBy, conflict.TableAt?.ToUnixTimeMilliseconds(),
        conflict.SourceAt?.ToUnixTimeMilliseconds(), conflict.FoundAt.ToUnixTimeMilliseconds());

    /// <summary>A conflict is over.</summary>
    public static async ValueTask EndAsync(IUnitOfWork unit, long id, string decision, string? decided, DateTimeOffset now) =>
        await unit.ExecuteAsync(
            "UPDATE sync_conflict SET decided_at = $2, decision = $3, decided = $4 WHERE id = $1 AND decided_at IS NULL",
            id, now.ToUnixTimeMilliseconds(), decision, decided);

    /// <summary>A person decides: the row is looked at next.</summary>
    /// <returns>False: it is over, or is about other values by now.</returns>
    public static async ValueTask<bool> DecideAsync(IUnitOfWork unit, ConflictRow conflict, string decision, string? value, string by) =>
        await unit.ExecuteAsync("""
            UPDATE sync_conflict SET decision = $2, decided = $3, decided_by = $4 WHERE id = $1 AND decided_at IS NULL
            AND COALESCE(table_value, '') = $5 AND COALESCE(source_value, '') = $6
            """, conflict.Id, decision, value, by, conflict.TableValue ?? "", conflict.SourceValue ?? "") > 0;

    /// <summary>A conflict of a sync.</summary>
    public static ValueTask<ConflictRow?> FindAsync(ISql sql, long sync, long id) =>
        sql.FirstAsync($"SELECT {ConflictRow.Columns} FROM sync_conflict WHERE sync = $1 AND id = $2", ConflictRow.Read, sync, id);

    /// <summary>Those that nobody has decided yet, the oldest first.</summary>
    public static ValueTask<List<ConflictRow>> UndecidedAsync(ISql sql, long sync, int atMost) => sql.QueryAsync($"""
        SELECT {ConflictRow.Columns} FROM sync_conflict WHERE sync = $1 AND decided_at IS NULL AND decision IS NULL
        ORDER BY id LIMIT {atMost}
        """, ConflictRow.Read, sync);

    public static async ValueTask<long> CountAsync(ISql sql, long sync) =>
        await sql.NumberAsync("SELECT COUNT(*) FROM sync_conflict WHERE sync = $1 AND decided_at IS NULL", sync) ?? 0;
}
