using System.Buffers;
using System.Diagnostics;
using System.Security.Cryptography;
using System.Text.Encodings.Web;
using System.Text.Json;
using Larkspur.Feishu.Approvals;
using Larkspur.Gateway.Apps.Feishu;
using Larkspur.Gateway.Common;
using Larkspur.Gateway.Inbox;
using Larkspur.Gateway.Inbox.Dispatch;

namespace Larkspur.Gateway.Approvals;

/// <summary>A decision about another system's approval as an inbound event: recorded, and forwarded to who wants it, like the platform's own events.</summary>
/// <remarks>The event is the post in the platform's words without its token.</remarks>
internal static class ExternalActionEvents
{
    /// <summary>What webhooks list to get it; the callback's type is <c>feishu.approval.external_action</c>.</summary>
    public const string Type = "approval.external_action";

    private const int LongestOrderingId = 128;

    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Recording and forwarding are all there is to it: the other system decides.</summary>
    public static ValueTask<Reaction> TakeAsync(EventContext context, CancellationToken cancellation) =>
        ValueTask.FromResult(new Reaction(static _ => ValueTask.FromResult(Outcome.Answered)));

    public static InboundEvent From(ExternalApprovalAction action, string app, DateTimeOffset now)
    {
        var id = IdOf(action);
        var about = action.InstanceId ?? action.TaskId ?? action.MessageId;
        return new InboundEvent
        {
            Platform = PlatformNames.Feishu, App = app, EventId = id, EventType = Type, Kind = EventKind.Event,
            OrderingKey = about is { Length: <= LongestOrderingId } ? "approval:" + about : "event:" + id,
            TraceParent = Activity.Current?.Id, ReceivedAt = now, Payload = Write(action, addresses: true),
        };
    }

    /// <summary>
    /// These posts have no id and no time. The same decision by the same person about the same task, in the same words, is one event however often it is posted: a
    /// repetition after a lost answer is, and so is one that somebody recorded and plays again. Addresses of attachments may be signed anew each time and do not count.
    /// </summary>
    private static string IdOf(ExternalApprovalAction action) => "xa_" + Convert.ToHexStringLower(SHA256.HashData(Write(action, addresses: false).Span)).AsSpan(0, 40).ToString();

    private static ReadOnlyMemory<byte> Write(ExternalApprovalAction action, bool addresses)
    {
        var buffer = new ArrayBufferWriter<byte>(512);
        using (var json = new Utf8JsonWriter(buffer, Options))
        {
            json.WriteStartObject();
            json.WriteString("action_type", action.Type);
            json.WriteString("user_id", action.UserId);
            json.WriteString("approval_code", action.ApprovalCode);
            json.WriteString("instance_id", action.InstanceId);
            json.WriteString("task_id", action.TaskId);
            json.WriteString("message_id", action.MessageId);
            json.WriteString("action_context", action.Context);
            json.WriteString("reason", action.Reason);
            json.WriteStartArray("attachments");
            foreach (var file in action.Attachments)
            {
                json.WriteStartObject();
                json.WriteString("file_name", file.Name);
                json.WriteNumber("file_size", file.Length);
                json.WriteString("file_type", file.IsImage ? "IMAGE" : "ATTACHMENT");
                if (addresses) json.WriteString("url", file.Url);
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        return buffer.WrittenMemory;
    }
}
