using Larkspur.Gateway.People.SignIn.Methods;
using Larkspur.Gateway.People.SignIn.Providers.Protocol;
using Larkspur.Gateway.People.SignIn.Providers.Rest;
using Larkspur.Gateway.People.SignIn.Providers.Rows;
using Larkspur.Gateway.Storage.DataProtection;

namespace Larkspur.Gateway.People.SignIn.Providers;

/// <summary>People sign in by the company's own identity providers (OpenID Connect).</summary>
internal static class ProviderServices
{
    public static void AddIdentityProviders(this IServiceCollection services)
    {
        services.AddSingleton<ProviderStore>();
        services.AddSingleton(new SealedColumns("identity_provider", "name", ["client_secret"], [new(ProviderStore.Purpose)])
        {
            Revision = "identity_providers",
        });
        services.AddSingleton(provider => provider.GetRequiredService<ProviderStore>().CachedTable);
        services.AddSingleton<ProviderCalls>();
        services.AddSingleton<ProviderDiscovery>();
        services.AddSingleton<ProviderProtocol>();
        services.AddSingleton<ISignInSource, ProviderSource>();
        services.AddSingleton<ProviderRequests>();
        services.AddSingleton<ProviderTester>();
        services.AddSingleton<ProviderEndpoints>();
    }
}
