namespace Larkspur.Gateway.Outbox;

/// <summary>The times of the events that messages answer, as expressions of SQL: whoever has the events knows their table.</summary>
internal interface IEventTimes
{
    /// <summary>When the event arrived; null in SQL: it is forgotten, or there was none.</summary>
    /// <param name="id">The column that has the event's row.</param>
    string ReceivedAt(string id);

    /// <summary>When it happened on the platform; null in SQL: it did not say.</summary>
    /// <param name="id">The column that has the event's row.</param>
    string OccurredAt(string id);
}
