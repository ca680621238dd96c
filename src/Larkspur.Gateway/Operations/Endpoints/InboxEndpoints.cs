using System.ComponentModel;
using System.Text.Json.Serialization;
using Larkspur.Gateway.Api.Keys;
using Larkspur.Gateway.Api;
using Larkspur.Gateway.Common.Refusals;
using Larkspur.Gateway.Inbox.Reading;
using Larkspur.Gateway.Inbox;
using Larkspur.Gateway.Queueing;
using Larkspur.Gateway.Storage.Lists;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Larkspur.Gateway.Operations.Endpoints;

/// <summary>What became of events, and what can be done about those that did not end well.</summary>
internal static class InboxEndpoints
{
    public static void MapInbox(this IEndpointRouteBuilder api)
    {
        api.MapGet("/inbox", FindOrListAsync).WithName("ListInbox").Needs(ApiScopes.DeliveriesRead, ApiScopes.OthersRead).WithSummary("Inbound events: one by its event id, or a list")
            .WithDescription("With event_id: what became of that event, in all apps; processed says how often its effect was committed. Without: rows by filter, the newest first; then there are items and next only.")
            .Produces<InboxAnswer>().Refuses(400);
        api.MapGet("/inbox/{id:long}", ShowAsync).WithName("ShowInboxRow").Needs(ApiScopes.DeliveriesRead, ApiScopes.OthersRead).WithSummary("Everything about an inbox row")
            .WithDescription("Failed attempts, what operators did, the messages it caused; the event itself only with payload=true.")
            .Produces<InboxDetails>().Refuses(400, 404);
        api.MapPost("/inbox/{id:long}/replay", ReplayAsync).WithName("ReplayInboxRow").Needs(ApiScopes.DeliveriesWrite, ApiScopes.OthersWrite).WithSummary("Handle a dead, stale or discarded event again")
            .Produces<InboxItem>().Refuses(404, 409);
        api.MapPost("/inbox/{id:long}/discard", DiscardAsync).WithName("DiscardInboxRow").Needs(ApiScopes.DeliveriesWrite, ApiScopes.OthersWrite).WithSummary("End an open or dead event without its effect")
            .Produces<InboxItem>().Refuses(404, 409);
        api.MapPost("/inbox/replay", ReplayManyAsync).WithName("ReplayInbox").Needs(ApiScopes.DeliveriesWrite, ApiScopes.OthersWrite).WithSummary("Handle the dead letters that a filter selects again, the oldest first")
            .Produces<ReplayAnswer>().Refuses(400);
    }

    private static async Task<IResult> FindOrListAsync([AsParameters] ListQuery query,
        [Description("The platform's event id, as in header.event_id; no other filter counts then")] string? event_id,
        [Description("Only events of this type")] string? event_type, KeyGrant caller, IInboxStore inbox, InboxQueries queries, CancellationToken cancellation)
    {
        if (event_id == "") throw RequestRefusedException.Malformed("event_id_missing");
        if (event_id is not null)
        {
            var items = (await inbox.FindAsync(event_id, cancellation)).Where(i => caller.MayUse(i.App)).ToArray();
            return TypedResults.Ok(new InboxAnswer(event_id, items.Sum(i => i.Effects), items, null));
        }

        var (filter, problem) = query.Read(InboxQueries.IsStatus);
        if (filter is null) throw RequestRefusedException.Malformed(problem!);
        var page = await queries.ListAsync(filter with { EventType = ListQuery.NullIfEmpty(event_type), Seen = AppsOf(caller) }, cancellation);
        return TypedResults.Ok(new InboxAnswer(null, null, page.Items, page.Next));
    }

    private static async Task<Ok<InboxDetails>> ShowAsync(long id,
        [Description("True: with the event as it came, which holds what people wrote")] bool? payload, KeyGrant caller, InboxQueries queries,
        CancellationToken cancellation) =>
        await queries.DetailsAsync(id, payload ?? false, cancellation) is { } details && caller.MayUse(details.Row.App)
            ? TypedResults.Ok(details)
            : throw RequestRefusedException.NotFound();

    private static async Task<Ok<InboxItem>> ReplayAsync(
        long id, HttpContext http, InboxRepairs repairs, InboxQueries queries, CancellationToken cancellation)
    {
        await FindAsync(id, http, queries, cancellation);
        (await repairs.ReplayAsync(id, Caller.Of(http).Name, cancellation)).Demand("not_replayable");
        return TypedResults.Ok(await FindAsync(id, http, queries, cancellation));
    }

    private static async Task<Ok<InboxItem>> DiscardAsync(
        long id, HttpContext http, InboxRepairs repairs, InboxQueries queries, CancellationToken cancellation)
    {
        await FindAsync(id, http, queries, cancellation);
        (await repairs.DiscardAsync(id, Caller.Of(http).Name, cancellation)).Demand("already_finished");
        return TypedResults.Ok(await FindAsync(id, http, queries, cancellation));
    }

    private static async Task<InboxItem> FindAsync(long id, HttpContext http, InboxQueries queries, CancellationToken cancellation) =>
        await queries.FindAsync(id, cancellation) is { } row && Caller.Grant(http).MayUse(row.App) ? row : throw RequestRefusedException.NotFound();

    /// <summary>What arrives has no owner: a key's apps count alone.</summary>
    private static OwnerFilter AppsOf(KeyGrant caller) => caller.Readable with { Owner = null };

    private static async Task<Ok<ReplayAnswer>> ReplayManyAsync(
        ReplayRequest request, HttpContext http, InboxRepairs repairs, CancellationToken cancellation)
    {
        if (request.Limit is < 1 or > InboxRepairs.MostAtOnce) throw RequestRefusedException.Malformed("bad_limit");
        if (request.Filter is not { } filter) throw RequestRefusedException.Malformed("filter_missing");
        var (replayed, more) = await repairs.ReplayAsync(new RowFilter
        {
            App = filter.App, EventType = filter.EventType, Key = filter.Key, Reason = filter.Reason, Since = filter.Since, Until = filter.Until, Limit = request.Limit ?? 100, Seen = AppsOf(Caller.Grant(http)),
        }, Caller.Of(http).Name, cancellation);
        return TypedResults.Ok(new ReplayAnswer(replayed, more));
    }
}

/// <summary>An event by its id, or a page of rows.</summary>
/// <param name="EventId">The platform's event id; absent in a list.</param>
/// <param name="Processed">How often the handler's effect was committed: 0 or 1 per app; absent in a list.</param>
/// <param name="Items">The inbox rows: one per app that received the event; in a list the newest first.</param>
/// <param name="Next">Of a list: the cursor of the next page; absent when there is none. A page may be short, even empty, although there is a next one.</param>
internal sealed record InboxAnswer([property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? EventId, [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] int? Processed,
    IReadOnlyList<InboxItem> Items, [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] long? Next);

/// <summary>Which dead letters are to be handled again. A misspelled filter must not select everything: unknown members are refused.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed record ReplayRequest
{
    /// <summary>Required; an empty one, <c>{}</c>, selects all dead letters.</summary>
    public ReplayFilter? Filter { get; init; }

    /// <summary>At most so many, 1 to 1000; default 100.</summary>
    public int? Limit { get; init; }
}

/// <summary>What is absent does not matter.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed record ReplayFilter
{
    public string? App { get; init; }

    public string? EventType { get; init; }

    /// <summary>The ordering key.</summary>
    public string? Key { get; init; }

    /// <summary>The reason as the rows have it.</summary>
    public string? Reason { get; init; }

    /// <summary>Arrived at this time or later.</summary>
    public DateTimeOffset? Since { get; init; }

    /// <summary>Arrived before this time.</summary>
    public DateTimeOffset? Until { get; init; }
}

/// <summary>What a bulk replay did.</summary>
/// <param name="Replayed">Rows that are open again.</param>
/// <param name="More">The filter selects more than the limit allowed: ask again.</param>
internal sealed record ReplayAnswer(int Replayed, bool More);
