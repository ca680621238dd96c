using Larkspur.Gateway.Common;
using Larkspur.Gateway.People.Directory;
using Larkspur.Gateway.People.Directory.Rest;
using Larkspur.Gateway.People.Handover;
using Larkspur.Gateway.People.Identities;
using Larkspur.Gateway.People.OpenId;
using Larkspur.Gateway.People.OpenId.Rest;
using Larkspur.Gateway.People.Permissions;
using Larkspur.Gateway.People.Scim;
using Larkspur.Gateway.People.ScimTargets;
using Larkspur.Gateway.People.ScimTargets.Rest;
using Larkspur.Gateway.People.SignIn;
using Larkspur.Gateway.People.SignIn.Providers.Rest;

namespace Larkspur.Gateway.People;

/// <summary>Who is who.</summary>
internal static class PeopleServices
{
    public static void AddPeople(this IServiceCollection services, SettingsReader settings)
    {
        services.AddSingleton(settings.Read<PeopleOptions>());
        services.AddIdentities();
        services.AddPermissions();
        var directory = services.AddDirectory(settings);
        services.AddScim();
        services.AddHandover();
        services.AddScimTargets(directory);
        services.AddSignIn(settings);
        services.AddOpenId();
        services.AddSingleton<PeopleCache>();
        services.AddSingleton<UserResolver>();
        services.AddSingleton<EmployeeNumbers>();
        services.AddSingleton<PersonSearch>();
        services.AddSingleton<MemberCache>();
        services.AddSingleton<MembershipEvents>();
        services.AddSingleton<Recipients>();
        services.AddSingleton<PeopleRefresh>();
        services.AddSingleton<PeopleEndpoints>();
    }

    public static void MapPeople(this IEndpointRouteBuilder api)
    {
        PeopleEndpoints.Map(api);
        IdentityEndpoints.Map(api);
        api.MapHandover();
        DirectoryEndpoints.Map(api);
        PermissionRoutes.Map(api);
        TargetEndpoints.Map(api);
        ProviderEndpoints.Map(api);
        ClientEndpoints.Map(api);
    }
}
