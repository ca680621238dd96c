using System.Text.Json.Serialization;
using Larkspur.Feishu;
using Larkspur.Gateway.Outbox;

namespace Larkspur.Gateway.Channels.Feishu;

/// <summary>Sends outbox rows to Feishu. The row's idempotency key is Feishu's <c>uuid</c>: one message per key within an hour.</summary>
internal sealed class FeishuChannel(FeishuApps apps) : IChannel
{
    private static readonly FeishuEndpoint Create = Endpoint("im.v1.message.create", HttpMethod.Post, "/open-apis/im/v1/messages");
    private static readonly FeishuEndpoint Reply = Endpoint("im.v1.message.reply", HttpMethod.Post, "/open-apis/im/v1/messages/{message_id}/reply");
    private static readonly FeishuEndpoint Patch = Endpoint("im.v1.message.patch", HttpMethod.Patch, "/open-apis/im/v1/messages/{message_id}");

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
        var message = entry.Message;
        var request = new FeishuRequest(Create)
        {
            IdempotencyKey = entry.IdempotencyKey,
            Body = new SendBody { ReceiveId = message.Target, MsgType = message.MessageType, Content = message.Content, Uuid = entry.IdempotencyKey },
        }.WithQuery("receive_id_type", message.TargetType);
        var sent = await client.SendAsync<SentMessage>(request, Call, cancellation);
        return new SendReceipt(sent.MessageId, null);
    }

    private static async Task<SendReceipt> ReplyAsync(FeishuClient client, OutboxEntry entry, CancellationToken cancellation)
    {
        var request = new FeishuRequest(Reply)
        {
            IdempotencyKey = entry.IdempotencyKey,
            Body = new SendBody { MsgType = entry.Message.MessageType, Content = entry.Message.Content, Uuid = entry.IdempotencyKey },
        }.WithPath("message_id", entry.Message.Target);
        var sent = await client.SendAsync<SentMessage>(request, Call, cancellation);
        return new SendReceipt(sent.MessageId, null);
    }

    private static async Task<SendReceipt> PatchAsync(FeishuClient client, OutboxEntry entry, CancellationToken cancellation)
    {
        var request = new FeishuRequest(Patch) { Body = new SendBody { Content = entry.Message.Content } }.WithPath("message_id", entry.Message.Target);
        await client.SendAsync(request, Call, cancellation);
        return new SendReceipt(entry.Message.Target, null);
    }

    private static FeishuEndpoint Endpoint(string id, HttpMethod method, string path) => new()
    {
        Id = id, Method = method, Path = path, PerSecond = 50, PerMinute = 1000, IdempotencyField = method == HttpMethod.Post ? "uuid" : null,
    };

    private sealed record SendBody
    {
        [JsonPropertyName("receive_id")]
        public string? ReceiveId { get; init; }

        [JsonPropertyName("msg_type")]
        public string? MsgType { get; init; }

        [JsonPropertyName("content")]
        public required string Content { get; init; }

        [JsonPropertyName("uuid")]
        public string? Uuid { get; init; }
    }

    private sealed record SentMessage
    {
        [JsonPropertyName("message_id")]
        public string? MessageId { get; init; }
    }
}
