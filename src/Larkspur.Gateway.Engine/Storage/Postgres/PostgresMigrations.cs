using Larkspur.Gateway.Common;
using Larkspur.Gateway.Storage.Migrations;
using Npgsql;

namespace Larkspur.Gateway.Storage.Postgres;

/// <summary>Brings a database's schema up to date. Processes that start together do it one after another; none does it under the feet of an older one that works.</summary>
internal static partial class PostgresMigrations
{
    private const long Lock = 0x4C61726B73707572; // "Larkspur"

    /// <summary>How often one that waits looks again, and how often it says that it still waits.</summary>
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan Word = TimeSpan.FromSeconds(10);

    /// <exception cref="SettingsException">The database has a schema that these scripts do not go on from, or processes of an older program work on it.</exception>
    public static async Task ApplyAsync(NpgsqlDataSource source, MigrationSet scripts, TimeProvider clock, ILogger logger)
    {
        await using var connection = await source.OpenConnectionAsync();
        // A script may take an hour on a large table. The pool takes this back when the connection returns to it.
        await RunAsync(connection, "SET statement_timeout = 0; SET lock_timeout = 0; SET idle_in_transaction_session_timeout = 0");
        await WaitAsync(connection, clock, logger);
        try
        {
            await RunAsync(connection, "CREATE TABLE IF NOT EXISTS migration (number INTEGER PRIMARY KEY, name TEXT NOT NULL, applied_at BIGINT NOT NULL)");
            var applied = await AppliedAsync(connection);
            var missing = scripts.After(applied);
            if (missing.Count == 0) return;
            await RefuseBesideOthersAsync(connection, applied.Select(a => a.Number).DefaultIfEmpty().Max(), scripts.Newest);
            foreach (var script in missing)
            {
                var begun = clock.GetTimestamp();
                MigrationBegins(logger, script.Number, script.Name, scripts.Newest);
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
                SchemaMigrated(logger, script.Number, scripts.Newest, script.Name, clock.GetElapsedTime(begun).TotalSeconds);
            }

            await connection.ReloadTypesAsync();
        }
        finally
        {
            await RunAsync(connection, $"SELECT pg_advisory_unlock({Lock})");
        }
    }

    /// <summary>One process after another. Whoever waits says for whom: that one may stand still.</summary>
    private static async Task WaitAsync(NpgsqlConnection connection, TimeProvider clock, ILogger logger)
    {
        long? told = null;
        while (await ScalarAsync(connection, $"SELECT pg_try_advisory_lock({Lock})") is not true)
        {
            if (told is null || clock.GetElapsedTime(told.Value) >= Word)
            {
                var holder = await ScalarAsync(connection, $"""
                    SELECT format('%s (server process %s, from %s, since %s)', a.application_name, a.pid,
                      COALESCE(host(a.client_addr), 'a socket'), to_char(a.state_change, 'HH24:MI:SS'))
                    FROM pg_locks AS l JOIN pg_stat_activity AS a USING (pid)
                    WHERE l.locktype = 'advisory' AND l.granted AND l.objsubid = 1 AND l.classid = {Lock >> 32} AND l.objid = {Lock & 0xFFFFFFFF}
                      AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())
                    """);
                WaitingForMigration(logger, holder ?? "a process that has just ended");
                told = clock.GetTimestamp();
            }

            await Task.Delay(Look, clock);
        }
    }

    private static async Task RefuseBesideOthersAsync(NpgsqlConnection connection, int done, int newest)
    {
        if (await ScalarAsync(connection, "SELECT to_regclass('node')::text") is not string) return;
        var others = (long)(await ScalarAsync(connection, $"SELECT COUNT(*) FROM node WHERE expires_at > {PostgresClock.Now}"))!;
        if (others > 0)
            throw new SettingsException([$"LARKSPUR_DB: {others} gateway process(es) of an older version (schema {done}) work on this database. Stop them before this one (schema {newest}) starts; what they leave open is worked on by this one."]);
    }

    private static async Task<List<AppliedScript>> AppliedAsync(NpgsqlConnection connection)
    {
        await using var command = new NpgsqlCommand("SELECT number, name FROM migration", connection);
        await using var rows = await command.ExecuteReaderAsync();
        var applied = new List<AppliedScript>();
        while (await rows.ReadAsync()) applied.Add(new(rows.GetInt32(0), rows.GetString(1)));
        return applied;
    }

    private static async Task RunAsync(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 0 };
        await command.ExecuteNonQueryAsync();
    }

    private static async Task<object?> ScalarAsync(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 0 };
        return await command.ExecuteScalarAsync();
    }

    [LoggerMessage(LogLevel.Debug, "Schema {Number} ({Name}) of {Newest} begins")]
    private static partial void MigrationBegins(ILogger logger, int number, string name, int newest);
    [LoggerMessage(LogLevel.Information, "Database schema is now {Number} of {Newest} ({Name}), after {Seconds:0.0} s")]
    private static partial void SchemaMigrated(ILogger logger, int number, int newest, string name, double seconds);
    [LoggerMessage(LogLevel.Warning, "Waiting for {Holder}, which brings the database's schema up to date")]
    private static partial void WaitingForMigration(ILogger logger, object holder);
}

/// <summary>The one clock that all processes on a database agree on.</summary>
internal static class PostgresClock
{
    /// <summary>Unix milliseconds, as an SQL expression.</summary>
    public const string Now = "(EXTRACT(EPOCH FROM clock_timestamp()) * 1000)::BIGINT";
}
