using Larkspur.Gateway.Settings;

namespace Larkspur.Gateway.People.Identities;

/// <summary>One id per person.</summary>
internal static class IdentityServices
{
    public static void AddIdentities(this IServiceCollection services)
    {
        services.AddSingleton(provider => ActivatorUtilities.CreateInstance<PersonJoining>(provider, new Lazy<IPersonMerged[]>(() => [.. provider.GetServices<IPersonMerged>()])));
        services.AddSetting(TrustedIssuers.Definition);
        services.AddSingleton<TrustedIssuers>();
        services.AddSingleton<FirstContacts>();
        services.AddSingleton<LinkPolicy>();
        foreach (var definition in LinkPolicy.Definitions) services.AddSetting(definition);
        services.AddSingleton(provider => new Lazy<IPersonNotices>(provider.GetRequiredService<IPersonNotices>));
        services.AddSingleton<LinkCodes>();
        services.AddSingleton<LinkDecisions>();
        services.AddSingleton<IIdentities, IdentityBook>();
        services.AddSingleton<PersonAdministration>();
        services.AddSingleton<IdentityEndpoints>();
    }
}
