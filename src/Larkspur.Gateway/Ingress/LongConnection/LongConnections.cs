using Larkspur.Feishu;
using Larkspur.Feishu.LongConnection;
using Larkspur.Gateway.Channels.Feishu;
using Larkspur.Gateway.Ingress.Gaps;

namespace Larkspur.Gateway.Ingress.LongConnection;

/// <summary>The long connections of this process, one for each app that has its events that way. Several processes hold one each: any of them can record any event.</summary>
internal sealed class LongConnections : BackgroundService
{
    private readonly GapTrigger _gaps;
    private readonly IHostApplicationLifetime _lifetime;
    private readonly AppConnection[] _connections;

    public LongConnections(FeishuApps apps, EventIntake intake, LongConnectionOptions options, GapTrigger gaps, IHostApplicationLifetime lifetime, TimeProvider clock, Random random,
        ILoggerFactory loggers)
    {
        (_gaps, _lifetime) = (gaps, lifetime);
        _connections = [.. apps.All.Where(a => a.Mode == EventMode.LongConnection).Select(a => new AppConnection(a, intake, options, clock, random, loggers, Connected))];
        foreach (var app in apps.All.Where(a => a.Mode == EventMode.LongConnection && a.Client.Options.Brand == FeishuBrand.Lark))
            loggers.CreateLogger<LongConnections>().LogWarning("App {App} is a Lark app: the platform's own clients say that long connections are for Feishu only", app.Name);
    }

    public IReadOnlyList<AppConnection> All => _connections;

    /// <summary>An event of this time has not come to an app, although it should have.</summary>
    public void ReportMissed(string app, DateTimeOffset happenedAt)
    {
        foreach (var connection in _connections)
        {
            if (connection.App == app) connection.ReportMissed(happenedAt);
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (_connections.Length == 0) return;
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

        await Task.WhenAll(_connections.Select(c => c.RunAsync(stoppingToken)));
    }

    /// <summary>What happened while there was no connection may have gone nowhere.</summary>
    private void Connected(AppConnection connection) => _gaps.Soon();
}
