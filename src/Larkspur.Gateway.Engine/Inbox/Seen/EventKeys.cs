using Larkspur.Gateway.Common;

namespace Larkspur.Gateway.Inbox.Seen;

/// <summary>The keys of one event.</summary>
/// <param name="ByEvent">By its id.</param>
/// <param name="ByMessage">By the message's id, for a received message.</param>
internal readonly record struct EventKeys(SeenKey ByEvent, SeenKey? ByMessage)
{
    public static EventKeys Of(InboundEvent e) => new(SeenKey.ForEvent(e.Platform, e.App, e.EventId),
        e is { UniqueByMessage: true, MessageId: { } message } ? SeenKey.ForMessage(e.Platform, e.App, message) : null);
}
