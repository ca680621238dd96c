using Larkspur.Feishu;
using Larkspur.Feishu.Api;
using Larkspur.Gateway.Outbox;

namespace Larkspur.Gateway.Channels.Feishu;

/// <summary>Sends outbox rows to Feishu. The row's idempotency key is Feishu's <c>uuid</c>: one message per key within an hour.</summary>
internal sealed class FeishuChannel(FeishuApps apps, OutboxOptions options) : IChannel
{
    /// <summary>The outbox repeats durably; inside one attempt a single quick repeat is enough.</summary>
    private static FeishuCallOptions Call(FeishuCallTrace trace) => new() { MaxAttempts = 2, Timeout = TimeSpan.FromSeconds(15), Trace = trace };

    public string Platform => Ingress.FeishuInboundEvents.Platform;

    public DeliveryPolicy Policy { get; } = DeliveryPolicy.Doubling(options.FirstPause, options.LongestPause, options.Patience) with
    {
        KeyLifetime = options.KeyLifetime, LanePause = options.LanePause,
    };

    public async Task<SendReceipt> SendAsync(OutboxEntry entry, CancellationToken cancellation)
    {
        var app = apps.Get(entry.App);
        var trace = new FeishuCallTrace();
        try
        {
            var messageId = await (entry.Message.Operation switch
            {
                OutboxOperation.Create => CreateAsync(app.Client, entry, Call(trace), cancellation),
                OutboxOperation.Reply => ReplyAsync(app.Client, entry, Call(trace), cancellation),
                _ => PatchAsync(app.Client, entry, Call(trace), cancellation),
            });
            return new SendReceipt(messageId, trace.LogId);
        }
        catch (PlatformApiException e)
        {
            // An answer came: it is known that nothing was sent, save for the platform's own trouble, of which nothing is known.
            // A secret that was changed in the console is soon changed here too: what people are owed waits for it.
            throw new ChannelException($"{e.FailureKind.ToString().ToLowerInvariant()}_{e.Code}", e.Message, e.IsTransient || e.FailureKind == FailureKind.Authentication, e)
            {
                Ambiguous = e.FailureKind == FailureKind.Transient,
                ContentRefused = e.FailureKind == FailureKind.Invalid,
                LogId = e.LogId,
                RetryAfter = (e as FeishuApiException)?.RetryAfter,
            };
        }
        catch (PlatformNetworkException e)
        {
            throw new ChannelException(e.TimedOut ? "timed_out" : "no_connection", e.Message, transient: true, e) { Ambiguous = e.EffectUnknown };
        }
    }

    private static async Task<string?> CreateAsync(FeishuClient client, OutboxEntry entry, FeishuCallOptions call, CancellationToken cancellation)
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

    private static async Task<string?> ReplyAsync(FeishuClient client, OutboxEntry entry, FeishuCallOptions call, CancellationToken cancellation)
    {
        var sent = await client.Im.V1.Message.ReplyAsync(new()
        {
            MessageId = entry.Message.Target,
            MsgType = entry.Message.MessageType,
            Content = entry.Message.Content,
            Uuid = entry.IdempotencyKey,
        }, call, cancellation);
        return sent.MessageId;
    }

    private static async Task<string?> PatchAsync(FeishuClient client, OutboxEntry entry, FeishuCallOptions call, CancellationToken cancellation)
    {
        await client.Im.V1.Message.PatchAsync(new() { MessageId = entry.Message.Target, Content = entry.Message.Content }, call, cancellation);
        return entry.Message.Target;
    }
}
