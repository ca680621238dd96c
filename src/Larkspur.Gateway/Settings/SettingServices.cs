using Larkspur.Gateway.Audit;
using Larkspur.Gateway.Scheduling;
using Larkspur.Gateway.Storage;
using Larkspur.Gateway.Storage.DataProtection;

namespace Larkspur.Gateway.Settings;

/// <summary>Settings that change at run time, and who changed them.</summary>
internal static class SettingServices
{
    public static void AddSettings(this IServiceCollection services)
    {
        services.AddSingleton<OwnAddress>();
        services.AddSingleton<AuditChain>();
        services.AddSingleton(new SealedColumns("audit_chain", "id", ["chain_key"], [new(AuditChain.Purpose)]));
        services.AddHostedService(provider => provider.GetRequiredService<AuditChain>());
        services.AddSingleton<KeptHeadFile>();
        services.AddSingleton<HeadRecorder>();
        services.AddHostedService(provider => provider.GetRequiredService<HeadRecorder>());
        services.AddSingleton<AuditVerification>();
        services.AddSingleton<AuditTrail>();
        // Who writes a line waits for it.
        services.AddRetention<AuditChain>("lines of the audit log", o => o.KeepRecords, chain => chain.PruneAsync, atMost: 500);
        services.AddSchedule<AuditHead>("audit-head", AuditHead.Interval);
        services.AddSingleton<RuntimeSettings>();
        services.AddSingleton(new SealedColumns("setting", "name", ["value"], [new(RuntimeSettings.Purpose)]) { Revision = "settings" });
        services.AddHostedService<SystemParameters>();
        services.AddSingleton<ISettings>(provider => provider.GetRequiredService<RuntimeSettings>());
        services.AddSingleton(provider => provider.GetRequiredService<RuntimeSettings>().CachedTable);
        services.AddSingleton<CachedTables>();
        services.AddHostedService(provider => provider.GetRequiredService<CachedTables>());
    }

    /// <summary>Declares a setting. Two of one key end the gateway's start.</summary>
    public static IServiceCollection AddSetting(this IServiceCollection services, SettingDefinition definition) => services.AddSingleton(definition);
}
