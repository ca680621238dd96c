using Larkspur.Gateway.People.Identities;
using Larkspur.Gateway.People.OpenId.Authorizing;
using Larkspur.Gateway.People.OpenId.Claims;
using Larkspur.Gateway.People.OpenId.Clients;
using Larkspur.Gateway.People.OpenId.Keys;
using Larkspur.Gateway.People.OpenId.Logout;
using Larkspur.Gateway.People.OpenId.Rest;
using Larkspur.Gateway.People.OpenId.Tokens;
using Larkspur.Gateway.People.SignIn.Sessions;
using Larkspur.Gateway.Scheduling;
using Larkspur.Gateway.Storage;

namespace Larkspur.Gateway.People.OpenId;

/// <summary>The gateway as an OpenID provider: any system that speaks OpenID Connect has people sign in by it.</summary>
internal static class OpenIdServices
{
    /// <summary>What was used is known for so long as such.</summary>
    private static readonly TimeSpan KeepCodes = TimeSpan.FromDays(1);

    private static readonly TimeSpan KeepFamilies = TimeSpan.FromDays(7);

    public static void AddOpenId(this IServiceCollection services)
    {
        services.AddSingleton<ClientStore>();
        services.AddSingleton<ClientReading>();
        services.AddSingleton<ClientEndpoints>();
        services.AddSingleton<SigningKeys>();
        services.AddSingleton(SigningKeys.Columns);
        services.AddSchedule<KeyRotation>(KeyRotation.Name, KeyRotation.Every);
        services.AddSingleton<ProviderTokens>();
        services.AddSingleton<Discovery>();
        services.AddSingleton<UserNameStore>();
        services.AddSingleton<PersonClaims>();
        services.AddSingleton<Sealing>();
        services.AddSingleton<ConsentPage>();
        services.AddSingleton<ClientConsents>();
        services.AddSingleton<AuthorizeEndpoint>();
        services.AddSingleton<ClientAuthentication>();
        services.AddSingleton<TokenMaking>();
        services.AddSingleton<FamilyEnds>();
        services.AddSingleton<TokenEndpoint>();
        services.AddSingleton<TokenUses>();
        services.AddSingleton<LogoutEndpoint>();
        services.AddSingleton<LogoutSignal>();
        services.AddSingleton<LogoutCalls>();
        services.AddSingleton<LogoutWorker>();
        services.AddHostedService(provider => provider.GetRequiredService<LogoutWorker>());
        services.AddSingleton<SessionEnds>();
        services.AddSingleton<ISignInSessionEnd>(provider => provider.GetRequiredService<SessionEnds>());
        services.AddSingleton<IPersonMerged>(provider => provider.GetRequiredService<SessionEnds>());
        services.AddRetention("authorization codes", _ => KeepCodes, AuthorizationCode.PruneAsync);
        services.AddRetention("sign-in tokens", _ => TimeSpan.Zero, TokenRows.PruneTokensAsync);
        services.AddRetention("token families", _ => KeepFamilies, TokenRows.PruneFamiliesAsync);
    }
}
