using Larkspur.Gateway.Inbox;
using Larkspur.Gateway.Inbox.Dispatch;
using Larkspur.Gateway.Outbox;

namespace Larkspur.Gateway.Webhooks;

/// <summary>Forwards inbound events to the webhooks that list their type.</summary>
internal sealed class EventForwarding(IWebhookEndpoints webhooks) : IEventForwarder
{
    public bool Wants(InboundEvent inbound)
    {
        foreach (var webhook in webhooks.All)
        {
            if (webhook.Wants(inbound.EventType) && webhook.Takes(inbound.App)) return true;
        }

        return false;
    }

    public void Forward(InboundEvent inbound, IEffects effects)
    {
        string? data = null;
        foreach (var webhook in webhooks.All)
        {
            if (!webhook.Wants(inbound.EventType) || !webhook.Takes(inbound.App)) continue;
            data ??= WebhookBody.DataOf(inbound);
            // Its id depends on the event and the webhook's name alone, not on what else the event causes.
            effects.Send(OutboxMessage.ToWebhookEndpoint(webhook.Name, $"{inbound.Platform}.{inbound.EventType}", data, inbound.OrderingKey)
                with { KeyPart = "webhook:" + webhook.Name, Owner = webhook.Owner });
        }
    }
}
