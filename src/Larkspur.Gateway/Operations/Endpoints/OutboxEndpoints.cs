using System.ComponentModel;
using System.Text.Json.Serialization;
using Larkspur.Gateway.Api;
using Larkspur.Gateway.Api.Keys;
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
            .Produces<OutboxAnswer>().RefusesWithWord(StatusCodes.Status400BadRequest);
        api.MapGet("/outbox/{id:long}", ShowAsync).WithName("ShowOutboxRow").Needs(ApiScopes.DeliveriesRead).WithSummary("Everything about an outbox row")
            .Produces<OutboxDetails>().RefusesWithWord(StatusCodes.Status400BadRequest, StatusCodes.Status404NotFound);
        api.MapPost("/outbox/{id:long}/replay", ReplayAsync).WithName("ReplayOutboxRow").Needs(ApiScopes.DeliveriesWrite).WithSummary("Send a dead message again, under the same key")
            .WithDescription("409 unsure_past_key_lifetime: it may have arrived, and the platform would not recognise it; force=true sends it under a new key, at the risk of showing it twice. "
                + "409 superseded: the card has a later face; force=true puts this one on.")
            .Produces<OutboxItem>().RefusesWithWord(StatusCodes.Status400BadRequest, StatusCodes.Status404NotFound, StatusCodes.Status409Conflict);
        api.MapPost("/outbox/{id:long}/discard", DiscardAsync).WithName("DiscardOutboxRow").Needs(ApiScopes.DeliveriesWrite).WithSummary("Give up an open or dead message for good")
            .Produces<OutboxItem>().RefusesWithWord(StatusCodes.Status404NotFound, StatusCodes.Status409Conflict);
    }

    private static async Task<Results<Ok<OutboxAnswer>, JsonHttpResult<ApiError>>> ListAsync([AsParameters] ListQuery query,
        [Description("Only what this inbox row has caused")] long? inbox_id, KeyGrant caller, OutboxQueries queries, CancellationToken cancellation)
    {
        var (filter, problem) = query.Read(OutboxQueries.IsStatus);
        if (filter is null) return ApiErrors.BadRequest(problem!);
        var page = await queries.ListAsync(filter with { InboxId = inbox_id, Seen = caller.Readable }, cancellation);
        return TypedResults.Ok(new OutboxAnswer(page.Items, page.Next));
    }

    private static async Task<Results<Ok<OutboxDetails>, JsonHttpResult<ApiError>>> ShowAsync(long id,
        [Description("True: with what it says")] bool? content, KeyGrant caller, OutboxQueries queries, CancellationToken cancellation) =>
        await queries.DetailsAsync(id, content ?? false, cancellation) is { } details && caller.Readable.Shows(details.Row.System ?? "", details.Row.App) ? TypedResults.Ok(details) : ApiErrors.NotFound;

    private static async Task<Results<Ok<OutboxItem>, JsonHttpResult<ApiError>>> ReplayAsync(long id,
        [Description("True: also when it may be shown twice")] bool? force, HttpContext http, OutboxRepairs repairs, OutboxQueries queries, CancellationToken cancellation) =>
        await MayChangeAsync(http, id, queries, cancellation)
            ? await AnswerAsync(await repairs.ReplayAsync(id, force ?? false, Caller.Of(http).Name, cancellation), "not_replayable", id, queries, cancellation)
            : ApiErrors.NotFound;

    private static async Task<Results<Ok<OutboxItem>, JsonHttpResult<ApiError>>> DiscardAsync(
        long id, HttpContext http, OutboxRepairs repairs, OutboxQueries queries, IWebhookEndpoints webhooks, CancellationToken cancellation)
    {
        if (!await MayChangeAsync(http, id, queries, cancellation)) return ApiErrors.NotFound;
        // What the administrators' receiver is owed about a system is that system's to see, and not to take away.
        if (await queries.FindAsync(id, cancellation) is { Platform: OutboxScope.WebhookPlatform } row && webhooks.Find(row.Target) is { } receiver
            && !Caller.Grant(http).MayChange(receiver.Owner)) throw KeyGrant.NotMine();
        return await AnswerAsync(await repairs.DiscardAsync(id, Caller.Of(http).Name, cancellation), "already_finished", id, queries, cancellation);
    }

    /// <returns>False: for this caller there is no such row.</returns>
    private static async Task<bool> MayChangeAsync(HttpContext http, long id, OutboxQueries queries, CancellationToken cancellation)
    {
        var caller = Caller.Grant(http);
        if (await queries.FindAsync(id, cancellation) is not { } row || !caller.Readable.Shows(row.System ?? "", row.App)) return false;
        return caller.MayChange(row.System) ? true : throw KeyGrant.NotMine();
    }

    private static async Task<Results<Ok<OutboxItem>, JsonHttpResult<ApiError>>> AnswerAsync(Repair repair, string refused, long id, OutboxQueries queries, CancellationToken cancellation)
    {
        if (repair != Repair.Done) return ApiErrors.Of(repair, refused);
        return await queries.FindAsync(id, cancellation) is { } row ? TypedResults.Ok(row) : ApiErrors.NotFound;
    }
}

/// <summary>Outbox rows.</summary>
/// <param name="Items">The newest first.</param>
/// <param name="Next">The cursor of the next page; absent when there is none. A page may be short, even empty, although there is a next one.</param>
internal sealed record OutboxAnswer(IReadOnlyList<OutboxItem> Items, [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] long? Next);
