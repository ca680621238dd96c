namespace Larkspur.Gateway.People.ScimTargets.Calls;

/// <summary>A target did not do what it was asked for.</summary>
internal sealed class ScimCallException(string reason, int? status = null, Exception? inner = null)
    : Exception($"{reason} {status}", inner)
{
    /// <summary>A word of <c>TargetTexts.json</c>.</summary>
    public string Reason { get; } = reason;

    /// <summary>What it answered; null: nothing.</summary>
    public int? Status { get; } = status;

    public string? ScimType { get; init; }

    /// <summary>What it said, without secrets.</summary>
    public string? Detail { get; init; }

    /// <summary>How long it wants to be left alone.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>Nothing will work there now, whatever is asked for.</summary>
    public bool ConcernsAll => Reason is "unauthorized" or "forbidden" or "too_fast" or "unreachable" or "address_refused" or "tls_failed"
        or "redirected" or "not_scim" or "away" or "unreadable_token";

    /// <summary>Only somebody can mend it: it is not asked again by itself.</summary>
    public bool Pauses => Reason is "unauthorized" or "forbidden" or "unreadable_token";

    /// <summary>It may be the target's fault, or that of what it was asked for.</summary>
    public bool IsSick => Reason is "failed" or "timed_out" or "bad_answer";
}
