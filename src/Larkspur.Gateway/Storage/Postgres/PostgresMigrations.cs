using Larkspur.Gateway.Storage.Migrations;
using Npgsql;

namespace Larkspur.Gateway.Storage.Postgres;

/// <summary>Brings a database's schema up to date. Processes that start together do it one after another; none does it under the feet of an older one that works.</summary>
internal static class PostgresMigrations
{
    private const long Lock = 0x4C61726B73707572; // "Larkspur"

    public static async Task ApplyAsync(NpgsqlDataSource source, TimeProvider clock, ILogger logger)
    {
        await using var connection = await source.OpenConnectionAsync();
        await RunAsync(connection, $"SELECT pg_advisory_lock({Lock})");
        try
        {
            await RunAsync(connection, "CREATE TABLE IF NOT EXISTS migration (number INTEGER PRIMARY KEY, name TEXT NOT NULL, applied_at BIGINT NOT NULL)");
            var done = Convert.ToInt32(await ScalarAsync(connection, "SELECT COALESCE(MAX(number), 0) FROM migration"), System.Globalization.CultureInfo.InvariantCulture);
            var missing = MigrationScript.After(done).ToList();
            if (missing.Count == 0) return;
            await RefuseBesideOthersAsync(connection, done);
            foreach (var script in missing)
            {
                await using var transaction = await connection.BeginTransactionAsync();
                // A script may be for SQLite alone.
                if (script.Sql(Dialect.Postgres) is var sql && !string.IsNullOrWhiteSpace(sql)) await RunAsync(connection, sql);
                await using (var command = new NpgsqlCommand("INSERT INTO migration VALUES ($1, $2, $3)", connection, transaction))
                {
                    command.Parameters.Add(new() { Value = script.Number });
                    command.Parameters.Add(new() { Value = script.Name });
                    command.Parameters.Add(new() { Value = clock.GetUtcNow().ToUnixTimeMilliseconds() });
                    await command.ExecuteNonQueryAsync();
                }

                await transaction.CommitAsync();
                logger.LogInformation("Database schema is now {Number} ({Name})", script.Number, script.Name);
            }

            await connection.ReloadTypesAsync();
        }
        finally
        {
            await RunAsync(connection, $"SELECT pg_advisory_unlock({Lock})");
        }
    }

    private static async Task RefuseBesideOthersAsync(NpgsqlConnection connection, int done)
    {
        if (await ScalarAsync(connection, "SELECT to_regclass('node')::text") is not string) return;
        var others = (long)(await ScalarAsync(connection, $"SELECT COUNT(*) FROM node WHERE expires_at > {PostgresClock.Now}"))!;
        if (others > 0)
            throw new SettingsException([$"LARKSPUR_DB: {others} gateway process(es) of an older version (schema {done}) work on this database. Stop them before this one (schema {MigrationScript.Newest}) starts; what they leave open is worked on by this one."]);
    }

    private static async Task RunAsync(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }

    private static async Task<object?> ScalarAsync(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteScalarAsync();
    }
}

/// <summary>The one clock that all processes on a database agree on.</summary>
internal static class PostgresClock
{
    /// <summary>Unix milliseconds, as an SQL expression.</summary>
    public const string Now = "(EXTRACT(EPOCH FROM clock_timestamp()) * 1000)::BIGINT";
}
