using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace Larkspur;

/// <summary>The one meter and the one activity source of all Larkspur SDKs; subscribe to them by name.</summary>
public static class LarkspurTelemetry
{
    /// <summary>Name of <see cref="Meter"/> and <see cref="Activities"/>.</summary>
    public const string Name = "Larkspur";

    /// <summary>Counters and histograms of the SDKs.</summary>
    public static Meter Meter { get; } = new(Name);

    /// <summary>One activity per platform call.</summary>
    public static ActivitySource Activities { get; } = new(Name);
}
