using System.Threading.Channels;
using Larkspur.Gateway.Storage;

namespace Larkspur.Gateway.Webhooks.Attempts;

/// <summary>
/// Writes attempts down, behind the back of deliveries: these neither wait for it nor fail with it. What a full queue cannot take is the
/// oldest's loss, and counted.
/// </summary>
internal sealed partial class AttemptRecorder : BackgroundService
{
    /// <summary>Attempts that wait in memory, each with up to 1,024 characters.</summary>
    internal const int Capacity = 5_000;

    /// <summary>Attempts in one transaction: SQLite's one writer has others to serve as well.</summary>
    private const int Batch = 200;

    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(5);

    private readonly List<WebhookAttempt> _batch = [];
    private readonly Channel<WebhookAttempt> _queue;
    private readonly IDatabase _database;
    private readonly WebhookMetrics _metrics;
    private readonly TimeProvider _clock;
    private readonly ILogger<AttemptRecorder> _logger;

    public AttemptRecorder(IDatabase database, WebhookMetrics metrics, TimeProvider clock, ILogger<AttemptRecorder> logger)
    {
        (_database, _metrics, _clock, _logger) = (database, metrics, clock, logger);
        var options = new BoundedChannelOptions(Capacity) { FullMode = BoundedChannelFullMode.DropOldest, SingleReader = true };
        _queue = Channel.CreateBounded<WebhookAttempt>(options, dropped => metrics.NotRecorded(dropped.Webhook));
    }

    /// <summary>Takes an attempt at once.</summary>
    public void Add(WebhookAttempt attempt) => _queue.Writer.TryWrite(attempt);

    /// <summary>What was sent last is written too.</summary>
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        while (Fill() && !cancellationToken.IsCancellationRequested)
        {
            if (await WriteAsync(cancellationToken)) continue;
            LastAttemptsLost(_batch.Count + _queue.Reader.Count);
            return;
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            while (await _queue.Reader.WaitToReadAsync(stoppingToken))
            {
                while (Fill())
                {
                    if (!await WriteAsync(stoppingToken)) await Task.Delay(Pause, _clock, stoppingToken);
                }
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            return; // StopAsync writes the rest.
        }
    }

    /// <summary>True: there is something to write.</summary>
    private bool Fill()
    {
        while (_batch.Count < Batch && _queue.Reader.TryRead(out var attempt)) _batch.Add(attempt);
        return _batch.Count > 0;
    }

    /// <returns>False: the database is away; the batch is kept.</returns>
    private async Task<bool> WriteAsync(CancellationToken cancellation)
    {
        try
        {
            await _database.TransactAsync(async unit =>
            {
                await AttemptStore.AddAsync(unit, _batch);
                return true;
            }, cancellation);
        }
        catch (Exception e) when (RefusedTransaction.IsAway(e))
        {
            return false;
        }
        catch (Exception e) when (!cancellation.IsCancellationRequested)
        {
            // Tried again it would fail again, and keep those behind it from being written.
            AttemptsNotWritten(_batch.Count, e);
            foreach (var attempt in _batch) _metrics.NotRecorded(attempt.Webhook);
        }

        _batch.Clear();
        return true;
    }

    [LoggerMessage(LogLevel.Error, "{Count} attempts to deliver webhooks are not recorded; the deliveries are not concerned")]
    private partial void AttemptsNotWritten(int count, Exception error);
    [LoggerMessage(LogLevel.Warning, "{Count} attempts to deliver webhooks were not recorded before the end: the database is away")]
    private partial void LastAttemptsLost(int count);
}
