using Larkspur.Gateway.Storage;

namespace Larkspur.Gateway.Syncs.Rows;

/// <summary>How far a sync is: written under its fence.</summary>
internal static class SyncProgress
{
    public static async ValueTask PhaseAsync(IUnitOfWork unit, long sync, string phase, string? after) =>
        await unit.ExecuteAsync("UPDATE sync SET phase = $2, phase_after = $3 WHERE id = $1", sync, phase, after);

    public static async ValueTask SurveyAsync(IUnitOfWork unit, long sync, string survey) =>
        await unit.ExecuteAsync("UPDATE sync SET survey = $2 WHERE id = $1", sync, survey);

    public static async ValueTask MapAsync(IUnitOfWork unit, long sync, string map, string? rights) =>
        await unit.ExecuteAsync("UPDATE sync SET map = $2, rights = COALESCE(rights, $3) WHERE id = $1", sync, map, rights);

    /// <summary>Up to here the source has told what changed.</summary>
    public static async ValueTask NewsAsync(IUnitOfWork unit, long sync, string? cursor, string? tableMark, DateTimeOffset now) =>
        await unit.ExecuteAsync("UPDATE sync SET news_cursor = $2, table_mark = $3, looked_at = $4 WHERE id = $1", sync, cursor, tableMark,
            now.ToUnixTimeMilliseconds());

    /// <summary>Everything is to be compared.</summary>
    public static async ValueTask AskScanAsync(IUnitOfWork unit, long sync, string why) =>
        await unit.ExecuteAsync("UPDATE sync SET scan = COALESCE(scan, $2) WHERE id = $1", sync, why);

    /// <summary>Of all syncs everything is to be compared.</summary>
    /// <returns>Of how many.</returns>
    public static async ValueTask<int> AskAllAsync(IUnitOfWork unit, string why) =>
        await unit.ExecuteAsync("UPDATE sync SET scan = $1 WHERE phase = 'live' AND scan IS NULL", why);

    /// <summary>Everything was compared.</summary>
    public static async ValueTask ScannedAsync(IUnitOfWork unit, long sync, long tableRows, long sourceRows, DateTimeOffset now) =>
        await unit.ExecuteAsync("""
            UPDATE sync SET scan = NULL, scanned_at = $2, table_rows = $3, source_rows = $4 WHERE id = $1
            """, sync, now.ToUnixTimeMilliseconds(), tableRows, sourceRows);

    /// <summary>The first copy is done. A comparison that was asked for meanwhile is still to come.</summary>
    public static async ValueTask CopiedAsync(IUnitOfWork unit, long sync, long rows, string start, DateTimeOffset now) =>
        await unit.ExecuteAsync("""
        UPDATE sync SET scan = CASE WHEN scan = $2 THEN NULL ELSE scan END, scanned_at = $3, table_rows = $4, source_rows = $4 WHERE id = $1
        """, sync, start, now.ToUnixTimeMilliseconds(), rows);

    public static async ValueTask AsksAsync(IUnitOfWork unit, long sync, long asks, DateTimeOffset? confirmed) =>
        // Whoever says yes just now is not asked again.
        await unit.ExecuteAsync("UPDATE sync SET asks = $2 WHERE id = $1 AND COALESCE(confirmed_at, 0) = $3", sync, asks,
            confirmed?.ToUnixTimeMilliseconds() ?? 0);

    /// <summary>It goes well: what was wrong before is forgotten.</summary>
    public static async ValueTask WellAsync(IUnitOfWork unit, long sync) => await unit.ExecuteAsync(
        "UPDATE sync SET away = NULL, side = NULL, detail = NULL, tries = 0, not_before = NULL WHERE id = $1", sync);

    /// <summary>A side is away: the sync is left alone for a while.</summary>
    public static async ValueTask AwayAsync(IUnitOfWork unit, long sync, string reason, string? side, string? detail,
        DateTimeOffset until) =>
        await unit.ExecuteAsync("""
            UPDATE sync SET lease_until = NULL, away = $2, side = $3, detail = $4, tries = tries + 1, not_before = $5 WHERE id = $1
            """, sync, reason, side, detail, until.ToUnixTimeMilliseconds());

    /// <summary>Nothing is done until somebody mends it.</summary>
    public static async ValueTask PauseAsync(IUnitOfWork unit, long sync, string reason, string? side, string? detail) =>
        await unit.ExecuteAsync("""
            UPDATE sync SET lease_until = NULL, paused = $2, side = $3, detail = $4, away = NULL, not_before = NULL WHERE id = $1
            """, sync, reason, side, detail);
}
