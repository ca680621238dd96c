using Larkspur.Gateway.Apps;
using Larkspur.WeCom;
using Larkspur.WeCom.AiBots;
using Larkspur.WeCom.Callbacks;

namespace Larkspur.Gateway.Platforms.WeCom;

/// <summary>One WeCom app: an application that sends and receives, an AI bot over its own connection or by callback, or both.</summary>
internal sealed class WeComApp : IPlatformApp
{
    public WeComApp(string name, WeComAppSettings settings, IRateLimiter rateLimiter, TimeProvider clock, Random random, ILoggerFactory loggers)
    {
        (Name, Settings) = (name, settings);
        if (settings.Application is { } application)
        {
            Client = new WeComClient(application, clock: clock, logger: loggers.CreateLogger<WeComClient>(), random: random, rateLimiter: rateLimiter);
            if (application.Token is { Length: > 0 }) Receiver = new WeComCallbackReceiver(application, clock);
        }

        if (settings.Contacts is { } contacts)
            Contacts = new WeComClient(contacts, clock: clock, logger: loggers.CreateLogger<WeComClient>(), random: random,
                rateLimiter: rateLimiter);

        if (settings.Bot is { Secret: null } polled)
        {
            BotReceiver = new AiBotCallbackReceiver(polled, clock);
            Responses = new AiBotResponses(clock: clock, logger: loggers.CreateLogger<AiBotResponses>(), rateLimiter: rateLimiter);
        }
        else if (settings.Bot is { } socket)
        {
            Bot = new WeComBot(name, socket, rateLimiter, clock, random, loggers);
        }
    }

    /// <summary>The app's name in the settings.</summary>
    public string Name { get; }

    /// <summary>The application within its corp; for a bot alone, the bot.</summary>
    public string? PlatformId => WeComSettings.IdOf(Settings.CorpId, Settings.Application?.AgentId, Settings.Bot?.BotId);

    public WeComAppSettings Settings { get; }

    /// <summary>Calls of the application; null: there is none.</summary>
    public WeComClient? Client { get; }

    /// <summary>Calls by the secret of the address-book sync; null: there is none, and only the application's range can be read.</summary>
    public WeComClient? Contacts { get; }

    /// <summary>Judges the application's callbacks; null: it has none, so that cards with buttons are refused (43012).</summary>
    public WeComCallbackReceiver? Receiver { get; }

    /// <summary>The bot over its long connection; null: it has none.</summary>
    public WeComBot? Bot { get; }

    /// <summary>Judges the bot's callbacks; null: it has none.</summary>
    public AiBotCallbackReceiver? BotReceiver { get; }

    /// <summary>Later answers of a bot by callback.</summary>
    public AiBotResponses? Responses { get; }

    /// <summary>Within what a userid is unique: the corp; for a bot whose corp nobody names, the bot.</summary>
    /// <param name="told">The corp that the platform named with the person.</param>
    public string Scope(string? told = null) => told ?? Settings.CorpId ?? "aibot:" + Settings.Bot?.BotId;
}
