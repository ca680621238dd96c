using Larkspur.Gateway.Storage;
using Larkspur.Gateway.Storage.Leases;

namespace Larkspur.Gateway.People.Directory.Sync;

/// <summary>Does the runs and looks at what events named, beside each other: a run of an hour keeps nobody waiting who has just
/// left.</summary>
internal sealed partial class DirectoryWorker(RunStore runs, DirectorySync sync, HintWork hints, DirectorySignal signal, ILeases leases,
    TimeProvider clock, ILogger<DirectoryWorker> logger) : BackgroundService
{
    /// <summary>What another process was asked for is found this soon.</summary>
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(5);

    /// <summary>The jobs do not live as long as the look at the database: nobody waits for the first.</summary>
    protected override Task ExecuteAsync(CancellationToken stoppingToken) => Task.WhenAll(
        Task.Run(() => LoopAsync("runs", NextRunAsync, stoppingToken), CancellationToken.None),
        Task.Run(() => LoopAsync("changes", hints.NextAsync, stoppingToken), CancellationToken.None));

    private async Task<bool> NextRunAsync(CancellationToken stopping)
    {
        if (!await runs.IsAnyDueAsync(stopping) || await runs.TakeAsync(stopping) is not { } run) return false;
        await sync.RunAsync(run, stopping);
        return true;
    }

    /// <param name="what">For the log.</param>
    /// <param name="work">Does one piece; false: there was none.</param>
    /// <param name="stopping">The process stops.</param>
    private async Task LoopAsync(string what, Func<CancellationToken, Task<bool>> work, CancellationToken stopping)
    {
        while (!stopping.IsCancellationRequested)
        {
            var woken = signal.Next;
            try
            {
                if (leases.Problem is null && await work(stopping)) continue;
            }
            catch (OperationCanceledException) when (stopping.IsCancellationRequested)
            {
                return;
            }
            catch (StorageUnavailableException e)
            {
                WorkPostponed(what, e.Message);
            }
            catch (Exception e)
            {
                // An exception from here would stop the whole gateway; a run of which one comes is taken again when its lease is over.
                WorkFailed(what, e);
            }

            await Task.WhenAny(woken, Task.Delay(LookEvery, clock, stopping));
        }
    }

    [LoggerMessage(LogLevel.Warning, "The directory's {What} wait: {Reason}")] private partial void WorkPostponed(string what,
        string reason);
    [LoggerMessage(LogLevel.Error, "The directory's {What} failed; trying again")] private partial void WorkFailed(string what,
        Exception error);
}
