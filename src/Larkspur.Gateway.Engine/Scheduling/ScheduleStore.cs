using System.Data.Common;
using Larkspur.Gateway.Storage;

namespace Larkspur.Gateway.Scheduling;

/// <summary>What is remembered of the schedules, on either database: the last run of each, and that no occasion is served twice.</summary>
internal sealed class ScheduleStore(IDatabase database)
{
    /// <summary>A last start further in the future than this was written by a clock that has been set back since; it must not hold up the schedule until then.</summary>
    private const long ClockStep = 60_000;

    /// <summary>Makes the rows of declared schedules and returns all rows, also of schedules that were declared once.</summary>
    public Task<List<ScheduleRow>> DeclareAsync(IEnumerable<string> names, CancellationToken cancellation) => database.TransactAsync(async unit =>
    {
        foreach (var name in names.Order(StringComparer.Ordinal)) await unit.ExecuteAsync("INSERT INTO schedule (name) VALUES ($1) ON CONFLICT (name) DO NOTHING", name);
        return await AllAsync(unit);
    }, cancellation);

    public Task<List<ScheduleRow>> AllAsync(CancellationToken cancellation) => database.ReadAsync(AllAsync, cancellation);

    /// <summary>Forgets a schedule that is declared no more.</summary>
    public Task ForgetAsync(string name, CancellationToken cancellation) =>
        database.TransactAsync(async unit => await unit.ExecuteAsync("DELETE FROM schedule WHERE name = $1", name), cancellation);

    /// <summary>Begins a run.</summary>
    /// <param name="name">The schedule.</param>
    /// <param name="due">The occasion. It is served by any run that begins after it was due: whoever comes second is refused.</param>
    /// <param name="started">Now.</param>
    /// <param name="node">This process.</param>
    /// <param name="asked">Somebody asked for it: not an occasion, always granted.</param>
    public Task<bool> BeginAsync(string name, DateTimeOffset due, DateTimeOffset started, string node, bool asked) => database.TransactAsync(async unit =>
        await unit.ExecuteAsync("""
            UPDATE schedule SET due_at = $2, started_at = $3, finished_at = NULL, outcome = NULL, detail = NULL, node = $4, runs = runs + 1
            WHERE name = $1 AND ($5 = 1 OR started_at IS NULL OR started_at < $2 OR started_at > $6)
            """, name, due.ToUnixTimeMilliseconds(), started.ToUnixTimeMilliseconds(), node, asked ? 1 : 0, started.ToUnixTimeMilliseconds() + ClockStep) == 1);

    /// <summary>Records how a run ended, unless a later one has begun.</summary>
    public Task EndAsync(string name, DateTimeOffset started, string node, DateTimeOffset finished, string outcome, string? detail) => database.TransactAsync(async unit =>
        await unit.ExecuteAsync("UPDATE schedule SET finished_at = $4, outcome = $5, detail = $6 WHERE name = $1 AND started_at = $2 AND node = $3",
            name, started.ToUnixTimeMilliseconds(), node, finished.ToUnixTimeMilliseconds(), outcome, detail));

    private static ValueTask<List<ScheduleRow>> AllAsync(ISql sql) =>
        sql.QueryAsync("SELECT name, due_at, started_at, finished_at, outcome, detail, node, runs FROM schedule ORDER BY name", Row);

    private static ScheduleRow Row(DbDataReader row) =>
        new(row.GetString(0), row.TimeOrNull(1), row.TimeOrNull(2), row.TimeOrNull(3), row.Text(4), row.Text(5), row.Text(6), row.GetInt64(7));
}

/// <summary>A schedule's last run.</summary>
internal sealed record ScheduleRow(string Name, DateTimeOffset? DueAt, DateTimeOffset? StartedAt, DateTimeOffset? FinishedAt, string? Outcome, string? Detail,
    string? Node, long Runs);
