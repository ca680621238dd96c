namespace Larkspur.Feishu;

/// <summary>Rate limits of one app's endpoints: documented, times <see cref="FeishuOptions.RateFactor"/>, lowered by what refusals taught.</summary>
/// <remarks>The platform counts per API, app and tenant (api-call-guide/uUzN04SN3QjL1cDN). A self-built app lives in one tenant, which needs no name.</remarks>
internal sealed class FeishuBudgets(FeishuOptions options, TimeProvider clock)
{
    private readonly LearnedRates _learned = new(clock);
    private readonly string _prefix = $"feishu {options.AppId} ";

    public RateLimitBudget Of(FeishuEndpoint endpoint, string? tenant)
    {
        string key = Key(endpoint, tenant);
        return new(key, _learned.Current(key, Known(endpoint)));
    }

    public void Refused(FeishuEndpoint endpoint, string? tenant, int? announced, TimeSpan pause)
        => _learned.Refused(Key(endpoint, tenant), Known(endpoint), Published(endpoint), announced, pause);

    private string Key(FeishuEndpoint endpoint, string? tenant)
        => options.Kind == FeishuAppKind.SelfBuilt || string.IsNullOrEmpty(tenant) ? _prefix + endpoint.Id : $"{_prefix}{endpoint.Id} {tenant}";

    private static RateLimit Published(FeishuEndpoint endpoint) => new(endpoint.PerSecond, endpoint.PerMinute);

    private RateLimit Known(FeishuEndpoint endpoint)
    {
        RateLimit limit = Published(endpoint).Times(options.RateFactor);
        return options.MinuteRateFactor is { } factor && endpoint.PerMinute is { } perMinute
            ? limit with { PerMinute = new RateLimit(null, perMinute).Times(factor).PerMinute } : limit;
    }
}
