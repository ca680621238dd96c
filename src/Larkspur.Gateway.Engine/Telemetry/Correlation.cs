using System.Diagnostics;

namespace Larkspur.Gateway.Telemetry;

/// <summary>What ties the traces and the log lines of one event together, across the request, the handler and the sending.</summary>
/// <remarks>
/// Logs always carry the reference and the row's id. Spans exist only while somebody collects them (<see cref="OpenTelemetry.OtlpExport"/>): else no
/// <see cref="Activity"/> is made and no trace context is stored.
/// </remarks>
internal static class Correlation
{
    /// <summary>Name of the gateway's spans' source.</summary>
    public const string SourceName = "Larkspur.Gateway";

    private static readonly ActivitySource Source = new(SourceName);

    /// <summary>The span of an accepted request. It begins a trace of its own: the address is public, and what a sender claims to belong to is a link at most.</summary>
    /// <param name="way">How it came: <c>webhook</c>, <c>long connection</c>.</param>
    /// <param name="began">When the request began; the span is made only after it was verified, so that floods of refused requests make none.</param>
    /// <param name="claimed">The request's <c>traceparent</c> header, if any.</param>
    public static Activity? Receive(string way, DateTimeOffset began, string? claimed)
    {
        if (!Source.HasListeners()) return null;
        ActivityLink[] links = ActivityContext.TryParse(claimed, null, isRemote: true, out var sender) ? [new ActivityLink(sender)] : [];
        return Source.StartActivity(way, ActivityKind.Server, default(ActivityContext), links: links, startTime: began);
    }

    /// <summary>Continues the trace that is stored with a row, in whatever process that is.</summary>
    public static Activity? Continue(string name, ActivityKind kind, string? traceParent)
    {
        if (!Source.HasListeners()) return null;
        return Source.StartActivity(name, kind, ActivityContext.TryParse(traceParent, null, isRemote: true, out var parent) ? parent : default);
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
