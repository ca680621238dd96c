namespace Larkspur.Gateway.Storage;

/// <summary>Reads what is watched: before the gateway takes work, when another process announces a change, and every few seconds in case an announcement was missed.</summary>
internal sealed partial class CachedTables(IEnumerable<ICachedTable> watched, TimeProvider clock, ILogger<CachedTables> logger)
    : BackgroundService
{
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(5);

    private readonly ICachedTable[] _watched = [.. watched];

    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        foreach (var one in _watched) await one.LookAsync(cancellationToken);
        await base.StartAsync(cancellationToken);
    }

    /// <summary>Looks at all of them; what cannot be read stays as it is known.</summary>
    public async Task LookAsync(CancellationToken cancellation)
    {
        foreach (var one in _watched)
        {
            try
            {
                await one.LookAsync(cancellation);
            }
            catch (StorageUnavailableException e)
            {
                TableUnavailable(one.Name, e.Message);
            }
            catch (Exception e) when (!cancellation.IsCancellationRequested)
            {
                // An exception from here would stop the whole gateway.
                ReadingFailed(one.Name, e);
            }
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var ticks = new PeriodicTimer(LookEvery, clock);
        try
        {
            while (await ticks.WaitForNextTickAsync(stoppingToken)) await LookAsync(stoppingToken);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // Stopping.
        }
    }

    [LoggerMessage(LogLevel.Warning, "The {What} cannot be read now ({Reason}); those that are known stay in force")]
    private partial void TableUnavailable(string what, string reason);
    [LoggerMessage(LogLevel.Error, "The {What} cannot be read; those that are known stay in force")]
    private partial void ReadingFailed(string what, Exception error);
}
