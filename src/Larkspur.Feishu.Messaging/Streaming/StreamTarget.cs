namespace Larkspur.Feishu.Messaging.Streaming;

/// <summary>Where the cards of a stream go.</summary>
public sealed record StreamTarget
{
    private StreamTarget(string idType, string id, bool isReply) => (IdType, Id, IsReply) = (idType, id, isReply);

    /// <summary><c>chat_id</c>, <c>open_id</c>, <c>user_id</c>, <c>union_id</c>, <c>email</c>; <c>message_id</c> for an answer.</summary>
    public string IdType { get; }

    /// <summary>The receiver, or the message that is answered.</summary>
    public string Id { get; }

    /// <summary>The cards answer a message.</summary>
    public bool IsReply { get; }

    /// <summary>The answers open, or go into, the message's thread.</summary>
    public bool InThread { get; init; }

    /// <summary>New messages to a chat or a person.</summary>
    /// <param name="idType"><c>chat_id</c>, <c>open_id</c>, <c>user_id</c>, <c>union_id</c> or <c>email</c>.</param>
    /// <param name="id">The id.</param>
    /// <exception cref="ArgumentException">There is no such kind of id, or the id is empty.</exception>
    public static StreamTarget To(string idType, string id)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(id);
        if (idType is not ("chat_id" or "open_id" or "user_id" or "union_id" or "email"))
            throw new ArgumentException($"\"{idType}\" is no kind of receiver: chat_id, open_id, user_id, union_id or email.", nameof(idType));
        return new(idType, id, isReply: false);
    }

    /// <summary>Answers to a message.</summary>
    /// <exception cref="ArgumentException">The id is empty.</exception>
    public static StreamTarget Reply(string messageId)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(messageId);
        return new("message_id", messageId, isReply: true);
    }
}
