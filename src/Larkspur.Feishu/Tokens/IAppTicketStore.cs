using System.Collections.Concurrent;

namespace Larkspur.Feishu;

/// <summary>Store apps: keeps the <c>app_ticket</c> that the platform pushes every hour. Several processes of one app share one store.</summary>
public interface IAppTicketStore
{
    /// <summary>The app's last ticket, or null.</summary>
    ValueTask<string?> GetAsync(string appId, CancellationToken cancellationToken = default);

    /// <summary>Keeps a ticket that came with an <c>app_ticket</c> event. Secret.</summary>
    ValueTask SetAsync(string appId, string ticket, CancellationToken cancellationToken = default);
}

/// <summary>Tickets in memory: enough for one process; after a restart the platform is asked to push again.</summary>
public sealed class InMemoryAppTicketStore : IAppTicketStore
{
    private readonly ConcurrentDictionary<string, string> _tickets = new(StringComparer.Ordinal);

    /// <inheritdoc/>
    public ValueTask<string?> GetAsync(string appId, CancellationToken cancellationToken = default)
        => ValueTask.FromResult(_tickets.GetValueOrDefault(appId));

    /// <inheritdoc/>
    public ValueTask SetAsync(string appId, string ticket, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(ticket);
        _tickets[appId] = ticket;
        return ValueTask.CompletedTask;
    }
}
