using System.Diagnostics;
using Larkspur.Gateway.Inbox;
using Larkspur.Gateway.Outbox;

namespace Larkspur.Gateway.Diagnostics;

/// <summary>What spans tell: ids and words of ours, after the semantic conventions for HTTP and messaging where those have a name for it. Never a text, a name or a token.</summary>
internal static class SpanTags
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

    public static void NotRecorded(this Activity span) => span
        .SetTag("http.request.method", "POST")
        .SetTag("http.response.status_code", StatusCodes.Status503ServiceUnavailable)
        .SetStatus(ActivityStatusCode.Error, "storage_unavailable");

    public static void Handling(this Activity span, InboundEvent inbound, long inboxId, int attempt)
    {
        span.Describe(inbound, "process");
        span.SetTag("larkspur.inbox.id", inboxId).SetTag("larkspur.attempt", attempt);
    }

    public static void Handled(this Activity span, Outcome outcome) => span
        .SetTag("larkspur.outcome", outcome.Name)
        .SetTag("larkspur.outcome.reason", outcome.Reason);

    public static void Sending(this Activity span, OutboxEntry entry, int attempt) => span
        .SetTag("messaging.system", entry.Platform)
        .SetTag("messaging.operation.type", "send")
        .SetTag("messaging.operation.name", entry.Message.Operation.ToString().ToLowerInvariant())
        .SetTag("larkspur.app", entry.App)
        .SetTag("larkspur.message.type", entry.Message.MessageType)
        .SetTag("larkspur.inbox.id", entry.InboxId)
        .SetTag("larkspur.outbox.id", entry.Id)
        .SetTag("larkspur.attempt", attempt);

    public static void Sent(this Activity span, SendReceipt receipt) => span
        .SetTag("messaging.message.id", receipt.MessageId)
        .SetTag("feishu.log_id", receipt.LogId);

    /// <param name="span">The span of what failed.</param>
    /// <param name="reason">A word: an exception's text may repeat what somebody wrote.</param>
    /// <param name="logId">The platform's id of the call, if it told.</param>
    public static void Failed(this Activity span, string reason, string? logId = null) => span
        .SetStatus(ActivityStatusCode.Error, reason)
        .SetTag("error.type", reason)
        .SetTag("feishu.log_id", logId);
}
