using System.Diagnostics.CodeAnalysis;
using Larkspur.DingTalk;
using Larkspur.Gateway.Outbox;

namespace Larkspur.Gateway.Platforms.DingTalk;

/// <summary>The DingTalk apps of the settings.</summary>
internal sealed class DingTalkApps
{
    /// <summary>The platform's name everywhere in the gateway.</summary>
    public const string Platform = "dingtalk";

    private readonly Dictionary<string, DingTalkApp> _apps;

    public DingTalkApps(ConfiguredDingTalkApps settings, TimeProvider clock, IRateLimiter rateLimiter, DingTalkMonth month, ILogger<DingTalkClient> logger, Random random) =>
        _apps = settings.Apps.ToDictionary(a => a.Key, a => new DingTalkApp(a.Key, a.Value, new DingTalkClient(a.Value.Options, clock: clock, logger: logger, random: random, rateLimiter: rateLimiter, observer: month)), StringComparer.Ordinal);

    public IReadOnlyCollection<DingTalkApp> All => _apps.Values;

    public bool TryGet(string name, [NotNullWhen(true)] out DingTalkApp? app) => _apps.TryGetValue(name, out app);

    /// <exception cref="ChannelException">The app is not configured (any more).</exception>
    public DingTalkApp Get(string name) =>
        _apps.GetValueOrDefault(name) ?? throw new ChannelException("app_not_configured", $"The DingTalk app \"{name}\" is not configured.", transient: false);
}

/// <summary>One DingTalk app: how it calls, what it accepts, how its answers look.</summary>
internal sealed class DingTalkApp(string name, DingTalkAppSettings settings, DingTalkClient client)
{
    private volatile string? _cardProblem;

    public string Name { get; } = name;

    public DingTalkAppSettings Settings { get; } = settings;

    public DingTalkClient Client { get; } = client;

    /// <summary>Judges what comes over HTTP.</summary>
    public DingTalkReceiver Receiver { get; } = new(client);

    public bool HasStream => Settings.Mode.HasFlag(DingTalkEventMode.Stream);

    public bool HasWebhook => Settings.Mode.HasFlag(DingTalkEventMode.Webhook);

    /// <summary>Its name in figures that know apps of other platforms too.</summary>
    public string Label => DingTalkMonth.LabelOf(Name);

    /// <summary>Why the last card was refused for good; null: none was since one was shown.</summary>
    public string? CardProblem
    {
        get => _cardProblem;
        set => _cardProblem = value;
    }
}
