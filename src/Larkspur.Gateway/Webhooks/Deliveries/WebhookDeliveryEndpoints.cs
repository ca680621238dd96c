using System.ComponentModel;
using Larkspur.Gateway.Api;
using Larkspur.Gateway.Api.Keys;
using Larkspur.Gateway.Api.Requests;
using Larkspur.Gateway.Common.Refusals;

namespace Larkspur.Gateway.Webhooks.Deliveries;

/// <summary>What business systems were sent, over REST.</summary>
internal sealed class WebhookDeliveryEndpoints(WebhookAccess access, WebhookDeliveryReader reader, WebhookResending resending)
{
    public static void Map(IEndpointRouteBuilder hooks)
    {
        hooks.MapGet("/{name}/deliveries", (string name, [AsParameters] WebhookDeliveryQuery query, KeyGrant caller,
            WebhookDeliveryEndpoints on,
                CancellationToken cancellation) => on.ListAsync(caller, name, query, cancellation))
            .Needs(ApiScopes.WebhooksRead).WithName("ListWebhookDeliveries")
                .WithSummary("What was sent to a webhook, or was to be, the newest first")
            .Produces<WebhookDeliveriesView>().Refuses(400, 404);
        hooks.MapGet("/{name}/deliveries/{webhook_id}", (string name, [Description("The header webhook-id")] string webhook_id,
            KeyGrant caller,
                WebhookDeliveryEndpoints on, CancellationToken cancellation) => on.ShowAsync(caller, name, webhook_id, cancellation))
            .Needs(ApiScopes.WebhooksRead).WithName("ShowWebhookDelivery").WithSummary("A delivery with its request and its attempts")
            .WithDescription("missing_scope: without this scope, which subscribing to the event takes, body and answers are not shown.")
            .Produces<WebhookDeliveryDetailsView>().Refuses(404);
        hooks.MapPost("/{name}/deliveries/{webhook_id}/resend", (HttpContext http, string name,
            [Description("The header webhook-id")] string webhook_id,
                WebhookDeliveryEndpoints on, CancellationToken cancellation) => on.ResendAsync(http, name, webhook_id, cancellation))
            .Needs(ApiScopes.WebhooksWrite).WithName("ResendWebhookDelivery")
                .WithSummary("Send a delivery again, under the same webhook-id")
            .WithDescription("Also one that was delivered: a receiver knows the webhook-id. 409 still_waiting: it has not ended. "
                + "409 webhook_off: the webhook answered 410 Gone.").Produces<WebhookDeliveryView>().Refuses(404, 409);
        hooks.MapPost("/{name}/resend", (Body<ResendWindow> body, string name, WebhookDeliveryEndpoints on,
            CancellationToken cancellation) =>
                on.ResendWindowAsync(body, name, cancellation))
            .Needs(ApiScopes.WebhooksWrite).WithName("ResendWebhookDeliveries")
                .WithSummary("Send again what failed in a window, up to 1,000 at once")
            .WithDescription("state: dead (what failed; the default) or all (what was delivered too). "
                + "more: there are others; ask again, with the answer's until.")
            .Produces<ResentWebhooksView>().Refuses(400, 404, 409, 413, 415, 422);
    }

    private async Task<IResult> ListAsync(KeyGrant caller, string name, WebhookDeliveryQuery query, CancellationToken cancellation) =>
        TypedResults.Ok(await reader.ListAsync(caller, access.Known(caller, name, change: false), query, cancellation));

    private async Task<IResult> ShowAsync(KeyGrant caller, string name, string webhookId, CancellationToken cancellation) =>
        TypedResults.Ok(await reader.ShowAsync(caller, access.Known(caller, name, change: false), webhookId, cancellation));

    private async Task<IResult> ResendAsync(HttpContext http, string name, string webhookId, CancellationToken cancellation)
    {
        var caller = Caller.Grant(http);
        return TypedResults.Ok(await resending.ResendAsync(caller, access.Known(caller, name, change: true), webhookId, cancellation));
    }

    private async Task<IResult> ResendWindowAsync(Body<ResendWindow> body, string name, CancellationToken cancellation)
    {
        var caller = Caller.Grant(body.Http);
        var window = await body.ReadAsync(cancellation);
        access.Known(caller, name, change: true);
        var withDelivered = window.State switch
        {
            null or "dead" => false,
            "all" => true,
            _ => throw RequestRefusedException.Impossible("bad_state", "/state",
                "It is dead (what failed) or all (what was delivered too)."),
        };
        if (window.Until <= window.Since) throw RequestRefusedException.Impossible("bad_time", "/until", "until comes after since.");
        return TypedResults.Ok(await resending.ResendWindowAsync(caller, name, window.Since, window.Until, withDelivered, cancellation));
    }
}
