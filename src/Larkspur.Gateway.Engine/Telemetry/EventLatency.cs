using System.Diagnostics.Metrics;

namespace Larkspur.Gateway.Telemetry;

/// <summary>Where an effect comes from: its event's times, and how many effects of it are still under way.</summary>
/// <remarks>
/// It travels with the outbox entries in memory and nothing of it is stored, so it costs the database nothing. What is read back from the table
/// after a restart (or when the queue was full) gets a new one from the rows themselves, without the platform's own time.
/// </remarks>
/// <param name="receivedAt">When the event arrived here.</param>
/// <param name="occurredAt">When the platform made it, by the platform's clock; null when that is not known.</param>
public sealed class EventOrigin(DateTimeOffset receivedAt, DateTimeOffset? occurredAt = null)
{
    private readonly Lock _gate = new();
    private int _underWay;
    private DateTimeOffset? _accepted;

    internal DateTimeOffset ReceivedAt { get; } = receivedAt;

    internal DateTimeOffset? OccurredAt { get; } = occurredAt;

    /// <summary>Announces effects, before any of them can be over.</summary>
    internal void Expect(int effects)
    {
        lock (_gate) _underWay += effects;
    }

    /// <summary>One effect is over.</summary>
    /// <param name="acceptedAt">When the platform took it; null when it never will.</param>
    /// <returns>When the last effect was taken, if this was the last one under way; else null.</returns>
    internal DateTimeOffset? End(DateTimeOffset? acceptedAt)
    {
        lock (_gate)
        {
            if (acceptedAt > _accepted || _accepted is null) _accepted = acceptedAt ?? _accepted;
            return --_underWay == 0 ? _accepted : null;
        }
    }
}

/// <summary>How long people wait: from an event's push to its last effect.</summary>
internal sealed class EventLatency(Meter meter)
{
    public const string Effect = "larkspur_event_effect_seconds";
    public const string PlatformEffect = "larkspur_event_platform_effect_seconds";

    private readonly Histogram<double> _effect = meter.CreateHistogram(Effect, "s",
        "From an event's arrival to the moment when the platform had accepted its last effect.", advice: Buckets.Latency);

    private readonly Histogram<double> _fromPlatform = meter.CreateHistogram(PlatformEffect, "s",
        "The same from the platform's own time of the event: the difference of the two clocks is in it.", advice: Buckets.Latency);

    /// <summary>An effect is over: taken at <paramref name="acceptedAt"/>, or (null) never.</summary>
    public void Ended(EventOrigin? origin, DateTimeOffset? acceptedAt)
    {
        if (origin?.End(acceptedAt) is not { } last) return;
        // A clock set back between two readings would give less than nothing.
        _effect.Record(Math.Max(0, (last - origin.ReceivedAt).TotalSeconds));
        if (origin.OccurredAt is { } made) _fromPlatform.Record(Math.Max(0, (last - made).TotalSeconds));
    }
}
