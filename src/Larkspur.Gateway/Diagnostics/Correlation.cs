using System.Diagnostics;

namespace Larkspur.Gateway.Diagnostics;

/// <summary>What ties the log lines of one event together, across the request, the handler and the sending.</summary>
internal static class Correlation
{
    /// <summary>Continues the trace of the request that brought the event, whether or not anybody listens to traces: its id is in every log line.</summary>
    public static Activity Start(string name, string? traceParent)
    {
        var activity = new Activity(name);
        if (traceParent is not null) activity.SetParentId(traceParent);
        return activity.Start();
    }

    /// <summary>Values for <see cref="ILogger.BeginScope"/>.</summary>
    public static IReadOnlyList<KeyValuePair<string, object?>> Scope(string reference, long inboxId, long? outboxId = null, string? eventId = null)
    {
        var scope = new List<KeyValuePair<string, object?>>(4) { new("Reference", reference), new("InboxId", inboxId) };
        if (eventId is not null) scope.Add(new("EventId", eventId));
        if (outboxId is not null) scope.Add(new("OutboxId", outboxId));
        return scope;
    }
}
