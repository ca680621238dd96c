using Larkspur.Feishu;
using Larkspur.Gateway.Common;
using Larkspur.Gateway.Outbox;
using Larkspur.Gateway.Storage;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Larkspur.Gateway.Quota;

internal static class QuotaServices
{
    private const int KeepDays = 60;
    private const int KeepMonths = 13;

    /// <summary>The ledger of calls.</summary>
    public static void AddQuota(this IServiceCollection services, SettingsReader settings, IReadOnlyDictionary<string, FeishuOptions> apps, TimeZoneInfo zone)
    {
        var options = settings.Read<QuotaOptions>();
        var admin = settings.Read<AdminOptions>();
        settings.Problems.AddRange(options.UnknownApps(apps));
        settings.Problems.AddRange(admin.Complete(apps));
        services.AddSingleton(options);
        services.AddSingleton(admin);
        var calendar = new QuotaCalendar(zone);
        services.AddSingleton(calendar);
        services.AddSingleton(new RetentionRule("counts of calls", now => (database, atMost, cancellation) => database.TransactAsync(
            unit => QuotaStore.PruneAsync(unit, calendar.DaysBefore(now, KeepDays), calendar.MonthsBefore(now, KeepMonths), atMost), cancellation)));
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
