using System.Collections.Frozen;

namespace Larkspur.Gateway.Inbox.Dispatch;

/// <summary>Event type to handler. A type without one is recorded and acknowledged, and nothing else.</summary>
public sealed class EventRouter
{
    private readonly FrozenDictionary<(string Platform, string Type), EventRoute> _routes;

    internal EventRouter(IEnumerable<EventRoute> routes) => _routes = routes.ToFrozenDictionary(r => (r.Platform, r.Type));

    /// <summary>The route of a type, or null.</summary>
    public EventRoute? Find(string platform, string type) => _routes.GetValueOrDefault((platform, type));
}

/// <summary>One registration.</summary>
public sealed record EventRoute(string Platform, string Type, InboundEventHandler Handler)
{
    /// <summary>The value of <see cref="StaleAfter"/> that leaves it to the setting <c>Larkspur:Dispatch:StaleAfter</c>.</summary>
    public static readonly TimeSpan AsSet = TimeSpan.Zero;

    /// <summary>An event that is handled later than this after it happened is not given to the handler and ends as <c>stale</c>. Null: it is handled at any age.</summary>
    public TimeSpan? StaleAfter { get; init; } = AsSet;

    /// <summary>Whether somebody waits for an answer to this event; asked when it is stale, before its chat is told. Null: nobody does, and nothing is said.</summary>
    /// <remarks>Like a handler it may read from the platform and must not change anything.</remarks>
    public Func<EventContext, CancellationToken, ValueTask<bool>>? AwaitsAnswer { get; init; }
}
