using Larkspur.Gateway.Common;

namespace Larkspur.Gateway.Platforms.Feishu.Ingress.LongConnection;

/// <summary>Registers long connections.</summary>
internal static class LongConnectionServices
{
    public static void AddLongConnections(this IServiceCollection services, SettingsReader settings)
    {
        services.AddSingleton(settings.Read<LongConnectionOptions>());
        services.AddSingleton<LongConnections>();
        services.AddSingleton<LongConnectionMetrics>();
        services.AddHostedService(provider =>
        {
            _ = provider.GetRequiredService<LongConnectionMetrics>();
            return provider.GetRequiredService<LongConnections>();
        });
    }
}
