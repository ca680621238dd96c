using Larkspur.Feishu;
using Larkspur.Feishu.Api;
using Larkspur.Gateway.Outbox;

namespace Larkspur.Gateway.Channels.Feishu;

/// <summary>Sends outbox rows to Feishu. The row's idempotency key is Feishu's <c>uuid</c>: one message per key within an hour.</summary>
internal sealed class FeishuChannel(FeishuApps apps) : IChannel
{
    /// <summary>The outbox repeats durably; inside one attempt a single quick repeat is enough.</summary>
    private static readonly FeishuCallOptions Call = new() { MaxAttempts = 2, Timeout = TimeSpan.FromSeconds(15) };

    public string Platform => Ingress.FeishuInboundEvents.Platform;

    public async Task<SendReceipt> SendAsync(OutboxEntry entry, CancellationToken cancellation)
    {
        var app = apps.Get(entry.App);
        try
        {
            return await (entry.Message.Operation switch
            {
                OutboxOperation.Create => CreateAsync(app.Client, entry, cancellation),
                OutboxOperation.Reply => ReplyAsync(app.Client, entry, cancellation),
                _ => PatchAsync(app.Client, entry, cancellation),
            });
        }
        catch (PlatformApiException e)
        {
            // An answer came: it is known that nothing was sent, save for the platform's own trouble, of which nothing is known.
            throw new ChannelException($"{e.FailureKind.ToString().ToLowerInvariant()}_{e.Code}", e.Message, e.IsTransient, e)
            {
                Ambiguous = e.FailureKind == FailureKind.Transient,
                LogId = e.LogId,
                RetryAfter = (e as FeishuApiException)?.RetryAfter,
            };
        }
        catch (PlatformNetworkException e)
        {
            throw new ChannelException(e.TimedOut ? "timed_out" : "no_connection", e.Message, transient: true, e) { Ambiguous = e.EffectUnknown };
        }
    }

    private static async Task<SendReceipt> CreateAsync(FeishuClient client, OutboxEntry entry, CancellationToken cancellation)
    {
        var sent = await client.Im.V1.Message.CreateAsync(new()
        {
            ReceiveIdType = entry.Message.TargetType,
            ReceiveId = entry.Message.Target,
            MsgType = entry.Message.MessageType,
            Content = entry.Message.Content,
            Uuid = entry.IdempotencyKey,
        }, Call, cancellation);
        return new SendReceipt(sent.MessageId, null);
    }

    private static async Task<SendReceipt> ReplyAsync(FeishuClient client, OutboxEntry entry, CancellationToken cancellation)
    {
        var sent = await client.Im.V1.Message.ReplyAsync(new()
        {
            MessageId = entry.Message.Target,
            MsgType = entry.Message.MessageType,
            Content = entry.Message.Content,
            Uuid = entry.IdempotencyKey,
        }, Call, cancellation);
        return new SendReceipt(sent.MessageId, null);
    }

    private static async Task<SendReceipt> PatchAsync(FeishuClient client, OutboxEntry entry, CancellationToken cancellation)
    {
        await client.Im.V1.Message.PatchAsync(new() { MessageId = entry.Message.Target, Content = entry.Message.Content }, Call, cancellation);
        return new SendReceipt(entry.Message.Target, null);
    }
}
