namespace Larkspur.Gateway.Outbox;

/// <summary>The budget that a message's call shares with others, as it is at this moment.</summary>
/// <param name="RateLimiter">Gives the permits.</param>
/// <param name="Key">What shares the budget: endpoint, app and tenant.</param>
/// <param name="Limit">Documented, or lowered by what refusals taught.</param>
public readonly record struct ChannelPace(IRateLimiter RateLimiter, string Key, RateLimit Limit);
