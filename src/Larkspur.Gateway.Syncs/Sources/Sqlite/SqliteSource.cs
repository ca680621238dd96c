using Larkspur.Gateway.Storage.Sqlite;
using Larkspur.Gateway.Syncs.Mapping;
using Larkspur.Gateway.Syncs.Sides;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Larkspur.Gateway.Syncs.Sources.Sqlite;

/// <summary>
/// A company's SQLite file. It is opened for each piece of work and closed after it: another program may replace the file, and no lock of
/// ours outlives what it was for.
/// </summary>
internal sealed class SqliteSource(string path, TimeSpan patience)
{
    public string Path => path;

    /// <exception cref="SideStoppedException">There is no such file.</exception>
    /// <exception cref="SqliteException">It cannot be opened.</exception>
    public SqliteConnection Open(bool readOnly = false)
    {
        SqliteNative.Use();
        if (!File.Exists(path))
            throw new SideStoppedException(Problems.NotFound, System.IO.Path.GetFileName(path)) { Side = SideName.Source };
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder
        {
            DataSource = path, Mode = readOnly ? SqliteOpenMode.ReadOnly : SqliteOpenMode.ReadWrite, Pooling = false, DefaultTimeout = 1,
        }.ToString());
        try
        {
            connection.Open();
            // The driver itself would sleep between its tries; SQLite waits where it is.
            raw.sqlite3_busy_timeout(connection.Handle, (int)patience.TotalMilliseconds);
            Run(connection, "PRAGMA foreign_keys = ON");
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    /// <summary>Works with the file, beside the thread that asks.</summary>
    public Task<T> UseAsync<T>(Func<SqliteConnection, T> work, CancellationToken cancellation) => Task.Run(() =>
    {
        using var connection = Open();
        return work(connection);
    }, cancellation);

    /// <summary>One at a time writes in SQLite: what is read in it stays so until it ends.</summary>
    public static T Transact<T>(SqliteConnection connection, Func<T> work)
    {
        Run(connection, "BEGIN IMMEDIATE");
        try
        {
            var done = work();
            Run(connection, "COMMIT");
            return done;
        }
        catch
        {
            // Some errors have ended the transaction already.
            if (raw.sqlite3_get_autocommit(connection.Handle) == 0) Run(connection, "ROLLBACK");
            throw;
        }
    }

    public static int Run(SqliteConnection connection, string sql, params object?[] values)
    {
        using var command = Command(connection, sql, values);
        return command.ExecuteNonQuery();
    }

    public static List<object?[]> Query(SqliteConnection connection, string sql, params object?[] values)
    {
        using var command = Command(connection, sql, values);
        using var reader = command.ExecuteReader();
        var rows = new List<object?[]>();
        while (reader.Read())
        {
            var row = new object?[reader.FieldCount];
            for (var i = 0; i < row.Length; i++) row[i] = reader.GetValue(i) is DBNull ? null : reader.GetValue(i);
            rows.Add(row);
        }

        return rows;
    }

    public static object? Scalar(SqliteConnection connection, string sql, params object?[] values) =>
        Query(connection, sql, values) is [[var value, ..], ..] ? value : null;

    /// <summary>A name as SQL takes any name.</summary>
    public static string Quoted(string name) => $"\"{name.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";

    public static string Literal(string text) => $"'{text.Replace("'", "''", StringComparison.Ordinal)}'";

    /// <summary>What an error of SQLite's means for the side; null: it is none.</summary>
    public static Exception? Told(Exception e)
    {
        if (e is not SqliteException sqlite) return null;
        return sqlite.SqliteErrorCode switch
        {
            raw.SQLITE_BUSY or raw.SQLITE_LOCKED => Away(Problems.Busy),
            raw.SQLITE_READONLY or raw.SQLITE_PERM or raw.SQLITE_AUTH => Stopped(Problems.NoPermission),
            raw.SQLITE_NOTADB or raw.SQLITE_CORRUPT => Stopped(Problems.Broken),
            // The schema changed between the look at it and now: the next opening looks again.
            raw.SQLITE_ERROR or raw.SQLITE_SCHEMA => Away(Problems.Broken),
            _ => Away(Problems.Unreachable),
        };

        SideAwayException Away(string reason) => new(reason, sqlite.Message, sqlite) { Side = SideName.Source };

        SideStoppedException Stopped(string reason) => new(reason, sqlite.Message, sqlite) { Side = SideName.Source };
    }

    private static SqliteCommand Command(SqliteConnection connection, string sql, object?[] values)
    {
        var command = connection.CreateCommand();
#pragma warning disable CA2100 // Names come from the catalogue, quoted; values are bound.
        command.CommandText = sql;
#pragma warning restore CA2100
        for (var i = 0; i < values.Length; i++) command.Parameters.AddWithValue($"$p{i}", values[i] ?? DBNull.Value);
        return command;
    }
}
