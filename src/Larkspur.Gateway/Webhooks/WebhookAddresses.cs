using System.Net;
using Larkspur.Gateway.Common.Egress;

namespace Larkspur.Gateway.Webhooks;

/// <summary>Where webhooks may not go.</summary>
internal static class WebhookAddresses
{
    /// <summary>What speaks against the addresses of a webhook's host; null: nothing.</summary>
    public static string? Problem(WebhookEndpoint webhook, IReadOnlyList<IPAddress> addresses) => addresses.Select(a => Problem(webhook, a)).FirstOrDefault(p => p is not null);

    private static string? Problem(WebhookEndpoint webhook, IPAddress address) => AddressRules.ReachOf(address) switch
    {
        AddressReach.Never => $"its host leads to {address}, where no business system is",
        AddressReach.Private when !webhook.Private.Holds(webhook.Url.IdnHost, address) =>
            $"its host leads to the private address {address}; {(webhook.IsStored ? $"{PrivateReach.Setting} does not list it" : "AllowPrivateAddresses is not set")}",
        AddressReach.Public when webhook.Url.Scheme == Uri.UriSchemeHttp => $"its host leads to the public address {address}, and http is for private ones only",
        _ => null,
    };
}
