using Larkspur.Gateway.Storage;

namespace Larkspur.Gateway.Inbox;

/// <summary>Up to which id the inbox is settled: no row at or below it can still appear. For those who read it by its ids.</summary>
/// <remarks>
/// <para>PostgreSQL hands ids out before their transaction commits, so that a smaller one can become visible after a greater one,
/// however long after. Whoever records events therefore shows for as long as its transaction lives below which id it began: by an
/// advisory lock, taken before the first id, that carries the newest id of that moment. What ends the transaction (a commit, a lost
/// connection, a bound of the server's) ends the lock, and nothing else can hold the horizon back: neither a backup nor any other
/// transaction of the server, as would with <c>pg_snapshot_xmin</c>, which all who write share.</para>
/// <para>SQLite has one writer, and its ids are in the order of the commits.</para>
/// </remarks>
internal static class InboxHorizon
{
    /// <summary>The upper 16 bits of the locks' keys ("Li"); the lower 48 are an id.</summary>
    private const int Tag = 0x4C69;

    /// <summary>The newest id that was handed out, as an SQL expression.</summary>
    private const string Newest = "COALESCE(pg_sequence_last_value(pg_get_serial_sequence('inbox', 'id')::regclass), 0)";

    /// <summary>Hands out <c>$1</c> ids, and shows first that all of them are above the newest so far. From here on the transaction waits
    /// for a lock as long as <c>$2</c> says.</summary>
    /// <remarks>An id between the two would only be below the mark of somebody else, who holds it until then.</remarks>
    public static readonly string Reserve = $"""
        WITH mark AS MATERIALIZED (SELECT pg_advisory_xact_lock_shared(({Tag}::bigint << 48) | {Newest}) IS NULL AS made,
                                             set_config('lock_timeout', $2, true) AS patience)
        SELECT nextval(pg_get_serial_sequence('inbox', 'id')) FROM mark CROSS JOIN generate_series(1, $1)
        """;

    /// <summary>Marks in this database. The lock table shows a key in two halves.</summary>
    private static readonly string Marks = $"""
        SELECT MIN(((classid::bigint & 65535) << 32) | objid::bigint) FROM pg_locks
        WHERE locktype = 'advisory' AND granted AND objsubid = 1 AND classid::bigint >> 16 = {Tag}
          AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
        """;

    /// <summary>The horizon. Rows up to it are seen by statements that begin after this one.</summary>
    public static async ValueTask<long> ReadAsync(ISql sql, Dialect dialect)
    {
        if (dialect == Dialect.Sqlite) return long.MaxValue;
        // In this order: who makes a mark after the look at the marks gets greater ids than the newest before it.
        var newest = await sql.NumberAsync($"SELECT {Newest}") ?? 0;
        return await sql.NumberAsync(Marks) is { } oldest ? Math.Min(oldest, newest) : newest;
    }
}
