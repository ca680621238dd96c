using Larkspur.Gateway.Conversations;
using Larkspur.Gateway.Outbox;
using Larkspur.WeCom.AiBots;
using Larkspur.WeCom.Media;
using Larkspur.WeCom.Messages;

namespace Larkspur.Gateway.Platforms.WeCom.Sending;

/// <summary>A picture of an answer, by whoever has uploaded it: the application or the bot.</summary>
internal sealed class SendPicture(WeComSending sending) : IWeComOperation
{
    public OutboxOperation Operation => AnswerPicture.Operation;

    public async Task<string?> SendAsync(WeComApp app, OutboxEntry entry, CancellationToken cancellation)
    {
        var message = WeComMessage.Read(entry);
        var media = message.MediaId ?? throw new ChannelException("unreadable_row", "The row names no picture", transient: false);
        var to = WeComReplyTo.Read(entry.Message.TargetType, entry.Message.Target, message.Extra);
        if (!to.IsBot) return await sending.ApplyAsync(app, to.Target, new ImageContent(media), media, entry, part: 0, cancellation);
        if (app.Bot is not { IsConnected: true } bot) throw WeComSending.NotConnected();
        await sending.CountAsync(app, "aibot_send_msg", () =>
            bot.Connection.SendAsync(to.Target, to.IsGroup, AiBotAnswer.Media(MediaKind.Image, media), cancellation));
        return null;
    }
}
