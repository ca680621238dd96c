using Larkspur.Feishu.Messaging.Streaming;

namespace Larkspur.Feishu.Messaging;

public readonly partial struct FeishuMessages
{
    /// <summary>Sends a card that is written while one reads: <c>await using var card = await feishu.Messages.StreamAsync(Recipient.Chat(id));</c></summary>
    /// <param name="recipient">Whom it goes to.</param>
    /// <param name="options">How it looks; null: as is usual.</param>
    /// <param name="observer">Is told of frames; null: nobody.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    /// <inheritdoc cref="StreamingCard.OpenAsync" path="/exception"/>
    public Task<StreamingCard> StreamAsync(Recipient recipient, StreamingCardOptions? options = null, IStreamObserver? observer = null, CancellationToken cancellationToken = default) =>
        StreamingCard.OpenAsync(_client, StreamTarget.To(recipient.Writable().IdType.Value, recipient.Id), options, observer, cancellationToken);

    /// <summary>Answers a message with a card that is written while one reads.</summary>
    /// <param name="messageId">The message that is answered, <c>om_…</c>.</param>
    /// <param name="options">How it looks; null: as is usual.</param>
    /// <param name="inThread">True: the answer opens the message's thread, or goes into it.</param>
    /// <param name="observer">Is told of frames; null: nobody.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    /// <inheritdoc cref="StreamingCard.OpenAsync" path="/exception"/>
    public Task<StreamingCard> StreamReplyAsync(
        string messageId, StreamingCardOptions? options = null, bool inThread = false, IStreamObserver? observer = null, CancellationToken cancellationToken = default) =>
        StreamingCard.OpenAsync(_client, StreamTarget.Reply(messageId) with { InThread = inThread }, options, observer, cancellationToken);
}
