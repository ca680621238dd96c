using System.Diagnostics.Metrics;

namespace Larkspur.Gateway.Telemetry;

/// <summary>Bucket bounds in seconds, given to the instruments as advice: <c>/metrics</c> and OTLP draw the same histograms.</summary>
internal static class Buckets
{
    /// <summary>Answers to a platform that waits 3 s: 1 ms to 3 s.</summary>
    public static InstrumentAdvice<double> Acknowledge { get; } = new() { HistogramBucketBoundaries = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2, 3] };

    /// <summary>Handlers, calls and whole ways of events: 5 ms to an hour.</summary>
    public static InstrumentAdvice<double> Latency { get; } = new()
    {
        HistogramBucketBoundaries = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 900, 3600],
    };

    /// <summary>For an instrument that advises nothing.</summary>
    public static IReadOnlyList<double> Default { get; } = Latency.HistogramBucketBoundaries!;
}
