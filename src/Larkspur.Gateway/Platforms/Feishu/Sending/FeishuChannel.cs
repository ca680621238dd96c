using Larkspur.Feishu;
using Larkspur.Gateway.Apps.Feishu;
using Larkspur.Gateway.Common;
using Larkspur.Gateway.Outbox;
using Larkspur.Gateway.Quota;

namespace Larkspur.Gateway.Platforms.Feishu.Sending;

/// <summary>
/// Sends outbox rows to Feishu, each by its operation. The row's idempotency key is Feishu's <c>uuid</c>: one message per key within
/// an hour.
/// </summary>
internal sealed class FeishuChannel(
    FeishuApps apps, FeishuOperations operations, OutboxOptions options, IQuota quota, QuotaOptions quotas) : IChannel
{
    private const int StillBeingDone = 230049;

    /// <summary>
    /// The outbox repeats, durably and by its own order of urgency: a repeat inside the call would take a permit past all others.
    /// </summary>
    private static FeishuCallOptions Call(FeishuCallTrace trace) =>
        new() { PermitAcquired = true, MaxAttempts = 1, Timeout = TimeSpan.FromSeconds(15), Trace = trace };

    public string Platform => PlatformNames.Feishu;

    public IReadOnlyCollection<OutboxOperation> Operations => operations.All;

    public DeliveryPolicy Policy { get; } = DeliveryPolicy.Doubling(options.FirstPause, options.LongestPause, options.Patience) with
    {
        KeyLifetime = options.KeyLifetime, PerLane = options.PerLane,
    };

    public TimeSpan? Away(OutboxEntry entry) => apps.Away(entry.App) is null ? null : FeishuApps.AwayPause;

    public ChannelPace? PaceOf(OutboxEntry entry)
    {
        // Of an app or an operation that is unknown the sending says so.
        if (!apps.TryGet(entry.App, out var app) || operations.Find(entry.Message.Operation) is not { } operation) return null;
        var pace = app.Client.BudgetOf(operation.EndpointOf(entry));
        return new ChannelPace(app.Client.RateLimiter, pace.Key, pace.Limit);
    }

    public async Task<SendReceipt> SendAsync(OutboxEntry entry, CancellationToken cancellation)
    {
        var app = apps.Get(entry.App);
        var operation = operations.Find(entry.Message.Operation)
            ?? throw new ChannelException("no_operation", $"Feishu has nothing like {entry.Message.Operation}.", transient: false);
        if (!quota.MayTry(entry.App, operation.EndpointOf(entry).Id))
            throw new ChannelException("quota", "The app's calls of this month are used up; one is tried now and then", transient: true)
            {
                Blame = Blame.Platform, RetryAfter = quotas.ProbeInterval,
            };
        var trace = new FeishuCallTrace();
        try
        {
            var messageId = await operation.SendAsync(app.Client, entry, Call(trace), cancellation);
            return new SendReceipt(messageId, trace.LogId);
        }
        catch (PlatformApiException e)
        {
            // An answer came: it is known that nothing was sent, save for the platform's own trouble, of which nothing is known.
            // A month's quota that is used up may be raised.
            // A secret that was changed in the console is soon changed here too: what people are owed waits for it.
            var isTransient = e.IsTransient || e.FailureKind is FailureKind.Authentication or FailureKind.Quota;
            throw new ChannelException($"{e.FailureKind.ToString().ToLowerInvariant()}_{e.Code}", e.Message, isTransient, e)
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
            throw new ChannelException(e.TimedOut ? "timed_out" : "no_connection", e.Message, transient: true, e)
            {
                Ambiguous = e.EffectUnknown, Blame = Blame.Platform,
            };
        }
    }

    public OutboxMessage? Plainer(OutboxEntry refused, ChannelException refusal) =>
        operations.Find(refused.Message.Operation) is { CarriesCard: true } operation
            ? PlainCard.Of(refused.Message, refusal, operation)
            : null;

    private static Blame BlameFor(PlatformApiException e) => e switch
    {
        { LimitScope: RateLimitScope.Endpoint } => Blame.Endpoint,
        { LimitScope: RateLimitScope.Target } => Blame.Receiver,
        { Code: StillBeingDone } => Blame.Message,
        { FailureKind: FailureKind.Transient or FailureKind.Authentication or FailureKind.Quota } => Blame.Platform,
        _ => Blame.Message,
    };
}
