using System.Net;
using Larkspur.Gateway.Channels;
using Larkspur.Gateway.Dispatch;
using Larkspur.Gateway.Egress;
using Larkspur.Gateway.Schedules;
using Larkspur.Gateway.Storage.DataProtection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Larkspur.Gateway.Callbacks;

/// <summary>What callbacks are made of.</summary>
internal static class CallbackServices
{
    public static void AddCallbacks(this IServiceCollection services)
    {
        services.AddSingleton<StoredDestinations>();
        services.AddSingleton(new SealedColumns("webhook", "name", ["url", "secret", "previous_secret"], [new(StoredDestinations.Purpose)]) { Revision = "webhooks" });
        services.AddSingleton(provider => provider.GetRequiredService<StoredDestinations>().Watched);
        services.AddSingleton<Destinations>();
        services.TryAddSingleton<IDestinations>(provider => provider.GetRequiredService<Destinations>());
        services.AddSchedule<DestinationRemovals>("webhook-removals", DestinationRemovals.Interval);
        services.AddSingleton<WebhookTests>();
        services.TryAddSingleton<HostLookup>(_ => Dns.GetHostAddressesAsync);
        services.AddSingleton<CallbackMetrics>();
        services.AddSingleton<DestinationLines>();
        services.AddSingleton<IChannel, CallbackChannel>();
        services.AddSingleton<IForwarding, EventForwarding>();
    }
}
