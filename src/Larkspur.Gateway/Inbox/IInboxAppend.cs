using Larkspur.Gateway.Storage;

namespace Larkspur.Gateway.Inbox;

/// <summary>
/// The one statement group whose speed decides how many events a second are accepted; so each database has a make of its own: SQLite, inside the process,
/// takes them one by one; PostgreSQL, a round trip away, takes all at once.
/// </summary>
internal interface IInboxAppend
{
    /// <inheritdoc cref="IInboxStore.AppendAsync"/>
    ValueTask<IReadOnlyList<Appended>> AppendAsync(IUnitOfWork unit, IReadOnlyList<NewEvent> events);
}

/// <summary>The keys under which an event is remembered.</summary>
internal readonly record struct EventKeys(byte[] ByEvent, byte[]? ByMessage)
{
    public static EventKeys Of(InboundEvent e) => new(SeenKey.ForEvent(e.Platform, e.App, e.EventId),
        e is { UniqueByMessage: true, MessageId: { } message } ? SeenKey.ForMessage(e.Platform, e.App, message) : null);
}
