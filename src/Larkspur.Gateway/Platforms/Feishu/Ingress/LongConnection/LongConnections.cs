using Larkspur.Feishu;
using Larkspur.Gateway.Apps.Feishu;
using Larkspur.Gateway.Ingress;
using Larkspur.Gateway.Platforms.Feishu.Ingress.Gaps;
using Larkspur.Gateway.Redaction;

namespace Larkspur.Gateway.Platforms.Feishu.Ingress.LongConnection;

/// <summary>
/// The long connections of this process, one for each app that has its events that way, for as long as it has. Several processes hold one each: any of them can record any event.
/// </summary>
internal sealed partial class LongConnections : BackgroundService
{
    private readonly FeishuApps _apps;
    private readonly EventIntake _intake;
    private readonly LongConnectionOptions _options;
    private readonly GapTrigger _gaps;
    private readonly IHostApplicationLifetime _lifetime;
    private readonly TimeProvider _clock;
    private readonly Random _random;
    private readonly ILoggerFactory _loggers;
    private readonly SecretRegistry _secrets;
    private readonly Lock _gate = new();
    private readonly List<Task> _running = [];
    private readonly IDisposable _following;
    private volatile Line[] _lines = [];
    private CancellationToken _stopping;
    private bool _started;

    public LongConnections(FeishuApps apps, EventIntake intake, LongConnectionOptions options, GapTrigger gaps, IHostApplicationLifetime lifetime, TimeProvider clock, Random random,
        ILoggerFactory loggers, SecretRegistry secrets)
    {
        (_apps, _intake, _options, _gaps, _lifetime, _clock, _random, _loggers, _secrets) = (apps, intake, options, gaps, lifetime, clock, random, loggers, secrets);
        _following = apps.OnChange(Follow);
        Follow();
    }

    public IReadOnlyList<AppConnection> All => Array.ConvertAll(_lines, l => l.Connection);

    /// <summary>An event of this time has not come to an app, although it should have.</summary>
    public void ReportMissed(string app, DateTimeOffset happenedAt)
    {
        foreach (var line in _lines)
        {
            if (line.Connection.App == app) line.Connection.ReportMissed(happenedAt);
        }
    }

    public override void Dispose()
    {
        _following.Dispose();
        foreach (var line in _lines) line.Dispose();
        base.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
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

        lock (_gate)
        {
            (_stopping, _started) = (stoppingToken, true);
            foreach (var line in _lines) Run(line);
        }

        await Task.Delay(Timeout.InfiniteTimeSpan, _clock, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        Task[] running;
        lock (_gate) running = [.. _running];
        await Task.WhenAll(running);
    }

    /// <summary>An app that came gets a connection, one that went loses it, and one whose settings changed gets another.</summary>
    private void Follow()
    {
        lock (_gate)
        {
            var wanted = _apps.All.Where(a => a.Mode == EventMode.LongConnection).ToArray();
            foreach (var line in _lines.Where(l => !wanted.Contains(l.App))) line.Stop();
            _lines = [.. wanted.Select(app => Array.Find(_lines, l => ReferenceEquals(l.App, app)) ?? Open(app))];
        }
    }

    private Line Open(FeishuApp app)
    {
        if (app.Client.Options.Brand == FeishuBrand.Lark)
            LarkAppConnects(_loggers.CreateLogger<LongConnections>(), app.Name);
        var line = new Line(app, new AppConnection(app, _intake, _options, _clock, _random, _loggers, _secrets, Connected));
        if (_started) Run(line);
        return line;
    }

    private void Run(Line line)
    {
        if (_stopping.IsCancellationRequested) return;
        _running.RemoveAll(t => t.IsCompleted);
        _running.Add(Task.Run(() => line.RunAsync(_stopping), CancellationToken.None));
    }

    /// <summary>What happened while there was no connection may have gone nowhere.</summary>
    private void Connected(AppConnection connection) => _gaps.Soon();

    /// <summary>An app's connection and its end.</summary>
    private sealed class Line(FeishuApp app, AppConnection connection) : IDisposable
    {
        private readonly CancellationTokenSource _stop = new();

        public FeishuApp App { get; } = app;

        public AppConnection Connection { get; } = connection;

        public async Task RunAsync(CancellationToken stopping)
        {
            using var both = CancellationTokenSource.CreateLinkedTokenSource(_stop.Token, stopping);
            await Connection.RunAsync(both.Token);
        }

        /// <summary>Not on the caller's thread: what ends with it is nothing to wait for.</summary>
        public void Stop() => _ = _stop.CancelAsync();

        public void Dispose() => _stop.Dispose();
    }

    [LoggerMessage(LogLevel.Warning, "App {App} is a Lark app: the platform's own clients say that long connections are for Feishu only")]
    private static partial void LarkAppConnects(ILogger logger, string app);
}
