using Larkspur.Gateway.Storage;

namespace Larkspur.Gateway.Assistant.Turns;

/// <summary>Puts answers down while they are written, so that a crash loses a second of them at most.</summary>
internal sealed partial class TurnMaintenance(
    IDatabase database, TurnStore store, RunningTurns running, TimeProvider clock, ILogger<TurnMaintenance> logger) : BackgroundService
{
    private const int Batch = 100;
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(1);

    protected override Task ExecuteAsync(CancellationToken stoppingToken) => Task.Run(() => RunAsync(stoppingToken), CancellationToken.None);

    /// <summary>After what writes has stopped: what was shown is durable.</summary>
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        await TryAsync("Answers could not be put down", () => CheckpointAsync(cancellationToken));
    }

    private async Task RunAsync(CancellationToken stopping)
    {
        while (!stopping.IsCancellationRequested)
        {
            await TryAsync("Answers could not be put down", () => CheckpointAsync(stopping));
            // A stop is announced; this is for the announcement that was not heard.
            if (running.Count > 0) await TryAsync("Answers that are to stop could not be looked for", () => FindStoppedAsync(stopping));
            await Task.Delay(Every, clock, stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task FindStoppedAsync(CancellationToken cancellation)
    {
        foreach (var id in await store.StoppedAsync(cancellation)) running.Stop(id);
    }

    private async Task CheckpointAsync(CancellationToken cancellation)
    {
        var written = running.All.Select(turn => (Turn: turn, Text: turn.TakeDirty())).Where(w => w.Text is not null).ToArray();
        foreach (var batch in written.Chunk(Batch))
        {
            try
            {
                await database.TransactAsync(async unit =>
                {
                    foreach (var (turn, text) in batch) await unit.ExecuteAsync("UPDATE assistant_turn SET answer = $2 WHERE id = $1 AND state = 0", turn.Id, text);
                }, cancellation);
            }
            catch
            {
                foreach (var (turn, _) in batch) turn.StillDirty();
                throw;
            }
        }
    }

    private async Task TryAsync(string what, Func<Task> work)
    {
        try
        {
            await work();
        }
        catch (OperationCanceledException)
        {
            // Stopping.
        }
        catch (StorageUnavailableException e)
        {
            WorkPostponed(what, e.Message);
        }
        catch (Exception e)
        {
            // One row that cannot be written must not end the keeping of the others.
            WorkFailed(what, e);
        }
    }

    [LoggerMessage(LogLevel.Warning, "{What} ({Reason}); trying again")] private partial void WorkPostponed(string what, string reason);
    [LoggerMessage(LogLevel.Error, "{What}; trying again")] private partial void WorkFailed(string what, Exception error);
}
