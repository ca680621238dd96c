using Larkspur.Gateway.Common;
using Larkspur.Gateway.Scheduling;

namespace Larkspur.Gateway.Platforms.Feishu.Ingress.Gaps;

/// <summary>Registers the comparison of history with what arrived.</summary>
internal static class GapServices
{
    public static void AddGapFilling(this IServiceCollection services, SettingsReader settings)
    {
        var options = settings.Read<GapOptions>();
        services.AddSingleton(options);
        services.AddSingleton<GapMetrics>();
        services.AddSingleton<GapChats>();
        services.AddSingleton<InboxScan>();
        services.AddSingleton<GapComparison>();
        services.AddSingleton<GapTrigger>();
        services.AddHostedService(provider => provider.GetRequiredService<GapTrigger>());
        if (options.Enabled) services.AddSchedule<GapFilling>(GapTrigger.Schedule, options.Every);
    }
}
