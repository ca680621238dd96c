using Larkspur.Gateway.Apps.Feishu;
using Larkspur.Gateway.Common;
using Larkspur.Gateway.Inbox.Reading;
using Larkspur.Gateway.Ingress.Connections;
using Larkspur.Gateway.Platforms.Feishu.Ingress.LongConnection;
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
            var last = await database.ReadAsync(sql => InboxTable.LastReceivedAsync(sql, PlatformNames.Feishu, app.Name), cancellation);
            var line = connections.All.FirstOrDefault(c => c.App == app.Name);
            list.Add(new ConnectedApp(app.Name, app.Client.Options.AppId, app.KnownBot?.Name, app.KnownBot?.OpenId, app.Mode, line is null ? null : LongConnectionAnswer.Of(line), last));
        }

        return list;
    }
}

/// <summary>An app.</summary>
internal sealed record ConnectedApp(string Name, string AppId, string? Bot, string? BotId, EventMode Mode, LongConnectionAnswer? Connection, DateTimeOffset? LastEventAt)
{
    /// <summary>Where Feishu sends its events.</summary>
    public string WebhookPath => FeishuIntegration.Setup.PathOf(Name);
}
