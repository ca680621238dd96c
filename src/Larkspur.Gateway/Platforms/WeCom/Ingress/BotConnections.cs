using Larkspur.Gateway.Apps.Connections;
using Larkspur.Gateway.Ingress.Connections;
using Larkspur.Gateway.Redaction;
using Larkspur.Gateway.Storage.Leases;

namespace Larkspur.Gateway.Platforms.WeCom.Ingress;

/// <summary>
/// The bots' long connections. A bot has one over all processes, since each new one ends the one before: who holds the partition of the bot's name has it, and hands it on with the partition.
/// </summary>
internal sealed class BotConnections : BackgroundService, ILeaseHolder, IConnectionSource
{
    private readonly WeComApps _apps;
    private readonly ILeases _leases;
    private readonly BotIntake _intake;
    private readonly IHostApplicationLifetime _lifetime;
    private readonly TimeProvider _clock;
    private readonly Random _random;
    private readonly SecretRegistry _secrets;
    private readonly ILogger<BotConnections> _logger;
    private readonly IDisposable _following;
    private readonly Lock _gate = new();

    /// <summary>Lines of bots that are no more, and may still be answering.</summary>
    private readonly List<BotLine> _ended = [];
    private volatile BotLine[] _lines = [];
    private Partitions _held;
    private CancellationToken _stopping;
    private bool _started;

    public BotConnections(WeComApps apps, ILeases leases, BotIntake intake, IHostApplicationLifetime lifetime, TimeProvider clock, Random random, SecretRegistry secrets,
        ILogger<BotConnections> logger)
    {
        (_apps, _leases, _intake, _lifetime, _clock, _random, _secrets, _logger) = (apps, leases, intake, lifetime, clock, random,
            secrets, logger);
        _following = apps.OnChange(Follow);
        Follow();
    }

    /// <summary>Its lines, also those whose connection another process has.</summary>
    public IReadOnlyList<BotLine> All => _lines;

    public IEnumerable<PlatformConnection> Connections => _lines.Select(l => l.Shown);

    public void Gained(Partitions partitions)
    {
        lock (_gate)
        {
            _held = _held.With(partitions);
            foreach (var line in _lines) BeginIfHeld(line);
        }
    }

    public Task LoseAsync(Partitions partitions)
    {
        lock (_gate)
        {
            _held = _held.Without(partitions);
            return Task.WhenAll(_lines.Concat(_ended).Where(l => partitions.Contains(l.Bot.Partition)).Select(l => l.EndAsync()));
        }
    }

    public override void Dispose()
    {
        _following.Dispose();
        foreach (var line in _lines.Concat(_ended)) line.Dispose();
        base.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (!await _lifetime.HasStartedAsync(stoppingToken)) return;
        lock (_gate) (_stopping, _started) = (stoppingToken, true);
        _leases.Register(this);
        await Task.Delay(Timeout.InfiniteTimeSpan, _clock, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await LoseAsync(Partitions.All);
    }

    /// <summary>A bot that came gets a line, one that went loses it, and one whose settings changed gets another, after the old one has
    /// ended: the platform has room for one.</summary>
    private void Follow()
    {
        lock (_gate)
        {
            var wanted = _apps.All.Where(a => a.Bot is not null).ToArray();
            var gone = _lines.Where(l => !wanted.Any(a => ReferenceEquals(a.Bot, l.Bot))).ToArray();
            var ending = Array.ConvertAll(gone, line => line.EndAsync());
            _ended.RemoveAll(line => line.EndAsync().IsCompleted);
            _ended.AddRange(gone);
            _lines = [.. wanted.Select(app => Array.Find(_lines, l => ReferenceEquals(l.Bot, app.Bot)) ?? Open(app, ending))];
        }
    }

    private BotLine Open(WeComApp app, Task[] after)
    {
        app.Bot!.Receive = (delivery, cancellation) => _intake.TakeAsync(app, delivery, cancellation);
        var line = new BotLine(app.Bot, Task.WhenAll(after), _clock, _random, _secrets, _logger);
        BeginIfHeld(line);
        return line;
    }

    private void BeginIfHeld(BotLine line)
    {
        if (_started && !_stopping.IsCancellationRequested && _held.Contains(line.Bot.Partition)) line.Begin(_stopping);
    }
}
