using Larkspur.Gateway.Common;
using Larkspur.Gateway.Storage;

namespace Larkspur.Gateway.Scheduling;

/// <summary>Starts the schedules once the gateway is ready, again and again until the database lets it, and stops them within seconds.</summary>
internal sealed partial class Scheduler(QuartzEngineFactory engines, ScheduleRegistry book, ScheduleStore store, Installation settings,
    ScheduleOptions options,
    IHostApplicationLifetime lifetime, TimeProvider clock, ILogger<Scheduler> logger) : IHostedService, IDisposable
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(30);

    /// <summary>Running jobs get this long to end when the process stops; what they hold in the database is then taken over.</summary>
    private static readonly TimeSpan StopPatience = TimeSpan.FromSeconds(3);

    private readonly CancellationTokenSource _stop = new();
    private CancellationTokenRegistration _started;
    private Task _opening = Task.CompletedTask;
    private volatile QuartzEngine? _engine;
    private int _stopped;

    /// <summary>True once jobs run.</summary>
    public bool IsOpen => _engine is not null;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        // Nothing of it may delay the first event.
        if (options.Enabled && book.All.Count > 0) _started = lifetime.ApplicationStarted.Register(() => _opening = Task.Run(OpenAsync, CancellationToken.None));
        return Task.CompletedTask;
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        if (Interlocked.Exchange(ref _stopped, 1) == 1) return;
        await _started.DisposeAsync();
        await _stop.CancelAsync();
        try
        {
            await CloseAsync().WaitAsync(StopPatience, clock, cancellationToken);
        }
        catch (TimeoutException)
        {
            JobsOutstayedPatience(StopPatience);
        }
        catch (OperationCanceledException)
        {
            JobsOutstayedHost();
        }
    }

    public void Dispose() => _stop.Dispose();

    /// <summary>When a schedule runs next; null while nothing runs.</summary>
    /// <exception cref="StorageUnavailableException">The database is away.</exception>
    public Task<DateTimeOffset?> NextAsync(string name, CancellationToken cancellation) =>
        _engine is { } engine ? AskAsync(() => engine.NextAsync(name, cancellation)) : Task.FromResult<DateTimeOffset?>(null);

    /// <summary>Lets a schedule run once, now or after the run that is under way, on whichever process takes it.</summary>
    /// <returns>False when a run that was asked for is waiting or under way.</returns>
    /// <exception cref="StorageUnavailableException">The database is away, or this process runs no schedules (yet).</exception>
    public Task<bool> RunNowAsync(string name, CancellationToken cancellation) =>
        _engine is { } engine ? AskAsync(() => engine.RunNowAsync(name, cancellation)) : throw new StorageUnavailableException("The schedules do not run (yet).");

    private static async Task<T> AskAsync<T>(Func<Task<T>> question)
    {
        try
        {
            return await question();
        }
        catch (Quartz.SchedulerException e) when (QuartzLogs.IsUnavailable(e))
        {
            throw new StorageUnavailableException("The schedules cannot be reached: the database is away.", e);
        }
    }

    private async Task OpenAsync()
    {
        for (var pause = FirstPause; ; pause = pause * 2 < LongestPause ? pause * 2 : LongestPause)
        {
            try
            {
                _engine = await TryOpenAsync();
                return;
            }
            catch (OperationCanceledException) when (_stop.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e) when (QuartzLogs.IsUnavailable(e))
            {
                StartPostponed(e.GetBaseException().Message, pause);
            }
            catch (Exception e)
            {
                StartFailed(pause, e);
            }

            try
            {
                await Task.Delay(pause, clock, _stop.Token);
            }
            catch (OperationCanceledException)
            {
                return;
            }
        }
    }

    private async Task<QuartzEngine> TryOpenAsync()
    {
        var begun = clock.GetTimestamp();
        var stopping = _stop.Token;
        var rows = (await store.DeclareAsync(book.All.Select(s => s.Name), stopping)).ToDictionary(r => r.Name);
        var engine = await engines.CreateAsync(stopping);
        try
        {
            var soon = clock.GetUtcNow() + options.Settle;
            foreach (var schedule in book.All)
            {
                var earliest = schedule.Every < options.Settle ? clock.GetUtcNow() + schedule.Every.Value : soon;
                var due = schedule.FirstDue(rows[schedule.Name].StartedAt, earliest, settings.TimeZone);
                await engine.DeclareAsync(schedule, due, overdue: due == earliest, settings.TimeZone, stopping);
            }

            foreach (var name in rows.Keys.Where(name => book.Find(name) is null))
            {
                ScheduleForgotten(name);
                await engine.ForgetAsync(name, stopping);
                await store.ForgetAsync(name, stopping);
            }

            await engine.StartAsync(stopping);
            SchedulesRun(book.All.Count, clock.GetElapsedTime(begun).TotalMilliseconds);
            return engine;
        }
        catch
        {
            await engine.DisposeAsync();
            throw;
        }
    }

    private async Task CloseAsync()
    {
        await _opening;
        if (_engine is not { } engine) return;
        _engine = null;
        try
        {
            await engine.StopAsync();
        }
        catch (Quartz.SchedulerException e)
        {
            NotSignedOff(e.GetBaseException().Message);
        }

        await engine.DisposeAsync();
    }

    [LoggerMessage(LogLevel.Warning, "Recurring jobs did not end within {Patience}; the process stops without them")]
    private partial void JobsOutstayedPatience(TimeSpan patience);
    [LoggerMessage(LogLevel.Warning, "Recurring jobs did not end before the host's patience did; the process stops without them")]
    private partial void JobsOutstayedHost();
    [LoggerMessage(LogLevel.Warning, "The schedules cannot start ({Reason}); next try in {Pause}")]
    private partial void StartPostponed(string reason, TimeSpan pause);
    [LoggerMessage(LogLevel.Error, "The schedules cannot start; next try in {Pause}")]
    private partial void StartFailed(TimeSpan pause, Exception error);
    [LoggerMessage(LogLevel.Information, "Schedule {Schedule} is declared no more and forgotten")]
    private partial void ScheduleForgotten(string schedule);
    [LoggerMessage(LogLevel.Information, "{Count} schedules run, opened in {Milliseconds:0} ms")]
    private partial void SchedulesRun(int count, double milliseconds);
    [LoggerMessage(LogLevel.Information, "The schedules could not be signed off ({Reason}); the other processes find out by themselves")]
    private partial void NotSignedOff(string reason);
}

/// <summary>Recurring jobs. Section <c>Larkspur:Schedules</c>.</summary>
public sealed class ScheduleOptions : ISectionOptions
{
    static string ISectionOptions.Section => "Larkspur:Schedules";

    /// <summary>False: this process runs none. Default true.</summary>
    public bool Enabled { get; set; } = true;

    /// <summary>A new or overdue job waits this long after the start, so that it does not meet the first events. Default 15 s.</summary>
    public TimeSpan Settle { get; set; } = TimeSpan.FromSeconds(15);
}
