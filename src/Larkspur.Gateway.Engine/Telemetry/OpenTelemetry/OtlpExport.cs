using System.Reflection;
using Larkspur.Gateway.Redaction;
using global::OpenTelemetry;
using global::OpenTelemetry.Metrics;
using global::OpenTelemetry.Resources;
using global::OpenTelemetry.Trace;

namespace Larkspur.Gateway.Telemetry.OpenTelemetry;

/// <summary>Sends spans and metrics to a collector while the host runs. Registered only when an endpoint is set; without it nobody listens and no span is made.</summary>
internal sealed partial class OtlpExport(OtlpSettings settings, IConfiguration configuration, SecretRegistry secrets,
    ILogger<OtlpExport> logger) : IHostedService, IDisposable
{
    /// <summary>For what is left in memory at the end.</summary>
    private const int FlushMilliseconds = 3000;

    private TracerProvider? _traces;
    private MeterProvider? _metrics;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        if (settings.Traces)
        {
            // The sampler comes from OTEL_TRACES_SAMPLER; by default all, and the parent's choice everywhere after the webhook.
            _traces = Sdk.CreateTracerProviderBuilder().ConfigureServices(Configure).ConfigureResource(Describe)
                .AddSource(Correlation.SourceName, LarkspurTelemetry.Name).AddProcessor(new RedactingSpans(secrets)).AddOtlpExporter().Build();
        }

        if (settings.Metrics)
        {
            _metrics = Sdk.CreateMeterProviderBuilder().ConfigureServices(Configure).ConfigureResource(Describe)
                .AddMeter(TelemetryNames.Meter, LarkspurTelemetry.Name).AddOtlpExporter().Build();
        }

        TelemetryGoesOut(settings.Traces, settings.Metrics);
        return Task.CompletedTask;
    }

    /// <summary>The last of the host's services to stop: the others' last spans go out. A collector that is away holds up the stop no longer than the bound.</summary>
    public Task StopAsync(CancellationToken cancellationToken) => Task.WhenAll(
        Task.Run(() => _traces?.Shutdown(FlushMilliseconds), CancellationToken.None),
        Task.Run(() => _metrics?.Shutdown(FlushMilliseconds), CancellationToken.None));

    public void Dispose()
    {
        _traces?.Dispose();
        _metrics?.Dispose();
    }

    /// <summary>The gateway's settings, whatever they come from, and not the environment alone.</summary>
    private void Configure(IServiceCollection services) => services.AddSingleton(configuration);

    private static void Describe(ResourceBuilder resource) => resource.Clear()
        .AddService("larkspur-gateway", serviceVersion: typeof(OtlpExport).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion)
        .AddTelemetrySdk()
        .AddEnvironmentVariableDetector();

    [LoggerMessage(LogLevel.Information, "Telemetry goes out by OTLP: traces {Traces}, metrics {Metrics}")]
    private partial void TelemetryGoesOut(bool traces, bool metrics);
}
