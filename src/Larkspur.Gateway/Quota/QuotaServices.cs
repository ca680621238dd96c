using Larkspur.Feishu;
using Larkspur.Gateway.Common;
using Larkspur.Gateway.Outbox;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Larkspur.Gateway.Quota;

internal static class QuotaServices
{
    /// <summary>The ledger. Registered before what sends, so that it stops after it and writes its last calls.</summary>
    /// <exception cref="SettingsException">The settings have problems.</exception>
    public static void AddQuota(this IServiceCollection services, IReadOnlyDictionary<string, FeishuOptions> apps, TimeZoneInfo zone, QuotaOptions options, AdminOptions admin)
    {
        options.Validate(apps);
        admin.Validate(apps);
        services.AddSingleton(options);
        services.AddSingleton(admin);
        services.AddSingleton(new QuotaCalendar(zone));
        services.AddSingleton(provider => ActivatorUtilities.CreateInstance<QuotaRegistry>(provider, apps));
        services.AddSingleton<IQuota>(provider => provider.GetRequiredService<QuotaRegistry>());
        services.TryAddSingleton<ISendPolicy, QuotaSendPolicy>();
        services.AddSingleton<QuotaMetrics>();
        services.AddSingleton<QuotaStore>();
        services.AddSingleton<QuotaAlarms>();
        services.AddSingleton<QuotaLedger>();
        services.AddSingleton<QuotaReport>();
        services.AddHostedService(provider => provider.GetRequiredService<QuotaLedger>());
    }
}
