namespace Larkspur.Gateway.Ingress;

/// <summary>What a verified delivery of any platform goes through.</summary>
internal static class IngressServices
{
    public static void AddIngress(this IServiceCollection services)
    {
        services.AddSingleton<IngressMetrics>();
        services.AddSingleton<StallMonitor>();
        services.AddSingleton<EventIntake>();
        services.AddSingleton<CallbackProof>();
        services.AddSingleton<PlatformContacts>();
        services.AddHostedService(s => s.GetRequiredService<PlatformContacts>());
    }
}
