using Larkspur.Feishu;
using Larkspur.Feishu.Messaging.Streaming;
using Larkspur.Gateway.Outbox;

namespace Larkspur.Gateway.Streams;

/// <summary>The page of a stream that a row of the outbox is about.</summary>
internal sealed class StreamPages(StreamStore store, StreamOptions options)
{
    /// <summary>The stream of a row.</summary>
    /// <exception cref="ChannelException">It is gone.</exception>
    public async Task<StreamRow> StreamAsync(StreamOrder order, CancellationToken cancellation) =>
        await store.FindAsync(order.Stream, cancellation) ?? throw new ChannelException("stream_forgotten", "The stream's row is gone", transient: false);

    /// <summary>Its page, as it was put down last.</summary>
    public async Task<StreamingPage> PageAsync(FeishuClient client, StreamRow row, StreamOrder order, CancellationToken cancellation)
    {
        var state = (await store.PagesAsync(row.Id, cancellation)).Find(p => p.Number == order.Page) ?? new StreamedPage(order.Page);
        var journal = new StreamJournal(store, row.Id, node: null);
        return new StreamingPage(client, row.Target, row.Face.Options(options), journal, CardStream.KeyOf(row.Id, order.Page), state);
    }

    /// <summary>Words go where the card would have gone.</summary>
    public static OutboxOperation InWords(OutboxMessage message) => message.TargetType == "message_id" ? MessageOperations.Reply : MessageOperations.Create;

    /// <exception cref="ChannelException">The row is not readable.</exception>
    public static StreamOrder Read(OutboxEntry entry)
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
