using System.Globalization;
using System.Runtime.CompilerServices;
using Larkspur.Feishu.Api;
using Larkspur.Feishu.Api.Im.V1;

namespace Larkspur.Feishu.Messaging;

public readonly partial struct FeishuMessages
{
    /// <summary>Most follow-up bubbles under a message.</summary>
    public const int MostFollowUps = 3;

    private const int LongestFollowUp = 200;

    /// <summary>Puts an emoji under a message.</summary>
    /// <param name="messageId">Which, <c>om_…</c>.</param>
    /// <param name="emojiType">The emoji's name: <c>SMILE</c>, <c>OK</c>, <c>THUMBSUP</c>, ….</param>
    /// <param name="options">What this call overrides.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <exception cref="FeishuApiException">The platform said no: 231001 no such emoji, 231003 no such message.</exception>
    public async Task<MessageReaction> ReactAsync(string messageId, string emojiType, FeishuCallOptions? options = null, CancellationToken cancellationToken = default)
        => MessageReaction.From(await _client.Im.V1.Message.Reaction.CreateAsync(
            new() { MessageId = Id(messageId), ReactionType = new() { EmojiType = ContentChecks.Key(emojiType, "emoji_type") } }, options, cancellationToken));

    /// <summary>Takes one of the bot's own emoji away again.</summary>
    /// <param name="messageId">Which message, <c>om_…</c>.</param>
    /// <param name="reactionId">Which reaction: <see cref="MessageReaction.ReactionId"/>.</param>
    /// <param name="options">What this call overrides.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <exception cref="FeishuApiException">The platform said no: 231007 another's reaction, 231011 no such reaction.</exception>
    public Task UnreactAsync(string messageId, string reactionId, FeishuCallOptions? options = null, CancellationToken cancellationToken = default)
        => _client.Im.V1.Message.Reaction.DeleteAsync(new() { MessageId = Id(messageId), ReactionId = ContentChecks.Key(reactionId, "reaction_id") }, options, cancellationToken);

    /// <summary>The emoji under a message, and whose they are.</summary>
    /// <param name="messageId">Which, <c>om_…</c>.</param>
    /// <param name="emojiType">Only this one; null: all.</param>
    /// <param name="options">What every call overrides.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    public async IAsyncEnumerable<MessageReaction> ReactionsAsync(
        string messageId, string? emojiType = null, FeishuCallOptions? options = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var request = new MessageReactionListRequest { MessageId = Id(messageId), ReactionType = emojiType, PageSize = 50 };
        await foreach (var reaction in _client.Im.V1.Message.Reaction.ListAllAsync(request, options, cancellationToken)) yield return MessageReaction.From(reaction);
    }

    /// <summary>Pins a message in its chat.</summary>
    /// <param name="messageId">Which, <c>om_…</c>.</param>
    /// <param name="options">What this call overrides.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <exception cref="FeishuApiException">The platform said no: 230046 not allowed in this chat.</exception>
    public async Task<MessagePin> PinAsync(string messageId, FeishuCallOptions? options = null, CancellationToken cancellationToken = default)
        => MessagePin.From((await _client.Im.V1.Pin.CreateAsync(new() { MessageId = Id(messageId) }, options, cancellationToken)).Pin, messageId);

    /// <summary>Unpins a message; one that is not pinned is fine.</summary>
    /// <param name="messageId">Which, <c>om_…</c>.</param>
    /// <param name="options">What this call overrides.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    public Task UnpinAsync(string messageId, FeishuCallOptions? options = null, CancellationToken cancellationToken = default)
        => _client.Im.V1.Pin.DeleteAsync(new() { MessageId = Id(messageId) }, options, cancellationToken);

    /// <summary>The pinned messages of a chat, the latest pin first.</summary>
    /// <param name="chatId"><c>oc_…</c></param>
    /// <param name="from">Pinned not before; null: ever.</param>
    /// <param name="to">Pinned not after; null: now.</param>
    /// <param name="options">What every call overrides.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    public async IAsyncEnumerable<MessagePin> PinsAsync(
        string chatId, DateTimeOffset? from = null, DateTimeOffset? to = null, FeishuCallOptions? options = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        // Milliseconds here, where the history has seconds: im-v1/pin/list.
        var request = new PinListRequest
        {
            ChatId = Recipient.Chat(chatId).Id,
            StartTime = from?.ToUnixTimeMilliseconds().ToString(CultureInfo.InvariantCulture),
            EndTime = to?.ToUnixTimeMilliseconds().ToString(CultureInfo.InvariantCulture),
            PageSize = 50,
        };
        await foreach (var pin in _client.Im.V1.Pin.ListAllAsync(request, options, cancellationToken)) yield return MessagePin.From(pin, "");
    }

    /// <summary>Urges people to read one of the bot's own messages. Nobody can have more than 200 unread urgent messages; SMS and phone cost the tenant money.</summary>
    /// <param name="messageId">Which, <c>om_…</c>.</param>
    /// <param name="way">How.</param>
    /// <param name="userIds">Whom; members of the chat.</param>
    /// <param name="idType">Kind of the ids; null: open_id.</param>
    /// <param name="options">What this call overrides.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <returns>The ids that could not be urged; empty when all could.</returns>
    /// <exception cref="FeishuApiException">The platform said no: 230012 another's message, 230023 too many unread, 230024 the tenant's quota is used up.</exception>
    public async Task<IReadOnlyList<string>> UrgeAsync(
        string messageId, UrgentWay way, IEnumerable<string> userIds, UserIdType? idType = null, FeishuCallOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(userIds);
        string id = Id(messageId);
        string[] whom = [.. userIds];
        if (whom.Length == 0) throw new ArgumentException("There is nobody to urge.", nameof(userIds));
        UserIdType kind = idType ?? UserIdType.OpenId;
        MessageApi message = _client.Im.V1.Message;
        return way switch
        {
            UrgentWay.App => (await message.UrgentAppAsync(new() { MessageId = id, UserIdType = kind, UserIdList = whom }, options, cancellationToken)).InvalidUserIdList ?? [],
            UrgentWay.Sms => (await message.UrgentSmsAsync(new() { MessageId = id, UserIdType = kind, UserIdList = whom }, options, cancellationToken)).InvalidUserIdList ?? [],
            UrgentWay.Phone => (await message.UrgentPhoneAsync(new() { MessageId = id, UserIdType = kind, UserIdList = whom }, options, cancellationToken)).InvalidUserIdList ?? [],
            _ => throw new ArgumentOutOfRangeException(nameof(way), way, "There is no such way."),
        };
    }

    /// <summary>Puts up to three suggestions under the newest message of the conversation with one person, within 10 minutes; a tap sends the text as that person's.</summary>
    /// <param name="messageId">One of the bot's own, the newest of a one-to-one conversation.</param>
    /// <param name="suggestions">One to three, at most 200 characters each, by language if wanted.</param>
    /// <param name="options">What this call overrides.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <exception cref="MessageContentException">None, too many, empty or too long. Nothing was sent.</exception>
    /// <exception cref="FeishuApiException">The platform said no: 230003 not a one-to-one conversation, 230008 there are some already.</exception>
    public Task FollowUpsAsync(string messageId, IEnumerable<MessageFollowUp> suggestions, FeishuCallOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(suggestions);
        FollowUp[] bubbles = [.. suggestions.Select(Bubble)];
        if (bubbles.Length is 0 or > MostFollowUps)
            throw new MessageContentException(MessageContentProblem.WrongValue, $"There must be 1 to {MostFollowUps} suggestions, not {bubbles.Length}.");
        return _client.Im.V1.Message.PushFollowUpAsync(new() { MessageId = Id(messageId), FollowUps = bubbles }, options, cancellationToken);

        static FollowUp Bubble(MessageFollowUp suggestion) => new()
        {
            Content = Fits(suggestion.Text),
            I18nContents = suggestion.Translations is { Count: > 0 } others ? [.. others.Select(o => new I18nContent { Language = o.Key, Content = Fits(o.Value) })] : null,
        };

        static string Fits(string text) => text.Length is > 0 and <= LongestFollowUp ? text
            : throw new MessageContentException(MessageContentProblem.WrongValue, $"A suggestion has 1 to {LongestFollowUp} characters, not {text.Length}.");
    }
}

/// <summary>How people are urged.</summary>
public enum UrgentWay
{
    /// <summary>A buzz in the client.</summary>
    App,

    /// <summary>A text message to the phone; costs money.</summary>
    Sms,

    /// <summary>A phone call; costs money.</summary>
    Phone,
}

/// <summary>A suggestion under a message.</summary>
/// <param name="Text">What a tap says.</param>
/// <param name="Translations">The same in other languages, by locale (<c>en_us</c>, <c>zh_cn</c>, …); null: none.</param>
public sealed record MessageFollowUp(string Text, IReadOnlyDictionary<string, string>? Translations = null);

/// <summary>An emoji under a message.</summary>
/// <param name="ReactionId">Names it for <see cref="FeishuMessages.UnreactAsync"/>.</param>
/// <param name="EmojiType">e.g. <c>SMILE</c>.</param>
/// <param name="OperatorId">Whose: open_id or app id.</param>
/// <param name="OperatorType"><c>user</c> or <c>app</c>.</param>
/// <param name="At">When; null when the platform does not say.</param>
public sealed record MessageReaction(string ReactionId, string EmojiType, string OperatorId, string OperatorType, DateTimeOffset? At)
{
    internal static MessageReaction From(MessageReactionCreateReaction reaction) => new(
        reaction.ReactionId ?? "", reaction.ReactionType?.EmojiType ?? "", reaction.Operator?.OperatorId ?? "", reaction.Operator?.OperatorType?.Value ?? "", WireTime.Milliseconds(reaction.ActionTime));
}

/// <summary>A pinned message.</summary>
/// <param name="MessageId">Which.</param>
/// <param name="ChatId">Where.</param>
/// <param name="OperatorId">Who pinned it: open_id or app id.</param>
/// <param name="OperatorIdType">Kind of <paramref name="OperatorId"/>.</param>
/// <param name="At">When; null when the platform does not say.</param>
public sealed record MessagePin(string MessageId, string ChatId, string OperatorId, string OperatorIdType, DateTimeOffset? At)
{
    internal static MessagePin From(Pin? pin, string messageId)
        => new(pin?.MessageId ?? messageId, pin?.ChatId ?? "", pin?.OperatorId ?? "", pin?.OperatorIdType?.Value ?? "", WireTime.Milliseconds(pin?.CreateTime));
}
