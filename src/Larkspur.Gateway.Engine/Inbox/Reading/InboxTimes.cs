using Larkspur.Gateway.Outbox;

namespace Larkspur.Gateway.Inbox.Reading;

/// <inheritdoc/>
internal sealed class InboxTimes : IEventTimes
{
    public string ReceivedAt(string id) => $"(SELECT received_at FROM inbox WHERE inbox.id = {id})";

    public string OccurredAt(string id) => $"(SELECT created_at FROM inbox WHERE inbox.id = {id})";
}
