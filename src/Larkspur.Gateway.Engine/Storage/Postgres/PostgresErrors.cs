using System.Net.Sockets;
using Larkspur.Gateway.Common;
using Npgsql;

namespace Larkspur.Gateway.Storage.Postgres;

/// <summary>What an error of the server or the connection means for a transaction.</summary>
internal static class PostgresErrors
{
    /// <summary>Undone for the sake of another transaction: may be run again at once.</summary>
    public static bool IsConflict(PostgresException e) => e.SqlState is PostgresErrorCodes.SerializationFailure or PostgresErrorCodes.DeadlockDetected;

    /// <summary>
    /// The database is away, full, shutting down, read-only or too busy: nothing that the statement did. Classes 08 (connection), 53 (resources, among
    /// them a full disk), 57 (shutdown, cancelled), 58 (system, I/O), XX (internal), 28 (a password that
    /// was changed on one side first), 3D000 (a database that is being restored), 25006 (a standby), 25P03 and 55P03
    /// (this process stood still in a transaction, or somebody holds a row for too long: <see cref="PostgresAddress"/>) and conflicts that did not end.
    /// </summary>
    public static bool IsUnavailable(Exception e) => e switch
    {
        PostgresException p => p.SqlState.StartsWith("08", StringComparison.Ordinal) || p.SqlState.StartsWith("53", StringComparison.Ordinal)
            || p.SqlState.StartsWith("57", StringComparison.Ordinal) || p.SqlState.StartsWith("58", StringComparison.Ordinal)
            || p.SqlState.StartsWith("XX", StringComparison.Ordinal) || p.SqlState.StartsWith("28", StringComparison.Ordinal)
            || p.SqlState == PostgresErrorCodes.InvalidCatalogName || p.SqlState == PostgresErrorCodes.ReadOnlySqlTransaction
            || p.SqlState is PostgresErrorCodes.LockNotAvailable or "25P03" || IsConflict(p),
        // The pool gives up waiting with a NpgsqlException, a broken connection shows as one or as what broke it.
        NpgsqlException or TimeoutException or SocketException or IOException => true,
        ObjectDisposedException => true,
        _ => false,
    };

    /// <summary>
    /// A part of <see cref="IsUnavailable"/>: the server is there and gave this one statement up. Time-outs of either side, damage (58
    /// and XX), memory (53200) and limits (53400), a message that the server cannot read (08P01), conflicts that did not end. Not a
    /// connection that is lost or that the pool does not have, a full disk, a shutdown, a standby, or a process that stood still itself.
    /// </summary>
    public static bool MayBeOwnFault(Exception e) => e switch
    {
        PostgresException p => p.SqlState.StartsWith("58", StringComparison.Ordinal)
            || p.SqlState.StartsWith("XX", StringComparison.Ordinal) || IsConflict(p) || p.SqlState is PostgresErrorCodes.QueryCanceled or PostgresErrorCodes.LockNotAvailable or PostgresErrorCodes.OutOfMemory
                or PostgresErrorCodes.ConfigurationLimitExceeded or PostgresErrorCodes.ProtocolViolation,
        NpgsqlException { InnerException: TimeoutException } => true,
        _ => false,
    };
}
