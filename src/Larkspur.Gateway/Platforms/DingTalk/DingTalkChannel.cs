using Larkspur.DingTalk;
using Larkspur.Gateway.Outbox;
using Larkspur.Gateway.Platforms.DingTalk.Sending;

namespace Larkspur.Gateway.Platforms.DingTalk;

/// <summary>Sends outbox rows to DingTalk, each by its operation. Cards have a key of their own (<c>outTrackId</c>) and are repeated until they are there; plain messages have none.</summary>
/// <remarks>
/// So a plain message whose answer was lost is not sent again: its next attempt finds that the platform's memory of it is over (a key's lifetime of nothing), the row becomes a dead letter, and who
/// was to get it is told with its reference that something may be missing. An operator can replay it.
/// </remarks>
internal sealed class DingTalkChannel(
    DingTalkApps apps, OutboxOptions options, IEnumerable<IDingTalkOperation> operations, DingTalkMonth month, DingTalkFailures failures) : IChannel
{
    private readonly Dictionary<OutboxOperation, IDingTalkOperation> _operations = operations.ToDictionary(o => o.Operation);

    public string Platform => DingTalkApps.Platform;

    public IReadOnlyCollection<OutboxOperation> Operations => _operations.Keys;

    public DeliveryPolicy Policy { get; } = DeliveryPolicy.Doubling(options.FirstPause, options.LongestPause, options.Patience) with { KeyLifetime = TimeSpan.Zero, PerLane = options.PerLane };

    public async Task<SendReceipt> SendAsync(OutboxEntry entry, CancellationToken cancellation)
    {
        var app = apps.Get(entry.App);
        try
        {
            var operation = _operations.GetValueOrDefault(entry.Message.Operation)
                ?? throw new ChannelException("no_operation", $"DingTalk has nothing like {entry.Message.Operation}", transient: false);
            return await operation.SendAsync(app, entry, () => Spare(app), cancellation);
        }
        catch (Exception e) when (e is ChannelException or PlatformApiException or PlatformNetworkException or ArgumentException or InvalidOperationException)
        {
            throw failures.Of(app, e);
        }
    }

    private void Spare(DingTalkApp app)
    {
        if (!month.MayTry(app)) throw failures.Quota();
    }
}
