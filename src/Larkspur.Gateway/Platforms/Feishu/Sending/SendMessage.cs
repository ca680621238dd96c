using Larkspur.Feishu;
using Larkspur.Feishu.Api;
using Larkspur.Feishu.Api.Im.V1;
using Larkspur.Gateway.Apps.Feishu;
using Larkspur.Gateway.Outbox;

namespace Larkspur.Gateway.Platforms.Feishu.Sending;

/// <summary>A new message in a chat, or to a person.</summary>
internal sealed class SendMessage : IFeishuOperation
{
    public OutboxOperation Operation => MessageOperations.Create;

    public bool CarriesCard => true;

    public OutboxOperation InWords(OutboxMessage message) => MessageOperations.Create;

    public FeishuEndpoint EndpointOf(OutboxEntry entry) => Endpoints.MessageCreate;

    public async Task<string?> SendAsync(FeishuClient client, OutboxEntry entry, FeishuCallOptions call, CancellationToken cancellation)
    {
        var sent = await client.Im.V1.Message.CreateAsync(new()
        {
            ReceiveIdType = entry.Message.TargetType,
            ReceiveId = entry.Message.Target,
            MsgType = entry.Message.MessageType,
            Content = entry.Message.Content,
            Uuid = entry.IdempotencyKey,
        }, call, cancellation);
        return sent.MessageId;
    }
}
