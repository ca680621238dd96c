using System.ComponentModel;
using Larkspur.Gateway.Api;
using Larkspur.Gateway.Api.Keys;
using Larkspur.Gateway.Api.Requests;
using Larkspur.Gateway.Common;
using Larkspur.Gateway.Common.Refusals;
using Larkspur.Gateway.Outbox;
using Larkspur.Gateway.Outbox.Reading;
using Larkspur.Gateway.Queueing;
using Larkspur.Gateway.Storage.Lists;

namespace Larkspur.Gateway.Operations.Endpoints;

/// <summary>Everything that leaves the gateway, messages to people and webhook messages to business systems, in one list; and what did not arrive, sent again.</summary>
internal sealed class DeliveryEndpoints(OutboxQueries queries, OutboxRepairs repairs)
{
    public async Task<IResult> ListAsync(KeyGrant caller, ListQuery query, string? kind, string? target, CancellationToken cancellation)
    {
        var (filter, problem) = query.Read(OutboxQueries.IsStatus);
        if (filter is null) throw RequestRefusedException.Malformed(problem!, problem == "bad_status" ? "?status" : "?limit", "It has a value that is not taken here.");
        var page = await queries.ListAsync(filter with { Platform = PlatformOf(kind, "?kind"), Target = ListQuery.NullIfEmpty(target), Seen = caller.Readable }, cancellation);
        return TypedResults.Ok(new OutboxAnswer(page.Items, page.Next));
    }

    public async Task<IResult> ShowAsync(KeyGrant caller, long id, bool? content, CancellationToken cancellation)
    {
        var details = await queries.DetailsAsync(id, content ?? false, cancellation) ?? throw NotFound();
        caller.DemandRead(details.Row.System, details.Row.App, NotFound);
        return TypedResults.Ok(details);
    }

    public async Task<IResult> ReplayAsync(HttpContext http, long id, bool? force, CancellationToken cancellation)
    {
        var caller = Caller.Grant(http);
        var row = await queries.FindAsync(id, cancellation) ?? throw NotFound();
        caller.DemandChange(row.System, row.App, NotFound);
        var repair = await repairs.ReplayAsync(id, force ?? false, caller.Who.Name, cancellation);
        if (repair == Repair.NotFound) throw NotFound();
        if (repair != Repair.Done) throw new RequestRefusedException(StatusCodes.Status409Conflict, repair.Word("not_replayable"), null, "The delivery cannot be sent again as it stands.");
        return TypedResults.Ok(await queries.FindAsync(id, cancellation) ?? throw NotFound());
    }

    public async Task<IResult> ReplayManyAsync(Body<ReplayDeliveries> body, CancellationToken cancellation)
    {
        var caller = Caller.Grant(body.Http);
        var (ids, filter, force) = Read(await body.ReadAsync(cancellation));
        long? next = null;
        if (ids is null)
        {
            var page = await queries.ListAsync(filter! with { Seen = caller.Changeable }, cancellation);
            (ids, next) = ([.. page.Items.Select(i => i.Id)], page.Next);
        }

        var replayed = new List<long>();
        var refused = new List<RefusedReplayView>();
        // The oldest first: what goes to one receiver keeps its order.
        foreach (var id in ids.Order())
        {
            var seen = caller.Scopes is null || (await queries.FindAsync(id, cancellation) is { } row && caller.Changeable.Shows(row.System ?? "", row.App));
            var repair = seen ? await repairs.ReplayAsync(id, force, caller.Who.Name, cancellation) : Repair.NotFound;
            if (repair == Repair.Done) replayed.Add(id);
            else refused.Add(new RefusedReplayView(id, repair == Repair.NotFound ? "not_found" : repair.Word("not_replayable")));
        }

        return TypedResults.Ok(new ReplayedView(replayed, refused, next is not null));
    }

    private static (IReadOnlyList<long>? Ids, RowFilter? Filter, bool Force) Read(ReplayDeliveries sent)
    {
        var force = sent.Force ?? false;
        if (sent.Ids is { } ids)
        {
            // Beside ids nothing narrows anything down.
            return sent.Besides() is not { } other ? ([.. ids.Distinct()], null, force)
                : throw BodyRefusals.Unknown("/" + other, other, ["ids", "force"]);
        }

        var filter = new RowFilter
        {
            Status = "dead", Platform = PlatformOf(sent.Kind, "/kind"), Target = sent.Target, App = sent.App, Reason = sent.Reason,
            Since = sent.Since, Until = sent.Until, Limit = ReplayDeliveries.Most,
        };
        if (filter is { Platform: null, Target: null, App: null, Reason: null, Since: null, Until: null })
            throw RequestRefusedException.Impossible("nothing_chosen", null, "Say which: ids, kind, target, app, reason, since or until.");
        return (null, filter, force);
    }

    private static string? PlatformOf(string? kind, string pointer) => kind switch
    {
        null or "" => null,
        "webhook" => OutboxScope.WebhookPlatform,
        "message" => PlatformNames.Feishu,
        "robot" => OutboxScope.RobotPlatform,
        _ => throw RequestRefusedException.Malformed("bad_kind", pointer, "It is message, robot or webhook."),
    };

    private static RequestRefusedException NotFound() => new(StatusCodes.Status404NotFound, "not_found", "/{id}", $"No delivery has this id. Ended ones are forgotten after a while. {KeyGrant.OthersHint}");
}

/// <summary>Their routes.</summary>
internal static class DeliveryRoutes
{
    public static void AddDeliveries(this IServiceCollection services) => services.AddSingleton<DeliveryEndpoints>();

    public static void MapDeliveries(this IEndpointRouteBuilder api)
    {
        var deliveries = api.MapGroup("/deliveries");
        deliveries.MapGet("", ([AsParameters] ListQuery query,
                [Description("message (to a chat platform), robot (by a group robot) or webhook (to a business system)")] string? kind,
                [Description("Only what goes to this chat, person, message, group robot or webhook")] string? target,
                KeyGrant caller, DeliveryEndpoints on, CancellationToken cancellation) =>
                    on.ListAsync(caller, query, kind, target, cancellation))
            .Needs(ApiScopes.DeliveriesRead).WithName("ListDeliveries").WithSummary("What left the gateway, or was to leave it, the newest first").Produces<OutboxAnswer>().Refuses(400);
        deliveries.MapGet("/{id:long}", (long id, [Description("True: with what it says")] bool? content, KeyGrant caller, DeliveryEndpoints on, CancellationToken cancellation) => on.ShowAsync(caller, id, content, cancellation))
            .Needs(ApiScopes.DeliveriesRead).WithName("ShowDelivery").WithSummary("Everything about a delivery").Produces<OutboxDetails>()
            .Refuses(400, 404);
        deliveries.MapPost("/{id:long}/replay", (HttpContext http, long id, [Description("True: also when it may be shown twice")] bool? force, DeliveryEndpoints on, CancellationToken cancellation) => on.ReplayAsync(http, id, force, cancellation))
            .Needs(ApiScopes.DeliveriesWrite).WithName("ReplayDelivery").WithSummary("Send a dead delivery again, under the same key")
            .WithDescription("409 unsure_past_key_lifetime, superseded: as with outbox rows; force=true sends it all the same.").Produces<OutboxItem>().Refuses(400, 404, 409);
        deliveries.MapPost("/replay", (Body<ReplayDeliveries> body, DeliveryEndpoints on, CancellationToken cancellation) =>
                on.ReplayManyAsync(body, cancellation))
            .Needs(ApiScopes.DeliveriesWrite).WithName("ReplayDeliveries").WithSummary("Send dead deliveries again, up to 200 at once")
            .WithDescription("By ids, or by what they have in common. more: there are others that fit; ask again.")
            .Produces<ReplayedView>().Refuses(400, 413, 415, 422);
    }
}

/// <summary>What was sent again.</summary>
/// <param name="Replayed">These.</param>
/// <param name="Refused">Not these.</param>
/// <param name="More">There are others that fit.</param>
internal sealed record ReplayedView(IReadOnlyList<long> Replayed, IReadOnlyList<RefusedReplayView> Refused, bool More);

/// <summary>A delivery that was not sent again.</summary>
/// <param name="Id">Which.</param>
/// <param name="Reason"><c>not_found</c>, <c>not_replayable</c> (it is not dead), <c>unsure_past_key_lifetime</c>, <c>superseded</c>.</param>
internal sealed record RefusedReplayView(long Id, string Reason);
