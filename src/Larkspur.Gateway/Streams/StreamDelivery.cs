using Larkspur.Feishu;
using Larkspur.Feishu.Messaging.Streaming;
using Larkspur.Gateway.Channels;
using Larkspur.Gateway.Channels.Feishu;
using Larkspur.Gateway.Outbox;

namespace Larkspur.Gateway.Streams;

/// <summary>Carries out what the outbox says about streams: loading cards, and last faces.</summary>
internal sealed class StreamDelivery(StreamStore store, LiveStreams live, StreamOptions options)
{
    /// <summary>The endpoint whose turn such a row needs; answers from memory.</summary>
    public static FeishuEndpoint EndpointOf(FeishuApps apps, OutboxEntry entry)
    {
        var message = entry.Message;
        if (message.Operation == OutboxOperation.StreamOpen)
            return message.TargetType == "message_id" ? Feishu.Api.Im.V1.Endpoints.MessageReply : Feishu.Api.Im.V1.Endpoints.MessageCreate;
        return apps.TryGet(entry.App, out var app) && StreamingPage.MayUseCardKit(app.Client) ? Feishu.Api.Cardkit.V1.Endpoints.CardUpdate : Feishu.Api.Im.V1.Endpoints.MessagePatch;
    }

    /// <exception cref="ChannelException">The row or its stream is not readable, or gone.</exception>
    /// <exception cref="FeishuApiException">It is refused.</exception>
    /// <exception cref="PlatformNetworkException">No answer came.</exception>
    public async Task<string?> DeliverAsync(FeishuClient client, OutboxEntry entry, FeishuCallOptions call, CancellationToken cancellation)
    {
        var order = Read(entry);
        var row = await store.FindAsync(order.Stream, cancellation) ?? throw new ChannelException("stream_forgotten", "The stream's row is gone", transient: false);
        // Before its cards are read: a frame on its way may open one.
        if (entry.Message.Operation == OutboxOperation.StreamFinish) await live.QuietAsync(row.Id);
        var state = (await store.PagesAsync(row.Id, cancellation)).Find(p => p.Number == order.Page) ?? new StreamedPage(order.Page);
        var page = new StreamingPage(client, row.Target, row.Face.Options(options), new StreamJournal(store, row.Id, node: null), CardStream.KeyOf(row.Id, order.Page), state);
        if (entry.Message.Operation == OutboxOperation.StreamFinish)
        {
            await page.FinishAsync(order.Card ?? throw new ChannelException("unreadable_row", "The row has no card", transient: false), call, cancellation);
            return page.State.MessageId;
        }

        // It has ended before it was seen: its last face is all that there is to see.
        if (row.HasEnded && state.Mode == StreamingMode.None) return null;
        await page.OpenAsync(call, cancellation);
        live.Opened(row.Id, page.State);
        return page.State.MessageId;
    }

    private static StreamOrder Read(OutboxEntry entry)
    {
        try
        {
            return StreamOrder.Read(entry.Message.Content);
        }
        catch (FormatException e)
        {
            throw new ChannelException("unreadable_row", e.Message, transient: false, e);
        }
    }
}
