using Larkspur.DingTalk;

namespace Larkspur.Gateway.Platforms.DingTalk;

/// <summary>Makes apps whose calls wait for permits of the gateway's rate limiter and count in its ledger.</summary>
internal sealed class DingTalkAppFactory(TimeProvider clock, IRateLimiter rateLimiter, DingTalkMonth month,
    ILogger<DingTalkClient> logger, Random random)
{
    /// <exception cref="ArgumentException">The settings are not usable.</exception>
    public DingTalkApp Create(string name, DingTalkAppSettings settings)
    {
        var app = CreateForTrial(name, settings);
        month.Serve(name, settings.Options);
        return app;
    }

    /// <summary>An app that is tried and not used: what it calls counts for whoever has its client id.</summary>
    /// <exception cref="ArgumentException">The settings are not usable.</exception>
    public DingTalkApp CreateForTrial(string name, DingTalkAppSettings settings) => new(name, settings,
        new DingTalkClient(settings.Options, clock: clock, logger: logger, random: random, rateLimiter: rateLimiter, observer: month));
}
