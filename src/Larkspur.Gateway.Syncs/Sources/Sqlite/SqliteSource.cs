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
internal sealed class SqliteSource(string path, SqliteSourceOptions options)
{
    /// <summary>Steps of SQLite's between two looks at the time: a millisecond, or less.</summary>
    private const int StepsBetweenLooks = 10_000;

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
            raw.sqlite3_busy_timeout(connection.Handle, (int)options.Patience.TotalMilliseconds);
            Run(connection, "PRAGMA foreign_keys = ON");
            // Triggers and views of the file call no function that could do more than compute. Older libraries do not know the word.
            Run(connection, "PRAGMA trusted_schema = OFF");
            RefuseGateways(connection);
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    /// <summary>
    /// Works with the file, beside the thread that asks. What the file itself makes endless, like a trigger or a generated column that
    /// counts for ever, ends with the asker's patience or ours.
    /// </summary>
    /// <exception cref="SqliteException">Among others <c>SQLITE_INTERRUPT</c>: it took too long.</exception>
    public Task<T> UseAsync<T>(Func<SqliteConnection, T> work, CancellationToken cancellation) => Task.Run(() =>
    {
        using var bound = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        bound.CancelAfter(options.Longest);
        using var connection = Open();
        var handle = connection.Handle;
        // The first ends the statement that runs; the second also those that the driver begins after it.
        raw.sqlite3_progress_handler(handle, StepsBetweenLooks, _ => bound.IsCancellationRequested ? 1 : 0, null);
        using var interrupt = bound.Token.Register(() => raw.sqlite3_interrupt(handle));
        try
        {
            return work(connection);
        }
        catch (SqliteException e) when (e.SqliteErrorCode == raw.SQLITE_INTERRUPT && cancellation.IsCancellationRequested)
        {
            throw new OperationCanceledException(e.Message, e, cancellation);
        }
    }, cancellation);

    /// <exception cref="SideStoppedException">It is a gateway's own database, by whatever path it was reached.</exception>
    private static void RefuseGateways(SqliteConnection connection)
    {
        if (Query(connection,
            "SELECT 1 FROM sqlite_master WHERE type = 'table' AND name IN ('sync_connection', 'data_protection_key')").Count == 2)
            throw new SideStoppedException(Problems.NoPermission, "It is a gateway's own database.") { Side = SideName.Source };
    }

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
            raw.SQLITE_BUSY or raw.SQLITE_LOCKED or raw.SQLITE_INTERRUPT => Away(Problems.Busy),
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
