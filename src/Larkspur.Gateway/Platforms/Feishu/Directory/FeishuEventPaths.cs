using Larkspur.Gateway.Apps.Feishu;
using Larkspur.Gateway.Common;
using Larkspur.Gateway.People.Directory.Listening;
using Larkspur.Gateway.Platforms.Feishu.Ingress.LongConnection;

namespace Larkspur.Gateway.Platforms.Feishu.Directory;

/// <inheritdoc cref="IEventPaths"/>
internal sealed class FeishuEventPaths(FeishuApps apps, LongConnections connections) : IEventPaths
{
    /// <summary>The platform repeats after 15 s, 5 min, 1 h and 6 h. Who left need not be told of an hour later.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    public string Platform => PlatformNames.Feishu;

    public IEnumerable<EventPath> Open => apps.All.Where(a => a.Mode == EventMode.Webhook).Select(a => new EventPath(a.Name, Patience))
        .Concat(connections.All.Where(c => c.Status.IsConnected).Select(c => new EventPath(c.App, Patience)
        {
            Since = c.Status.ConnectedAt, HeardAt = c.Status.LastHeardAt ?? c.Status.ConnectedAt,
        }));
}
