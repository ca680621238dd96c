using Larkspur.Gateway.Webhooks.Deliveries;

namespace Larkspur.Gateway.Console.Pages.Webhooks;

/// <summary>What is known of a delivery.</summary>
public sealed class HookDeliveryDetails
{
    internal HookDeliveryDetails(WebhookDeliveryDetailsView view) => View = view;

    internal WebhookDeliveryDetailsView View { get; }
}
