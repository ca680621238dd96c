using Larkspur.Feishu;
using Larkspur.Feishu.Api;
using Larkspur.Feishu.Events;

namespace Larkspur.Gateway.Apps.Feishu;

/// <summary>One Feishu app: how it calls, what it accepts, who its bot is.</summary>
internal sealed class FeishuApp(string name, FeishuClient client, FeishuEventReceiver receiver, EventMode mode = EventMode.Webhook)
    : IPlatformApp
{
    private volatile BotIdentity? _bot;

    public string Name { get; } = name;

    public string? PlatformId => Client.Options.AppId;

    public FeishuClient Client { get; } = client;

    public FeishuEventReceiver Receiver { get; } = receiver;

    /// <summary>How its events come.</summary>
    public EventMode Mode { get; } = mode;

    /// <summary>Requests to its address can be told from forged ones. In long-connection mode the address may stay open: the platform sets events and callbacks apart, and pushes the old card callback to addresses only.</summary>
    public bool HasWebhook => Client.Options.EncryptKey is { Length: > 0 } || Client.Options.VerificationToken is { Length: > 0 };

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
