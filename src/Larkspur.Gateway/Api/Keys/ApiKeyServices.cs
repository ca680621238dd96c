using Larkspur.Gateway.Scheduling;
using Larkspur.Gateway.Storage;

namespace Larkspur.Gateway.Api.Keys;

/// <summary>Keys of the REST API.</summary>
internal static class ApiKeyServices
{
    public static void AddApiKeys(this IServiceCollection services)
    {
        services.AddSingleton<ApiKeyCache>();
        services.AddSingleton<KeyHolders>();
        services.AddSingleton<ApiKeys>();
        services.AddSingleton<OwnedObjects>();
        // Longer than any approval is open.
        services.AddRetention("owners of files and instances", _ => TimeSpan.FromDays(400), OwnedObjects.PruneAsync);
        services.AddSchedule<KeyExpiryWarning>("key-expiry", KeyExpiryWarning.Interval);
        services.AddSingleton<KeyRates>();
        services.AddSingleton<FailedAttempts>();
        services.AddSingleton<ApiKey>();
        services.AddSingleton<ApiKeyEndpoints>();
    }
}
