using System.Diagnostics;

namespace Larkspur.Gateway.Inbox;

/// <summary>What the spans of an event tell; see <see cref="Telemetry.SpanTags"/>.</summary>
internal static class InboxSpans
{
    public static void Describe(this Activity span, InboundEvent inbound, string operation) => span
        .SetTag("messaging.system", inbound.Platform)
        .SetTag("messaging.operation.type", operation)
        .SetTag("messaging.message.id", inbound.EventId)
        .SetTag("larkspur.app", inbound.App)
        .SetTag("larkspur.event.type", inbound.EventType);

    public static void Received(this Activity span, Appended appended) => span
        .SetTag("http.request.method", "POST")
        .SetTag("http.response.status_code", StatusCodes.Status200OK)
        .SetTag("larkspur.inbox.id", appended.Id)
        .SetTag("larkspur.duplicate", appended.Duplicate);

    public static void Handling(this Activity span, InboundEvent inbound, long inboxId, int attempt)
    {
        span.Describe(inbound, "process");
        span.SetTag("larkspur.inbox.id", inboxId).SetTag("larkspur.attempt", attempt);
    }

    public static void Handled(this Activity span, Outcome outcome) => span
        .SetTag("larkspur.outcome", outcome.Name)
        .SetTag("larkspur.outcome.reason", outcome.Reason);
}
