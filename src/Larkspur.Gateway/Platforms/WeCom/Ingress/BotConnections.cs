using Larkspur.Gateway.Ingress.Connections;
using Larkspur.Gateway.Redaction;
using Larkspur.Gateway.Storage.Leases;

namespace Larkspur.Gateway.Platforms.WeCom.Ingress;

/// <summary>
/// The bots' long connections. A bot has one over all processes, since each new one ends the one before: who holds the partition of the bot's name has it, and hands it on with the partition.
/// </summary>
internal sealed class BotConnections : BackgroundService, ILeaseHolder, IConnectionSource
{
    private readonly ILeases _leases;
    private readonly IHostApplicationLifetime _lifetime;
    private readonly TimeProvider _clock;
    private readonly BotLine[] _lines;
    private readonly Lock _gate = new();
    private CancellationToken _stopping;
    private bool _started;

    public BotConnections(WeComApps apps, ILeases leases, BotIntake intake, IHostApplicationLifetime lifetime, TimeProvider clock, Random random, SecretRegistry secrets,
        ILogger<BotConnections> logger)
    {
        (_leases, _lifetime, _clock) = (leases, lifetime, clock);
        _lines = [.. apps.All.Where(a => a.Bot is not null).Select(a =>
        {
            a.Bot!.Receive = (delivery, cancellation) => intake.TakeAsync(a, delivery, cancellation);
            return new BotLine(a.Bot, clock, random, secrets, logger);
        })];
    }

    /// <summary>Its lines, also those whose connection another process has.</summary>
    public IReadOnlyList<BotLine> All => _lines;

    public IEnumerable<PlatformConnection> Connections => _lines.Select(l => l.Shown);

    public void Gained(Partitions partitions)
    {
        lock (_gate)
        {
            if (!_started || _stopping.IsCancellationRequested) return;
            foreach (var line in _lines.Where(l => partitions.Contains(l.Bot.Partition))) line.Begin(_stopping);
        }
    }

    public Task LoseAsync(Partitions partitions)
    {
        lock (_gate) return Task.WhenAll(_lines.Where(l => partitions.Contains(l.Bot.Partition)).Select(l => l.EndAsync()));
    }

    public override void Dispose()
    {
        foreach (var line in _lines) line.Dispose();
        base.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (_lines.Length == 0) return;
        // After the warm-up: the first event finds everything ready.
        var started = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using (_lifetime.ApplicationStarted.Register(started.SetResult))
        await using (stoppingToken.Register(() => started.TrySetCanceled(stoppingToken)))
        {
            try
            {
                await started.Task;
            }
            catch (OperationCanceledException)
            {
                return;
            }
        }

        lock (_gate) (_stopping, _started) = (stoppingToken, true);
        _leases.Register(this);
        await Task.Delay(Timeout.InfiniteTimeSpan, _clock, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await LoseAsync(Partitions.All);
    }
}
