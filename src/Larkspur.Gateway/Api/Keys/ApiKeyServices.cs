using Larkspur.Gateway.Scheduling;

namespace Larkspur.Gateway.Api.Keys;

/// <summary>Keys of the REST API.</summary>
internal static class ApiKeyServices
{
    public static void AddApiKeys(this IServiceCollection services)
    {
        services.AddSingleton<ApiKeyCache>();
        services.AddSingleton<ApiKeys>();
        services.AddSingleton<OwnedObjects>();
        services.AddSchedule<OwnedObjectRetention>("owners", OwnedObjectRetention.Interval);
        services.AddSchedule<KeyExpiryWarning>("key-expiry", KeyExpiryWarning.Interval);
        services.AddSingleton<KeyRates>();
        services.AddSingleton<FailedAttempts>();
        services.AddSingleton<ApiKey>();
        services.AddSingleton<ApiKeyEndpoints>();
    }
}
