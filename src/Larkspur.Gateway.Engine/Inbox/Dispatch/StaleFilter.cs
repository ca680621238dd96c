using Larkspur.Gateway.Queueing;
using Larkspur.Gateway.Storage;

namespace Larkspur.Gateway.Inbox.Dispatch;

/// <summary>Keeps the bot from answering yesterday's flood after an outage: what is too old ends without an answer, and its chat is told so once.</summary>
/// <remarks>
/// "Once" is a row per chat with the time of the telling: whatever happened before that time is covered by what was said, whenever the platform pushes it
/// again; something written later and handled too late is another outage. A replay is an operator's wish and never too late.
/// </remarks>
internal sealed class StaleFilter(DispatchOptions options, IFailureMessages failureMessages, TimeProvider clock)
{
    public bool Takes(EventRoute route, InboundEvent inbound, int replayCount) =>
        replayCount == 0 && BoundOf(route) is { } bound && clock.GetUtcNow() - inbound.HappenedAt > bound;

    /// <summary>In place of the handler's reaction.</summary>
    public async ValueTask<Reaction> ReactAsync(EventRoute route, EventContext context, CancellationToken cancellation)
    {
        var inbound = context.Event;
        var awaited = inbound.ChatId is not null && route.AwaitsAnswer is { } awaits && await awaits(context, cancellation);
        return new Reaction(async effects =>
        {
            if (awaited && failureMessages.WasAway(inbound) is { } message && await IsFirstAsync(effects.Unit, inbound, effects.Now)) effects.Send(message);
            return Outcome.Stale;
        });
    }

    private TimeSpan? BoundOf(EventRoute route)
    {
        var bound = route.StaleAfter == EventRoute.AsSet ? options.StaleAfter : route.StaleAfter;
        return bound > TimeSpan.Zero ? bound : null;
    }

    private static async ValueTask<bool> IsFirstAsync(IUnitOfWork unit, InboundEvent inbound, DateTimeOffset now) => await unit.ExecuteAsync("""
        INSERT INTO stale_reply (app, chat_id, told_at) VALUES ($1, $2, $3)
        ON CONFLICT (app, chat_id) DO UPDATE SET told_at = excluded.told_at WHERE stale_reply.told_at < $4
        """, inbound.App, inbound.ChatId, now.ToUnixTimeMilliseconds(), inbound.HappenedAt.ToUnixTimeMilliseconds()) == 1;
}
