using System.Diagnostics.Metrics;
using Larkspur.Gateway.Common;
using Larkspur.Gateway.Storage;
using Larkspur.Gateway.Telemetry;
using Larkspur.Gateway.Telemetry.OpenTelemetry;
using Larkspur.Gateway.Telemetry.Prometheus;

namespace Larkspur.Gateway.Operations.Figures;

/// <summary>What is measured, and who reads it.</summary>
internal static class FigureServices
{
    public static void AddFigures(this IServiceCollection services, SettingsReader settings, OtlpSettings otlp)
    {
        services.AddSingleton(settings.Read<AlertOptions>());
        if (otlp.Traces || otlp.Metrics) services.AddHostedService<OtlpExport>();
        services.AddMetrics();
        services.AddSingleton(provider => provider.GetRequiredService<IMeterFactory>().Create(TelemetryNames.Meter));
        services.AddSingleton<MetricsPage>();
        services.AddSingleton<KeyFigures>();
        services.AddSingleton<EventLatency>();
        services.AddSingleton<Backlog>();
        services.AddSingleton<FigureStore>();
        services.AddSingleton<HourFigures>();
        services.AddHostedService(provider => provider.GetRequiredService<HourFigures>());
        services.AddRetention("figures of an hour", _ => FigureStore.Kept, FigureStore.PruneAsync);
        services.AddSingleton<BacklogMonitor>();
        services.AddHostedService(provider => provider.GetRequiredService<BacklogMonitor>());
    }
}
