using Larkspur.Gateway.Inbox.Reading;
using Larkspur.Gateway.Outbox.Reading;
using Larkspur.Gateway.Queueing;
using Larkspur.Gateway.Storage;

namespace Larkspur.Gateway.Operations;

/// <summary>Finds what should have ended and did not, and says so once per row: rows open for too long, and answers that will not leave.</summary>
/// <remarks>"Once" holds for all processes on the database and over restarts: the row is marked in the transaction that is followed by the log line.</remarks>
internal sealed partial class Watchdog(IDatabase database, WatchdogOptions options, Overdue overdue, WatchdogMetrics metrics,
    TimeProvider clock, ILogger<Watchdog> logger) : BackgroundService
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
            metrics.Counted(await database.ReadAsync(sql => OverdueCounts.ReadAsync(sql, bound), stopping));
            foreach (var found in await database.TransactAsync(
                unit => OverdueEvents.MarkAsync(unit, bound, clock.GetUtcNow(), MostInRound), stopping))
            {
                metrics.Found(RowHistory.Inbox);
                InboxRowStuck(found.Id, found.Type, found.App, found.Key, found.Reference, found.Since, found.Attempts);
            }

            foreach (var found in await database.TransactAsync(unit => OverdueMessages.MarkAsync(unit, bound, clock.GetUtcNow(), MostInRound), stopping))
            {
                metrics.Found(RowHistory.Outbox);
                OutboxRowStuck(found.Id, found.Operation, found.App, found.Key, found.Reference, found.CreatedAt, found.Attempts,
                    found.Reason ?? "not tried yet");
            }
        }
        catch (StorageUnavailableException e)
        {
            DatabaseUnavailable(e.Message);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            // It watches the others; it must not be the one that falls asleep.
            WatchFailed(options.Interval, e);
        }
    }

    [LoggerMessage(LogLevel.Warning, "Inbox row {InboxId} ({What} of app {App}, key {Key}, reference {Reference}) is open since {Since:u} "
        + "after {Attempts} failed attempts")]
    private partial void InboxRowStuck(
        long inboxId, string what, string app, string key, string reference, DateTimeOffset since, int attempts);
    [LoggerMessage(LogLevel.Warning, "Outbox row {OutboxId} ({What} of app {App} to {Key}, reference {Reference}) has not left since "
        + "{Since:u}, {Attempts} attempts, {Reason}")]
    private partial void OutboxRowStuck(
        long outboxId, string what, string app, string key, string reference, DateTimeOffset since, int attempts, string reason);
    [LoggerMessage(LogLevel.Information, "The watchdog cannot look into the database now ({Reason})")]
    private partial void DatabaseUnavailable(string reason);
    [LoggerMessage(LogLevel.Error, "The watchdog failed; it looks again in {Interval}")]
    private partial void WatchFailed(TimeSpan interval, Exception error);
}
