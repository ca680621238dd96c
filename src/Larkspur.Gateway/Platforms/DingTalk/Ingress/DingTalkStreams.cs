using Larkspur.Gateway.Ingress.Connections;
using Larkspur.Gateway.Redaction;

namespace Larkspur.Gateway.Platforms.DingTalk.Ingress;

/// <summary>The streams of this process, one for each app that has its deliveries that way. Several processes hold one each: the platform gives a delivery to one of them, and any can record it.</summary>
internal sealed class DingTalkStreams : BackgroundService, IConnectionSource
{
    private readonly DingTalkApps _apps;
    private readonly DingTalkIntake _intake;
    private readonly IHostApplicationLifetime _lifetime;
    private readonly TimeProvider _clock;
    private readonly Random _random;
    private readonly ILoggerFactory _loggers;
    private readonly SecretRegistry _secrets;
    private readonly IDisposable _following;
    private readonly Lock _gate = new();
    private readonly List<Task> _running = [];
    private volatile AppStream[] _streams = [];
    private CancellationToken _stopping;
    private bool _started;

    public DingTalkStreams(DingTalkApps apps, DingTalkIntake intake, IHostApplicationLifetime lifetime, TimeProvider clock, Random random, ILoggerFactory loggers, SecretRegistry secrets)
    {
        (_apps, _intake, _lifetime, _clock, _random, _loggers, _secrets) = (apps, intake, lifetime, clock, random, loggers, secrets);
        _following = apps.OnChange(Follow);
        Follow();
    }

    public IReadOnlyList<AppStream> All => _streams;

    public IEnumerable<PlatformConnection> Connections => _streams.Select(s => s.Shown);

    /// <summary>The app's stream, or null: it has none.</summary>
    public AppStream? Of(string app) => Array.Find(_streams, s => s.App.Name == app);

    public override void Dispose()
    {
        _following.Dispose();
        foreach (var stream in _streams) stream.Dispose();
        base.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // After the warm-up: the first delivery finds everything ready.
        var started = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using (_lifetime.ApplicationStarted.Register(() => started.TrySetResult()))
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
            foreach (var stream in _streams) Run(stream);
        }

        await Task.Delay(Timeout.InfiniteTimeSpan, _clock, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        Task[] running;
        lock (_gate) running = [.. _running];
        await Task.WhenAll(running);
    }

    /// <summary>An app that came gets a stream, one that went loses it, and one whose settings changed gets another.</summary>
    private void Follow()
    {
        lock (_gate)
        {
            var wanted = _apps.All.Where(a => a.HasStream).ToArray();
            foreach (var stream in _streams.Where(s => !wanted.Contains(s.App))) stream.Stop();
            _streams = [.. wanted.Select(app => Array.Find(_streams, s => ReferenceEquals(s.App, app)) ?? Open(app))];
        }
    }

    private AppStream Open(DingTalkApp app)
    {
        var stream = new AppStream(app, _intake, _clock, _random, _loggers, _secrets);
        if (_started) Run(stream);
        return stream;
    }

    private void Run(AppStream stream)
    {
        if (_stopping.IsCancellationRequested) return;
        _running.RemoveAll(t => t.IsCompleted);
        _running.Add(Task.Run(() => stream.RunAsync(_stopping), CancellationToken.None));
    }
}
