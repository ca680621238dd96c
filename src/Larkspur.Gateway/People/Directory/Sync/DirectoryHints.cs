using Larkspur.Gateway.Queueing;
using Larkspur.Gateway.Storage;

namespace Larkspur.Gateway.People.Directory.Sync;

/// <summary>
/// What events say of a directory. They come late, twice, out of order or not at all, and tell little, so each is no more than a hint:
/// whom it names is asked for anew. A hint is kept in the event's own transaction, until it was worked on or a run has read everything.
/// </summary>
internal sealed class DirectoryHints(DirectorySignal signal, TimeProvider clock)
{
    public const string Member = "member";
    public const string Department = "department";

    /// <summary>Everything: the app sees others than before.</summary>
    public const string All = "all";

    /// <summary>An event came long after it happened, at the time that stands beside it: others of that time may not come at all.</summary>
    public const string Late = "late";

    /// <param name="unit">The event's transaction.</param>
    /// <param name="platform">Whose event it is.</param>
    /// <param name="app">The app that received it.</param>
    /// <param name="kind">What it names.</param>
    /// <param name="item">Its key, or an id behind its kind and a colon, as the platform's
    /// <see cref="Reading.IDirectoryReading.LookUpAsync"/> takes it.</param>
    public async ValueTask AddAsync(IUnitOfWork unit, string platform, string app, string kind, string item = "")
    {
        var now = clock.GetUtcNow().ToUnixTimeMilliseconds();
        await unit.ExecuteAsync("INSERT INTO directory_hint (platform, app, kind, item, not_before, created_at) VALUES ($1, $2,"
            + " $3, $4, $5, $5)", platform, app, kind, item, now);
        unit.AfterCommit(signal.Wake);
    }

    /// <summary>Whether there is one to take: a look that costs no write.</summary>
    internal async ValueTask<bool> IsAnyDueAsync(ISql sql) => await sql.NumberAsync(
        "SELECT 1 FROM directory_hint WHERE not_before <= $1 LIMIT 1", clock.GetUtcNow().ToUnixTimeMilliseconds()) is not null;

    /// <summary>Takes the next ones of one app; whoever takes them has a while until others do.</summary>
    internal ValueTask<List<DirectoryHint>> TakeAsync(IUnitOfWork unit, int most)
    {
        var now = clock.GetUtcNow();
        return unit.QueryAsync($"""
            UPDATE directory_hint SET tries = tries + 1, not_before = $1 WHERE not_before <= $2 AND id IN (
              SELECT h.id FROM directory_hint h
              JOIN (SELECT platform, app FROM directory_hint WHERE not_before <= $2 ORDER BY id LIMIT 1) f
                ON f.platform = h.platform AND f.app = h.app
              WHERE h.not_before <= $2 ORDER BY h.id LIMIT {most})
            RETURNING id, platform, app, kind, item, tries
            """, DirectoryHint.Read, (now + TimeSpan.FromMinutes(1)).ToUnixTimeMilliseconds(), now.ToUnixTimeMilliseconds());
    }

    /// <summary>They are done.</summary>
    internal static async ValueTask DoneAsync(IUnitOfWork unit, Dialect dialect, IEnumerable<long> ids) =>
        await unit.ExecuteAsync($"DELETE FROM directory_hint WHERE id {IdList.In(dialect, "$1")}", IdList.Of(dialect, ids));

    /// <summary>They could not be done now.</summary>
    internal async ValueTask LaterAsync(IUnitOfWork unit, Dialect dialect, IEnumerable<long> ids, TimeSpan pause) =>
        await unit.ExecuteAsync($"UPDATE directory_hint SET not_before = $2 WHERE id {IdList.In(dialect, "$1")}",
            IdList.Of(dialect, ids), (clock.GetUtcNow() + pause).ToUnixTimeMilliseconds());

    /// <summary>Those of an app that wait.</summary>
    internal static async ValueTask<long> WaitingAsync(ISql sql, string platform, string app) =>
        await sql.NumberAsync("SELECT COUNT(*) FROM directory_hint WHERE platform = $1 AND app = $2", platform, app) ?? 0;

    /// <summary>Those of an app from before a run that has read everything.</summary>
    internal static async ValueTask ForgetAsync(IUnitOfWork unit, string platform, string app, DateTimeOffset before) =>
        await unit.ExecuteAsync("DELETE FROM directory_hint WHERE platform = $1 AND app = $2 AND created_at < $3",
            platform, app, before.ToUnixTimeMilliseconds());
}

/// <summary>A hint that a process has taken.</summary>
internal sealed record DirectoryHint(long Id, string Platform, string App, string Kind, string Item, int Tries)
{
    public static DirectoryHint Read(System.Data.Common.DbDataReader row) =>
        new(row.GetInt64(0), row.GetString(1), row.GetString(2), row.GetString(3), row.GetString(4), row.GetInt32(5));
}

/// <summary>Tells the worker of this process that something waits for it.</summary>
internal sealed class DirectorySignal : WorkSignal;
