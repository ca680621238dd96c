using Larkspur.Gateway.Apps.Connections;
using Larkspur.Gateway.Ingress.Connections;
using Larkspur.Gateway.Redaction;

namespace Larkspur.Gateway.Platforms.DingTalk.Ingress;

/// <summary>
/// The streams of this process, one for each app that has its deliveries that way. Several processes hold one each: the platform gives a
/// delivery to one of them, and any can record it.
/// </summary>
internal sealed class DingTalkStreams(
    DingTalkApps apps, DingTalkIntake intake, IHostApplicationLifetime lifetime, TimeProvider clock, Random random, ILoggerFactory loggers,
    SecretRegistry secrets) : BackgroundService, IConnectionSource
{
    private readonly KeptConnections<DingTalkApp, AppStream> _kept = new(
        apps, app => app.HasStream, app => new AppStream(app, intake, clock, random, loggers, secrets), clock);

    public IReadOnlyList<AppStream> All => _kept.All;

    public IEnumerable<PlatformConnection> Connections => All.Select(s => s.Shown);

    /// <summary>The app's stream, or null: it has none.</summary>
    public AppStream? Of(string app) => All.FirstOrDefault(s => s.App.Name == app);

    public override void Dispose()
    {
        _kept.Dispose();
        base.Dispose();
    }

    protected override Task ExecuteAsync(CancellationToken stoppingToken) => _kept.RunAsync(lifetime, stoppingToken);
}
