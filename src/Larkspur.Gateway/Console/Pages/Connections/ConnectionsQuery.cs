using Larkspur.Gateway.Channels.Feishu;
using Larkspur.Gateway.Ingress;
using Larkspur.Gateway.Ingress.Connections;
using Larkspur.Gateway.Ingress.LongConnection;
using Larkspur.Gateway.Storage;

namespace Larkspur.Gateway.Console.Pages.Connections;

/// <summary>The connected apps at one moment.</summary>
internal sealed class ConnectionsQuery(FeishuApps apps, LongConnections connections, IEnumerable<IConnectionSource> others, IDatabase database)
{
    /// <summary>Connections to the other platforms.</summary>
    public IReadOnlyList<PlatformConnection> Others => [.. others.SelectMany(o => o.Connections).OrderBy(c => c.Name, StringComparer.Ordinal)];

    public async Task<IReadOnlyList<ConnectedApp>> ReadAsync(CancellationToken cancellation)
    {
        var list = new List<ConnectedApp>();
        foreach (var app in apps.All)
        {
            // The newest row tells it by the primary key's order; rows of other apps in between are few or it is not worth more.
            var last = await database.ReadAsync(sql => sql.NumberAsync("SELECT MAX(received_at) FROM (SELECT platform, app, received_at FROM inbox ORDER BY id DESC LIMIT 2000) AS newest WHERE app = $1 AND platform = $2",
                app.Name, FeishuInboundEvents.Platform), cancellation);
            var line = connections.All.FirstOrDefault(c => c.App == app.Name);
            list.Add(new ConnectedApp(app.Name, app.Client.Options.AppId, app.KnownBot?.Name, app.KnownBot?.OpenId, app.Mode, line is null ? null : LongConnectionAnswer.Of(line),
                last is { } at ? DateTimeOffset.FromUnixTimeMilliseconds(at) : null));
        }

        return list;
    }
}

/// <summary>An app.</summary>
internal sealed record ConnectedApp(string Name, string AppId, string? Bot, string? BotId, EventMode Mode, LongConnectionAnswer? Connection, DateTimeOffset? LastEventAt)
{
    /// <summary>Where Feishu sends its events.</summary>
    public string WebhookPath => Name == FeishuApps.Default ? "/webhook/feishu" : "/webhook/feishu/" + Name;
}
