using Larkspur.DingTalk;
using Larkspur.Gateway.Channels.DingTalk.Answers;
using Larkspur.Gateway.Outbox;

namespace Larkspur.Gateway.Channels.DingTalk;

/// <summary>Sends outbox rows to DingTalk. Cards have a key of their own (<c>outTrackId</c>) and are repeated until they are there; plain messages have none.</summary>
/// <remarks>
/// So a plain message whose answer was lost is not sent again: its next attempt finds that the platform's memory of it is over (a key's lifetime of nothing), the row becomes a dead letter, and who
/// was to get it is told with its reference that something may be missing. An operator can replay it.
/// </remarks>
internal sealed class DingTalkChannel(DingTalkApps apps, OutboxOptions options, RobotMessages messages, AnswerCards cards, DingTalkMonth month, DingTalkFailures failures) : IChannel
{
    public string Platform => DingTalkApps.Platform;

    public DeliveryPolicy Policy { get; } = DeliveryPolicy.Doubling(options.FirstPause, options.LongestPause, options.Patience) with { KeyLifetime = TimeSpan.Zero, PerLane = options.PerLane };

    public async Task<SendReceipt> SendAsync(OutboxEntry entry, CancellationToken cancellation)
    {
        var app = apps.Get(entry.App);
        try
        {
            switch (entry.Message.Operation)
            {
                case OutboxOperation.CardAnswer:
                    Spare(app);
                    return await cards.EndAsync(app, entry, cancellation);
                case OutboxOperation.Create or OutboxOperation.Reply:
                    return await messages.SendAsync(app, entry, () => Spare(app), cancellation);
                default:
                    throw new ChannelException("unreadable_row", $"DingTalk knows no operation {entry.Message.Operation}", transient: false);
            }
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
