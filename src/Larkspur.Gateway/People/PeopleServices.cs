using Larkspur.Gateway.Common;
using Larkspur.Gateway.Inbox.Dispatch;
using Larkspur.Gateway.People.Identities;
using Larkspur.Gateway.People.Permissions;

namespace Larkspur.Gateway.People;

/// <summary>Who is who.</summary>
internal static class PeopleServices
{
    public static void AddPeople(this IServiceCollection services, SettingsReader settings)
    {
        services.AddSingleton(settings.Read<PeopleOptions>());
        services.AddIdentities();
        services.AddPermissions();
        services.AddSingleton<PeopleCache>();
        services.AddSingleton<UserResolver>();
        services.AddSingleton<EmployeeNumbers>();
        services.AddSingleton<PeopleDirectory>();
        services.AddSingleton<MemberCache>();
        services.AddSingleton<MembershipEvents>();
        foreach (var type in MembershipEvents.Types)
        {
            // What moved hours ago has moved.
            services.AddSingleton(provider => new EventRoute(PlatformNames.Feishu, type, provider.GetRequiredService<MembershipEvents>().HandleAsync) { StaleAfter = null });
        }

        services.AddSingleton<Recipients>();
        services.AddSingleton<PeopleRefresh>();
        services.AddSingleton<PeopleEndpoints>();
    }

    public static void MapPeople(this IEndpointRouteBuilder api)
    {
        PeopleEndpoints.Map(api);
        IdentityEndpoints.Map(api);
        PermissionRoutes.Map(api);
    }
}
