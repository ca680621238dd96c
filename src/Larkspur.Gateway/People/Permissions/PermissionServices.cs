using Larkspur.Gateway.People.Departments;

namespace Larkspur.Gateway.People.Permissions;

/// <summary>Who may use what.</summary>
internal static class PermissionServices
{
    public static void AddPermissions(this IServiceCollection services)
    {
        services.AddSingleton<PermissionStore>();
        services.AddSingleton(provider => provider.GetRequiredService<PermissionStore>().CachedTable);
        services.AddSingleton<IPermissions, PermissionCheck>();
        services.AddSingleton<DepartmentBranches>();
        services.AddSingleton<PermissionEndpoints>();
    }
}
