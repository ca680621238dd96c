using Larkspur.Gateway.Storage;

namespace Larkspur.Gateway.Channels.WeCom.Answers;

/// <summary>Forgets old answers of bots.</summary>
internal sealed class ReplyKeeper(ReplyStore store, RetentionOptions retention, TimeProvider clock, ILogger<ReplyKeeper> logger) : BackgroundService
{
    private const int Batch = 1000;
    private static readonly TimeSpan Every = TimeSpan.FromMinutes(10);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            await Task.Delay(Every, clock, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            try
            {
                while (!stoppingToken.IsCancellationRequested && await store.PruneAsync(clock.GetUtcNow() - retention.Keep, Batch, stoppingToken) == Batch)
                {
                    // As many again.
                }
            }
            catch (Exception e) when (e is StorageUnavailableException or OperationCanceledException)
            {
                logger.LogDebug("Old answers could not be forgotten ({Reason}); trying again", e.Message);
            }
            catch (Exception e)
            {
                // An exception from here would stop the whole gateway.
                logger.LogError(e, "Old answers could not be forgotten; trying again");
            }
        }
    }
}
