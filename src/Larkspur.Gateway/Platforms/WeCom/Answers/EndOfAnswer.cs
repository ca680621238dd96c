using Larkspur.Gateway.Outbox;
using Larkspur.Gateway.Platforms.WeCom.Sending;

namespace Larkspur.Gateway.Platforms.WeCom.Answers;

/// <summary>Shows the end of a bot's answer: in its stream, and in the messages that follow it.</summary>
internal sealed class EndOfAnswer(WeComSending sending, ReplyDelivery replies) : IWeComOperation
{
    public static OutboxOperation Definition { get; } = new("bot_answer", Repetition.Harmless, WeComAnswerTexts.BotAnswer);

    public OutboxOperation Operation => Definition;

    public Task<string?> SendAsync(WeComApp app, OutboxEntry entry, CancellationToken cancellation)
    {
        var message = WeComMessage.Read(entry);
        var stream = message.StreamId ?? throw new ChannelException("unreadable_row", "The row names no stream", transient: false);
        var to = WeComReplyTo.Read(entry.Message.TargetType, entry.Message.Target, message.Extra);
        return replies.DeliverAsync(app, sending, to, stream, entry, cancellation);
    }
}
