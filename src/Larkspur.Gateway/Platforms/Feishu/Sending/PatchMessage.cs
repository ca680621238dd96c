using Larkspur.Feishu;
using Larkspur.Feishu.Api;
using Larkspur.Feishu.Api.Im.V1;
using Larkspur.Gateway.Apps.Feishu;
using Larkspur.Gateway.Outbox;

namespace Larkspur.Gateway.Platforms.Feishu.Sending;

/// <summary>A new face for a card.</summary>
internal sealed class PatchMessage : IFeishuOperation
{
    public OutboxOperation Operation => MessageOperations.Patch;

    public bool CarriesCard => true;

    /// <summary>The old face stays where it is; the new one's facts stand below it.</summary>
    public OutboxOperation InWords(OutboxMessage message) => MessageOperations.Reply;

    public FeishuEndpoint EndpointOf(OutboxEntry entry) => Endpoints.MessagePatch;

    public async Task<string?> SendAsync(FeishuClient client, OutboxEntry entry, FeishuCallOptions call, CancellationToken cancellation)
    {
        await client.Im.V1.Message.PatchAsync(new() { MessageId = entry.Message.Target, Content = entry.Message.Content }, call, cancellation);
        return entry.Message.Target;
    }
}
