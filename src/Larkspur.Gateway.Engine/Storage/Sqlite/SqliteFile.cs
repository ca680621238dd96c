using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Larkspur.Gateway.Storage.Sqlite;

/// <summary>One connection of SQLite's own C interface. Without a mutex of its own: whoever uses it sees to it that nobody else does.</summary>
internal sealed class SqliteFile : IDisposable
{
    private readonly sqlite3 _handle;

    private SqliteFile(sqlite3 handle) => _handle = handle;

    /// <param name="path">The file.</param>
    /// <param name="readOnly">False: it is made when there is none.</param>
    /// <param name="patience">How long a statement waits for another process's lock.</param>
    /// <exception cref="SqliteException">It cannot be opened.</exception>
    public static SqliteFile Open(string path, bool readOnly, TimeSpan patience)
    {
        var flags = raw.SQLITE_OPEN_NOMUTEX | (readOnly ? raw.SQLITE_OPEN_READONLY : raw.SQLITE_OPEN_READWRITE | raw.SQLITE_OPEN_CREATE);
        var code = raw.sqlite3_open_v2(path, out var handle, flags, null);
        var file = new SqliteFile(handle);
        try
        {
            file.Check(code);
            file.Check(raw.sqlite3_extended_result_codes(handle, 1));
            file.Check(raw.sqlite3_busy_timeout(handle, (int)patience.TotalMilliseconds));
            return file;
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>A full disk or an I/O error ends a transaction inside SQLite; then nobody's part survives.</summary>
    public bool InTransaction => raw.sqlite3_get_autocommit(_handle) == 0;

    /// <summary>The id of the row inserted last.</summary>
    public long LastId => raw.sqlite3_last_insert_rowid(_handle);

    /// <summary>Rows changed by the statement before.</summary>
    public int Changes => raw.sqlite3_changes(_handle);

    /// <summary>Runs statements that return nothing and have no values.</summary>
    /// <exception cref="SqliteException">One fails; those before it stand.</exception>
    public void Run(string script) => Check(raw.sqlite3_exec(_handle, script));

    /// <summary>Compiles one statement, to be run many times.</summary>
    public SqliteStatement Prepare(string sql)
    {
        Check(raw.sqlite3_prepare_v3(_handle, sql, raw.SQLITE_PREPARE_PERSISTENT, out var statement));
        return new SqliteStatement(this, statement);
    }

    /// <exception cref="SqliteException">The code says that something failed.</exception>
    public void Check(int code)
    {
        if (code is raw.SQLITE_OK or raw.SQLITE_ROW or raw.SQLITE_DONE) return;
        throw new SqliteException($"SQLite error {code & 0xFF}: {raw.sqlite3_errmsg(_handle).utf8_to_string()}", code & 0xFF, code);
    }

    public void Dispose() => _handle.Dispose();
}
