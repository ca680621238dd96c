using System.Net;
using Larkspur.Gateway.Common.Egress;
using Larkspur.Gateway.Inbox.Dispatch;
using Larkspur.Gateway.Outbox;
using Larkspur.Gateway.Scheduling;
using Larkspur.Gateway.Storage.DataProtection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Larkspur.Gateway.Webhooks;

/// <summary>What webhooks are made of.</summary>
internal static class WebhookServices
{
    public static void AddWebhooks(this IServiceCollection services)
    {
        services.AddSingleton<WebhookEndpointStore>();
        services.AddSingleton(new SealedColumns("webhook", "name", ["url", "secret", "previous_secret"], [new(WebhookEndpointStore.Purpose)]) { Revision = "webhooks" });
        services.AddSingleton(provider => provider.GetRequiredService<WebhookEndpointStore>().CachedTable);
        services.AddSingleton<WebhookEndpointRegistry>();
        services.TryAddSingleton<IWebhookEndpoints>(provider => provider.GetRequiredService<WebhookEndpointRegistry>());
        services.AddSchedule<WebhookEndpointRemovals>("webhook-removals", WebhookEndpointRemovals.Interval);
        services.AddSingleton<WebhookRestEndpoints>();
        services.AddSingleton<WebhookTester>();
        services.TryAddSingleton<HostLookup>(_ => Dns.GetHostAddressesAsync);
        services.AddSingleton<WebhookMetrics>();
        services.AddSingleton<WebhookConnections>();
        services.AddSingleton<IChannel, WebhookChannel>();
        services.AddSingleton<IEventForwarder, EventForwarding>();
    }
}
