using Larkspur.Gateway.Outbox;
using Larkspur.Gateway.Quota;
using Larkspur.WeCom;
using Larkspur.WeCom.AiBots;
using Larkspur.WeCom.Messages;

namespace Larkspur.Gateway.Platforms.WeCom;

/// <summary>The calls by which a message reaches a person or a conversation; the app decides which way.</summary>
internal sealed class WeComSending(RecentTexts recent, ResponseAddresses addresses, ResponseUses uses, QuotaRegistry quota, QuotaCalendar calendar, TimeProvider clock)
{
    /// <summary>The platform drops what is the same as a message of so long ago. Long enough for the outbox to try again after a lost answer, and no longer: people may ask the same twice.</summary>
    public static readonly TimeSpan DuplicateWindow = TimeSpan.FromMinutes(5);

    /// <summary>Text and Markdown of an application.</summary>
    public const int ApplicationBytes = 2048;

    /// <summary>A card's id was used before.</summary>
    private const int TaskIdUsed = 42014;

    /// <summary>After so long without a connection a person is written to by the application, where there is one.</summary>
    private static readonly TimeSpan ConnectionPatience = TimeSpan.FromMinutes(2);

    /// <summary>The bot has no connection here; that is no attempt.</summary>
    public static ChannelException NotConnected() =>
        new("not_connected", "The AI bot has no long connection in this process at present", transient: true) { NotTried = true, RetryAfter = TimeSpan.FromSeconds(1) };

    /// <summary>What the bot cannot say for so long, the application may.</summary>
    public bool MayGoByApplication(WeComApp app, WeComReplyTo to, OutboxEntry entry) => app.Client is not null && !to.IsGroup && clock.GetUtcNow() - entry.CreatedAt > ConnectionPatience;

    /// <summary>A bot by callback can still say something to the person, or in the group, when its stream is not asked for.</summary>
    public static bool HasAnotherWay(WeComApp app, WeComReplyTo to, DateTimeOffset now) =>
        (app.Client is not null && !to.IsGroup) || (app.Responses is not null && to.ResponseSeal is not null && now < to.At + AiBotLimits.ResponseUrlLife);

    /// <summary>Says one message of Markdown.</summary>
    /// <param name="app">By which app.</param>
    /// <param name="to">Where.</param>
    /// <param name="markdown">At most 20,480 bytes for a bot; for an application it is cut into pieces.</param>
    /// <param name="entry">Its row.</param>
    /// <param name="part">Which message of the row.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <exception cref="ChannelException">There is no way to say it.</exception>
    public async Task<string?> SayAsync(WeComApp app, WeComReplyTo to, string markdown, OutboxEntry entry, int part, CancellationToken cancellation)
    {
        if (!to.IsBot) return await ApplyAsync(app, to.Target, new MarkdownContent(markdown), markdown, entry, part, cancellation);
        if (app.Bot is { IsConnected: true } bot)
        {
            try
            {
                await CountAsync(app, "aibot_send_msg", () => bot.Connection.SendAsync(to.Target, to.IsGroup, AiBotAnswer.Markdown(markdown), cancellation));
                return null;
            }
            catch (ChannelException e) when (e is { Transient: false, ContentRefused: false } && app.Client is not null && !to.IsGroup)
            {
                // The conversation takes nothing from the bot (93006); what follows may still reach the person.
            }
        }
        else if (app.Bot is not null && !MayGoByApplication(app, to, entry))
        {
            // Lost since the row's permit came.
            throw NotConnected();
        }

        if (app.Responses is { } responses && to.ResponseSeal is { } seal && part == 0 && await TryRespondAsync(app, responses, to, seal, markdown, entry, cancellation)) return null;
        if (to.IsGroup || app.Client is null) throw new ChannelException("no_way", "The bot's conversation takes no further message, and there is no application to write to the person", transient: false);
        // The chat with the bot is closed to us; the person still has one with the application.
        var pieces = WeComPages.Split(WeComMarkdown.Reduce(markdown), ApplicationBytes);
        for (var i = 0; i < pieces.Count; i++) await ApplyAsync(app, to.Target, new MarkdownContent(pieces[i]), pieces[i], entry, part * 1000 + i, cancellation);
        return null;
    }

    /// <summary>Shows the buttons below an answer. Where there is no way, there are none: the words make sense without them.</summary>
    public async Task<string?> ShowAsync(WeComApp app, WeComReplyTo to, WeComButtons buttons, OutboxEntry entry, CancellationToken cancellation)
    {
        try
        {
            return await ShowOnceAsync(app, to, buttons, entry, cancellation);
        }
        catch (ChannelException e) when (e.Code == TaskIdUsed && entry.FirstTriedAt is not null)
        {
            // A card's id is taken once, and no other row has this one: the try in doubt has arrived.
            return null;
        }
    }

    private async Task<string?> ShowOnceAsync(
        WeComApp app, WeComReplyTo to, WeComButtons buttons, OutboxEntry entry, CancellationToken cancellation)
    {
        if (to.IsBot)
        {
            if (app.Bot is not { } bot) return null;
            if (bot.IsConnected) await CountAsync(app, "aibot_send_msg", () => bot.Connection.SendAsync(to.Target, to.IsGroup, AiBotAnswer.Card(buttons.ToCard()), cancellation));
            else if (!MayGoByApplication(app, to, entry)) throw NotConnected();
            return null;
        }

        return app.Receiver is null ? null : await ApplyAsync(app, to.Target, new CardContent(buttons.ToCard()), buttons.ToJson(), entry, part: 0, cancellation);
    }

    /// <summary>Sends an application message to one person.</summary>
    /// <param name="app">By which app.</param>
    /// <param name="userId">To whom.</param>
    /// <param name="content">What.</param>
    /// <param name="said">The same as a text, to tell repetitions by.</param>
    /// <param name="entry">Its row.</param>
    /// <param name="part">Which message of the row.</param>
    /// <param name="cancellation">Ends it.</param>
    public async Task<string?> ApplyAsync(WeComApp app, string userId, MessageContent content, string said, OutboxEntry entry, int part, CancellationToken cancellation)
    {
        var client = app.Client ?? throw new ChannelException("no_application", $"The WeCom app \"{app.Name}\" has no application to write to a person with.", transient: false);
        // The same words for another reason are no repetition: without the check they would be lost.
        var checks = recent.MayCheck(app.Name, userId, said, $"{entry.IdempotencyKey}/{part}", clock.GetUtcNow());
        var options = checks ? new SendMessageOptions { DuplicateCheck = DuplicateWindow } : new SendMessageOptions();
        SentMessage? sent = null;
        try
        {
            await CountAsync(app, "message.send", async () => sent = await client.Messages.SendAsync(MessageTarget.To(userId), content, options, cancellation));
        }
        catch (ChannelException e) when (e.Ambiguous && !checks)
        {
            throw new ChannelException("unsure", "The message may have arrived, and the platform could not tell a repetition from the one before it", transient: false, e) { Ambiguous = true };
        }

        if (sent!.ReachedAll) return sent.MessageId;
        throw new ChannelException("not_reached", "The platform does not reach the person: unknown, or outside of the app's visible range", transient: false);
    }

    /// <summary>Makes a call, and counts it; what goes wrong is told as the outbox takes it.</summary>
    /// <exception cref="ChannelException">It failed.</exception>
    public async Task CountAsync(WeComApp app, string endpoint, Func<Task> call)
    {
        var refused = 0;
        try
        {
            await call();
        }
        catch (Exception e) when (WeComErrors.IsKnown(e))
        {
            refused = e is WeComApiException ? 1 : 0;
            throw WeComErrors.Translate(e);
        }
        finally
        {
            // WeCom has no cap of a month, so none of them counts against one.
            quota.Counts.Add(new CallKey("wecom:" + app.Name, calendar.Day(clock.GetUtcNow()), endpoint), new CallTally(1, refused, 0));
        }
    }

    /// <returns>False: the address is used or too old, or none that may be called.</returns>
    private async Task<bool> TryRespondAsync(WeComApp app, AiBotResponses responses, WeComReplyTo to, string seal, string markdown, OutboxEntry entry, CancellationToken cancellation)
    {
        if (addresses.Open(app.Settings.Bot!, seal) is not { } address) return false;
        // Put down before: should nobody learn what becomes of this try, the next one knows of it.
        var inDoubt = await uses.BeginAsync(app.Name, seal, entry.IdempotencyKey, cancellation);
        try
        {
            await CountAsync(app, "aibot.response", () => responses.SendAsync(to.Delivery(app.Settings.Bot!.BotId, address), AiBotAnswer.Markdown(markdown), cancellation));
            return true;
        }
        catch (ChannelException e) when (inDoubt && e is { Transient: false, InnerException: WeComApiException })
        {
            // It was used by the try in doubt: nobody else knows it.
            return true;
        }
        catch (ChannelException e)
        {
            if (!inDoubt && !e.Ambiguous) await uses.TakeBackAsync(app.Name, seal, entry.IdempotencyKey, cancellation);
            if (e.Transient) throw;
            return false;
        }
    }
}
