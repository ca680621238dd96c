using Larkspur.Feishu;
using Larkspur.Feishu.Api;
using Larkspur.Feishu.Events;

namespace Larkspur.Gateway.Channels.Feishu;

/// <summary>One configured Feishu app: how it calls, what it accepts, who its bot is.</summary>
internal sealed class FeishuApp(string name, FeishuClient client, FeishuEventReceiver receiver)
{
    private volatile BotIdentity? _bot;

    public string Name { get; } = name;

    public FeishuClient Client { get; } = client;

    public FeishuEventReceiver Receiver { get; } = receiver;

    /// <summary>What is known of the bot without asking.</summary>
    public BotIdentity? KnownBot => _bot;

    /// <summary>The bot's own identity, asked for once. Open ids differ per app, so it cannot be configured sensibly.</summary>
    public async ValueTask<BotIdentity> BotAsync(CancellationToken cancellation)
    {
        if (_bot is { } known) return known;
        var answer = await Client.Bot.V3.Info.GetAsync(cancellationToken: cancellation);
        if (answer.Bot is not { OpenId: { Length: > 0 } openId } bot) throw new InvalidOperationException("bot/v3/info names no bot: is the bot ability switched on?");
        return _bot = new BotIdentity(openId, bot.AppName ?? "");
    }
}

/// <summary>The bot as its app's users see it.</summary>
internal sealed record BotIdentity(string OpenId, string Name);

/// <summary>All configured Feishu apps.</summary>
internal sealed class FeishuApps
{
    public const string Default = FeishuSettings.Default;

    private readonly Dictionary<string, FeishuApp> _apps;

    public FeishuApps(IEnumerable<FeishuApp> apps) => _apps = apps.ToDictionary(a => a.Name, StringComparer.Ordinal);

    public IReadOnlyCollection<FeishuApp> All => _apps.Values;

    public bool TryGet(string name, [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out FeishuApp? app) => _apps.TryGetValue(name, out app);

    /// <exception cref="ChannelException">The app is not configured (any more).</exception>
    public FeishuApp Get(string name) => TryGet(name, out var app)
        ? app
        : throw new ChannelException("app_not_configured", $"The Feishu app \"{name}\" is not configured.", transient: false);
}
