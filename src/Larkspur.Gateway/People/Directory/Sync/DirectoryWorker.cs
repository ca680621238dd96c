using Larkspur.Gateway.Queueing;
using Larkspur.Gateway.Storage.Leases;

namespace Larkspur.Gateway.People.Directory.Sync;

/// <summary>Does the runs and looks at what events named, beside each other: a run of an hour keeps nobody waiting who has just
/// left. A run of which an exception comes is taken again when its lease is over.</summary>
internal sealed class DirectoryWorker(RunStore runs, DirectorySync sync, HintWork hints, DirectorySignal signal, ILeases leases,
    TimeProvider clock, ILogger<DirectoryWorker> logger) : BackgroundService
{
    /// <summary>The jobs do not live as long as the look at the database: nobody waits for the first.</summary>
    protected override Task ExecuteAsync(CancellationToken stoppingToken) => Task.WhenAll(
        Task.Run(() => LoopAsync("Runs of the directory", NextRunAsync, stoppingToken), CancellationToken.None),
        Task.Run(() => LoopAsync("Changes of the directory", hints.NextAsync, stoppingToken), CancellationToken.None));

    private Task LoopAsync(string what, Func<CancellationToken, Task<bool>> work, CancellationToken stopping) =>
        new WorkLoop(what, signal, leases, clock, logger).RunAsync(work, stopping);

    private async Task<bool> NextRunAsync(CancellationToken stopping)
    {
        if (!await runs.IsAnyDueAsync(stopping) || await runs.TakeAsync(stopping) is not { } run) return false;
        await sync.RunAsync(run, stopping);
        return true;
    }
}
