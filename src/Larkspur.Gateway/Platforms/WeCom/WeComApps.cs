using System.Diagnostics.CodeAnalysis;
using Larkspur.Gateway.Outbox;

namespace Larkspur.Gateway.Platforms.WeCom;

/// <summary>The WeCom apps of the settings.</summary>
internal sealed class WeComApps(ConfiguredWeComApps settings, IRateLimiter rateLimiter, TimeProvider clock, Random random, ILoggerFactory loggers)
{
    /// <summary>The platform's name in rows and identities.</summary>
    public const string Platform = "wecom";

    private readonly Dictionary<string, WeComApp> _apps = settings.Apps.ToDictionary(
        a => a.Key, a => new WeComApp(a.Key, a.Value, rateLimiter, clock, random, loggers), StringComparer.Ordinal);

    public IReadOnlyCollection<WeComApp> All => _apps.Values;

    public bool TryGet(string name, [NotNullWhen(true)] out WeComApp? app) => _apps.TryGetValue(name, out app);

    /// <exception cref="ChannelException">The app is not configured (any more).</exception>
    public WeComApp Get(string name) => TryGet(name, out var app) ? app
        : throw new ChannelException("app_not_configured", $"The WeCom app \"{name}\" is not configured.", transient: false);
}
