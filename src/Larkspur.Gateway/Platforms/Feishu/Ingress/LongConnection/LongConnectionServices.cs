namespace Larkspur.Gateway.Platforms.Feishu.Ingress.LongConnection;

/// <summary>Registers long connections.</summary>
internal static class LongConnectionServices
{
    /// <summary>After everything that handles events: what stops first is what brings new ones.</summary>
    public static void AddLongConnections(this IServiceCollection services, LongConnectionOptions options)
    {
        options.Validate();
        services.AddSingleton(options);
        services.AddSingleton<LongConnections>();
        services.AddSingleton<LongConnectionMetrics>();
        services.AddHostedService(provider =>
        {
            _ = provider.GetRequiredService<LongConnectionMetrics>();
            return provider.GetRequiredService<LongConnections>();
        });
    }
}
