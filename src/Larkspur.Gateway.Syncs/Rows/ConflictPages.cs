using Larkspur.Gateway.Storage;

namespace Larkspur.Gateway.Syncs.Rows;

/// <summary>Conflicts as people look through them.</summary>
internal static class ConflictPages
{
    public static ValueTask<ConflictRow?> FindAsync(ISql sql, long sync, long id) => sql.FirstAsync(
        $"SELECT {ConflictRow.Columns} FROM sync_conflict WHERE sync = $1 AND id = $2", ConflictRow.Read, sync, id);

    public static ValueTask<List<ConflictRow>> OfAsync(ISql sql, Dialect dialect, long sync, IEnumerable<long> ids) => sql.QueryAsync(
        $"SELECT {ConflictRow.Columns} FROM sync_conflict WHERE sync = $1 AND id {IdList.In(dialect, "$2")} ORDER BY id", ConflictRow.Read,
        sync, IdList.Of(dialect, ids));

    /// <summary>Open ones of a field.</summary>
    public static ValueTask<List<ConflictRow>> OfFieldAsync(ISql sql, long sync, string field, int atMost) => sql.QueryAsync($"""
        SELECT {ConflictRow.Columns} FROM sync_conflict WHERE sync = $1 AND field = $2 AND decided_at IS NULL AND decision IS NULL
        ORDER BY id LIMIT {atMost}
        """, ConflictRow.Read, sync, field);

    /// <summary>The newest first.</summary>
    /// <param name="sql">Where it is read.</param>
    /// <param name="sync">The sync.</param>
    /// <param name="state"><c>open</c>, <c>decided</c>; null: both.</param>
    /// <param name="before">Those with smaller ids.</param>
    /// <param name="atMost">So many.</param>
    public static ValueTask<List<ConflictRow>> PageAsync(ISql sql, long sync, string? state, long before, int atMost)
    {
        var which = state switch { "open" => " AND decided_at IS NULL", "decided" => " AND decided_at IS NOT NULL", _ => "" };
        return sql.QueryAsync(
            $"SELECT {ConflictRow.Columns} FROM sync_conflict WHERE sync = $1 AND id < $2{which} ORDER BY id DESC LIMIT {atMost}",
            ConflictRow.Read, sync, before);
    }
}
