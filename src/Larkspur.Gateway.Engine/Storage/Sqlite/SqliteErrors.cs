using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Larkspur.Gateway.Storage.Sqlite;

/// <summary>What an error of SQLite's means for a transaction.</summary>
internal static class SqliteErrors
{
    /// <summary>The statement itself is refused, and will be again: it breaks a constraint, does not fit the schema, or has a value that is too large.</summary>
    public static bool IsOfTheStatement(SqliteException e) => e.SqliteErrorCode
        is raw.SQLITE_CONSTRAINT or raw.SQLITE_ERROR or raw.SQLITE_MISMATCH or raw.SQLITE_TOOBIG or raw.SQLITE_RANGE or raw.SQLITE_MISUSE;

    /// <summary>Damage in the file, or memory that is too small: it may lie in what this statement reads, or concern all.</summary>
    public static bool MayBeOwnFault(SqliteException e) => e.SqliteErrorCode
        is raw.SQLITE_CORRUPT or raw.SQLITE_IOERR or raw.SQLITE_NOMEM;

    /// <summary>As callers see it: the error itself where the statement is to blame.</summary>
    public static Exception Told(SqliteException e, string what) =>
        IsOfTheStatement(e) ? e : new StorageUnavailableException($"{what}: {e.Message}", e) { MayBeOwnFault = MayBeOwnFault(e) };
}
