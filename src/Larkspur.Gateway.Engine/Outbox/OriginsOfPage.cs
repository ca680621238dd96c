using Larkspur.Gateway.Telemetry;

namespace Larkspur.Gateway.Outbox;

/// <summary>Gives rows that were read back from the table the time of their event: rows of one event that come in one page share one origin.</summary>
internal sealed class OriginsOfPage
{
    private readonly Dictionary<long, EventOrigin> _origins = [];

    /// <param name="entry">A row.</param>
    /// <param name="receivedAt">When its event arrived; null when the event is forgotten.</param>
    /// <param name="occurredAt">When it happened on the platform; null: it did not say.</param>
    public OutboxEntry Of(OutboxEntry entry, DateTimeOffset? receivedAt, DateTimeOffset? occurredAt)
    {
        if (receivedAt is not { } at || entry.IsLossMessage || entry.Platform == OutboxScope.WebhookPlatform) return entry;
        if (!_origins.TryGetValue(entry.InboxId, out var origin)) _origins.Add(entry.InboxId, origin = new EventOrigin(at, occurredAt));
        origin.Expect(1);
        return entry with { Origin = origin };
    }
}
