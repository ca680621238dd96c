using Larkspur.Gateway.Storage;

namespace Larkspur.Gateway.Operations;

/// <summary>Finds what should have ended and did not, and says so once per row: rows open for too long, and answers that will not leave.</summary>
/// <remarks>"Once" holds for all processes on the database and over restarts: the row is marked in the transaction that is followed by the log line.</remarks>
internal sealed class Watchdog(IDatabase database, WatchdogOptions options, Overdue overdue, WatchdogMetrics metrics, TimeProvider clock, ILogger<Watchdog> logger) : BackgroundService
{
    /// <summary>Rows reported in one round; the others have their turn a round later.</summary>
    private const int MostInRound = 100;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(options.Interval, clock);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken)) await RoundAsync(stoppingToken);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // Stopping.
        }
    }

    private async Task RoundAsync(CancellationToken stopping)
    {
        try
        {
            var bound = overdue.Bound;
            metrics.Counted(await database.ReadAsync(sql => Overdue.CountAsync(sql, bound), stopping));
            foreach (var found in await database.TransactAsync(unit => MarkEventsAsync(unit, bound), stopping))
            {
                metrics.Found(RowStory.Inbox);
                logger.LogWarning("Inbox row {InboxId} ({What} of app {App}, key {Key}, reference {Reference}) is open since {Since} after {Attempts} failed attempts",
                    found.Id, found.What, found.App, found.Key, found.Reference, found.Since, found.Attempts);
            }

            foreach (var found in await database.TransactAsync(unit => MarkMessagesAsync(unit, bound), stopping))
            {
                metrics.Found(RowStory.Outbox);
                logger.LogWarning("Outbox row {OutboxId} ({What} of app {App} to {Key}, reference {Reference}) has not left since {Since}, {Attempts} attempts, {Reason}",
                    found.Id, found.What, found.App, found.Key, found.Reference, found.Since, found.Attempts, found.Reason ?? "not tried yet");
            }
        }
        catch (StorageUnavailableException e)
        {
            logger.LogInformation("The watchdog cannot look into the database now ({Reason})", e.Message);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            // It watches the others; it must not be the one that falls asleep.
            logger.LogError(e, "The watchdog failed; it looks again in {Interval}", options.Interval);
        }
    }

    private async ValueTask<List<Found>> MarkEventsAsync(IUnitOfWork unit, long bound) => await unit.QueryAsync($"""
        UPDATE inbox SET overdue_at = $2 WHERE overdue_at IS NULL AND status = 0 AND id IN (
          SELECT id FROM inbox WHERE {Overdue.OpenEvent} AND overdue_at IS NULL ORDER BY id LIMIT {MostInRound})
        RETURNING id, event_type, app, ordering_key, reference, COALESCE(replayed_at, received_at), attempts
        """, static row => new Found(row.GetInt64(0), row.GetString(1), row.GetString(2), row.GetString(3), row.GetString(4), row.NearestTimeOrNull(5) ?? default, row.GetInt32(6), null), bound, Now);

    private async ValueTask<List<Found>> MarkMessagesAsync(IUnitOfWork unit, long bound) => await unit.QueryAsync($"""
        UPDATE outbox SET overdue_at = $2 WHERE overdue_at IS NULL AND status IN (0, 2) AND id IN (
          SELECT id FROM (SELECT id FROM outbox WHERE status = 2 AND overdue_at IS NULL UNION SELECT id FROM outbox WHERE {Overdue.OpenMessage} AND overdue_at IS NULL) AS stuck
          ORDER BY id LIMIT {MostInRound})
        RETURNING id, operation, app, lane, reference, created_at, attempts, reason
        """, static row => new Found(row.GetInt64(0), row.GetString(1), row.GetString(2), row.GetString(3), row.GetString(4), row.NearestTimeOrNull(5) ?? default, row.GetInt32(6), row.Text(7)), bound, Now);

    private long Now => clock.GetUtcNow().ToUnixTimeMilliseconds();

    private readonly record struct Found(long Id, string What, string App, string Key, string Reference, DateTimeOffset Since, int Attempts, string? Reason);
}

/// <summary>When something counts as stuck. Section <c>Larkspur:Watchdog</c>.</summary>
public sealed class WatchdogOptions
{
    /// <summary>How long a row may be open. Default 10 min.</summary>
    public TimeSpan OpenFor { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>How often it is looked. Default 1 min.</summary>
    public TimeSpan Interval { get; set; } = TimeSpan.FromMinutes(1);
}
