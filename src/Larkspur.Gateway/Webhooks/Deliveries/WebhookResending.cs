using System.Text.Json.Nodes;
using Larkspur.Gateway.Api.Keys;
using Larkspur.Gateway.Audit;
using Larkspur.Gateway.Common.Refusals;
using Larkspur.Gateway.Outbox.Reading;

namespace Larkspur.Gateway.Webhooks.Deliveries;

/// <summary>Sends deliveries again, under the <c>webhook-id</c> by which their receivers know them.</summary>
internal sealed class WebhookResending(
    WebhookDeliveries deliveries, WebhookDeliveryReader reader, WebhookEndpointRegistry webhooks, AuditTrail audit, TimeProvider clock)
{
    /// <summary>Deliveries of one call.</summary>
    public const int MostAtOnce = 1000;

    /// <summary>Sends one again that has ended.</summary>
    /// <exception cref="RequestRefusedException">For this caller there is none, it waits, or its webhook is off.</exception>
    public async Task<WebhookDeliveryView> ResendAsync(KeyGrant caller, string name, string webhookId, CancellationToken cancellation)
    {
        var row = await reader.FindAsync(caller, name, webhookId, cancellation);
        if (!caller.Changeable.Shows(row.Item.System ?? "", row.Item.App)) throw KeyGrant.NotMine();
        DemandOn(name);
        var resent = await deliveries.ResendAsync([row.Item.Id], caller.Who.Name, (unit, _) =>
            audit.AddAsync(unit, caller.Who, "webhook.resent", name, new JsonObject { ["webhook_id"] = webhookId }), cancellation);
        if (resent == 0)
            throw new RequestRefusedException(StatusCodes.Status409Conflict, "still_waiting", null,
                "It waits for its next attempt: there is nothing to send again.");
        return WebhookDeliveryView.Of(await reader.FindAsync(caller, name, webhookId, cancellation));
    }

    /// <summary>Sends again what was made in a window, the oldest first.</summary>
    /// <param name="caller">Who asks for it: only what he may change is sent.</param>
    /// <param name="name">The webhook.</param>
    /// <param name="since">Made at this time or later.</param>
    /// <param name="until">Made before this time; null: now.</param>
    /// <param name="withDelivered">Also what was delivered, not only what failed.</param>
    /// <param name="cancellation">Ends it between two batches.</param>
    /// <exception cref="RequestRefusedException">The webhook is off.</exception>
    public async Task<ResentWebhooksView> ResendWindowAsync(
        KeyGrant caller, string name, DateTimeOffset since, DateTimeOffset? until, bool withDelivered, CancellationToken cancellation)
    {
        DemandOn(name);
        var end = until ?? clock.GetUtcNow();
        var ids = await deliveries.EndedAsync(new WebhookFilter(name, caller.Changeable)
        {
            States = withDelivered ? ["dead", "sent"] : ["dead"], Since = since, Until = end,
            // What this call has sent again is no part of the next one's window.
            QueuedBefore = withDelivered ? end : null,
        }, MostAtOnce + 1, cancellation);
        var resent = await deliveries.ResendAsync([.. ids.Take(MostAtOnce)], caller.Who.Name, (unit, count) => audit.AddAsync(
            unit, caller.Who, "webhook.resent", name,
            new JsonObject { ["count"] = count, ["since"] = WebhookData.Time(since), ["until"] = WebhookData.Time(end) }), cancellation);
        return new ResentWebhooksView(resent, ids.Count > MostAtOnce, end);
    }

    /// <summary>To one that is gone everything would be a dead letter at once. For one that failed too long it waits.</summary>
    private void DemandOn(string name)
    {
        if (webhooks.Find(name) is { GoneAt: null }) return;
        throw new RequestRefusedException(StatusCodes.Status409Conflict, "webhook_off", null,
            "The webhook answered 410 Gone, or cannot be read: enable it, or set its url and secret again, first.");
    }
}
