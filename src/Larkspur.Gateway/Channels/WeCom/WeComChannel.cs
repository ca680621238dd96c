using Larkspur.Gateway.Channels.WeCom.Answers;
using Larkspur.Gateway.Outbox;
using Larkspur.WeCom.Messages;

namespace Larkspur.Gateway.Channels.WeCom;

/// <summary>Sends outbox rows to WeCom: application messages, messages of an AI bot, and the ends of its answers.</summary>
/// <remarks>
/// An application's rows are sent with the platform's duplicate check, which compares what is said (<see cref="RecentTexts"/>). A bot's frames and ends are the whole text and may be repeated;
/// its other messages have no key at the platform, so one whose acknowledgement is lost may come twice.
/// </remarks>
internal sealed class WeComChannel(WeComApps apps, WeComSending sending, ReplyDelivery replies, OutboxOptions options, TimeProvider clock) : IChannel
{
    /// <summary>What waits for a bot's connection looks again this often; memory alone is asked.</summary>
    private static readonly TimeSpan ConnectionPause = TimeSpan.FromSeconds(1);

    /// <summary>A card changes by a click's code for so long.</summary>
    private static readonly TimeSpan CodeLife = TimeSpan.FromHours(72);

    public string Platform => WeComApps.Platform;

    public DeliveryPolicy Policy { get; } = DeliveryPolicy.Doubling(options.FirstPause, options.LongestPause, options.Patience) with
    {
        KeyLifetime = WeComSending.DuplicateWindow - TimeSpan.FromMinutes(1), PerLane = options.PerLane,
    };

    public TimeSpan? HoldBack(OutboxEntry entry)
    {
        if (entry.Message.TargetType == WeComReplyTo.UserId || !apps.TryGet(entry.App, out var app) || app.Bot is not { IsConnected: false }) return null;
        return sending.MayGoByApplication(app, new WeComReplyTo(entry.Message.TargetType, entry.Message.Target), entry) ? null : ConnectionPause;
    }

    public async Task<SendReceipt> SendAsync(OutboxEntry entry, CancellationToken cancellation)
    {
        var app = apps.Get(entry.App);
        var id = entry.Message.Operation switch
        {
            OutboxOperation.BotAnswer => await EndAsync(app, entry, cancellation),
            OutboxOperation.CardUpdate => await UpdateAsync(app, entry, cancellation),
            OutboxOperation.Create or OutboxOperation.Reply => await CreateAsync(app, entry, cancellation),
            _ => throw new ChannelException("no_operation", $"WeCom has nothing like {entry.Message.Operation}.", transient: false),
        };
        return new SendReceipt(id, null);
    }

    /// <summary>Words in place of Markdown that was refused.</summary>
    public OutboxMessage? Plainer(OutboxEntry refused, ChannelException refusal) =>
        refused.Message is { MessageType: WeComMessage.Markdown, TargetType: WeComReplyTo.UserId, Operation: OutboxOperation.Create } markdown ? markdown with { MessageType = WeComMessage.Text } : null;

    private Task<string?> EndAsync(WeComApp app, OutboxEntry entry, CancellationToken cancellation)
    {
        var message = WeComMessage.Read(entry);
        var stream = message.StreamId ?? throw new ChannelException("unreadable_row", "The row names no stream", transient: false);
        return replies.DeliverAsync(app, sending, WeComReplyTo.Read(entry.Message.TargetType, entry.Message.Target, message.Extra), stream, entry, cancellation);
    }

    private async Task<string?> CreateAsync(WeComApp app, OutboxEntry entry, CancellationToken cancellation)
    {
        var message = WeComMessage.Read(entry);
        var to = WeComReplyTo.Read(entry.Message.TargetType, entry.Message.Target, message.Extra);
        if (entry.Message.MessageType == WeComMessage.Card)
            return await sending.ShowAsync(app, to, message.Buttons ?? throw new ChannelException("unreadable_row", "The row has no buttons", transient: false), entry, cancellation);
        if (message.Content is { } said && await replies.TakeStreamAsync(app, to, said, entry, cancellation)) return await replies.DeliverAsync(app, sending, to, to.StreamId!, entry, cancellation);
        var words = message.Content ?? throw new ChannelException("unreadable_row", "The row has no words", transient: false);
        return !to.IsBot && entry.Message.MessageType == WeComMessage.Text
            ? await sending.ApplyAsync(app, to.Target, new TextContent(words), words, entry, part: 0, cancellation)
            : await sending.SayAsync(app, to, words, entry, part: 0, cancellation);
    }

    /// <summary>Changes the card of a click for the person who clicked: nobody waited for the answer any more.</summary>
    private async Task<string?> UpdateAsync(WeComApp app, OutboxEntry entry, CancellationToken cancellation)
    {
        var message = WeComMessage.Read(entry);
        if (message is not { Buttons: { } buttons, ResponseCode: { } code }) throw new ChannelException("unreadable_row", "The row changes no card", transient: false);
        if (clock.GetUtcNow() - entry.CreatedAt > CodeLife) throw new ChannelException("code_expired", "The click's code is older than 72 hours", transient: false);
        var client = app.Client ?? throw new ChannelException("no_application", $"The WeCom app \"{app.Name}\" has no application.", transient: false);
        await sending.CountAsync(app, "message.update_template_card", () => client.Messages.UpdateCardAsync(code, CardChange.Card(buttons.ToCard()), MessageTarget.To(entry.Message.Target), cancellation));
        return buttons.TaskId;
    }
}
