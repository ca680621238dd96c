using System.Data.Common;

namespace Larkspur.Gateway.Storage.Lists;

/// <summary>Reads one page of a box. No question makes the database read more than a window of rows: what lies beyond is the next page's.</summary>
/// <param name="Table">The box.</param>
/// <param name="Columns">What a page shows.</param>
/// <param name="ArrivedAt">The column of since and until.</param>
/// <param name="KeyColumn">The column of the key.</param>
/// <param name="OverdueIds">The query of the ids that are overdue; the bound is <c>$1</c>.</param>
internal sealed record RowList(string Table, string Columns, string ArrivedAt, string KeyColumn, string OverdueIds)
{
    private const int Window = 20_000;

    /// <param name="sql">The connection.</param>
    /// <param name="filter">Which rows.</param>
    /// <param name="state">A state's number; null: any.</param>
    /// <param name="overdueBound">Given for rows that are overdue.</param>
    /// <param name="map">Maps <see cref="Columns"/>.</param>
    /// <param name="idOf">The row's id.</param>
    public async ValueTask<RowPage<T>> ReadAsync<T>(ISql sql, RowFilter filter, int? state, long? overdueBound, Func<DbDataReader, T> map, Func<T, long> idOf)
    {
        var conditions = new SqlConditions();
        var overdue = overdueBound is { } bound ? $" AND id IN ({OverdueIds.Replace("$1", conditions.Place(bound), StringComparison.Ordinal)})" : "";
        var from = conditions.Place(filter.Cursor ?? long.MaxValue);
        // The state stands in the text: only so the partial indexes are used.
        var window = $"SELECT id FROM {Table} WHERE id < {from}{(state is { } number ? $" AND status = {number}" : "")}{overdue} ORDER BY id DESC LIMIT {Window}";
        var windowValues = conditions.Values;
        conditions.When(filter.App, "app").When(filter.EventType, "event_type").When(filter.Key, KeyColumn).When(filter.InboxId, "inbox_id =").When(filter.Reason, "reason")
            .When(filter.Platform, "platform").When(filter.Target, "target").When(filter.Seen)
            .When(filter.Since?.ToUnixTimeMilliseconds(), $"{ArrivedAt} >=").When(filter.Until?.ToUnixTimeMilliseconds(), $"{ArrivedAt} <");

        var rows = await sql.QueryAsync($"""
            SELECT {Columns} FROM {Table} WHERE id IN (SELECT id FROM ({window}) AS window_rows) AND {conditions.Text} ORDER BY id DESC LIMIT {filter.Limit + 1}
            """, map, conditions.Values);
        if (rows.Count > filter.Limit) return new(rows[..filter.Limit], idOf(rows[filter.Limit - 1]));
        if (conditions.IsEmpty) return new(rows, null);

        // Nothing more in this window; is there another behind it?
        var (count, last) = await sql.FirstAsync($"SELECT COUNT(*), MIN(id) FROM ({window}) AS window_rows",
            static row => (row.GetInt64(0), row.IsDBNull(1) ? 0 : row.GetInt64(1)), windowValues);
        return new(rows, count == Window ? last : null);
    }
}
