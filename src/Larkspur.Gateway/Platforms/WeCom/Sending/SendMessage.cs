using Larkspur.Gateway.Outbox;
using Larkspur.Gateway.Platforms.WeCom.Answers;
using Larkspur.WeCom.Messages;

namespace Larkspur.Gateway.Platforms.WeCom.Sending;

/// <summary>A message of the application or the bot; an answer is one like another, as WeCom quotes nothing.</summary>
internal sealed class SendMessage(OutboxOperation operation, WeComSending sending, ReplyDelivery replies) : IWeComOperation
{
    public OutboxOperation Operation => operation;

    public async Task<string?> SendAsync(WeComApp app, OutboxEntry entry, CancellationToken cancellation)
    {
        var message = WeComMessage.Read(entry);
        var to = WeComReplyTo.Read(entry.Message.TargetType, entry.Message.Target, message.Extra);
        if (entry.Message.MessageType == WeComMessage.Card)
        {
            var buttons = message.Buttons ?? throw new ChannelException("unreadable_row", "The row has no buttons", transient: false);
            return await sending.ShowAsync(app, to, buttons, entry, cancellation);
        }

        var words = message.Content ?? throw new ChannelException("unreadable_row", "The row has no words", transient: false);
        if (await replies.TakeStreamAsync(app, to, words, entry, cancellation))
            return await replies.DeliverAsync(app, sending, to, to.StreamId!, entry, cancellation);
        return !to.IsBot && entry.Message.MessageType == WeComMessage.Text
            ? await sending.ApplyAsync(app, to.Target, new TextContent(words), words, entry, part: 0, cancellation)
            : await sending.SayAsync(app, to, words, entry, part: 0, cancellation);
    }
}
