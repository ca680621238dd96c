using Larkspur.Gateway.People.SignIn.Providers.Protocol;

namespace Larkspur.Gateway.People.SignIn.Providers;

/// <summary>The parts that speak with providers, the same for all of them.</summary>
internal sealed partial class ProviderProtocol(ProviderDiscovery discovery, ProviderCalls calls, TimeProvider clock,
    ILogger<ProviderProtocol> logger)
{
    public ProviderCalls Calls => calls;

    public ProviderDiscovery Discovery => discovery;

    public TokenRequest Request { get; } = new(calls);

    public IdTokenCheck Check { get; } = new(discovery, clock);

    public UserInfoRequest UserInfo { get; } = new(calls);

    [LoggerMessage(LogLevel.Warning, "The groups of {Account} are not known by the identity provider {Provider}: {Why} (claim {Claim}). "
        + "They stay as they were; see docs/sign-in/identity-providers.md")]
    public partial void GroupsUnknown(string provider, string claim, string account, string why);
}
