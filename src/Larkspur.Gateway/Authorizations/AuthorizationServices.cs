using Larkspur.Gateway.Authorizations.Requests;
using Larkspur.Gateway.Authorizations.Page;
using Larkspur.Gateway.Authorizations.Rest;
using Larkspur.Gateway.Authorizations.Resuming;
using Larkspur.Gateway.Authorizations.Rows;
using Larkspur.Gateway.Authorizations.Tokens;
using Larkspur.Gateway.Outbox;
using Larkspur.Gateway.People.Identities;
using Larkspur.Gateway.People.SignIn.Methods;
using Larkspur.Gateway.Storage;

namespace Larkspur.Gateway.Authorizations;

/// <summary>People let the gateway, and business systems by it, call the platform in their own name.</summary>
internal static class AuthorizationServices
{
    /// <summary>Longer than anything takes that is under way.</summary>
    private static readonly TimeSpan Moment = TimeSpan.FromDays(1);

    public static void AddAuthorizations(this IServiceCollection services)
    {
        services.AddSingleton<AuthorizationEvents>();
        services.AddSingleton<AuthorizationStore>();
        services.AddSingleton<AuthorizationCards>();
        services.AddSingleton<IOutboxCompletion, AuthorizationCardCompletion>();
        services.AddSingleton<AuthorizationRequests>();
        services.AddSingleton<AppScopes>();
        services.AddSingleton<UserTokenStore>();
        services.AddSingleton(UserTokenStore.Columns);
        services.AddSingleton<PersonCalls>();
        services.AddSingleton<IPersonMerged, AuthorizationLeavers>();
        services.AddSingleton<AuthorizationErrand>();
        services.AddSingleton<ISignInErrand>(provider => provider.GetRequiredService<AuthorizationErrand>());
        services.AddSingleton<AuthorizationPage>();
        services.AddSingleton<OwnAuthorizationsPage>();
        services.AddSingleton<NamedCalls>();
        services.AddSingleton<AuthorizationEndpoints>();
        services.AddSingleton<ResumeSignal>();
        services.AddSingleton<ResumeWorker>();
        services.AddHostedService(provider => provider.GetRequiredService<ResumeWorker>());
        services.AddRetention("authorizations that are over", o => o.KeepRecords, AuthorizationRows.PruneAsync);
        services.AddRetention("what waits for authorizations", _ => AuthorizationStore.Life + Moment, ResumeRows.PruneAsync);
        services.AddRetention("tokens that nobody allows", _ => Moment, UserTokenRows.PruneAsync);
    }

    public static void MapAuthorizations(this IEndpointRouteBuilder api) => AuthorizationEndpoints.Map(api);

    public static void MapAuthorizationPages(this IEndpointRouteBuilder routes)
    {
        AuthorizationPage.Map(routes);
        OwnAuthorizationsPage.Map(routes);
    }
}
