using System.Diagnostics;

namespace Larkspur.Gateway.Outbox;

/// <summary>What the spans of a message tell; see <see cref="Telemetry.SpanTags"/>.</summary>
internal static class OutboxSpans
{
    public static void Sending(this Activity span, OutboxEntry entry, int attempt) => span
        .SetTag("messaging.system", entry.Platform)
        .SetTag("messaging.operation.type", "send")
        .SetTag("messaging.operation.name", entry.Message.Operation.Name)
        .SetTag("larkspur.app", entry.App)
        .SetTag("larkspur.message.type", entry.Message.MessageType)
        .SetTag("larkspur.inbox.id", entry.InboxId)
        .SetTag("larkspur.outbox.id", entry.Id)
        .SetTag("larkspur.attempt", attempt);

    public static void Sent(this Activity span, SendReceipt receipt) => span
        .SetTag("messaging.message.id", receipt.MessageId)
        .SetTag("feishu.log_id", receipt.LogId);
}
