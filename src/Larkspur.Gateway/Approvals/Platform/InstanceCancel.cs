using Larkspur.Feishu;
using Larkspur.Feishu.Api.Approval.V4;
using Larkspur.Gateway.Apps.Feishu;
using Larkspur.Gateway.Outbox;

namespace Larkspur.Gateway.Approvals;

/// <summary>Withdraws an approval instance in its submitter's name.</summary>
/// <remarks>The instance is asked for first: it may be withdrawn or decided since, and its code may not have been known when the row was made.</remarks>
internal sealed class InstanceCancel(ApprovalReads reads) : IFeishuOperation
{
    public static OutboxOperation Definition { get; } = new("instance_cancel", Repetition.Harmless, ApprovalTexts.WithdrawApproval);

    public OutboxOperation Operation => Definition;

    public FeishuEndpoint EndpointOf(OutboxEntry entry) => Endpoints.InstanceCancel;

    /// <returns>The instance's code.</returns>
    public async Task<string?> SendAsync(FeishuClient client, OutboxEntry entry, FeishuCallOptions call, CancellationToken cancellation)
    {
        var seen = await reads.FindAsync(entry.App, entry.Message.Target, cancellation)
            ?? throw new ChannelException("no_instance", "The platform has no instance to withdraw.", transient: false);
        if (seen.State == PaymentStates.Canceled) return seen.InstanceCode;
        if (seen.State is { } state && PaymentStates.IsDecided(state))
            throw new ChannelException("already_decided", $"The instance is {state}; it cannot be withdrawn any more.", transient: false);
        var body = CallBody.Of(entry);
        var request = new FeishuRequest(Endpoints.InstanceCancel)
        {
            Body = new { approval_code = (string?)body["approval_code"], instance_code = seen.InstanceCode, user_id = (string?)body["user_id"] },
        };
        await client.SendAsync(request.WithQuery("user_id_type", (string?)body["user_id_type"]), call, cancellation);
        return seen.InstanceCode;
    }
}
