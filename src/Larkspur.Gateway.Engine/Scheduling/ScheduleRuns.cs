using Larkspur.Gateway.Storage;
using Larkspur.Gateway.Storage.Leases;

namespace Larkspur.Gateway.Scheduling;

/// <summary>Runs a job when its time has come: once per occasion, within its time, with its outcome recorded.</summary>
internal sealed partial class ScheduleRuns(ScheduleRegistry book, ScheduleStore store, ScheduleMetrics metrics, ILeases leases,
    IServiceProvider services, TimeProvider clock,
    ILogger<ScheduleRuns> logger)
{
    /// <summary>Schedules that run more often than this say at Information only what is not as usual.</summary>
    private static readonly TimeSpan Often = TimeSpan.FromMinutes(1);

    /// <summary>Serves one occasion; never throws.</summary>
    /// <param name="name">The schedule.</param>
    /// <param name="due">When it was due.</param>
    /// <param name="asked">Somebody asked for this run.</param>
    /// <param name="stopping">The process stops.</param>
    public async Task RunAsync(string name, DateTimeOffset due, bool asked, CancellationToken stopping)
    {
        if (book.Find(name) is not { } schedule)
        {
            ScheduleUnknown(name);
            return;
        }

        var (started, timestamp) = (clock.GetUtcNow(), clock.GetTimestamp());
        if (!await BeginAsync(name, due, started, asked)) return;
        var (outcome, detail) = await RunOnceAsync(schedule, stopping);
        var duration = clock.GetElapsedTime(timestamp);
        metrics.Ran(name, outcome, duration);
        await EndAsync(schedule, started, outcome, detail, duration);
    }

    private async Task<bool> BeginAsync(string name, DateTimeOffset due, DateTimeOffset started, bool asked)
    {
        try
        {
            if (await store.BeginAsync(name, due, started, leases.Node, asked)) return true;
            metrics.Skipped(name);
            AlreadyServed(name, due);
        }
        catch (StorageUnavailableException e)
        {
            metrics.Skipped(name);
            RunPostponed(name, e.Message);
        }

        return false;
    }

    private async Task<(string Outcome, string? Detail)> RunOnceAsync(Schedule schedule, CancellationToken stopping)
    {
        using var timeout = new CancellationTokenSource(schedule.Timeout, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, stopping);
        try
        {
            return ("ok", await ((IScheduledJob)services.GetRequiredService(schedule.Job)).RunAsync(either.Token));
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            return ("stopped", null);
        }
        catch (OperationCanceledException) when (timeout.IsCancellationRequested)
        {
            RunTimedOut(schedule.Name, schedule.Timeout);
            return ("timed_out", $"not through within {schedule.Timeout:c}");
        }
        catch (StorageUnavailableException e)
        {
            RunGaveUp(schedule.Name, e.Message);
            return ("failed", "the database is away");
        }
        catch (Exception e)
        {
            // The exception's text goes to the log only: it may quote what the job was working on.
            RunFailed(schedule.Name, e);
            return ("failed", e.GetType().Name);
        }
    }

    private async Task EndAsync(Schedule schedule, DateTimeOffset started, string outcome, string? detail, TimeSpan duration)
    {
        if (outcome == "ok")
        {
            var level = detail is null || schedule.Every < Often ? LogLevel.Debug : LogLevel.Information;
            RunEnded(level, schedule.Name, duration.TotalMilliseconds, detail ?? "nothing to do");
        }

        try
        {
            await store.EndAsync(schedule.Name, started, leases.Node, clock.GetUtcNow(), outcome, detail);
        }
        catch (StorageUnavailableException e)
        {
            EndNotRecorded(schedule.Name, outcome, e.Message);
        }
    }

    [LoggerMessage(LogLevel.Warning, "Schedule {Schedule} is due and unknown to this program: it was declared by another version")]
    private partial void ScheduleUnknown(string schedule);
    [LoggerMessage(LogLevel.Debug, "Schedule {Schedule}: what was due at {Due} has been served by a run that began later")]
    private partial void AlreadyServed(string schedule, DateTimeOffset due);
    [LoggerMessage(LogLevel.Information, "Schedule {Schedule} does not run now: {Reason}")]
    private partial void RunPostponed(string schedule, string reason);
    [LoggerMessage(LogLevel.Warning, "Schedule {Schedule} was not through within {Timeout}")]
    private partial void RunTimedOut(string schedule, TimeSpan timeout);
    [LoggerMessage(LogLevel.Warning, "Schedule {Schedule} gave up: {Reason}")]
    private partial void RunGaveUp(string schedule, string reason);
    [LoggerMessage(LogLevel.Error, "Schedule {Schedule} failed")] private partial void RunFailed(string schedule, Exception error);
    [LoggerMessage("Schedule {Schedule} ran in {Milliseconds:0} ms: {Detail}")]
    private partial void RunEnded(LogLevel level, string schedule, double milliseconds, string detail);
    [LoggerMessage(LogLevel.Information, "That schedule {Schedule} ended ({Outcome}) could not be recorded: {Reason}")]
    private partial void EndNotRecorded(string schedule, string outcome, string reason);
}
