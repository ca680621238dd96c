using Larkspur.Feishu;
using Larkspur.Gateway.Apps.Connections;
using Larkspur.Gateway.Apps.Feishu;
using Larkspur.Gateway.Ingress;
using Larkspur.Gateway.Platforms.Feishu.Ingress.Gaps;
using Larkspur.Gateway.Redaction;

namespace Larkspur.Gateway.Platforms.Feishu.Ingress.LongConnection;

/// <summary>
/// The long connections of this process, one for each app that has its events that way. Several processes hold one each: any of them can
/// record any event.
/// </summary>
internal sealed partial class LongConnections : BackgroundService
{
    private readonly IHostApplicationLifetime _lifetime;
    private readonly KeptConnections<FeishuApp, AppConnection> _kept;

    public LongConnections(FeishuApps apps, EventIntake intake, LongConnectionOptions options, GapTrigger gaps,
        IHostApplicationLifetime lifetime, TimeProvider clock, Random random, ILoggerFactory loggers, SecretRegistry secrets)
    {
        _lifetime = lifetime;
        var log = loggers.CreateLogger<LongConnections>();
        _kept = new KeptConnections<FeishuApp, AppConnection>(apps, app => app.Mode == EventMode.LongConnection, Open, clock);

        AppConnection Open(FeishuApp app)
        {
            if (app.Client.Options.Brand == FeishuBrand.Lark) LarkAppConnects(log, app.Name);
            // What happened while there was no connection may have gone nowhere.
            return new AppConnection(app, intake, options, clock, random, loggers, secrets, gaps.Soon);
        }
    }

    public IReadOnlyList<AppConnection> All => _kept.All;

    /// <summary>An event of this time has not come to an app, although it should have.</summary>
    public void ReportMissed(string app, DateTimeOffset happenedAt)
    {
        foreach (var connection in All.Where(c => c.App == app)) connection.ReportMissed(happenedAt);
    }

    public override void Dispose()
    {
        _kept.Dispose();
        base.Dispose();
    }

    protected override Task ExecuteAsync(CancellationToken stoppingToken) => _kept.RunAsync(_lifetime, stoppingToken);

    [LoggerMessage(LogLevel.Warning, "App {App} is a Lark app: the platform's own clients say that long connections are for Feishu only")]
    private static partial void LarkAppConnects(ILogger logger, string app);
}
