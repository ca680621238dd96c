namespace Larkspur.Gateway.Telemetry;

/// <summary>Names under which others collect what the gateway measures.</summary>
internal static class TelemetryNames
{
    public const string Meter = "Larkspur.Gateway";
}
