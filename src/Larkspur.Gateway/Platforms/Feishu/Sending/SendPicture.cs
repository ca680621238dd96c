using Larkspur.Feishu;
using Larkspur.Feishu.Api;
using Larkspur.Feishu.Api.Im.V1;
using Larkspur.Gateway.Apps.Feishu;
using Larkspur.Gateway.Conversations;
using Larkspur.Gateway.Outbox;

namespace Larkspur.Gateway.Platforms.Feishu.Sending;

/// <summary>A picture of an answer, which the platform was given before: where the answer is.</summary>
internal sealed class SendPicture : IFeishuOperation
{
    public OutboxOperation Operation => AnswerPicture.Operation;

    public OutboxOperation InWords(OutboxMessage message) => IsReply(message) ? MessageOperations.Reply : MessageOperations.Create;

    public FeishuEndpoint EndpointOf(OutboxEntry entry) => IsReply(entry.Message) ? Endpoints.MessageReply : Endpoints.MessageCreate;

    public async Task<string?> SendAsync(FeishuClient client, OutboxEntry entry, FeishuCallOptions call, CancellationToken cancellation)
    {
        var message = entry.Message;
        if (!IsReply(message))
        {
            var sent = await client.Im.V1.Message.CreateAsync(new()
            {
                ReceiveIdType = message.TargetType, ReceiveId = message.Target, MsgType = message.MessageType, Content = message.Content,
                Uuid = entry.IdempotencyKey,
            }, call, cancellation);
            return sent.MessageId;
        }

        var replied = await client.Im.V1.Message.ReplyAsync(new()
        {
            MessageId = message.Target, MsgType = message.MessageType, Content = message.Content,
            ReplyInThread = message.InThread ? true : null, Uuid = entry.IdempotencyKey,
        }, call, cancellation);
        return replied.MessageId;
    }

    private static bool IsReply(OutboxMessage message) => message.TargetType == "message_id";
}
