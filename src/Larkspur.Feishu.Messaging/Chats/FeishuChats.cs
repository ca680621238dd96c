using System.Globalization;
using System.Runtime.CompilerServices;
using Larkspur.Feishu.Api;
using Larkspur.Feishu.Api.Im.V1;

namespace Larkspur.Feishu.Messaging;

/// <summary>Groups. Get it as <c>feishu.Chats</c>. One-to-one conversations are not among them.</summary>
/// <remarks>Refusals are <see cref="FeishuApiException"/>, with <see cref="FeishuApiException.Explanation"/> in plain language. Source: im-v1/chat.</remarks>
public readonly partial struct FeishuChats
{
    /// <summary>Most groups, or members, that one call brings.</summary>
    public const int LargestPage = 100;

    private const int LongestUuid = 50;

    private readonly FeishuClient _client;

    internal FeishuChats(FeishuClient client) => _client = client;

    /// <summary>The groups the bot is in, one by one; pages are fetched as they are needed.</summary>
    /// <param name="sort">Order; null: by the time they were made.</param>
    /// <param name="options">What every call overrides.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    public async IAsyncEnumerable<ChatSummary> ListAsync(
        SortType? sort = null, FeishuCallOptions? options = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        await foreach (ListChat chat in _client.Im.V1.Chat.ListAllAsync(new() { SortType = sort, PageSize = LargestPage }, options, cancellationToken)) yield return ChatSummary.From(chat);
    }

    /// <summary>One page of the groups the bot is in.</summary>
    /// <param name="pageSize">1 to 100.</param>
    /// <param name="pageToken">Where the last page ended; null: the first.</param>
    /// <param name="sort">Order; the same for all pages.</param>
    /// <param name="options">What this call overrides.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    public async Task<ChatPage> ListPageAsync(
        int pageSize = LargestPage, string? pageToken = null, SortType? sort = null, FeishuCallOptions? options = null, CancellationToken cancellationToken = default)
    {
        if (pageSize is < 1 or > LargestPage) throw new ArgumentOutOfRangeException(nameof(pageSize), pageSize, $"The platform takes 1 to {LargestPage} groups per page.");
        var page = await _client.Im.V1.Chat.ListAsync(new() { SortType = sort, PageSize = pageSize, PageToken = pageToken }, options, cancellationToken);
        return new([.. (page.Items ?? []).Select(ChatSummary.From)], page.HasMore != false && page.PageToken is { Length: > 0 } next ? next : null);
    }

    /// <summary>Searches groups by name or members: those the bot is in, and public ones.</summary>
    /// <param name="words">At most 64 characters.</param>
    /// <param name="options">What every call overrides.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    public async IAsyncEnumerable<ChatSummary> SearchAsync(string words, FeishuCallOptions? options = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(words);
        await foreach (ListChat chat in _client.Im.V1.Chat.SearchAllAsync(new() { Query = words, PageSize = LargestPage }, options, cancellationToken)) yield return ChatSummary.From(chat);
    }

    /// <summary>Makes a group with the bot in it.</summary>
    /// <param name="chat">Name, members (at most 50 people and 5 bots), settings. Without a <c>Uuid</c> one is made, so that a lost answer makes no second group; the platform remembers it for 10 hours.</param>
    /// <param name="options">What this call overrides.</param>
    /// <param name="cancellationToken">Gives up waiting; the group may have been made.</param>
    /// <returns>The group as made; <see cref="ChatCreateResponse.ChatId"/> names it.</returns>
    /// <exception cref="ArgumentException">Too many members, or a value that is too long. Nothing was sent.</exception>
    /// <exception cref="FeishuApiException">The platform said no.</exception>
    public Task<ChatCreateResponse> CreateAsync(ChatCreateRequest chat, FeishuCallOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(chat);
        if (chat.UserIdList?.Count > MostUsers) throw new ArgumentException($"A group begins with at most {MostUsers} people; add the others afterwards.", nameof(chat));
        if (chat.BotIdList?.Count > MostBots) throw new ArgumentException($"A group begins with at most {MostBots} bots; add the others afterwards.", nameof(chat));
        if (chat.Name?.Length > 60) throw new ArgumentException($"The name has {chat.Name.Length} characters; the platform takes 60.", nameof(chat));
        if (chat.Description?.Length > 100) throw new ArgumentException($"The description has {chat.Description.Length} characters; the platform takes 100.", nameof(chat));
        if (chat.Uuid?.Length is 0 or > LongestUuid) throw new ArgumentException($"The idempotency key must have 1 to {LongestUuid} characters.", nameof(chat));
        return _client.Im.V1.Chat.CreateAsync(chat.Uuid is null ? chat with { Uuid = Guid.NewGuid().ToString("N") } : chat, options, cancellationToken);
    }

    /// <summary>Everything about one group.</summary>
    /// <param name="chatId"><c>oc_…</c></param>
    /// <param name="options">What this call overrides.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <exception cref="FeishuApiException">The platform said no: 232006 no such chat, 232011 the bot is not in it.</exception>
    public Task<ChatGetResponse> GetAsync(string chatId, FeishuCallOptions? options = null, CancellationToken cancellationToken = default)
        => _client.Im.V1.Chat.GetAsync(new() { ChatId = Id(chatId) }, options, cancellationToken);

    /// <summary>Changes a group; what is left out of the request stays. The bot must be owner, administrator or, with <c>im:chat:operate_as_owner</c>, its maker.</summary>
    /// <param name="change">What changes.</param>
    /// <param name="options">What this call overrides.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <exception cref="FeishuApiException">The platform said no: 232002, 232016, 232017 not permitted.</exception>
    public Task UpdateAsync(ChatUpdateRequest change, FeishuCallOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(change);
        Id(change.ChatId);
        return _client.Im.V1.Chat.UpdateAsync(change, options, cancellationToken);
    }

    /// <summary>Disbands a group, for everybody and for good.</summary>
    /// <param name="chatId"><c>oc_…</c></param>
    /// <param name="options">What this call overrides.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <exception cref="FeishuApiException">The platform said no: 232017 not permitted, 232009 disbanded already.</exception>
    public Task DisbandAsync(string chatId, FeishuCallOptions? options = null, CancellationToken cancellationToken = default)
        => _client.Im.V1.Chat.DeleteAsync(new() { ChatId = Id(chatId) }, options, cancellationToken);

    /// <summary>A link by which people join the group.</summary>
    /// <param name="chatId"><c>oc_…</c></param>
    /// <param name="validity">For how long; null: a week.</param>
    /// <param name="options">What this call overrides.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <exception cref="FeishuApiException">The platform said no: 232064 not permitted, 232062 a one-to-one conversation.</exception>
    public async Task<ChatLink> LinkAsync(string chatId, ValidityPeriod? validity = null, FeishuCallOptions? options = null, CancellationToken cancellationToken = default)
    {
        var link = await _client.Im.V1.Chat.LinkAsync(new() { ChatId = Id(chatId), ValidityPeriod = validity }, options, cancellationToken);
        if (!Uri.TryCreate(link.ShareLink, UriKind.Absolute, out Uri? address))
            throw new FeishuApiException($"{Endpoints.ChatLink.Id} succeeded without a link.") { HttpStatus = 200, Endpoint = Endpoints.ChatLink.Id };
        return new(address, Seconds(link.ExpireTime), link.IsPermanent == true);
    }

    /// <summary>Reads the group's announcement.</summary>
    /// <param name="chatId"><c>oc_…</c></param>
    /// <param name="options">What this call overrides.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <exception cref="FeishuApiException">The platform said no: 232097 it is a docx document, which <c>feishu.Docx.V1.Chat.Announcement</c> reads.</exception>
    public async Task<ChatAnnouncement> AnnouncementAsync(string chatId, FeishuCallOptions? options = null, CancellationToken cancellationToken = default)
    {
        var read = await _client.Im.V1.Chat.Announcement.GetAsync(new() { ChatId = Id(chatId) }, options, cancellationToken);
        return new(read.Content ?? "", read.Revision ?? "0", Seconds(read.UpdateTime), read.ModifierId ?? "");
    }

    /// <summary>Changes the group's announcement.</summary>
    /// <param name="chatId"><c>oc_…</c></param>
    /// <param name="revision">The state that is changed: <see cref="ChatAnnouncement.Revision"/>. Another one means that somebody was faster (232018).</param>
    /// <param name="requests">Changes of the document, each as JSON text.</param>
    /// <param name="options">What this call overrides.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <exception cref="MessageContentException">A change is not JSON. Nothing was sent.</exception>
    /// <exception cref="FeishuApiException">The platform said no: 232002 not permitted, 232097 it is a docx document.</exception>
    public Task WriteAnnouncementAsync(
        string chatId, string revision, IEnumerable<string> requests, FeishuCallOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(revision);
        ArgumentNullException.ThrowIfNull(requests);
        string[] changes = [.. requests];
        foreach (string change in changes) ContentChecks.ParseObject(change, "The change of the announcement").Dispose();
        if (changes.Length == 0) throw new ArgumentException("There is nothing to change.", nameof(requests));
        return _client.Im.V1.Chat.Announcement.PatchAsync(new() { ChatId = Id(chatId), Revision = revision, Requests = changes }, options, cancellationToken);
    }

    private static string Id(string chatId) => Recipient.Chat(chatId).Id;

    private static DateTimeOffset? Seconds(string? text)
        => long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out long at) && at is > 0 and <= 253_402_300_799 ? DateTimeOffset.FromUnixTimeSeconds(at) : null;
}
