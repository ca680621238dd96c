using System.Data.Common;
using Larkspur.Gateway.Storage;
using Larkspur.Gateway.Syncs.Mapping;

namespace Larkspur.Gateway.Syncs.Rows;

/// <summary>A row that does not get on, with its reason: the rest of the table goes on without it.</summary>
internal sealed record ProblemRow
{
    public const string Columns = "id, sync, side, item, row_key, reason, field, detail, seen, tries, not_before, since";

    public long Id { get; init; }

    public long Sync { get; init; }

    public required SideName Side { get; init; }

    /// <summary>The side's id of the row.</summary>
    public required string Item { get; init; }

    public string? Key { get; init; }

    /// <summary>A word of <see cref="Sides.Problems"/>.</summary>
    public required string Reason { get; init; }

    /// <summary>The table's field id, where it is one field's.</summary>
    public string? Field { get; init; }

    public string? Detail { get; init; }

    /// <summary>What it is about: as long as that is the same, another look brings nothing.</summary>
    public required string Seen { get; init; }

    public int Tries { get; init; }

    /// <summary>It is tried again then; null: when something of the row changes, or a person says so.</summary>
    public DateTimeOffset? NotBefore { get; init; }

    public DateTimeOffset Since { get; init; }

    public static ProblemRow Read(DbDataReader row) => new()
    {
        Id = row.GetInt64(0), Sync = row.GetInt64(1), Side = SideWord.Of(row.GetString(2)), Item = row.GetString(3), Key = row.Text(4),
        Reason = row.GetString(5), Field = row.Text(6), Detail = row.Text(7), Seen = row.GetString(8), Tries = (int)row.GetInt64(9),
        NotBefore = row.TimeOrNull(10), Since = row.Time(11),
    };
}

/// <summary>Rows that do not get on, in the database.</summary>
internal static class ProblemStore
{
    public static ValueTask<List<ProblemRow>> OfAsync(ISql sql, Dialect dialect, long sync, SideName side, IEnumerable<string> items) =>
        sql.QueryAsync($"""
            SELECT {ProblemRow.Columns} FROM sync_problem WHERE sync = $1 AND side = $2 AND item {IdList.In(dialect, "$3")}
            """, ProblemRow.Read, sync, new SideWord(side).ToString(), IdList.Of(dialect, items));

    /// <summary>In the order of their ids.</summary>
    public static ValueTask<List<ProblemRow>> PageAsync(ISql sql, long sync, long after, int atMost) => sql.QueryAsync(
        $"SELECT {ProblemRow.Columns} FROM sync_problem WHERE sync = $1 AND id > $2 ORDER BY id LIMIT {atMost}",
        ProblemRow.Read, sync, after);

    public static async ValueTask PutAsync(IUnitOfWork unit, long sync, ProblemRow problem) => await unit.ExecuteAsync("""
        INSERT INTO sync_problem (sync, side, item, row_key, reason, field, detail, seen, tries, not_before, since)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 1, $9, $10)
        ON CONFLICT (sync, side, item) DO UPDATE SET row_key = excluded.row_key, reason = excluded.reason, field = excluded.field,
          detail = excluded.detail, seen = excluded.seen, tries = sync_problem.tries + 1, not_before = excluded.not_before
        """, sync, new SideWord(problem.Side).ToString(), problem.Item, problem.Key, problem.Reason, problem.Field, problem.Detail,
        problem.Seen, problem.NotBefore?.ToUnixTimeMilliseconds(), problem.Since.ToUnixTimeMilliseconds());

    public static async ValueTask EndAsync(IUnitOfWork unit, long id) =>
        await unit.ExecuteAsync("DELETE FROM sync_problem WHERE id = $1", id);

    /// <summary>Those that are to be tried again by now become hints.</summary>
    public static async ValueTask<int> RetryDueAsync(IUnitOfWork unit, long sync, DateTimeOffset now)
    {
        await unit.ExecuteAsync("""
            INSERT INTO sync_hint (sync, side, item) SELECT sync, side, item FROM sync_problem WHERE sync = $1 AND not_before <= $2
            ON CONFLICT (sync, side, item) DO UPDATE SET no = sync_hint.no + 1, not_before = 0
            """, sync, now.ToUnixTimeMilliseconds());
        return await unit.ExecuteAsync("UPDATE sync_problem SET seen = '', not_before = NULL WHERE sync = $1 AND not_before <= $2", sync,
            now.ToUnixTimeMilliseconds());
    }

    /// <summary>A person says that they are to be tried again.</summary>
    /// <param name="unit">The transaction.</param>
    /// <param name="sync">The sync.</param>
    /// <param name="id">One of them; null: all.</param>
    public static async ValueTask<int> RetryAsync(IUnitOfWork unit, long sync, long? id)
    {
        await unit.ExecuteAsync("""
            INSERT INTO sync_hint (sync, side, item) SELECT sync, side, item FROM sync_problem WHERE sync = $1 AND ($2 = 0 OR id = $2)
            ON CONFLICT (sync, side, item) DO UPDATE SET no = sync_hint.no + 1, not_before = 0
            """, sync, id ?? 0L);
        return await unit.ExecuteAsync("UPDATE sync_problem SET seen = '', not_before = NULL WHERE sync = $1 AND ($2 = 0 OR id = $2)", sync,
            id ?? 0L);
    }

    /// <summary>All of them are looked at: what kept a row from getting on may be over without the row having changed.</summary>
    public static async ValueTask LookAsync(IUnitOfWork unit, long sync) => await unit.ExecuteAsync("""
        INSERT INTO sync_hint (sync, side, item) SELECT sync, side, item FROM sync_problem WHERE sync = $1
        ON CONFLICT (sync, side, item) DO UPDATE SET no = sync_hint.no + 1, not_before = 0
        """, sync);

    public static async ValueTask<long> CountAsync(ISql sql, long sync) =>
        await sql.NumberAsync("SELECT COUNT(*) FROM sync_problem WHERE sync = $1", sync) ?? 0;
}
