namespace Larkspur.Feishu;

/// <summary>What one call may override.</summary>
public sealed record FeishuCallOptions
{
    /// <summary>Call as this person: a user_access_token. Null: the app calls as itself.</summary>
    public string? UserAccessToken { get; init; }

    /// <summary>Store (ISV) apps: the tenant to act in. Self-built apps leave it null.</summary>
    public string? TenantKey { get; init; }

    /// <summary>Total time for the call, waiting and retries included. Null: <see cref="FeishuOptions.CallTimeout"/>.</summary>
    public TimeSpan? Timeout { get; init; }

    /// <summary>Tries in total, the first included. Null: <see cref="FeishuOptions.MaxAttempts"/>.</summary>
    public int? MaxAttempts { get; init; }

    /// <summary>
    /// The caller has acquired this call's permit: it waited at <see cref="FeishuClient.RateLimiter"/> under
    /// <see cref="FeishuClient.BudgetOf"/>. The first try starts at once; another one takes a permit of its own. Refusals are learned from all the same.
    /// </summary>
    public bool PermitAcquired { get; init; }

    /// <summary>Filled by the client with what happened (log id, tries, HTTP status); null: nobody asks. One per call.</summary>
    public FeishuCallTrace? Trace { get; init; }

    /// <summary>Not shown: the token.</summary>
    public override string ToString() => $"call options (user token {(UserAccessToken is null ? "not given" : "given")}, tenant {TenantKey ?? "not given"})";
}
