using Larkspur.Feishu;
using Larkspur.Feishu.Messaging.Streaming;
using Larkspur.Gateway.Apps.Feishu;
using Larkspur.Gateway.Outbox;
using Endpoints = Larkspur.Feishu.Api.Im.V1.Endpoints;

namespace Larkspur.Gateway.Streams;

/// <summary>Shows the loading card of a stream. The platform's key is the page's and not the row's: a frame may open the card as well, and it is there once.</summary>
internal sealed class OpenStream(StreamPages pages, LiveStreams live) : IFeishuOperation
{
    public static OutboxOperation Definition { get; } = new("stream_open", Repetition.UnderKey, StreamTexts.ShowStreamingCard);

    public OutboxOperation Operation => Definition;

    public OutboxOperation InWords(OutboxMessage message) => StreamPages.InWords(message);

    public FeishuEndpoint EndpointOf(OutboxEntry entry) => entry.Message.TargetType == "message_id" ? Endpoints.MessageReply : Endpoints.MessageCreate;

    public async Task<string?> SendAsync(FeishuClient client, OutboxEntry entry, FeishuCallOptions call, CancellationToken cancellation)
    {
        var order = StreamPages.Read(entry);
        var row = await pages.StreamAsync(order, cancellation);
        var page = await pages.PageAsync(client, row, order, cancellation);
        // It has ended before it was seen: its last face is all that there is to see.
        if (row.HasEnded && page.State.Mode == StreamingMode.None) return null;
        await page.OpenAsync(call, cancellation);
        live.Opened(row.Id, page.State);
        return page.State.MessageId;
    }
}
