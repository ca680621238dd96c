using System.Net;
using Larkspur.Gateway.Common;
using Larkspur.Gateway.Common.Egress;
using Larkspur.Gateway.Inbox.Dispatch;
using Larkspur.Gateway.Outbox;
using Larkspur.Gateway.Scheduling;
using Larkspur.Gateway.Storage;
using Larkspur.Gateway.Storage.DataProtection;
using Larkspur.Gateway.Webhooks.Attempts;
using Larkspur.Gateway.Webhooks.Deliveries;
using Larkspur.Gateway.Webhooks.Failing;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Larkspur.Gateway.Webhooks;

/// <summary>What webhooks are made of.</summary>
internal static class WebhookServices
{
    public static void AddWebhooks(this IServiceCollection services, SettingsReader settings)
    {
        var failures = settings.Read<WebhookFailureOptions>();
        services.AddSingleton(failures);
        services.AddSingleton<FailingWebhooks>();
        services.AddSingleton(provider => provider.GetRequiredService<FailingWebhooks>().CachedTable);
        services.AddSchedule<FailingWebhookWatch>("webhook-failures", FailingWebhookWatch.Interval);
        services.AddSingleton<AnswerReader>();
        services.AddSingleton<AttemptRecorder>();
        services.AddHostedService(provider => provider.GetRequiredService<AttemptRecorder>());
        services.AddRetention("attempts of webhooks", o => o.KeepAtLeast(failures.KeepAttempts), AttemptStore.PruneAsync);
        services.AddSingleton<WebhookEndpointStore>();
        services.AddSingleton(new SealedColumns("webhook", "name", ["url", "secret", "previous_secret"], [new(WebhookEndpointStore.Purpose)]) { Revision = "webhooks" });
        services.AddSingleton(provider => provider.GetRequiredService<WebhookEndpointStore>().CachedTable);
        services.AddSingleton<WebhookEndpointRegistry>();
        services.TryAddSingleton<IWebhookEndpoints>(provider => provider.GetRequiredService<WebhookEndpointRegistry>());
        services.AddSchedule<WebhookEndpointRemovals>("webhook-removals", WebhookEndpointRemovals.Interval);
        services.AddSingleton<WebhookAccess>();
        services.AddSingleton<WebhookRestEndpoints>();
        services.AddSingleton<WebhookDeliveryReader>();
        services.AddSingleton<WebhookResending>();
        services.AddSingleton<WebhookDeliveryEndpoints>();
        services.AddSingleton<WebhookTester>();
        services.TryAddSingleton<HostLookup>(_ => Dns.GetHostAddressesAsync);
        services.AddSingleton<WebhookMetrics>();
        services.AddSingleton<WebhookConnections>();
        services.AddSingleton<IChannel, WebhookChannel>();
        services.AddSingleton<IEventForwarder, EventForwarding>();
    }
}
