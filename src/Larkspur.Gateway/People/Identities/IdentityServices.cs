using Larkspur.Gateway.Settings;

namespace Larkspur.Gateway.People.Identities;

/// <summary>One id per person.</summary>
internal static class IdentityServices
{
    public static void AddIdentities(this IServiceCollection services)
    {
        services.AddSingleton(provider => ActivatorUtilities.CreateInstance<PersonJoining>(provider,
            new Lazy<IPersonMerged[]>(() => [.. provider.GetServices<IPersonMerged>()]),
            new Lazy<IJoinGuard[]>(() => [.. provider.GetServices<IJoinGuard>()])));
        services.AddSetting(TrustedIssuers.Definition);
        services.AddSingleton<TrustedIssuers>();
        services.AddSingleton<FirstContacts>();
        services.AddSingleton<LinkPolicy>();
        foreach (var definition in LinkPolicy.Definitions) services.AddSetting(definition);
        services.AddSingleton(provider => new Lazy<ILinkMessages>(provider.GetRequiredService<ILinkMessages>));
        services.AddSingleton<LinkCodes>();
        services.AddSingleton<LinkDecisions>();
        services.AddSingleton<IIdentities, IdentityStore>();
        services.AddSingleton<PersonAdministration>();
        services.AddSingleton<IdentityEndpoints>();
    }
}
