using System.Diagnostics.Metrics;
using Larkspur.Gateway.Scheduling;
using Larkspur.Gateway.Storage;
using Larkspur.Gateway.Storage.Postgres;

namespace Larkspur.Gateway.Operations.Upkeep;

/// <summary>
/// Watches that the server's autovacuum keeps up (it is told per table when to work, see the migrations; the gateway never runs VACUUM
/// itself), and builds the indexes that a large table did not get with the schema.
/// </summary>
internal sealed partial class PostgresUpkeep(IDatabase database, PostgresIndexes indexes, Meter meter, ILogger<PostgresUpkeep> logger)
    : IScheduledJob
{
    /// <summary>So many dead rows, and more of them than living ones: nobody clears them away.</summary>
    internal const long Pile = 100_000;

    /// <summary>An index over a large table takes its time.</summary>
    internal static readonly TimeSpan Timeout = TimeSpan.FromHours(6);

    private readonly Gauge<long> _size = meter.CreateGauge<long>("larkspur_db_size_bytes", "By", "Size of the database.");
    private readonly Gauge<long> _dead = meter.CreateGauge<long>("larkspur_db_dead_rows", description: "Rows that are deleted or replaced and not yet cleared away by autovacuum, by the server's estimate.");

    /// <inheritdoc/>
    public async Task<string?> RunAsync(CancellationToken cancellation)
    {
        var (size, tables) = await database.ReadAsync(async sql => (
            await sql.NumberAsync("SELECT pg_database_size(current_database())") ?? 0,
            await sql.QueryAsync("SELECT relname::text, n_live_tup, n_dead_tup FROM pg_stat_user_tables WHERE schemaname = current_schema() ORDER BY relname LIMIT 200",
                static row => (Name: row.GetString(0), Live: row.GetInt64(1), Dead: row.GetInt64(2)))), cancellation);
        _size.Record(size);
        foreach (var table in tables)
        {
            _dead.Record(table.Dead, new KeyValuePair<string, object?>("table", table.Name));
            if (table.Dead > Pile && table.Dead > table.Live)
            {
                AutovacuumLags(table.Name, table.Dead, table.Live);
            }
        }

        return await indexes.BuildAsync(cancellation) is { Count: > 0 } built ? $"built {string.Join(" and ", built)}" : null;
    }

    [LoggerMessage(LogLevel.Warning, "Table {Table} has {Dead} dead rows beside {Live} living ones: autovacuum does not keep up. Look for "
        + "transactions that stay open (pg_stat_activity) and for autovacuum = off")]
    private partial void AutovacuumLags(string table, long dead, long live);
}
