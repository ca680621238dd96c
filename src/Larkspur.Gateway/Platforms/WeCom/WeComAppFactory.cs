namespace Larkspur.Gateway.Platforms.WeCom;

/// <summary>Makes apps whose calls wait for permits of the gateway's rate limiter.</summary>
internal sealed class WeComAppFactory(IRateLimiter rateLimiter, TimeProvider clock, Random random, ILoggerFactory loggers)
{
    /// <exception cref="ArgumentException">The settings are not usable.</exception>
    public WeComApp Create(string name, WeComAppSettings settings) => new(name, settings, rateLimiter, clock, random, loggers);
}
