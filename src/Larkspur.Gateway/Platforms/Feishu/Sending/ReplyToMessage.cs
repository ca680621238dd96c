using Larkspur.Feishu;
using Larkspur.Feishu.Api;
using Larkspur.Feishu.Api.Im.V1;
using Larkspur.Gateway.Apps.Feishu;
using Larkspur.Gateway.Outbox;

namespace Larkspur.Gateway.Platforms.Feishu.Sending;

/// <summary>An answer to a message.</summary>
internal sealed class ReplyToMessage : IFeishuOperation
{
    public OutboxOperation Operation => MessageOperations.Reply;

    public bool CarriesCard => true;

    public OutboxOperation InWords(OutboxMessage message) => MessageOperations.Reply;

    public FeishuEndpoint EndpointOf(OutboxEntry entry) => Endpoints.MessageReply;

    public async Task<string?> SendAsync(FeishuClient client, OutboxEntry entry, FeishuCallOptions call, CancellationToken cancellation)
    {
        var sent = await client.Im.V1.Message.ReplyAsync(new()
        {
            MessageId = entry.Message.Target,
            MsgType = entry.Message.MessageType,
            Content = entry.Message.Content,
            ReplyInThread = entry.Message.InThread ? true : null,
            Uuid = entry.IdempotencyKey,
        }, call, cancellation);
        return sent.MessageId;
    }
}
