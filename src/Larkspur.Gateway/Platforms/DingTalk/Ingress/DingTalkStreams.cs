using Larkspur.Gateway.Ingress.Connections;
using Larkspur.Gateway.Redaction;

namespace Larkspur.Gateway.Platforms.DingTalk.Ingress;

/// <summary>The streams of this process, one for each app that has its deliveries that way. Several processes hold one each: the platform gives a delivery to one of them, and any can record it.</summary>
internal sealed class DingTalkStreams : BackgroundService, IConnectionSource
{
    private readonly IHostApplicationLifetime _lifetime;
    private readonly AppStream[] _streams;

    public DingTalkStreams(DingTalkApps apps, DingTalkIntake intake, IHostApplicationLifetime lifetime, TimeProvider clock, Random random, ILoggerFactory loggers, SecretRegistry secrets)
    {
        _lifetime = lifetime;
        _streams = [.. apps.All.Where(a => a.HasStream).Select(a => new AppStream(a, intake, clock, random, loggers, secrets))];
    }

    public IReadOnlyList<AppStream> All => _streams;

    public IEnumerable<PlatformConnection> Connections => _streams.Select(s => s.Shown);

    /// <summary>The app's stream, or null: it has none.</summary>
    public AppStream? Of(string app) => Array.Find(_streams, s => s.App == app);

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

        await Task.WhenAll(_streams.Select(s => s.RunAsync(stoppingToken)));
    }
}
