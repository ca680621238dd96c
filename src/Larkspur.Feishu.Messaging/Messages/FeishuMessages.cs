using Larkspur.Feishu.Api;
using Larkspur.Feishu.Api.Im.V1;

namespace Larkspur.Feishu.Messaging;

/// <summary>Messages of an app's bot. Get it as <c>feishu.Messages</c>.</summary>
/// <remarks>
/// Every send carries a <c>uuid</c>, so a lost answer is tried again without a second message; the platform remembers it for an hour. Give your own key
/// when you may repeat the call yourself. Refusals are <see cref="FeishuApiException"/>, with <see cref="FeishuApiException.Explanation"/> in plain language.
/// </remarks>
public readonly partial struct FeishuMessages
{
    private const int LongestUuid = 50;

    private readonly FeishuClient _client;

    internal FeishuMessages(FeishuClient client) => _client = client;

    /// <summary>Sends a message. The bot must be in the group, or available to the person.</summary>
    /// <param name="to">Whom to.</param>
    /// <param name="content">What.</param>
    /// <param name="uuid">Idempotency key, at most 50 characters; within an hour the same key makes at most one message. Null: one is made for this call.</param>
    /// <param name="options">What this call overrides.</param>
    /// <param name="cancellationToken">Gives up waiting; the message may have been sent.</param>
    /// <exception cref="FeishuApiException">The platform said no.</exception>
    /// <exception cref="RecipientException">No recipient, or a thread. Nothing was sent.</exception>
    /// <exception cref="PlatformNetworkException">No answer came.</exception>
    public async Task<ChatMessage> SendAsync(
        Recipient to, MessageContent content, string? uuid = null, FeishuCallOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(content);
        Recipient receiver = to.Writable();
        return ChatMessage.From(await _client.Im.V1.Message.CreateAsync(
            new() { ReceiveIdType = receiver.IdType, ReceiveId = receiver.Id, MsgType = content.Type, Content = content.Json, Uuid = Key(uuid) },
            options,
            cancellationToken));
    }

    /// <summary>Answers a message.</summary>
    /// <param name="messageId">The message that is answered, <c>om_…</c>.</param>
    /// <param name="content">What.</param>
    /// <param name="inThread">True: as a thread under that message (one that stands in a thread is always answered there).</param>
    /// <param name="uuid">Idempotency key, see <see cref="SendAsync"/>.</param>
    /// <param name="options">What this call overrides.</param>
    /// <param name="cancellationToken">Gives up waiting; the message may have been sent.</param>
    /// <exception cref="FeishuApiException">The platform said no: 230011 the message was recalled, 230110 deleted.</exception>
    public async Task<ChatMessage> ReplyAsync(
        string messageId, MessageContent content, bool inThread = false, string? uuid = null, FeishuCallOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(content);
        return ChatMessage.From(await _client.Im.V1.Message.ReplyAsync(
            new() { MessageId = Id(messageId), MsgType = content.Type, Content = content.Json, ReplyInThread = inThread ? true : null, Uuid = Key(uuid) },
            options,
            cancellationToken));
    }

    /// <summary>Forwards a message as it is.</summary>
    /// <param name="messageId">What, <c>om_…</c>.</param>
    /// <param name="to">Whom to; a thread too.</param>
    /// <param name="uuid">Idempotency key, see <see cref="SendAsync"/>.</param>
    /// <param name="options">What this call overrides.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <exception cref="FeishuApiException">The platform said no.</exception>
    public async Task<ChatMessage> ForwardAsync(
        string messageId, Recipient to, string? uuid = null, FeishuCallOptions? options = null, CancellationToken cancellationToken = default)
        => ChatMessage.From(await _client.Im.V1.Message.ForwardAsync(
            new() { MessageId = Id(messageId), ReceiveIdType = to.IdType, ReceiveId = to.Id, Uuid = Key(uuid) }, options, cancellationToken));

    /// <summary>Forwards several messages of one chat as one.</summary>
    /// <param name="messageIds">Which, at least one.</param>
    /// <param name="to">Whom to; a thread too.</param>
    /// <param name="uuid">Idempotency key, see <see cref="SendAsync"/>.</param>
    /// <param name="options">What this call overrides.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <returns>The new message, and which of the ids could not be forwarded.</returns>
    /// <exception cref="FeishuApiException">The platform said no: 230064 none of them can be forwarded, 230069 they stand in several chats.</exception>
    public async Task<MergedForward> MergeForwardAsync(
        IEnumerable<string> messageIds, Recipient to, string? uuid = null, FeishuCallOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(messageIds);
        string[] ids = [.. messageIds.Select(Id)];
        if (ids.Length == 0) throw new ArgumentException("There is nothing to forward.", nameof(messageIds));
        var forwarded = await _client.Im.V1.Message.MergeForwardAsync(
            new() { ReceiveIdType = to.IdType, ReceiveId = to.Id, MessageIdList = ids, Uuid = Key(uuid) }, options, cancellationToken);
        return new(forwarded.Message is { } message ? ChatMessage.From(message) : null, forwarded.InvalidMessageIdList ?? []);
    }

    /// <summary>Forwards a whole thread.</summary>
    /// <param name="threadId"><c>omt_…</c></param>
    /// <param name="to">Whom to; a thread too.</param>
    /// <param name="uuid">Idempotency key, see <see cref="SendAsync"/>.</param>
    /// <param name="options">What this call overrides.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <exception cref="FeishuApiException">The platform said no.</exception>
    public async Task<ChatMessage> ForwardThreadAsync(
        string threadId, Recipient to, string? uuid = null, FeishuCallOptions? options = null, CancellationToken cancellationToken = default)
        => ChatMessage.From(await _client.Im.V1.Thread.ForwardAsync(
            new() { ThreadId = Recipient.Thread(threadId).Id, ReceiveIdType = to.IdType, ReceiveId = to.Id, Uuid = Key(uuid) }, options, cancellationToken));

    /// <summary>A message's id, or an error before the call.</summary>
    internal static string Id(string messageId)
    {
        ArgumentException.ThrowIfNullOrEmpty(messageId);
        if (messageId.StartsWith("om_", StringComparison.Ordinal)) return ContentChecks.Key(messageId, "message_id");
        throw new RecipientException(
            messageId.StartsWith("bm_", StringComparison.Ordinal)
                ? $"\"{messageId}\" is a batch of messages: the batch message API (feishu.Im.V1.BatchMessage) handles it."
                : "A message's id begins with om_.",
            messageId);
    }

    private static string Key(string? uuid) => uuid switch
    {
        null => Guid.NewGuid().ToString("N"),
        "" => throw new ArgumentException("The idempotency key is empty.", nameof(uuid)),
        { Length: > LongestUuid } => throw new ArgumentException($"The idempotency key has {uuid.Length} characters; the platform takes {LongestUuid}.", nameof(uuid)),
        _ => uuid,
    };
}

/// <summary>What became of a merged forward.</summary>
/// <param name="Message">The new message; null when the platform does not describe it.</param>
/// <param name="InvalidMessageIds">Messages that are not in it: recalled, invisible, or not to be forwarded.</param>
public sealed record MergedForward(ChatMessage? Message, IReadOnlyList<string> InvalidMessageIds);
