using Npgsql;

namespace Larkspur.Gateway.Storage.Postgres;

/// <summary>
/// Indexes that make work cheaper and that nothing needs to be right. A small table gets them with the schema; in a large one they are built
/// while the gateway works, and nobody who reads or writes the table waits for that.
/// </summary>
internal sealed partial class PostgresIndexes(PostgresDatabase database, TimeProvider clock, ILogger<PostgresIndexes> logger)
{
    private static readonly (string Name, string On)[] Wanted =
    [
        ("inbox_dead_at", "inbox (finished_at) WHERE status = 2"),
        ("outbox_dead_at", "outbox (finished_at) WHERE status = 2"),
    ];

    /// <summary>Builds what is missing, however long that takes. A build that was broken off leaves an index that is good for nothing: it is begun anew.</summary>
    /// <returns>The names of those that were built.</returns>
    public async Task<IReadOnlyList<string>> BuildAsync(CancellationToken cancellation)
    {
        var built = new List<string>();
        foreach (var (name, on) in Wanted)
        {
            await using var connection = await database.ConnectAsync(cancellation);
            if (await IsValidAsync(connection, name, cancellation)) continue;
            var begun = clock.GetTimestamp();
            // For this session alone: the pool takes it back when the connection returns to it.
            await RunAsync(connection, "SET statement_timeout = 0; SET lock_timeout = 0", cancellation);
            await RunAsync(connection, $"DROP INDEX CONCURRENTLY IF EXISTS {name}", cancellation);
            IndexBegun(name);
            await RunAsync(connection, $"CREATE INDEX CONCURRENTLY {name} ON {on}", cancellation);
            IndexBuilt(name, clock.GetElapsedTime(begun).TotalSeconds);
            built.Add(name);
        }

        return built;
    }

    private static async Task<bool> IsValidAsync(NpgsqlConnection connection, string name, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(
            "SELECT COUNT(*) FROM pg_index WHERE indexrelid = to_regclass($1) AND indisvalid", connection);
        command.Parameters.Add(new() { Value = name });
        return (long)(await command.ExecuteScalarAsync(cancellation))! == 1;
    }

    private static async Task RunAsync(NpgsqlConnection connection, string sql, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 0 };
        await command.ExecuteNonQueryAsync(cancellation);
    }

    [LoggerMessage(LogLevel.Information, "Building the index {Index}; the gateway works meanwhile")]
    private partial void IndexBegun(string index);
    [LoggerMessage(LogLevel.Information, "Built the index {Index} in {Seconds:0.0} s")]
    private partial void IndexBuilt(string index, double seconds);
}
