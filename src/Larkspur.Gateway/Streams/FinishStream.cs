using Larkspur.Feishu;
using Larkspur.Feishu.Messaging.Streaming;
using Larkspur.Gateway.Apps.Feishu;
using Larkspur.Gateway.Outbox;

namespace Larkspur.Gateway.Streams;

/// <summary>Puts the last face on a card of a stream.</summary>
internal sealed class FinishStream(FeishuApps apps, StreamPages pages, LiveStreams live) : IFeishuOperation
{
    public static OutboxOperation Definition { get; } = new("stream_finish", Repetition.Harmless, StreamTexts.FinishStreamingCard);

    public OutboxOperation Operation => Definition;

    public OutboxOperation InWords(OutboxMessage message) => StreamPages.InWords(message);

    public FeishuEndpoint EndpointOf(OutboxEntry entry) => apps.TryGet(entry.App, out var app) && StreamingPage.MayUseCardKit(app.Client)
        ? Feishu.Api.Cardkit.V1.Endpoints.CardUpdate : Feishu.Api.Im.V1.Endpoints.MessagePatch;

    public async Task<string?> SendAsync(FeishuClient client, OutboxEntry entry, FeishuCallOptions call, CancellationToken cancellation)
    {
        var order = StreamPages.Read(entry);
        var row = await pages.StreamAsync(order, cancellation);
        // Before its cards are read: a frame on its way may open one.
        await live.QuietAsync(row.Id);
        var page = await pages.PageAsync(client, row, order, cancellation);
        var card = order.Card ?? throw new ChannelException("unreadable_row", "The row has no card", transient: false);
        // What is shown once more was said before: it is not said again where the card is not changed any more.
        if (entry.Message.FallsBack) await page.FinishAsync(card, call, cancellation);
        else await page.ChangeAsync(card, call, cancellation);
        return page.State.MessageId;
    }
}
