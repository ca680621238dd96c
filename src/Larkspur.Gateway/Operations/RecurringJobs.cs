using Larkspur.Gateway.Audit;
using Larkspur.Gateway.Common;
using Larkspur.Gateway.Common.Refusals;
using Larkspur.Gateway.Operations.Endpoints;
using Larkspur.Gateway.Scheduling;

namespace Larkspur.Gateway.Operations;

/// <summary>The recurring jobs as people and programs see them, and one run now.</summary>
internal sealed class RecurringJobs(
    ScheduleRegistry schedules, ScheduleStore store, Scheduler scheduler, Installation settings, AuditTrail audit, TimeProvider clock)
{
    /// <summary>All of them by name, with their last and next runs.</summary>
    public async Task<IReadOnlyList<ScheduleItem>> ListAsync(CancellationToken cancellation)
    {
        var rows = (await store.AllAsync(cancellation)).ToDictionary(r => r.Name);
        var items = new List<ScheduleItem>();
        foreach (var schedule in schedules.All.OrderBy(s => s.Name, StringComparer.Ordinal))
        {
            var row = rows.GetValueOrDefault(schedule.Name);
            items.Add(new ScheduleItem(schedule.Name, schedule.Rule(settings.TimeZone), (long)schedule.Timeout.TotalSeconds,
                await scheduler.NextAsync(schedule.Name, cancellation), row?.Runs ?? 0, LastRun(schedule, row, clock.GetUtcNow())));
        }

        return items;
    }

    /// <summary>Lets one run once, on any process, after a run that is under way.</summary>
    /// <exception cref="RequestRefusedException">There is none of this name, or a run that was asked for has not ended yet.</exception>
    /// <exception cref="Storage.StorageUnavailableException">The database is away, or this process runs no jobs.</exception>
    public async Task RunNowAsync(Actor who, string name, CancellationToken cancellation)
    {
        if (schedules.Find(name) is null) throw new RequestRefusedException(StatusCodes.Status404NotFound, "unknown_schedule");
        // Before it runs, here or elsewhere: who asked is known whatever becomes of the request.
        await audit.AddAsync(who, "schedule.run", name, cancellation: cancellation);
        if (!await scheduler.RunNowAsync(name, cancellation)) throw RequestRefusedException.Conflict("already_asked");
    }

    private static ScheduleRun? LastRun(Schedule schedule, ScheduleRow? row, DateTimeOffset now)
    {
        if (row?.StartedAt is not { } started) return null;
        var outcome = row.Outcome ?? (now - started > schedule.Timeout * 2 ? "lost" : "running");
        return new ScheduleRun(started, row.FinishedAt, outcome, row.Detail, row.Node);
    }
}
