using Larkspur.Feishu;
using Larkspur.Feishu.Api;
using Larkspur.Feishu.Api.Im.V1;
using Larkspur.Gateway.Apps.Feishu;
using Larkspur.Gateway.Outbox;

namespace Larkspur.Gateway.Platforms.Feishu.Sending;

/// <summary>A message passed on.</summary>
internal sealed class ForwardMessage : IFeishuOperation
{
    public OutboxOperation Operation => MessageOperations.Forward;

    /// <summary>Who was to get what another has written can be written to.</summary>
    public OutboxOperation InWords(OutboxMessage message) => MessageOperations.Create;

    public FeishuEndpoint EndpointOf(OutboxEntry entry) => Endpoints.MessageForward;

    public async Task<string?> SendAsync(FeishuClient client, OutboxEntry entry, FeishuCallOptions call, CancellationToken cancellation)
    {
        var sent = await client.Im.V1.Message.ForwardAsync(new()
        {
            MessageId = Forwarded(entry)[0],
            ReceiveIdType = entry.Message.TargetType,
            ReceiveId = entry.Message.Target,
            Uuid = entry.IdempotencyKey,
        }, call, cancellation);
        return sent.MessageId;
    }

    /// <summary>What a row passes on.</summary>
    /// <exception cref="ChannelException">It does not say.</exception>
    public static IReadOnlyList<string> Forwarded(OutboxEntry entry)
    {
        try
        {
            return ForwardedMessages.Read(entry.Message.Content);
        }
        catch (FormatException e)
        {
            throw new ChannelException("unreadable_row", e.Message, transient: false, e);
        }
    }
}
