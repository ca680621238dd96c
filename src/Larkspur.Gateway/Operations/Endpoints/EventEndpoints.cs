using System.ComponentModel;
using System.Globalization;
using Larkspur.Gateway.Api.Keys;
using Larkspur.Gateway.Api;
using Larkspur.Gateway.Common.Refusals;
using Larkspur.Gateway.Inbox.Reading;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace Larkspur.Gateway.Operations.Endpoints;

/// <summary>Inbound events to be followed.</summary>
internal static class EventEndpoints
{
    public static void MapEvents(this IEndpointRouteBuilder api) => api.MapGet("/events", ReadAsync).WithName("FollowEvents").Needs(ApiScopes.DeliveriesRead, ApiScopes.OthersRead)
        .WithSummary("Inbound events from a place on, the oldest first")
        .WithDescription("Without cursor and since: no events, and the cursor of now. Ask again with the cursor of the answer, at once when more is true, else after a moment. "
            + "The cursor outlives restarts of the gateway; under it no event comes twice. "
            + "On PostgreSQL an event is told once none can come before it any more: at once, unless an earlier one is still being recorded.")
        .Produces<EventPage>().Refuses(400);

    private static async Task<Ok<EventPage>> ReadAsync(
        [AsParameters] EventQuery query, KeyGrant caller, EventFeed feed, CancellationToken cancellation)
    {
        var payload = query.Payload ?? false;
        if (query.Limit < 1 || query.Limit > EventFeed.MostPlain) throw RequestRefusedException.Malformed("bad_limit");
        long after = 0;
        if (query.Cursor is { } cursor && !long.TryParse(cursor, NumberStyles.None, CultureInfo.InvariantCulture, out after))
            throw RequestRefusedException.Malformed("bad_cursor");
        if (query.Cursor is null && query.Since is null)
            return TypedResults.Ok(new EventPage([], (await feed.EndAsync(cancellation)).ToString(CultureInfo.InvariantCulture), false));
        var limit = Math.Min(query.Limit ?? 50, payload ? EventFeed.MostWithPayload : EventFeed.MostPlain);
        return TypedResults.Ok(await feed.ReadAsync(after, new EventFilter(ListQuery.NullIfEmpty(query.App), ListQuery.NullIfEmpty(query.Type), query.Since, payload, limit) { Apps = caller.Reach?.Apps }, cancellation));
    }
}

/// <summary>What is followed, as it stands in the address.</summary>
internal readonly record struct EventQuery
{
    [Description("Where to begin: the cursor of the answer before")]
    [FromQuery(Name = "cursor")]
    public string? Cursor { get; init; }

    [Description("Only events that arrived at this time or later, ISO 8601; without an offset it is UTC")]
    [FromQuery(Name = "since")]
    public DateTimeOffset? Since { get; init; }

    [Description("Only events of this type, like im.message.receive_v1")]
    [FromQuery(Name = "type")]
    public string? Type { get; init; }

    [Description("Only events of this app")]
    [FromQuery(Name = "app")]
    public string? App { get; init; }

    [Description("Events on a page, 1 to 200; default 50; with payload 20 at most")]
    [FromQuery(Name = "limit")]
    public int? Limit { get; init; }

    [Description("True: with the event as it came, which holds what people wrote")]
    [FromQuery(Name = "payload")]
    public bool? Payload { get; init; }
}
