namespace Larkspur.Gateway.People.Scim;

/// <summary>SCIM for systems that read people, and for upstreams that provision them.</summary>
internal static class ScimServices
{
    public static void AddScim(this IServiceCollection services)
    {
        services.AddSingleton<ScimUserWrites>();
        services.AddSingleton<ScimUsers>();
        services.AddSingleton<ScimGroupWrites>();
        services.AddSingleton<ScimGroups>();
    }
}
