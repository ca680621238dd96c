using Larkspur.Gateway.Storage;
using Larkspur.Gateway.Syncs.Mapping;

namespace Larkspur.Gateway.Syncs.Rows;

/// <summary>A row that is to be looked at.</summary>
internal sealed record Hint(long Id, SideName Side, string Item, long No);

/// <summary>
/// Rows that are to be looked at. Whoever hears of a change says so here, as often as it is heard; what is true is read from both sides, so
/// that a hint that is late, doubled or wrong costs a look and nothing else.
/// </summary>
internal static class HintStore
{
    public static async ValueTask AddAsync(IUnitOfWork unit, Dialect dialect, long sync, SideName side, IEnumerable<string> items,
        DateTimeOffset? notBefore = null)
    {
        string[] all = [.. items.Distinct(StringComparer.Ordinal)];
        if (all.Length == 0) return;
        await unit.ExecuteAsync($"""
            INSERT INTO sync_hint (sync, side, item, not_before) SELECT $1, $2, id, $3 FROM {IdList.Table(dialect, "$4")} WHERE 1 = 1
            ON CONFLICT (sync, side, item) DO UPDATE SET no = sync_hint.no + 1,
              not_before = CASE WHEN excluded.not_before < sync_hint.not_before THEN excluded.not_before ELSE sync_hint.not_before END
            """, sync, new SideWord(side).ToString(), notBefore?.ToUnixTimeMilliseconds() ?? 0, IdList.Of(dialect, all));
    }

    /// <summary>A row is to be looked at, by its key or else by its record.</summary>
    public static async ValueTask OfRowAsync(IUnitOfWork unit, long sync, long row) => await unit.ExecuteAsync("""
        INSERT INTO sync_hint (sync, side, item) SELECT sync, CASE WHEN row_key IS NULL THEN 'table' ELSE 'source' END,
          COALESCE(row_key, record) FROM sync_row WHERE sync = $1 AND id = $2
        ON CONFLICT (sync, side, item) DO UPDATE SET no = sync_hint.no + 1, not_before = 0
        """, sync, row);

    public static ValueTask<List<Hint>> DueAsync(ISql sql, long sync, DateTimeOffset now, int atMost) => sql.QueryAsync($"""
        SELECT id, side, item, no FROM sync_hint WHERE sync = $1 AND not_before <= $2 ORDER BY not_before, id LIMIT {atMost}
        """, static row => new Hint(row.GetInt64(0), SideWord.Of(row.GetString(1)), row.GetString(2), row.GetInt64(3)), sync,
        now.ToUnixTimeMilliseconds());

    /// <summary>They were looked at. One that was said again meanwhile stays.</summary>
    public static async ValueTask DoneAsync(IUnitOfWork unit, IEnumerable<Hint> hints)
    {
        foreach (var hint in hints) await unit.ExecuteAsync("DELETE FROM sync_hint WHERE id = $1 AND no = $2", hint.Id, hint.No);
    }

    public static async ValueTask<long> CountAsync(ISql sql, long sync) =>
        await sql.NumberAsync("SELECT COUNT(*) FROM sync_hint WHERE sync = $1", sync) ?? 0;
}
