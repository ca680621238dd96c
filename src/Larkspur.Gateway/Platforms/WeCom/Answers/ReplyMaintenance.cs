using Larkspur.Gateway.Operations.Upkeep;
using Larkspur.Gateway.Storage;

namespace Larkspur.Gateway.Platforms.WeCom.Answers;

/// <summary>Forgets old answers of bots, and which response addresses they called.</summary>
internal sealed class ReplyMaintenance(ReplyStore store, ResponseUses uses, RetentionOptions retention, TimeProvider clock, ILogger<ReplyMaintenance> logger) : BackgroundService
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
                await ForgetAsync(store.PruneAsync, stoppingToken);
                await ForgetAsync(uses.PruneAsync, stoppingToken);
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

    private async Task ForgetAsync(Func<DateTimeOffset, int, CancellationToken, Task<int>> prune, CancellationToken stopping)
    {
        while (!stopping.IsCancellationRequested && await prune(clock.GetUtcNow() - retention.Keep, Batch, stopping) == Batch)
        {
            // As many again.
        }
    }
}
