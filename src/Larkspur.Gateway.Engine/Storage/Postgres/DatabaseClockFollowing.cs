namespace Larkspur.Gateway.Storage.Postgres;

/// <summary>Looks at the database's clock now and then: counters drift, machines pause, and another server may take over.</summary>
internal sealed partial class DatabaseClockFollowing(DatabaseClock clock, PostgresDatabase database, ILogger<DatabaseClockFollowing> logger)
    : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(10);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var ticks = new PeriodicTimer(Interval, clock);
        try
        {
            while (await ticks.WaitForNextTickAsync(stoppingToken)) await LookAsync(stoppingToken);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // Stopping.
        }
    }

    private async Task LookAsync(CancellationToken cancellation)
    {
        try
        {
            await clock.LookAsync(database.Apart, cancellation);
        }
        catch (StorageUnavailableException e)
        {
            TimeNotAsked(Interval, e);
        }
    }

    [LoggerMessage(LogLevel.Debug, "The database was not asked for its time; the next look follows in {Interval}")]
    private partial void TimeNotAsked(TimeSpan interval, Exception error);
}
