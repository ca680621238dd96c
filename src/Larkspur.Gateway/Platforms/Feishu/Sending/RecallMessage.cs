using Larkspur.Feishu;
using Larkspur.Feishu.Api;
using Larkspur.Feishu.Api.Im.V1;
using Larkspur.Gateway.Apps.Feishu;
using Larkspur.Gateway.Outbox;

namespace Larkspur.Gateway.Platforms.Feishu.Sending;

/// <summary>Takes a message back.</summary>
internal sealed class RecallMessage : IFeishuOperation
{
    private const int AlreadyRecalled = 230011;
    private const int AlreadyDeleted = 230110;

    public OutboxOperation Operation => MessageOperations.Recall;

    public FeishuEndpoint EndpointOf(OutboxEntry entry) => Endpoints.MessageDelete;

    public async Task<string?> SendAsync(FeishuClient client, OutboxEntry entry, FeishuCallOptions call, CancellationToken cancellation)
    {
        try
        {
            await client.Im.V1.Message.DeleteAsync(new() { MessageId = entry.Message.Target }, call, cancellation);
        }
        catch (FeishuApiException e) when (e.Code is AlreadyRecalled or AlreadyDeleted)
        {
            // What is gone already is what was wanted: an earlier attempt whose answer was lost, or somebody in the client.
            return entry.Message.Target;
        }

        return entry.Message.Target;
    }
}
