using Larkspur.DingTalk;

namespace Larkspur.Gateway.Platforms.DingTalk;

/// <summary>Makes apps whose calls wait for permits of the gateway's rate limiter and count in its ledger.</summary>
internal sealed class DingTalkAppFactory(TimeProvider clock, IRateLimiter rateLimiter, DingTalkMonth month,
    ILogger<DingTalkClient> logger, Random random)
{
    /// <exception cref="ArgumentException">The settings are not usable.</exception>
    public DingTalkApp Create(string name, DingTalkAppSettings settings)
    {
        var client = new DingTalkClient(settings.Options, clock: clock, logger: logger, random: random, rateLimiter: rateLimiter,
            observer: month);
        month.Serve(name, settings.Options);
        return new DingTalkApp(name, settings, client);
    }
}
