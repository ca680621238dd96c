using Larkspur.Gateway.Scheduling;
using Larkspur.Gateway.Storage;

namespace Larkspur.Gateway.Platforms.Feishu.Ingress.Gaps;

/// <summary>Lets history be compared soon: after the start, and after a long connection was made anew. Several occasions in a short time are one.</summary>
/// <remarks>The comparison itself is a schedule's: it runs on one process of those that share a database.</remarks>
internal sealed partial class GapTrigger(Scheduler scheduler, GapOptions options, IHostApplicationLifetime lifetime, TimeProvider clock,
    ILogger<GapTrigger> logger) : BackgroundService
{
    /// <summary>The schedule's name.</summary>
    public const string Schedule = "gap-filling";

    private static readonly TimeSpan RetryPause = TimeSpan.FromSeconds(5);
    private const int MostRetries = 60;

    private readonly SemaphoreSlim _wanted = new(0, 1);
    private int _asked;

    /// <summary>There was an occasion.</summary>
    public void Soon()
    {
        if (options.Enabled && Interlocked.Exchange(ref _asked, 1) == 0) _wanted.Release();
    }

    public override void Dispose()
    {
        _wanted.Dispose();
        base.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (!options.Enabled) return;
        long? last = null;
        await using var started = lifetime.ApplicationStarted.Register(Soon);
        try
        {
            while (true)
            {
                await _wanted.WaitAsync(stoppingToken);
                // What was written a moment before may still come by itself, and what was written before the occasion shall be old enough to be looked at.
                var wait = options.Settle + TimeSpan.FromSeconds(1);
                if (last is { } at && options.Pause - clock.GetElapsedTime(at) is var pause && pause > wait) wait = pause;
                await Task.Delay(wait, clock, stoppingToken);
                Volatile.Write(ref _asked, 0);
                last = clock.GetTimestamp();
                await AskAsync(stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // Stopping.
        }
    }

    private async Task AskAsync(CancellationToken stopping)
    {
        for (var retry = 0; retry < MostRetries; retry++)
        {
            try
            {
                await scheduler.RunNowAsync(Schedule, stopping);
                return;
            }
            catch (StorageUnavailableException e)
            {
                ComparisonPostponed(e.Message);
            }
            catch (Exception e) when (!stopping.IsCancellationRequested)
            {
                // An exception from here would stop the whole gateway.
                TriggerFailed(e);
            }

            await Task.Delay(RetryPause, clock, stopping);
        }

        NoSchedulesHere();
    }

    [LoggerMessage(LogLevel.Debug, "History is compared later ({Reason})")] private partial void ComparisonPostponed(string reason);
    [LoggerMessage(LogLevel.Warning, "History is compared later")] private partial void TriggerFailed(Exception error);
    [LoggerMessage(LogLevel.Information,
        "The schedules do not run here; history is compared when another process, or their own time, brings it")]
    private partial void NoSchedulesHere();
}
