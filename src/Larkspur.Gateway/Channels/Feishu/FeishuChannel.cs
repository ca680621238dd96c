using Larkspur.Feishu;
using Larkspur.Feishu.Api;
using Larkspur.Feishu.Api.Im.V1;
using Larkspur.Feishu.Messaging;
using Larkspur.Gateway.Approvals;
using Larkspur.Gateway.Cards;
using Larkspur.Gateway.Outbox;
using Larkspur.Gateway.Quota;
using Larkspur.Gateway.Streams;

namespace Larkspur.Gateway.Channels.Feishu;

/// <summary>Sends outbox rows to Feishu. The row's idempotency key is Feishu's <c>uuid</c>: one message per key within an hour.</summary>
internal sealed class FeishuChannel(FeishuApps apps, OutboxOptions options, IQuota quota, QuotaOptions quotas, StreamDelivery streams, ApprovalDelivery approvals) : IChannel
{
    private const int StillBeingDone = 230049;
    private const int AlreadyRecalled = 230011;
    private const int AlreadyDeleted = 230110;
    private const int TokenExpired = 300030;
    private const int TokenUsedUp = 300040;

    /// <summary>The outbox repeats, durably and by its own order of urgency: a repeat inside the call would take a turn past all others.</summary>
    private static FeishuCallOptions Call(FeishuCallTrace trace) => new() { TurnTaken = true, MaxAttempts = 1, Timeout = TimeSpan.FromSeconds(15), Trace = trace };

    public string Platform => Ingress.FeishuInboundEvents.Platform;

    public DeliveryPolicy Policy { get; } = DeliveryPolicy.Doubling(options.FirstPause, options.LongestPause, options.Patience) with
    {
        KeyLifetime = options.KeyLifetime, PerLane = options.PerLane,
    };

    public TimeSpan? Away(OutboxEntry entry) => apps.Away(entry.App) is null ? null : FeishuApps.AwayPause;

    public ChannelPace? PaceOf(OutboxEntry entry)
    {
        if (!apps.TryGet(entry.App, out var app)) return null; // sending it says so
        var pace = app.Client.Pace(EndpointOf(entry));
        return new ChannelPace(app.Client.Shaper, pace.Key, pace.Limit);
    }

    public async Task<SendReceipt> SendAsync(OutboxEntry entry, CancellationToken cancellation)
    {
        var app = apps.Get(entry.App);
        if (!quota.MayTry(entry.App, EndpointOf(entry).Id))
            throw new ChannelException("quota", "The app's calls of this month are used up; one is tried now and then", transient: true) { Blame = Blame.Platform, RetryAfter = quotas.ProbeInterval };
        var trace = new FeishuCallTrace();
        try
        {
            var messageId = await (entry.Message.Operation switch
            {
                OutboxOperation.Create => CreateAsync(app.Client, entry, Call(trace), cancellation),
                OutboxOperation.Reply => ReplyAsync(app.Client, entry, Call(trace), cancellation),
                OutboxOperation.Forward => ForwardAsync(app.Client, entry, Call(trace), cancellation),
                OutboxOperation.MergeForward => MergeForwardAsync(app.Client, entry, Call(trace), cancellation),
                OutboxOperation.CardUpdate => UpdateByTokenAsync(app.Client, entry, Call(trace), cancellation),
                OutboxOperation.Recall => RecallAsync(app.Client, entry, Call(trace), cancellation),
                OutboxOperation.Urge => Notifications.UrgentPushes.DeliverAsync(app.Client, entry, Call(trace), cancellation),
                OutboxOperation.StreamOpen or OutboxOperation.StreamFinish => streams.DeliverAsync(app.Client, entry, Call(trace), cancellation),
                OutboxOperation.InstanceCreate or OutboxOperation.InstanceCancel or OutboxOperation.ApprovalRemind => approvals.DeliverAsync(app.Client, entry, Call(trace), cancellation),
                _ => PatchAsync(app.Client, entry, Call(trace), cancellation),
            });
            return new SendReceipt(messageId, trace.LogId);
        }
        catch (PlatformApiException e)
        {
            // An answer came: it is known that nothing was sent, save for the platform's own trouble, of which nothing is known.
            // A month's quota that is used up may be raised.
            // A secret that was changed in the console is soon changed here too: what people are owed waits for it.
            throw new ChannelException($"{e.FailureKind.ToString().ToLowerInvariant()}_{e.Code}", e.Message, e.IsTransient || e.FailureKind is FailureKind.Authentication or FailureKind.Quota, e)
            {
                Ambiguous = e.FailureKind == FailureKind.Transient,
                ContentRefused = e.FailureKind == FailureKind.Invalid && !MessageRefusals.IsAboutReceiver(e.Code),
                Code = e.Code,
                Blame = BlameFor(e),
                LogId = e.LogId,
                RetryAfter = (e as FeishuApiException)?.RetryAfter,
            };
        }
        catch (PlatformNetworkException e)
        {
            throw new ChannelException(e.TimedOut ? "timed_out" : "no_connection", e.Message, transient: true, e) { Ambiguous = e.EffectUnknown, Blame = Blame.Platform };
        }
    }

    public OutboxMessage? Plainer(OutboxEntry refused, ChannelException refusal) => PlainCard.Of(refused.Message, refusal);

    private FeishuEndpoint EndpointOf(OutboxEntry entry) => entry.Message.Operation switch
    {
        OutboxOperation.Create => Endpoints.MessageCreate,
        OutboxOperation.Reply => Endpoints.MessageReply,
        OutboxOperation.Forward => Endpoints.MessageForward,
        OutboxOperation.MergeForward => Endpoints.MessageMergeForward,
        OutboxOperation.CardUpdate => Larkspur.Feishu.Api.Interactive.V1.Endpoints.CardUpdate,
        OutboxOperation.Recall => Endpoints.MessageDelete,
        OutboxOperation.Urge => Endpoints.MessageUrgentApp,
        OutboxOperation.StreamOpen or OutboxOperation.StreamFinish => StreamDelivery.EndpointOf(apps, entry),
        OutboxOperation.InstanceCreate or OutboxOperation.InstanceCancel or OutboxOperation.ApprovalRemind => ApprovalDelivery.EndpointOf(entry.Message.Operation),
        _ => Endpoints.MessagePatch,
    };

    private static Blame BlameFor(PlatformApiException e) => e switch
    {
        { LimitScope: RateLimitScope.Endpoint } => Blame.Endpoint,
        { LimitScope: RateLimitScope.Target } => Blame.Receiver,
        { Code: StillBeingDone } => Blame.Message,
        { FailureKind: FailureKind.Transient or FailureKind.Authentication or FailureKind.Quota } => Blame.Platform,
        _ => Blame.Message,
    };

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
            ReplyInThread = entry.Message.InThread ? true : null,
            Uuid = entry.IdempotencyKey,
        }, call, cancellation);
        return sent.MessageId;
    }

    private static async Task<string?> ForwardAsync(FeishuClient client, OutboxEntry entry, FeishuCallOptions call, CancellationToken cancellation)
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

    private static async Task<string?> MergeForwardAsync(FeishuClient client, OutboxEntry entry, FeishuCallOptions call, CancellationToken cancellation)
    {
        var sent = await client.Im.V1.Message.MergeForwardAsync(new()
        {
            MessageIdList = Forwarded(entry),
            ReceiveIdType = entry.Message.TargetType,
            ReceiveId = entry.Message.Target,
            Uuid = entry.IdempotencyKey,
        }, call, cancellation);
        return sent.Message?.MessageId;
    }

    /// <exception cref="ChannelException">The row does not say what is to be passed on.</exception>
    private static IReadOnlyList<string> Forwarded(OutboxEntry entry)
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

    /// <summary>By the click's token while it lives; then a shared card by its message's id, which works for 14 days.</summary>
    private static async Task<string?> UpdateByTokenAsync(FeishuClient client, OutboxEntry entry, FeishuCallOptions call, CancellationToken cancellation)
    {
        CardTokenUpdate update;
        try
        {
            update = CardTokenUpdate.Read(entry.Message.Content);
        }
        catch (System.Text.Json.JsonException e)
        {
            throw new ChannelException("unreadable_row", "The row does not hold a card update.", transient: false, e);
        }

        try
        {
            await client.Messages.UpdateCardByTokenAsync(update.Token, MessageContent.Card(update.Card), update.OnlyFor, call, cancellation);
        }
        catch (FeishuApiException e) when (e.Code is TokenExpired or TokenUsedUp && update.OnlyFor is null && entry.Message.Target.StartsWith("om_", StringComparison.Ordinal))
        {
            await client.Im.V1.Message.PatchAsync(new() { MessageId = entry.Message.Target, Content = update.Card }, call, cancellation);
        }

        return entry.Message.Target;
    }

    /// <summary>What is gone already is what was wanted: an earlier attempt whose answer was lost, or somebody in the client.</summary>
    private static async Task<string?> RecallAsync(FeishuClient client, OutboxEntry entry, FeishuCallOptions call, CancellationToken cancellation)
    {
        try
        {
            await client.Im.V1.Message.DeleteAsync(new() { MessageId = entry.Message.Target }, call, cancellation);
        }
        catch (FeishuApiException e) when (e.Code is AlreadyRecalled or AlreadyDeleted)
        {
            return entry.Message.Target;
        }

        return entry.Message.Target;
    }

    private static async Task<string?> PatchAsync(FeishuClient client, OutboxEntry entry, FeishuCallOptions call, CancellationToken cancellation)
    {
        await client.Im.V1.Message.PatchAsync(new() { MessageId = entry.Message.Target, Content = entry.Message.Content }, call, cancellation);
        return entry.Message.Target;
    }
}
