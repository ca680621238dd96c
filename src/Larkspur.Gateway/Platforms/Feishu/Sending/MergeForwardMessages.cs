using Larkspur.Feishu;
using Larkspur.Feishu.Api;
using Larkspur.Feishu.Api.Im.V1;
using Larkspur.Gateway.Apps.Feishu;
using Larkspur.Gateway.Outbox;

namespace Larkspur.Gateway.Platforms.Feishu.Sending;

/// <summary>Messages of one chat passed on as a bundle.</summary>
internal sealed class MergeForwardMessages : IFeishuOperation
{
    public OutboxOperation Operation => MessageOperations.MergeForward;

    public OutboxOperation InWords(OutboxMessage message) => MessageOperations.Create;

    public FeishuEndpoint EndpointOf(OutboxEntry entry) => Endpoints.MessageMergeForward;

    public async Task<string?> SendAsync(FeishuClient client, OutboxEntry entry, FeishuCallOptions call, CancellationToken cancellation)
    {
        var sent = await client.Im.V1.Message.MergeForwardAsync(new()
        {
            MessageIdList = ForwardMessage.Forwarded(entry),
            ReceiveIdType = entry.Message.TargetType,
            ReceiveId = entry.Message.Target,
            Uuid = entry.IdempotencyKey,
        }, call, cancellation);
        return sent.Message?.MessageId;
    }
}
