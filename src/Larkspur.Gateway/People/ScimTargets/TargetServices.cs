using Larkspur.Gateway.People.Directory.Sync;
using Larkspur.Gateway.People.Identities;
using Larkspur.Gateway.People.ScimTargets.Calls;
using Larkspur.Gateway.People.ScimTargets.Pushing;
using Larkspur.Gateway.People.ScimTargets.Rest;
using Larkspur.Gateway.People.ScimTargets.Rows;
using Larkspur.Gateway.Scheduling;
using Larkspur.Gateway.Storage;
using Larkspur.Gateway.Storage.DataProtection;

namespace Larkspur.Gateway.People.ScimTargets;

/// <summary>Pushes people, and departments as groups, to systems that speak SCIM (RFC 7643, RFC 7644).</summary>
internal static class TargetServices
{
    public static void AddScimTargets(this IServiceCollection services, DirectoryOptions options)
    {
        services.AddSingleton<TargetSignal>();
        services.AddSingleton<TargetStore>();
        services.AddSingleton(new SealedColumns("scim_target", "id", ["token"], [new(TargetStore.Purpose)]));
        services.AddSingleton<TargetLeases>();
        services.AddSingleton<TargetCalls>();
        services.AddSingleton<TargetSync>();
        services.AddSingleton<TargetWorker>();
        services.AddHostedService(provider => provider.GetRequiredService<TargetWorker>());
        services.AddSchedule<TargetNightly>(TargetNightly.Name, TargetNightly.Cron);
        services.AddRetention("leavers' names at SCIM targets", _ => options.KeepLeavers, ResourceRows.PruneAsync);
        services.AddSingleton<IPersonMerged, MergedChanges>();
        services.AddSingleton<TargetDifference>();
        services.AddSingleton<TargetEndpoints>();
    }
}
