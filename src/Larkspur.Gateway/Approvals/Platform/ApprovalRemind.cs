using Larkspur.Feishu;
using Larkspur.Feishu.Api.Approval.V1;
using Larkspur.Gateway.Apps.Feishu;
using Larkspur.Gateway.Outbox;

namespace Larkspur.Gateway.Approvals;

/// <summary>Reminds an approver by the approval bot.</summary>
internal sealed class ApprovalRemind : IFeishuOperation
{
    public static OutboxOperation Definition { get; } = new("approval_remind", Repetition.Repeats, ApprovalTexts.RemindApprover);

    public OutboxOperation Operation => Definition;

    public FeishuEndpoint EndpointOf(OutboxEntry entry) => Endpoints.MessageSend;

    /// <returns>The reminder's message id.</returns>
    public async Task<string?> SendAsync(FeishuClient client, OutboxEntry entry, FeishuCallOptions call, CancellationToken cancellation)
    {
        var body = CallBody.Of(entry);
        body["uuid"] = entry.IdempotencyKey;
        var request = new FeishuRequest(Endpoints.MessageSend) { Body = body, IdempotencyKey = entry.IdempotencyKey };
        var sent = await client.SendAsync<MessageSendResponse>(request, call, cancellation);
        return sent.MessageId;
    }
}
