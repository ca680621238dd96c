namespace Larkspur.Gateway.Operations.Figures;

/// <summary>The figures of one window.</summary>
internal sealed record WindowFigures
{
    /// <summary>Calls to platforms; good ones are those that the platform carried out.</summary>
    public required Ratio ApiCalls { get; init; }

    /// <summary>Reads of the token cache; good ones needed no fetch.</summary>
    public required Ratio TokenReads { get; init; }

    /// <summary>Cards sent or changed.</summary>
    public required CardFigures Cards { get; init; }

    /// <summary>Inbound events.</summary>
    public required EventFigures Events { get; init; }

    /// <summary>Messages to platforms.</summary>
    public required MessageFigures Messages { get; init; }

    /// <summary>From a request's start to its answer.</summary>
    public required LatencyFigures Acknowledge { get; init; }

    /// <summary>From an event's arrival to the platform's acceptance of its last effect.</summary>
    public required LatencyFigures PushToEffect { get; init; }

    /// <summary>The same from the platform's own time of the event; the difference of the two clocks is in it.</summary>
    public required LatencyFigures PlatformToEffect { get; init; }
}

/// <summary>How many of all were good.</summary>
/// <param name="Good">The good ones.</param>
/// <param name="Total">All.</param>
/// <param name="Share">0 to 1; null when there were none.</param>
internal sealed record Ratio(long Good, long Total, double? Share)
{
    public static Ratio Of(long good, long total) => new(good, total, ShareOf(good, total));

    /// <summary>Four decimals: 0.9999 is not yet 1.</summary>
    public static double? ShareOf(long good, long total) => total == 0 ? null : Math.Floor(good * 10_000.0 / total) / 10_000;
}

/// <summary>Cards by what became of them.</summary>
/// <param name="Accepted">Taken by the platform.</param>
/// <param name="Refused">Refused for what they say.</param>
/// <param name="Failed">Given up for another reason.</param>
internal sealed record CardFigures(long Accepted, long Refused, long Failed)
{
    /// <summary>0 to 1; null when there were none.</summary>
    public double? AcceptanceRatio => Ratio.ShareOf(Accepted, Accepted + Refused + Failed);
}

/// <summary>Inbound events.</summary>
/// <param name="Accepted">Recorded for the first time.</param>
/// <param name="DuplicatesAbsorbed">Recorded before; without a second effect.</param>
/// <param name="Ended">Reached their outcome.</param>
/// <param name="Failed">Of these, with a failure.</param>
/// <param name="Unavailable">Answered 503 because they could not be recorded; the platform repeats them.</param>
/// <param name="RefusedRequests">Requests that were no valid event.</param>
internal sealed record EventFigures(long Accepted, long DuplicatesAbsorbed, long Ended, long Failed, long Unavailable, long RefusedRequests);

/// <summary>Messages to platforms.</summary>
/// <param name="Sent">Taken by a platform.</param>
/// <param name="Retried">Failed attempts that are repeated.</param>
/// <param name="Dead">Given up.</param>
internal sealed record MessageFigures(long Sent, long Retried, long Dead);

/// <summary>A latency in seconds, within 5 %; null when there was nothing to measure.</summary>
/// <param name="Count">Measurements.</param>
/// <param name="P50">Median.</param>
/// <param name="P99">99th percentile.</param>
/// <param name="Max">Largest, exact.</param>
internal sealed record LatencyFigures(long Count, double? P50, double? P99, double? Max);

/// <summary>A gauge of a quota.</summary>
/// <param name="Name">The instrument's name.</param>
/// <param name="Labels">What it is of: app, API, period.</param>
/// <param name="Value">Its value.</param>
internal sealed record QuotaFigure(string Name, IReadOnlyDictionary<string, string> Labels, double Value);
