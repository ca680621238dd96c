using Larkspur.Gateway.Outbox;

namespace Larkspur.Gateway.Webhooks;

/// <summary>When a webhook is tried again.</summary>
internal static class WebhookRetrySchedule
{
    /// <summary>Pauses between attempts, 23 h 43 min in all: eleven attempts within a day.</summary>
    public static IReadOnlyList<TimeSpan> Pauses { get; } =
    [
        TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(30), TimeSpan.FromMinutes(2), TimeSpan.FromMinutes(10), TimeSpan.FromMinutes(30),
        TimeSpan.FromHours(1), TimeSpan.FromHours(2), TimeSpan.FromHours(4), TimeSpan.FromHours(8), TimeSpan.FromHours(8),
    ];

    /// <summary>
    /// Whoever waits behind others of its key, or for a webhook whose circuit is open, has spent no attempt; after three days even that is given up.
    /// A receiver recognises a webhook-id for as long as it likes, so a doubtful attempt is repeated for as long as any other.
    /// </summary>
    public static DeliveryPolicy Policy { get; } = DeliveryPolicy.Schedule(Pauses, jitter: 0.1, patience: TimeSpan.FromDays(3));
}
