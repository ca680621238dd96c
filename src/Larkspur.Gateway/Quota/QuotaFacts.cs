namespace Larkspur.Gateway.Quota;

/// <summary>What the database knows of one app's month, all processes together.</summary>
internal sealed record QuotaFacts
{
    public static readonly QuotaFacts None = new();

    public int Month { get; init; }

    /// <summary>The month's calls.</summary>
    public CallTally Total { get; init; }

    /// <summary>Counted calls of the last seven days, and the first day of which anything is known.</summary>
    public QuotaPace? Pace { get; init; }

    /// <summary>Calls of APIs today that were not refused, by endpoint.</summary>
    public IReadOnlyDictionary<string, long> Today { get; init; } = new Dictionary<string, long>();

    public int Day { get; init; }

    /// <summary>When the platform said that the month is used up, or null.</summary>
    public DateTimeOffset? RefusedAt { get; init; }

    /// <summary>How often it has said so anew this month: a refusal that an administrator or a call that worked has ended may be followed by another.</summary>
    public int Refusals { get; init; }

    /// <summary>An administrator has said that our own count is not to hold anything this month.</summary>
    public bool Lifted { get; init; }

    /// <summary>Alarms of this month.</summary>
    public IReadOnlyList<QuotaAlarm> Alarms { get; init; } = [];
}

/// <summary>The last seven days.</summary>
/// <param name="Week">Counted calls of today and the six days before.</param>
/// <param name="FirstDay">The first day of which anything is known.</param>
internal sealed record QuotaPace(long Week, int FirstDay);

/// <summary>An alarm that was raised.</summary>
/// <param name="Occasion">What raised it: <c>80</c> (percent), <c>refused-1</c>, <c>day-20261121-im.v1.message.create-100</c>.</param>
/// <param name="At">When.</param>
internal sealed record QuotaAlarm(string Occasion, DateTimeOffset At);
