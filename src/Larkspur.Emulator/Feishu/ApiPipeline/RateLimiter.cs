using Larkspur.Emulator.Feishu.Catalogue;

namespace Larkspur.Emulator.Feishu.ApiPipeline;

/// <summary>Windows of one second and one minute per API, app and tenant.</summary>
public sealed class RateLimiter(RateWindows windows)
{
    /// <exception cref="ApiRefusedException">99991400 with the two rate-limit headers, HTTP 429 or, on older APIs, 400.</exception>
    public void Pass(ApiEndpoint endpoint, BotApp app)
    {
        var key = $"{endpoint.Id}/{app.AppId}/{app.TenantKey}";
        if (endpoint.PerMinute is { } perMinute) Pass(endpoint, key, perMinute, 60);
        if (endpoint.PerSecond is { } perSecond) Pass(endpoint, key, perSecond, 1);
    }

    /// <summary>A limit of one receiver, message or the like.</summary>
    public bool TryPass(string key, int perSecond) => windows.Take(key, perSecond, 1) is null;

    /// <inheritdoc cref="TryPass(string, int)"/>
    /// <param name="seconds">1 or 60.</param>
    public bool TryPass(string key, int limit, int seconds) => windows.Take(key, limit, seconds) is null;

    private void Pass(ApiEndpoint endpoint, string key, int limit, int seconds)
    {
        if (windows.Take(key, limit, seconds) is not { } reset) return;
        throw new ApiRefusedException(endpoint.OverLimitStatus, 99991400, "request trigger frequency limit")
        {
            Headers = new Dictionary<string, string>
            {
                ["x-ogw-ratelimit-limit"] = limit.ToString(),
                ["x-ogw-ratelimit-reset"] = reset.ToString(),
            },
        };
    }
}
