using System.Globalization;

namespace Larkspur.Gateway.Telemetry.OpenTelemetry;

/// <summary>Whether and where telemetry is sent, by OpenTelemetry's own variables. The SDK reads the details itself; here they are judged, because it passes over what it cannot read.</summary>
/// <param name="Traces">Spans are exported.</param>
/// <param name="Metrics">Metrics are exported.</param>
internal sealed record OtlpSettings(bool Traces, bool Metrics)
{
    private static readonly string[] Protocols = ["grpc", "http/protobuf"];
    private static readonly string[] Samplers = ["always_on", "always_off", "traceidratio", "parentbased_always_on", "parentbased_always_off", "parentbased_traceidratio"];

    /// <summary>Reads and judges.</summary>
    public static OtlpSettings Read(IConfiguration configuration, List<string> problems)
    {
        if (string.Equals(configuration["OTEL_SDK_DISABLED"], "true", StringComparison.OrdinalIgnoreCase)) return new OtlpSettings(false, false);
        var settings = new OtlpSettings(IsOn("TRACES"), IsOn("METRICS"));
        if (!settings.Traces && !settings.Metrics) return settings;

        foreach (var signal in (string[])["", "TRACES_", "METRICS_"])
        {
            var endpoint = $"OTEL_EXPORTER_OTLP_{signal}ENDPOINT";
            // The value may carry a password: it is not repeated.
            if (configuration[endpoint] is { Length: > 0 } address && !(Uri.TryCreate(address, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https"))
                problems.Add($"{endpoint}: is not an address. Write it like http://collector:4317");
            OneOf($"OTEL_EXPORTER_OTLP_{signal}PROTOCOL", Protocols);
        }

        OneOf("OTEL_TRACES_SAMPLER", Samplers);
        if (configuration["OTEL_TRACES_SAMPLER_ARG"] is { Length: > 0 } share
            && !(double.TryParse(share, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var ratio) && ratio is >= 0 and <= 1))
            problems.Add("OTEL_TRACES_SAMPLER_ARG: must be a share between 0 and 1, like 0.05");
        return settings;

        bool IsOn(string signal) => !string.Equals(configuration[$"OTEL_{signal}_EXPORTER"], "none", StringComparison.OrdinalIgnoreCase)
            && (configuration["OTEL_EXPORTER_OTLP_ENDPOINT"] is { Length: > 0 } || configuration[$"OTEL_EXPORTER_OTLP_{signal}_ENDPOINT"] is { Length: > 0 });

        void OneOf(string name, string[] words)
        {
            if (configuration[name] is { Length: > 0 } value && !words.Contains(value, StringComparer.Ordinal)) problems.Add($"{name}: \"{value}\" is not one of {string.Join(", ", words)}");
        }
    }
}
