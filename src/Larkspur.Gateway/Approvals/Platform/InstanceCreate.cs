using Larkspur.Feishu;
using Larkspur.Feishu.Api.Approval.V4;
using Larkspur.Gateway.Apps.Feishu;
using Larkspur.Gateway.Outbox;

namespace Larkspur.Gateway.Approvals;

/// <summary>Starts an approval instance. Its idempotency key is the instance's <c>uuid</c>, which the platform never forgets: what was made before is found by it.</summary>
internal sealed class InstanceCreate(ApprovalReads reads) : IFeishuOperation
{
    /// <summary>The uuid has an instance already: an earlier attempt had its effect.</summary>
    private const int UuidTaken = 60012;

    public static OutboxOperation Definition { get; } = new("instance_create", Repetition.Harmless, ApprovalTexts.StartApproval);

    public OutboxOperation Operation => Definition;

    public FeishuEndpoint EndpointOf(OutboxEntry entry) => Endpoints.InstanceCreate;

    /// <returns>The instance's code.</returns>
    public async Task<string?> SendAsync(FeishuClient client, OutboxEntry entry, FeishuCallOptions call, CancellationToken cancellation)
    {
        var body = CallBody.Of(entry);
        body["uuid"] = entry.IdempotencyKey;
        try
        {
            var request = new FeishuRequest(Endpoints.InstanceCreate) { Body = body, IdempotencyKey = entry.IdempotencyKey };
            var made = await client.SendAsync<InstanceCreateResponse>(request, call, cancellation);
            return made.InstanceCode is { Length: > 0 } code ? code : await FindAsync(entry, cancellation);
        }
        catch (FeishuApiException e) when (e.Code == UuidTaken)
        {
            return await FindAsync(entry, cancellation);
        }
    }

    /// <exception cref="ChannelException">It is not found by its key yet: the platform may need a moment.</exception>
    private async Task<string> FindAsync(OutboxEntry entry, CancellationToken cancellation) =>
        await reads.FindAsync(entry.App, entry.IdempotencyKey, cancellation) is { } seen
            ? seen.InstanceCode
            : throw new ChannelException("instance_not_found_yet", "The platform knows the instance's key and does not find the instance by it.", transient: true)
            {
                Ambiguous = true,
            };
}
