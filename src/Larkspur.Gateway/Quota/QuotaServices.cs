using Larkspur.Gateway.Outbox;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Larkspur.Gateway.Quota;

internal static class QuotaServices
{
    /// <summary>The ledger. Registered before what sends, so that it stops after it and writes its last calls.</summary>
    /// <exception cref="SettingsException">The settings have problems.</exception>
    public static void AddQuota(this IServiceCollection services, GatewaySettings settings, QuotaOptions options, AdminOptions admin)
    {
        options.Validate(settings.FeishuApps);
        admin.Validate(settings.FeishuApps);
        services.AddSingleton(options);
        services.AddSingleton(admin);
        services.AddSingleton(new QuotaCalendar(settings.TimeZone));
        services.AddSingleton<QuotaBook>();
        services.AddSingleton<IQuota>(provider => provider.GetRequiredService<QuotaBook>());
        services.TryAddSingleton<ISendPolicy, QuotaSendPolicy>();
        services.AddSingleton<QuotaMetrics>();
        services.AddSingleton<QuotaStore>();
        services.AddSingleton<QuotaAlarms>();
        services.AddSingleton<QuotaLedger>();
        services.AddSingleton<QuotaReport>();
        services.AddHostedService(provider => provider.GetRequiredService<QuotaLedger>());
    }
}
