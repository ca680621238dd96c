using System.Text.Json;
using System.Text.Json.Nodes;
using Larkspur.Gateway.Common;
using Larkspur.Gateway.Outbox;

namespace Larkspur.Gateway.Approvals;

/// <summary>The calls that a payment makes, as outbox rows. All of one payment stand in one lane: a withdrawal leaves after the creation it withdraws.</summary>
internal static class PaymentCalls
{
    private const string LanePrefix = "payment:";

    /// <summary>The call that makes the instance; the row's idempotency key is the instance's uuid.</summary>
    public static QueuedMessage Create(Payment payment, string body) => new(PlatformNames.Feishu, payment.App, CreateKey(payment.Id),
        Row(payment, InstanceCreate.Definition, "approval_code", payment.ApprovalCode, "instance", body)) { Reference = payment.Reference };

    /// <summary>The uuid of a payment's instance: the same for ever, in whatever process.</summary>
    public static string UuidOf(string app, string id) => IdempotencyKeys.ForQueued(PlatformNames.Feishu, app, CreateKey(id));

    /// <summary>The withdrawal, in the submitter's name.</summary>
    /// <param name="payment">The payment.</param>
    /// <param name="failed">Withdrawals of this version that came to nothing before.</param>
    public static QueuedMessage Cancel(Payment payment, int failed) => new(PlatformNames.Feishu, payment.App, $"{LanePrefix}{payment.Id}:cancel:v{payment.Version}:{failed}",
        Row(payment, InstanceCancel.Definition, "uuid", payment.Uuid, "cancel", new JsonObject
        {
            ["approval_code"] = payment.ApprovalCode,
            ["user_id_type"] = payment.Submitter.OpenId is null ? "user_id" : "open_id",
            ["user_id"] = payment.Submitter.OpenId ?? payment.Submitter.UserId,
        }.ToJsonString())) { Reference = payment.Reference };

    /// <summary>The approval bot's reminder to one approver.</summary>
    /// <param name="payment">The payment.</param>
    /// <param name="openId">Who is reminded.</param>
    /// <param name="body">The message of the approval bot.</param>
    /// <param name="key">Names the reminder: repeated under it, it is the same one.</param>
    public static QueuedMessage Remind(Payment payment, string openId, string body, string key) => new(PlatformNames.Feishu, payment.App, $"{LanePrefix}{payment.Id}:remind:{openId}:{key}",
        Row(payment, ApprovalRemind.Definition, "open_id", openId, "reminder", body)) { Reference = payment.Reference };

    /// <summary>The payment that a row belongs to; null: none.</summary>
    public static string? PaymentOf(OutboxMessage message) => message.Lane.StartsWith(LanePrefix, StringComparison.Ordinal) ? message.Lane[LanePrefix.Length..] : null;

    private static string CreateKey(string id) => $"{LanePrefix}{id}:create";

    private static OutboxMessage Row(Payment payment, OutboxOperation operation, string targetType, string target, string type, string body) => new()
    {
        Operation = operation, Lane = LanePrefix + payment.Id, TargetType = targetType, Target = target, MessageType = type, Content = body, Owner = payment.Owner,
        // Nothing plainer can be sent in its place, and nobody in a chat waits for it.
        FallsBack = false,
    };
}
