using System.Data.Common;
using Larkspur.Gateway.Storage.Sqlite;
using Microsoft.Data.Sqlite;
using Npgsql;

namespace Larkspur.Testing.Chaos;

/// <summary>What stands in the database of a run: what must not be left behind, and what was recorded last.</summary>
internal static class GatewayRows
{
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(200);

    /// <summary>What counts as left, each as a text.</summary>
    private const string Rows = """
        SELECT 'inbox row ' || id || ' of ' || ordering_key || ' is open after ' || attempts || ' attempts' FROM inbox WHERE status = 0
        UNION ALL
        SELECT 'outbox row ' || id || ' of ' || lane || ' (' || operation || ') is ' || CASE status WHEN 0 THEN 'open' ELSE 'held' END
               || ' after ' || attempts || ' attempts: ' || COALESCE(reason, 'no reason') FROM outbox WHERE status IN (0, 3)
        UNION ALL
        SELECT 'dead inbox row ' || id || ': ' || COALESCE(reason, '') FROM inbox WHERE status = 2
        UNION ALL
        SELECT 'dead outbox row ' || id || ' of ' || lane || ': ' || COALESCE(reason, '') FROM outbox WHERE status = 2
        LIMIT 10
        """;

    /// <summary>Waits a while for the ends of what has just been done.</summary>
    /// <param name="database">The PostgreSQL database; empty: the file.</param>
    /// <param name="folder">Where the SQLite file is.</param>
    /// <param name="patience">How long.</param>
    /// <param name="cancellation">Stops the waiting.</param>
    public static async Task<IReadOnlyList<string>> FindLeftAsync(string database, string folder, TimeSpan patience, CancellationToken cancellation)
    {
        await using var connection = await OpenAsync(database, folder, cancellation);
        var last = DateTime.UtcNow + patience;
        while (true)
        {
            var found = await ReadAsync(connection, cancellation);
            if (found.Count == 0 || DateTime.UtcNow > last) return found;
            await Task.Delay(Tick, cancellation);
        }
    }

    /// <summary>Of each message that was changed, the content of the change that was recorded last.</summary>
    public static async Task<IReadOnlyDictionary<string, string>> NewestChangesAsync(
        string database, string folder, CancellationToken cancellation)
    {
        await using var connection = await OpenAsync(database, folder, cancellation);
        await using var command = connection.CreateCommand();
        command.CommandText = """
            SELECT target, content FROM outbox WHERE id IN (SELECT MAX(id) FROM outbox WHERE operation = 'patch' GROUP BY target)
            """;
        await using var rows = await command.ExecuteReaderAsync(cancellation);
        var newest = new Dictionary<string, string>();
        while (await rows.ReadAsync(cancellation)) newest.Add(rows.GetString(0), rows.GetString(1));
        return newest;
    }

    private static async Task<DbConnection> OpenAsync(string database, string folder, CancellationToken cancellation)
    {
        SqliteNative.Use();
        DbConnection connection = database.Length > 0
            ? new NpgsqlConnection(database + ";Pooling=false")
            : new SqliteConnection($"Data Source={Path.Combine(folder, "larkspur.db")};Mode=ReadOnly;Pooling=False");
        await connection.OpenAsync(cancellation);
        return connection;
    }

    private static async Task<List<string>> ReadAsync(DbConnection connection, CancellationToken cancellation)
    {
        await using var command = connection.CreateCommand();
        command.CommandText = Rows;
        await using var rows = await command.ExecuteReaderAsync(cancellation);
        var found = new List<string>();
        while (await rows.ReadAsync(cancellation)) found.Add(rows.GetString(0));
        return found;
    }
}
