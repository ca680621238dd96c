using System.Collections.Frozen;

namespace Larkspur.Gateway.Dispatch;

/// <summary>Event type to handler. A type without one is recorded and acknowledged, and nothing else.</summary>
public sealed class EventRouter
{
    private readonly FrozenDictionary<(string Platform, string Type), EventHandler> _handlers;

    internal EventRouter(IEnumerable<EventRoute> routes) => _handlers = routes.ToFrozenDictionary(r => (r.Platform, r.Type), r => r.Handler);

    /// <summary>The handler of a type, or null.</summary>
    public EventHandler? Find(string platform, string type) => _handlers.GetValueOrDefault((platform, type));
}

/// <summary>One registration.</summary>
public sealed record EventRoute(string Platform, string Type, EventHandler Handler);
