using Larkspur.Gateway.Storage.Sqlite;
using SQLitePCL;

namespace Larkspur.Bench.Stages;

/// <summary>A SQLite file through the C interface alone: to look into databases, and as the lower bound of what a store on SQLite can cost.</summary>
internal sealed class SystemSqlite : IDisposable
{
    private readonly sqlite3 _database;

    private SystemSqlite(sqlite3 database) => _database = database;

    /// <summary>Version of the operating system's library.</summary>
    public static string Version => SqliteNative.Use();

    public static SystemSqlite Open(string path)
    {
        _ = SqliteNative.Use();
        Check(raw.sqlite3_open_v2(path, out var database, raw.SQLITE_OPEN_READWRITE | raw.SQLITE_OPEN_CREATE, null), database);
        return new SystemSqlite(database);
    }

    /// <summary>Runs statements without results.</summary>
    public void Execute(string sql) => Check(raw.sqlite3_exec(_database, sql), _database);

    /// <summary>First column of the first row.</summary>
    public long Number(string sql)
    {
        using var statement = Prepare(sql);
        if (raw.sqlite3_step(statement) != raw.SQLITE_ROW) throw new InvalidOperationException($"{sql}: no row");
        return raw.sqlite3_column_int64(statement, 0);
    }

    public sqlite3_stmt Prepare(string sql)
    {
        Check(raw.sqlite3_prepare_v2(_database, sql, out var statement), _database);
        return statement;
    }

    /// <summary>Runs a prepared statement to its end and readies it for the next time.</summary>
    public void Run(sqlite3_stmt statement)
    {
        var code = raw.sqlite3_step(statement);
        if (code is not (raw.SQLITE_DONE or raw.SQLITE_ROW)) Check(code, _database);
        Check(raw.sqlite3_reset(statement), _database);
    }

    public long LastId() => raw.sqlite3_last_insert_rowid(_database);

    public void Dispose() => _database.Dispose();

    private static void Check(int code, sqlite3 database)
    {
        if (code != raw.SQLITE_OK) throw new InvalidOperationException($"SQLite error {code}: {raw.sqlite3_errmsg(database).utf8_to_string()}");
    }
}
