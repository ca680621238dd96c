using System.Globalization;
using System.Runtime.CompilerServices;
using Larkspur.Feishu.Api;
using Larkspur.Feishu.Api.Im.V1;

namespace Larkspur.Feishu.Messaging;

public readonly partial struct FeishuMessages
{
    private const string AsSent = "user_card_content";

    /// <summary>Gets one message; a merged forward with the messages inside it (<see cref="ChatMessage.Children"/>).</summary>
    /// <param name="messageId">Which, <c>om_…</c>.</param>
    /// <param name="cardsAsSent">True: a card comes as the JSON it was sent as, instead of in the platform's short form.</param>
    /// <param name="options">What this call overrides.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <exception cref="FeishuApiException">The platform said no: 230002 the bot is not in the chat, 230110 deleted; NotFound when it answers with nothing.</exception>
    public async Task<ChatMessage> GetAsync(string messageId, bool cardsAsSent = false, FeishuCallOptions? options = null, CancellationToken cancellationToken = default)
    {
        string id = Id(messageId);
        var answer = await _client.Im.V1.Message.GetAsync(new() { MessageId = id, CardMsgContentType = cardsAsSent ? AsSent : null }, options, cancellationToken);
        ChatMessage[] messages = [.. (answer.Items ?? []).Select(ChatMessage.From)];
        ChatMessage found = messages.FirstOrDefault(m => m.MessageId == id) ?? messages.FirstOrDefault()
            ?? throw new FeishuApiException($"Feishu knows no message {id}.") { FailureKind = FailureKind.NotFound, HttpStatus = 200, Endpoint = Endpoints.MessageGet.Id };
        return found with { Children = [.. messages.Where(m => !ReferenceEquals(m, found))] };
    }

    /// <summary>Reads a chat or a thread message by message; pages are fetched as they are needed.</summary>
    /// <param name="query">Which messages.</param>
    /// <param name="options">What every call overrides. Its time-out is that of one page.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    /// <exception cref="ArgumentException">The query cannot be asked. Nothing was sent.</exception>
    /// <exception cref="FeishuApiException">The platform said no: 230002 the bot is not in the chat, 99991672 the scope <c>im:message.group_msg</c> is missing.</exception>
    public IAsyncEnumerable<ChatMessage> HistoryAsync(HistoryQuery query, FeishuCallOptions? options = null, CancellationToken cancellationToken = default)
        => Messages(HistoryPagesAsync(query, options, cancellationToken));

    /// <summary>Reads a chat or a thread page by page: keep <see cref="HistoryPage.NextPageToken"/> to go on later.</summary>
    /// <inheritdoc cref="HistoryAsync"/>
    public IAsyncEnumerable<HistoryPage> HistoryPagesAsync(HistoryQuery query, FeishuCallOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(query);
        query.Check();
        return Pages(_client, query, options, cancellationToken);
    }

    /// <summary>Who has read one of the bot's own messages, up to 7 days after it was sent.</summary>
    /// <param name="messageId">Which, <c>om_…</c>.</param>
    /// <param name="idType">Kind of the readers' ids; null: open_id.</param>
    /// <param name="options">What every call overrides.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    /// <exception cref="FeishuApiException">The platform said no: 230012 another's message, 230033 older than 7 days.</exception>
    public async IAsyncEnumerable<MessageReader> ReadersAsync(
        string messageId, UserIdType? idType = null, FeishuCallOptions? options = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var request = new MessageReadUsersRequest { MessageId = Id(messageId), UserIdType = idType ?? UserIdType.OpenId, PageSize = 100 };
        await foreach (var reader in _client.Im.V1.Message.ReadUsersAllAsync(request, options, cancellationToken))
        {
            yield return new(reader.UserId ?? "", reader.UserIdType ?? "open_id", WireTime.Milliseconds(reader.Timestamp));
        }
    }

    /// <summary>Downloads a file or picture of any message the bot can see, up to 100 MB. Not: stickers, what is inside merged forwards, what is in cards (234043).</summary>
    /// <param name="messageId">The message, <c>om_…</c>.</param>
    /// <param name="key">The file_key or image_key in its content.</param>
    /// <param name="kind"><c>image</c> for pictures, <c>file</c> for everything else.</param>
    /// <param name="options">What this call overrides.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <returns>The stream as it comes; dispose it.</returns>
    /// <exception cref="FeishuApiException">The platform said no: 234003 not in this message, 234004 the bot is not in the chat.</exception>
    public Task<FeishuDownload> DownloadResourceAsync(
        string messageId, string key, ResourceType kind, FeishuCallOptions? options = null, CancellationToken cancellationToken = default)
        => _client.Im.V1.Message.Resource.GetAsync(
            new() { MessageId = Id(messageId), FileKey = ContentChecks.Key(key, "The key of the resource"), Type = kind }, options, cancellationToken);

    private static async IAsyncEnumerable<ChatMessage> Messages(IAsyncEnumerable<HistoryPage> pages, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        await foreach (HistoryPage page in pages.WithCancellation(cancellationToken))
        {
            foreach (ChatMessage message in page.Messages) yield return message;
        }
    }

    private static async IAsyncEnumerable<HistoryPage> Pages(
        FeishuClient client, HistoryQuery query, FeishuCallOptions? options, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var request = new MessageListRequest
        {
            ContainerIdType = query.Container.IdType.Value == "thread_id" ? "thread" : "chat",
            ContainerId = query.Container.Id,
            StartTime = query.From?.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture),
            EndTime = query.To is { } to ? (to.AddTicks(TimeSpan.TicksPerSecond - 1).ToUnixTimeSeconds()).ToString(CultureInfo.InvariantCulture) : null,
            SortType = query.NewestFirst ? MessageSortType.ByCreateTimeDesc : MessageSortType.ByCreateTimeAsc,
            PageSize = query.PageSize,
            PageToken = query.PageToken,
            CardMsgContentType = query.CardsAsSent ? AsSent : null,
        };
        for (var seen = new HashSet<string>(StringComparer.Ordinal); ;)
        {
            MessageListResponse page = await client.Im.V1.Message.ListAsync(request, options, cancellationToken);
            // A page that leads back to one that was read would never end.
            string? next = page.HasMore != false && page.PageToken is { Length: > 0 } token && seen.Add(token) ? token : null;
            yield return new([.. (page.Items ?? []).Select(ChatMessage.From).Where(query.Holds)], next);
            if (next is null) yield break;
            request = request with { PageToken = next };
        }
    }
}

/// <summary>Somebody who has read a message.</summary>
/// <param name="UserId">Who.</param>
/// <param name="IdType">Kind of <paramref name="UserId"/>.</param>
/// <param name="ReadAt">When; null when the platform does not say.</param>
public sealed record MessageReader(string UserId, string IdType, DateTimeOffset? ReadAt);
