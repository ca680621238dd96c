using Larkspur.Gateway.Outbox;

namespace Larkspur.Gateway.Platforms.DingTalk.Sending;

/// <summary>A plain message of the robot's; an answer is one like another, as DingTalk quotes nothing.</summary>
internal sealed class SendPlainMessage(OutboxOperation operation, RobotMessages messages) : IDingTalkOperation
{
    public OutboxOperation Operation => operation;

    public Task<SendReceipt> SendAsync(DingTalkApp app, OutboxEntry entry, Action beforeCall, CancellationToken cancellation) =>
        messages.SendAsync(app, entry, beforeCall, cancellation);
}
