using Larkspur.Gateway.People.SignIn.Methods;
using Larkspur.Gateway.People.SignIn.Providers.Rows;

namespace Larkspur.Gateway.People.SignIn.Providers;

/// <summary>The identity providers by which people can sign in now.</summary>
internal sealed class ProviderSource(ProviderStore providers, ProviderProtocol protocol) : ISignInSource
{
    public IReadOnlyList<ISignInMethod> Methods =>
        [.. providers.All.Where(provider => provider.IsUsable).Select(provider => new ProviderSignIn(provider, protocol))];
}
