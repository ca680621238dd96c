using System.Data.Common;
using Larkspur.Gateway.Storage.Sqlite;
using Microsoft.Data.Sqlite;
using Npgsql;

namespace Larkspur.Testing.Chaos;

/// <summary>What stands in the database of a run: what must not be left behind, and what was recorded last.</summary>
/// <param name="database">The PostgreSQL database; empty: the file.</param>
/// <param name="folder">Where the SQLite file is.</param>
internal sealed class GatewayRows(string database, string folder)
{
    /// <summary>
    /// What counts as left, each as a text. DingTalk has no key by which it would know a message again: where a process died while it sent one,
    /// it becomes a dead letter that says so.
    /// </summary>
    private const string Rows = """
        SELECT 'inbox row ' || id || ' of ' || ordering_key || ' is open after ' || attempts || ' attempts' FROM inbox WHERE status = 0
        UNION ALL
        SELECT 'outbox row ' || id || ' of ' || lane || ' (' || operation || ') is ' || CASE status WHEN 0 THEN 'open' ELSE 'held' END
               || ' after ' || attempts || ' attempts: ' || COALESCE(reason, 'no reason') FROM outbox WHERE status IN (0, 3)
        UNION ALL
        SELECT 'dead inbox row ' || id || ': ' || COALESCE(reason, '') FROM inbox WHERE status = 2
        UNION ALL
        SELECT 'dead outbox row ' || id || ' of ' || lane || ' (' || operation || '): ' || COALESCE(reason, '') FROM outbox
               WHERE status = 2 AND NOT (platform = 'dingtalk' AND reason = 'unsure_past_key_lifetime')
        UNION ALL
        SELECT 'turn ' || turn || ' is open' FROM assistant_turn WHERE state = 0
        UNION ALL
        SELECT 'stream ' || id || ' is open' FROM card_stream WHERE ended_at IS NULL
        LIMIT 10
        """;

    /// <summary>What is left; asked again for a while, as long as there is something.</summary>
    public async Task<IReadOnlyList<string>> FindLeftAsync(CancellationToken cancellation)
    {
        await using var connection = await OpenAsync(cancellation);
        return await TextsAsync(connection, Rows, cancellation);
    }

    /// <summary>Of each message that was changed, the content of the change that was recorded last.</summary>
    public async Task<IReadOnlyDictionary<string, string>> NewestChangesAsync(CancellationToken cancellation)
    {
        await using var connection = await OpenAsync(cancellation);
        await using var command = connection.CreateCommand();
        command.CommandText = """
            SELECT target, content FROM outbox WHERE id IN (SELECT MAX(id) FROM outbox WHERE operation = 'patch' GROUP BY target)
            """;
        await using var rows = await command.ExecuteReaderAsync(cancellation);
        var newest = new Dictionary<string, string>();
        while (await rows.ReadAsync(cancellation)) newest.Add(rows.GetString(0), rows.GetString(1));
        return newest;
    }

    /// <summary>
    /// Leases that count, and processes that are said to live, after all have ended: they are given back, or run out where the database was too slow for
    /// that. A file has one owner, and no leases.
    /// </summary>
    public async Task<IReadOnlyList<string>> FindLeasesAsync(CancellationToken cancellation)
    {
        if (database.Length == 0) return [];
        await using var connection = await OpenAsync(cancellation);
        return await TextsAsync(connection, """
            SELECT 'lease ' || partition || ' is held by ' || node FROM lease
                   WHERE node IS NOT NULL AND expires_at > EXTRACT(EPOCH FROM clock_timestamp()) * 1000
            UNION ALL
            SELECT 'process ' || id || ' is said to live' FROM node WHERE expires_at > EXTRACT(EPOCH FROM clock_timestamp()) * 1000
            """, cancellation);
    }

    /// <summary>What the assistant was asked, and how it ended; null: it has not.</summary>
    public async Task<IReadOnlyList<(string Question, string? Ending)>> TurnsAsync(CancellationToken cancellation)
    {
        await using var connection = await OpenAsync(cancellation);
        await using var command = connection.CreateCommand();
        command.CommandText = "SELECT question, ending FROM assistant_turn";
        await using var rows = await command.ExecuteReaderAsync(cancellation);
        var turns = new List<(string, string?)>();
        while (await rows.ReadAsync(cancellation)) turns.Add((rows.GetString(0), rows.IsDBNull(1) ? null : rows.GetString(1)));
        return turns;
    }

    private async Task<DbConnection> OpenAsync(CancellationToken cancellation)
    {
        SqliteNative.Use();
        DbConnection connection = database.Length > 0
            ? new NpgsqlConnection(database + ";Pooling=false")
            : new SqliteConnection($"Data Source={Path.Combine(folder, "larkspur.db")};Mode=ReadOnly;Pooling=False");
        await connection.OpenAsync(cancellation);
        return connection;
    }

    private static async Task<List<string>> TextsAsync(DbConnection connection, string sql, CancellationToken cancellation)
    {
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        await using var rows = await command.ExecuteReaderAsync(cancellation);
        var found = new List<string>();
        while (await rows.ReadAsync(cancellation)) found.Add(rows.GetString(0));
        return found;
    }
}
