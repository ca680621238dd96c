using Larkspur.Gateway.Common;
using Larkspur.Gateway.People.Identities;
using Larkspur.Gateway.People.SignIn.Attempts;
using Larkspur.Gateway.People.SignIn.Entering;
using Larkspur.Gateway.People.SignIn.Methods;
using Larkspur.Gateway.People.SignIn.Page;
using Larkspur.Gateway.People.SignIn.Providers;
using Larkspur.Gateway.People.SignIn.Sessions;
using Larkspur.Gateway.Storage;

namespace Larkspur.Gateway.People.SignIn;

/// <summary>How people sign in.</summary>
internal static class SignInServices
{
    public static void AddSignIn(this IServiceCollection services, SettingsReader settings)
    {
        services.AddSingleton(settings.Read<SignInOptions>());
        services.AddSingleton(provider => new SignInMethods(new Lazy<ISignInSource[]>(() => [.. provider.GetServices<ISignInSource>()])));
        services.AddSingleton<SignInAttempts>();
        services.AddSingleton<SignInPeople>();
        services.AddSingleton<AccountLinks>();
        // Late: an errand's room may ask who is signed in.
        services.AddSingleton(provider => ActivatorUtilities.CreateInstance<SignInFlow>(provider,
            new Lazy<ISignInErrand[]>(() => [.. provider.GetServices<ISignInErrand>()])));
        services.AddSingleton<SignInEndpoints>();
        services.AddIdentityProviders();
        services.AddSingleton<PageFiles>();
        services.AddSingleton<SignInPage>();
        services.AddSingleton(provider => ActivatorUtilities.CreateInstance<SignInSessions>(provider,
            new Lazy<ISignInSessionEnd[]>(() => [.. provider.GetServices<ISignInSessionEnd>()])));
        services.AddSingleton<IPersonMerged>(provider => provider.GetRequiredService<SignInSessions>());
        services.AddRetention<SignInSessions>("sign-in sessions", _ => TimeSpan.Zero, sessions => sessions.PruneAsync);
        services.AddRetention("used sign-ins", _ => TimeSpan.FromHours(1), SignInAttempts.PruneAsync);
    }

    public static void MapSignIn(this IEndpointRouteBuilder routes)
    {
        PageFiles.Map(routes);
        SignInEndpoints.Map(routes);
    }
}
