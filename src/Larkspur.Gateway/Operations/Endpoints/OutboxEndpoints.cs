using System.ComponentModel;
using System.Text.Json.Serialization;
using Larkspur.Gateway.Api;
using Larkspur.Gateway.Api.Keys;
using Larkspur.Gateway.Common.Refusals;
using Larkspur.Gateway.Outbox;
using Larkspur.Gateway.Outbox.Reading;
using Larkspur.Gateway.Queueing;
using Larkspur.Gateway.Webhooks;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Larkspur.Gateway.Operations.Endpoints;

/// <summary>What became of messages, and what can be done about those that did not leave.</summary>
internal static class OutboxEndpoints
{
    public static void MapOutbox(this IEndpointRouteBuilder api)
    {
        api.MapGet("/outbox", ListAsync).WithName("ListOutbox").Needs(ApiScopes.DeliveriesRead).WithSummary("Outbound messages by filter, the newest first")
            .Produces<OutboxAnswer>().Refuses(400);
        api.MapGet("/outbox/{id:long}", ShowAsync).WithName("ShowOutboxRow").Needs(ApiScopes.DeliveriesRead).WithSummary("Everything about an outbox row")
            .Produces<OutboxDetails>().Refuses(400, 404);
        api.MapPost("/outbox/{id:long}/replay", ReplayAsync).WithName("ReplayOutboxRow").Needs(ApiScopes.DeliveriesWrite).WithSummary("Send a dead message again, under the same key")
            .WithDescription("409 unsure_past_key_lifetime: it may have arrived, and the platform would not recognise it; force=true sends it under a new key, at the risk of showing it twice. "
                + "409 superseded: the card has a later face; force=true puts this one on.")
            .Produces<OutboxItem>().Refuses(400, 404, 409);
        api.MapPost("/outbox/{id:long}/discard", DiscardAsync).WithName("DiscardOutboxRow").Needs(ApiScopes.DeliveriesWrite).WithSummary("Give up an open or dead message for good")
            .Produces<OutboxItem>().Refuses(404, 409);
    }

    private static async Task<Ok<OutboxAnswer>> ListAsync([AsParameters] ListQuery query,
        [Description("Only what this inbox row has caused")] long? inbox_id, KeyGrant caller, OutboxQueries queries, CancellationToken cancellation)
    {
        var (filter, problem) = query.Read(OutboxQueries.IsStatus);
        if (filter is null) throw RequestRefusedException.Malformed(problem!);
        var page = await queries.ListAsync(filter with { InboxId = inbox_id, Seen = caller.Readable }, cancellation);
        return TypedResults.Ok(new OutboxAnswer(page.Items, page.Next));
    }

    private static async Task<Ok<OutboxDetails>> ShowAsync(long id,
        [Description("True: with what it says")] bool? content, KeyGrant caller, OutboxQueries queries, CancellationToken cancellation) =>
        await queries.DetailsAsync(id, content ?? false, cancellation) is { } details && caller.Readable.Shows(details.Row.System ?? "", details.Row.App)
            ? TypedResults.Ok(details)
            : throw RequestRefusedException.NotFound();

    private static async Task<Ok<OutboxItem>> ReplayAsync(long id, [Description("True: also when it may be shown twice")] bool? force,
        HttpContext http, OutboxRepairs repairs, OutboxQueries queries, CancellationToken cancellation)
    {
        await ChangeableAsync(http, id, queries, cancellation);
        (await repairs.ReplayAsync(id, force ?? false, Caller.Of(http).Name, cancellation)).Demand("not_replayable");
        return TypedResults.Ok(await FindAsync(id, queries, cancellation));
    }

    private static async Task<Ok<OutboxItem>> DiscardAsync(
        long id, HttpContext http, OutboxRepairs repairs, OutboxQueries queries, IWebhookEndpoints webhooks, CancellationToken cancellation)
    {
        var row = await ChangeableAsync(http, id, queries, cancellation);
        // What the administrators' receiver is owed about a system is that system's to see, and not to take away.
        if (row.Platform == OutboxScope.WebhookPlatform && webhooks.Find(row.Target) is { } receiver
            && !Caller.Grant(http).MayChange(receiver.Owner)) throw KeyGrant.NotMine();
        (await repairs.DiscardAsync(id, Caller.Of(http).Name, cancellation)).Demand("already_finished");
        return TypedResults.Ok(await FindAsync(id, queries, cancellation));
    }

    private static async Task<OutboxItem> ChangeableAsync(HttpContext http, long id, OutboxQueries queries, CancellationToken cancellation)
    {
        var (caller, row) = (Caller.Grant(http), await FindAsync(id, queries, cancellation));
        if (!caller.Readable.Shows(row.System ?? "", row.App)) throw RequestRefusedException.NotFound();
        return caller.MayChange(row.System) ? row : throw KeyGrant.NotMine();
    }

    private static async Task<OutboxItem> FindAsync(long id, OutboxQueries queries, CancellationToken cancellation) =>
        await queries.FindAsync(id, cancellation) ?? throw RequestRefusedException.NotFound();
}

/// <summary>Outbox rows.</summary>
/// <param name="Items">The newest first.</param>
/// <param name="Next">The cursor of the next page; absent when there is none. A page may be short, even empty, although there is a next one.</param>
internal sealed record OutboxAnswer(IReadOnlyList<OutboxItem> Items, [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] long? Next);
