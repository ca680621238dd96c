using Npgsql;

namespace Larkspur.Gateway.Syncs.Sources.Postgres;

/// <summary>Whether anything of a table changed, by what the server counts of it.</summary>
internal static class PostgresScan
{
    /// <summary>
    /// The mark; null: the server does not count, or it is a view. A transaction's counts may come a while after its end: the mark is
    /// another one then, and nothing is missed.
    /// </summary>
    public static async Task<string?> MarkAsync(NpgsqlConnection connection, PostgresTable table, CancellationToken cancellation) =>
        !table.IsTable ? null : await PostgresSource.ScalarAsync(connection, null, """
            SELECT CASE WHEN current_setting('track_counts')::boolean THEN
                concat_ws('.', SUM(pg_stat_get_tuples_inserted(p)), SUM(pg_stat_get_tuples_updated(p)), SUM(pg_stat_get_tuples_deleted(p)),
                    SUM(pg_relation_filenode(p)::bigint)) END
            FROM (SELECT $1::oid AS p UNION SELECT relid::oid FROM pg_partition_tree($1::oid)) AS parts
            """, [table.Oid.ToString()], cancellation);
}
