using Larkspur.Gateway.People.Departments;

namespace Larkspur.Gateway.People.Permissions;

/// <summary>Who may use what.</summary>
internal static class PermissionServices
{
    public static void AddPermissions(this IServiceCollection services)
    {
        services.AddSingleton<PermissionBook>();
        services.AddSingleton(provider => provider.GetRequiredService<PermissionBook>().Watched);
        services.AddSingleton<IPermissions, PermissionCheck>();
        services.AddSingleton<DepartmentBranches>();
        services.AddSingleton<PermissionEndpoints>();
    }
}
