using System.Net.Sockets;
using System.Security.Authentication;
using Larkspur.Gateway.Syncs.Mapping;
using Larkspur.Gateway.Syncs.Sides;
using Npgsql;

namespace Larkspur.Gateway.Syncs.Sources.Postgres;

/// <summary>What errors of a server mean: for a row, or for the whole side.</summary>
internal static class PostgresSourceErrors
{
    private const string NoLock = PostgresErrorCodes.LockNotAvailable;

    private const string Standby = PostgresErrorCodes.ReadOnlySqlTransaction;

    private const int MostDetail = 200;

    /// <summary>A transaction of ours was silent for too long: this process stood still.</summary>
    private const string StoodStill = "25P03";

    /// <summary>What an error means for the side; null: it is none of the server's.</summary>
    public static Exception? Told(Exception e)
    {
        return e switch
        {
            PostgresException p => Server(p),
            NpgsqlException { InnerException: TimeoutException } or TimeoutException => Away(Problems.Busy, "no answer in time"),
            NpgsqlException or SocketException or IOException => Away(Problems.Unreachable, Reason(e)),
            _ => null,
        };

        SideAwayException Away(string reason, string detail) => new(reason, detail, e) { Side = SideName.Source };
    }

    /// <summary>Why a server is not reached or was lost. The driver's own words name addresses and users.</summary>
    public static string Reason(Exception e) => e switch
    {
        SocketException socket => $"network: {socket.SocketErrorCode}",
        AuthenticationException => "the secure connection was not agreed on",
        { InnerException: { } inner } => Reason(inner),
        _ => "the connection was not made, or broke",
    };

    /// <summary>What became of a row whose statement failed; null: it is not the row's fault alone.</summary>
    /// <param name="e">The error.</param>
    /// <param name="field">The place of the field that it is about.</param>
    public static WriteResult? OfRow(PostgresException e, int? field)
    {
        return e.SqlState switch
        {
            NoLock or PostgresErrorCodes.DeadlockDetected or PostgresErrorCodes.SerializationFailure or PostgresErrorCodes.QueryCanceled =>
                new(WriteState.Failed, null, Problems.Busy, null, e.MessageText),
            PostgresErrorCodes.StringDataRightTruncation => Refused(Problems.TooLong),
            // A policy of rows says no to this one, not to the table.
            PostgresErrorCodes.InsufficientPrivilege when e.Routine == "ExecWithCheckOptions" => Refused(Problems.RowRefused),
            _ => e.SqlState[..2] switch
            {
                "22" => Refused(Problems.ValueRefused),
                "23" => Refused(Problems.Constraint),
                // A trigger's own word, a view's check.
                "P0" or "44" or "09" or "27" => Refused(Problems.RowRefused),
                _ => null,
            },
        };

        WriteResult Refused(string reason) => new(WriteState.Refused, null, reason, field, Words(e));
    }

    /// <summary>
    /// What the server says of a row. Its details are told where they name a key that is there twice or nowhere: elsewhere they may be the
    /// whole row, with columns that nobody wanted to be seen.
    /// </summary>
    private static string Words(PostgresException e) =>
        e.SqlState is PostgresErrorCodes.UniqueViolation or PostgresErrorCodes.ForeignKeyViolation && e.Detail is { Length: > 0 } detail
            ? $"{e.MessageText}: {(detail.Length > MostDetail ? detail[..MostDetail] + "…" : detail)}" : e.MessageText;

    private static Exception Server(PostgresException e)
    {
        return e.SqlState switch
        {
            PostgresErrorCodes.InvalidCatalogName => Stopped(Problems.NotFound, "there is no such database"),
            PostgresErrorCodes.UndefinedTable or PostgresErrorCodes.InvalidSchemaName =>
                Stopped(Problems.NotFound),
            PostgresErrorCodes.InsufficientPrivilege or PostgresErrorCodes.FeatureNotSupported or PostgresErrorCodes.WrongObjectType =>
                Stopped(Problems.NoPermission),
            NoLock or PostgresErrorCodes.QueryCanceled or PostgresErrorCodes.ObjectInUse or PostgresErrorCodes.DeadlockDetected
                or PostgresErrorCodes.SerializationFailure => Away(Problems.Busy),
            _ when Of("28") => Stopped(Problems.NoPermission, "the server refused the user or the password"),
            _ when Of("53") || e.SqlState == StoodStill => Away(Problems.Busy),
            _ when Of("08") || Of("57") || Of("58") || e.SqlState == Standby => Away(Problems.Unreachable),
            // A column that is gone since the table was looked at, and the like: the next opening looks again.
            _ => Away(Problems.Broken),
        };

        bool Of(string prefix) => e.SqlState.StartsWith(prefix, StringComparison.Ordinal);

        SideAwayException Away(string reason) => new(reason, e.MessageText, Cause()) { Side = SideName.Source };

        SideStoppedException Stopped(string reason, string? detail = null) =>
            new(reason, detail ?? e.MessageText, Cause()) { Side = SideName.Source };

        // Logs write out what caused something, with its details.
        PostgresException? Cause() => string.IsNullOrEmpty(e.Detail) ? e : null;
    }
}
