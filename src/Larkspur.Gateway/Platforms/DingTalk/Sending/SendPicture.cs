using Larkspur.DingTalk.Robots;
using Larkspur.Gateway.Conversations;
using Larkspur.Gateway.Outbox;

namespace Larkspur.Gateway.Platforms.DingTalk.Sending;

/// <summary>A picture of an answer, by the robot.</summary>
internal sealed class SendPicture : IDingTalkOperation
{
    public OutboxOperation Operation => AnswerPicture.Operation;

    public async Task<SendReceipt> SendAsync(DingTalkApp app, OutboxEntry entry, Action beforeCall, CancellationToken cancellation)
    {
        var row = RowJson.Read<DingTalkRow>(entry.Message.Content);
        var picture = row.Picture ?? throw new ChannelException("unreadable_row", "The row names no picture", transient: false);
        beforeCall();
        return await RobotMessages.WriteAsync(app, entry.Message, RobotContent.Image(picture), cancellation);
    }
}
