namespace Larkspur.Gateway.Approvals;

/// <summary>A payment's record.</summary>
internal sealed record Payment
{
    public required string Id { get; init; }

    /// <summary>The configured name of the app that asks the platform.</summary>
    public required string App { get; init; }

    /// <summary>The caller's Idempotency-Key.</summary>
    public required string RequestKey { get; init; }

    /// <summary>Hash of the body under that key.</summary>
    public required string RequestHash { get; init; }

    /// <summary>The business system's own number.</summary>
    public required string Number { get; init; }

    public string? Title { get; init; }

    /// <summary>Decimal, as it was given.</summary>
    public required string Amount { get; init; }

    /// <summary>ISO 4217.</summary>
    public required string Currency { get; init; }

    public string? Payee { get; init; }

    public required Applicant Submitter { get; init; }

    /// <summary>The webhook that is told; null: all that listen to the event.</summary>
    public string? Webhook { get; init; }

    public required string ApprovalCode { get; init; }

    /// <summary>The instance's <c>uuid</c>: known before the instance is.</summary>
    public required string Uuid { get; init; }

    public string? InstanceCode { get; init; }

    public required string State { get; init; }

    /// <summary>1 for the first decision; one more each time a decision is undone.</summary>
    public long Version { get; init; } = 1;

    /// <summary>The platform's time of the state.</summary>
    public required DateTimeOffset StateAt { get; init; }

    /// <summary>Why it failed.</summary>
    public string? Reason { get; init; }

    /// <summary>Who asked for it.</summary>
    public required string RequestedBy { get; init; }

    /// <summary>The system that asked for it; empty: no single system's.</summary>
    public string Owner { get; init; } = "";

    public required string Reference { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required DateTimeOffset ChangedAt { get; init; }

    /// <summary>When the platform is asked next; null: never again.</summary>
    public DateTimeOffset? CheckAt { get; init; }
}

/// <summary>A person of the tenant, as approvals name people.</summary>
/// <param name="OpenId">As the app sees them; null when only the user id is known.</param>
/// <param name="UserId">The tenant's id; null when the app may not see it.</param>
/// <param name="Name">As far as it may be seen.</param>
internal sealed record Applicant(string? OpenId, string? UserId, string? Name);

/// <summary>Something that happened to a payment.</summary>
internal sealed record PaymentLine
{
    /// <summary>Names what happened: it is noted once, however often it is told.</summary>
    public required string Key { get; init; }

    public required DateTimeOffset At { get; init; }

    /// <summary>A word: <c>submitted</c>, <c>created</c>, <c>approved</c>, <c>task_approved</c>…</summary>
    public required string What { get; init; }

    public long Version { get; init; } = 1;

    /// <summary><c>request</c>, <c>create</c>, <c>event</c>, <c>reconciliation</c>, <c>operator</c>.</summary>
    public required string Source { get; init; }

    public string? OpenId { get; init; }

    public string? UserId { get; init; }

    public string? Detail { get; init; }
}
