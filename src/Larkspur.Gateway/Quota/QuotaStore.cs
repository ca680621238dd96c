using Larkspur.Gateway.Storage;

namespace Larkspur.Gateway.Quota;

/// <summary>The ledger's rows. Every process adds to them; none sets them.</summary>
internal sealed class QuotaStore(IDatabase database)
{
    public static async ValueTask AddAsync(IUnitOfWork unit, CallKey key, CallTally tally)
    {
        await unit.ExecuteAsync("""
            INSERT INTO quota_day (app, day, endpoint, calls, refused, counted) VALUES ($1, $2, $3, $4, $5, $6)
            ON CONFLICT (app, day, endpoint) DO UPDATE
            SET calls = quota_day.calls + excluded.calls, refused = quota_day.refused + excluded.refused, counted = quota_day.counted + excluded.counted
            """, key.App, key.Day, key.Endpoint, tally.Calls, tally.Refused, tally.Counted);
        await unit.ExecuteAsync("""
            INSERT INTO quota_month (app, month, endpoint, calls, refused, counted) VALUES ($1, $2, $3, $4, $5, $6)
            ON CONFLICT (app, month, endpoint) DO UPDATE
            SET calls = quota_month.calls + excluded.calls, refused = quota_month.refused + excluded.refused, counted = quota_month.counted + excluded.counted
            """, key.App, QuotaCalendar.MonthOf(key.Day), key.Endpoint, tally.Calls, tally.Refused, tally.Counted);
    }

    public static async ValueTask ChangeAsync(IUnitOfWork unit, string app, QuotaChange change)
    {
        if (change.RefusedAt is { } at)
        {
            // Another process may have written the same refusal: the first one stands, and counts once.
            await unit.ExecuteAsync("""
                INSERT INTO quota_state (app, month, refused_at, refusals, lifted) VALUES ($1, $2, $3, 1, 0)
                ON CONFLICT (app) DO UPDATE
                SET refused_at = excluded.refused_at,
                    refusals = CASE WHEN quota_state.month = excluded.month THEN quota_state.refusals + 1 ELSE 1 END,
                    lifted = CASE WHEN quota_state.month = excluded.month THEN quota_state.lifted ELSE 0 END,
                    month = excluded.month
                WHERE quota_state.refused_at IS NULL OR quota_state.month < excluded.month
                """, app, change.Month, at.ToUnixTimeMilliseconds());
        }
        else if (change.Ends is { } ended)
        {
            await unit.ExecuteAsync("UPDATE quota_state SET refused_at = NULL WHERE app = $1 AND month = $2 AND refused_at = $3",
                app, change.Month, ended.ToUnixTimeMilliseconds());
        }
    }

    /// <summary>An administrator's word: no refusal is known any more, and our own count holds nothing this month.</summary>
    public static async ValueTask ResetAsync(IUnitOfWork unit, string app, int month) => await unit.ExecuteAsync("""
        INSERT INTO quota_state (app, month, refused_at, refusals, lifted) VALUES ($1, $2, NULL, 0, 1)
        ON CONFLICT (app) DO UPDATE
        SET refused_at = NULL, lifted = 1, refusals = CASE WHEN quota_state.month = excluded.month THEN quota_state.refusals ELSE 0 END, month = excluded.month
        WHERE quota_state.month <= excluded.month
        """, app, month);

    /// <returns>True: this process is the first to raise it, and no other will.</returns>
    public static async ValueTask<bool> RaiseAsync(IUnitOfWork unit, string app, int month, string occasion, DateTimeOffset at) => await unit.ExecuteAsync(
        "INSERT INTO quota_alarm (app, month, occasion, raised_at) VALUES ($1, $2, $3, $4) ON CONFLICT (app, month, occasion) DO NOTHING",
        app, month, occasion, at.ToUnixTimeMilliseconds()) == 1;

    /// <summary>Forgets what was counted long ago.</summary>
    public static async ValueTask<int> PruneAsync(IUnitOfWork unit, int beforeDay, int beforeMonth, int limit)
    {
        var days = await unit.ExecuteAsync(
            "DELETE FROM quota_day WHERE (app, day, endpoint) IN (SELECT app, day, endpoint FROM quota_day WHERE day < $1 LIMIT $2)", beforeDay, limit);
        var months = await unit.ExecuteAsync(
            "DELETE FROM quota_month WHERE (app, month, endpoint) IN (SELECT app, month, endpoint FROM quota_month WHERE month < $1 LIMIT $2)", beforeMonth, limit);
        var alarms = await unit.ExecuteAsync(
            "DELETE FROM quota_alarm WHERE (app, month, occasion) IN (SELECT app, month, occasion FROM quota_alarm WHERE month < $1 LIMIT $2)", beforeMonth, limit);
        return days + months + alarms;
    }

    /// <summary>What is known of a month, by app.</summary>
    public Task<Dictionary<string, QuotaFacts>> ReadAsync(int day, CancellationToken cancellation) => database.ReadAsync(async sql =>
    {
        var month = QuotaCalendar.MonthOf(day);
        var totals = await sql.QueryAsync("""
            SELECT app, CAST(SUM(calls) AS BIGINT), CAST(SUM(refused) AS BIGINT), CAST(SUM(counted) AS BIGINT) FROM quota_month WHERE month = $1 GROUP BY app
            """, r => (App: r.GetString(0), Tally: new CallTally(r.GetInt64(1), r.GetInt64(2), r.GetInt64(3))), month);
        var today = await sql.QueryAsync("SELECT app, endpoint, calls - refused FROM quota_day WHERE day = $1",
            r => (App: r.GetString(0), Endpoint: r.GetString(1), Done: r.GetInt64(2)), day);
        var states = await sql.QueryAsync("SELECT app, refused_at, refusals, lifted FROM quota_state WHERE month = $1",
            r => (App: r.GetString(0), RefusedAt: r.TimeOrNull(1), Refusals: r.GetInt32(2), Lifted: r.GetInt32(3) != 0), month);
        var alarms = await sql.QueryAsync("SELECT app, occasion, raised_at FROM quota_alarm WHERE month = $1 ORDER BY raised_at, occasion",
            r => (App: r.GetString(0), Alarm: new QuotaAlarm(r.GetString(1), r.Time(2))), month);

        var apps = totals.Select(t => t.App).Concat(today.Select(t => t.App)).Concat(states.Select(s => s.App)).Concat(alarms.Select(a => a.App));
        return apps.Distinct(StringComparer.Ordinal).ToDictionary(app => app, app =>
        {
            var state = states.Find(s => s.App == app);
            return new QuotaFacts
            {
                Month = month, Day = day,
                Total = totals.Find(t => t.App == app).Tally,
                Today = today.Where(t => t.App == app).ToDictionary(t => t.Endpoint, t => t.Done, StringComparer.Ordinal),
                RefusedAt = state.RefusedAt, Refusals = state.Refusals, Lifted = state.Lifted,
                Alarms = [.. alarms.Where(a => a.App == app).Select(a => a.Alarm)],
            };
        }, StringComparer.Ordinal);
    }, cancellation);

    /// <summary>The pace of the last days, by app.</summary>
    public Task<Dictionary<string, QuotaPace>> ReadPaceAsync(int fromDay, CancellationToken cancellation) => database.ReadAsync(async sql =>
        (await sql.QueryAsync(
            "SELECT app, CAST(SUM(CASE WHEN day >= $1 THEN counted ELSE 0 END) AS BIGINT), MIN(day) FROM quota_day GROUP BY app",
            r => (App: r.GetString(0), Pace: new QuotaPace(r.GetInt64(1), r.GetInt32(2))), fromDay)).ToDictionary(p => p.App, p => p.Pace, StringComparer.Ordinal), cancellation);

    /// <summary>An app's APIs, the most called first.</summary>
    public Task<List<ApiUse>> ReadApisAsync(string app, int day, CancellationToken cancellation) => database.ReadAsync(sql => sql.QueryAsync("""
        SELECT m.endpoint, m.calls, m.refused, m.counted, COALESCE(d.calls, 0)
        FROM quota_month m LEFT JOIN quota_day d ON d.app = m.app AND d.day = $3 AND d.endpoint = m.endpoint
        WHERE m.app = $1 AND m.month = $2 ORDER BY m.calls DESC, m.endpoint LIMIT 200
        """, r => new ApiUse(r.GetString(0), r.GetInt64(1), r.GetInt64(2), r.GetInt64(3), r.GetInt64(4)), app, QuotaCalendar.MonthOf(day), day), cancellation);

    /// <summary>What an app called day by day, from a day on. Days without a call are missing.</summary>
    public Task<List<DayUse>> ReadDaysAsync(string app, int fromDay, CancellationToken cancellation) => database.ReadAsync(sql =>
        sql.QueryAsync("""
        SELECT day, CAST(SUM(calls) AS BIGINT), CAST(SUM(refused) AS BIGINT), CAST(SUM(counted) AS BIGINT)
        FROM quota_day WHERE app = $1 AND day >= $2 GROUP BY day ORDER BY day
        """, r => new DayUse(r.GetInt32(0), r.GetInt64(1), r.GetInt64(2), r.GetInt64(3)), app, fromDay), cancellation);
}

/// <summary>An app's use on one day.</summary>
/// <param name="Day">In the tenant's calendar, <c>20261121</c>.</param>
/// <param name="Calls">Requests.</param>
/// <param name="Refused">Those the platform refused.</param>
/// <param name="Counted">Those that count against the cap.</param>
internal sealed record DayUse(int Day, long Calls, long Refused, long Counted);

/// <summary>An app's use of one API.</summary>
/// <param name="Api">The endpoint's catalogue id.</param>
/// <param name="Calls">Requests this month.</param>
/// <param name="Refused">Those the platform refused.</param>
/// <param name="Counted">Those that count against the cap.</param>
/// <param name="Today">Requests today.</param>
internal sealed record ApiUse(string Api, long Calls, long Refused, long Counted, long Today);
