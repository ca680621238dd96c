namespace Larkspur;

/// <summary>A budget of calls: what to give to <see cref="IRateLimiter.WaitAsync"/> for a permit.</summary>
/// <param name="Key">Who shares the budget. The same in every process of an app.</param>
/// <param name="Limit">The limit at this moment; it may change with what refusals taught, so ask anew for each permit.</param>
public readonly record struct RateLimitBudget(string Key, RateLimit Limit);
