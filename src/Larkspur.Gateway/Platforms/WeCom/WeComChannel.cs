using Larkspur.Gateway.Outbox;
using Larkspur.Gateway.Platforms.WeCom.Sending;

namespace Larkspur.Gateway.Platforms.WeCom;

/// <summary>Sends outbox rows to WeCom, each by its operation: application messages, messages of an AI bot, and the ends of its answers.</summary>
/// <remarks>
/// An application's rows are sent with the platform's duplicate check, which compares what is said (<see cref="RecentTexts"/>). A bot's frames and ends are the whole text and may be repeated;
/// its other messages have no key at the platform, so one whose acknowledgement is lost may come twice.
/// </remarks>
internal sealed class WeComChannel(WeComApps apps, WeComSending sending, IEnumerable<IWeComOperation> operations, OutboxOptions options) : IChannel
{
    /// <summary>What waits for a bot's connection looks again this often; memory alone is asked.</summary>
    private static readonly TimeSpan ConnectionPause = TimeSpan.FromSeconds(1);

    private readonly Dictionary<OutboxOperation, IWeComOperation> _operations = operations.ToDictionary(o => o.Operation);

    public string Platform => WeComApps.Platform;

    public IReadOnlyCollection<OutboxOperation> Operations => _operations.Keys;

    public DeliveryPolicy Policy { get; } = DeliveryPolicy.Doubling(options.FirstPause, options.LongestPause, options.Patience) with
    {
        KeyLifetime = WeComSending.DuplicateWindow - TimeSpan.FromMinutes(1), PerLane = options.PerLane,
    };

    public TimeSpan? HoldBack(OutboxEntry entry)
    {
        if (entry.Message.TargetType == WeComReplyTo.UserId || !apps.TryGet(entry.App, out var app) || app.Bot is not { IsConnected: false }) return null;
        return sending.MayGoByApplication(app, new WeComReplyTo(entry.Message.TargetType, entry.Message.Target), entry) ? null : ConnectionPause;
    }

    public async Task<SendReceipt> SendAsync(OutboxEntry entry, CancellationToken cancellation)
    {
        var app = apps.Get(entry.App);
        var operation = _operations.GetValueOrDefault(entry.Message.Operation)
            ?? throw new ChannelException("no_operation", $"WeCom has nothing like {entry.Message.Operation}.", transient: false);
        return new SendReceipt(await operation.SendAsync(app, entry, cancellation), null);
    }

    /// <summary>Words in place of Markdown that was refused.</summary>
    public OutboxMessage? Plainer(OutboxEntry refused, ChannelException refusal) =>
        refused.Message is { MessageType: WeComMessage.Markdown, TargetType: WeComReplyTo.UserId } markdown && markdown.Operation == MessageOperations.Create
            ? markdown with { MessageType = WeComMessage.Text } : null;
}
