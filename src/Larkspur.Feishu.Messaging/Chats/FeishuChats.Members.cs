using System.Runtime.CompilerServices;
using Larkspur.Feishu.Api;
using Larkspur.Feishu.Api.Im.V1;
using MemberIdType = Larkspur.Feishu.Api.Im.V1.MemberIdType;

namespace Larkspur.Feishu.Messaging;

public readonly partial struct FeishuChats
{
    /// <summary>Most people that one call adds or removes; longer lists go in several calls.</summary>
    public const int MostUsers = 50;

    /// <summary>Most bots that one call adds or removes.</summary>
    public const int MostBots = 5;

    /// <summary>Adds those who can be added, and says who could not. One call per 50 ids, one after the other; changes of one group never run side by side (232019).</summary>
    /// <param name="chatId"><c>oc_…</c></param>
    /// <param name="ids">Whom.</param>
    /// <param name="idType">Kind of the ids: null is open_id; <c>app_id</c> adds bots.</param>
    /// <param name="options">What every call overrides.</param>
    /// <param name="cancellationToken">Gives up; those of earlier calls stay added.</param>
    /// <exception cref="FeishuApiException">The platform said no: 232011 the bot is not in the group, 232013 the group is full, 232017 not permitted. Those of earlier calls stay added.</exception>
    public Task<MemberChange> AddMembersAsync(
        string chatId, IEnumerable<string> ids, MemberIdType? idType = null, FeishuCallOptions? options = null, CancellationToken cancellationToken = default)
    {
        FeishuClient client = _client;
        string chat = Id(chatId);
        return ChangeAsync(client, chat, ids, idType, async some =>
        {
            // 1: whoever can be added is added, and the others are listed with their reason.
            var added = await client.Im.V1.Chat.Members.CreateAsync(new() { ChatId = chat, MemberIdType = idType, SucceedType = 1, IdList = some }, options, cancellationToken);
            return new MemberChange(added.InvalidIdList ?? [], added.NotExistedIdList ?? [], added.PendingApprovalIdList ?? []);
        }, cancellationToken);
    }

    /// <summary>Adds all or nobody: one call, at most 50 people or 5 bots.</summary>
    /// <inheritdoc cref="AddMembersAsync"/>
    /// <exception cref="ArgumentException">Too many ids for one call. Nothing was sent.</exception>
    /// <exception cref="FeishuApiException">The platform said no: 232043 or 232024 somebody cannot be added, and nobody was.</exception>
    public Task<MemberChange> AddAllMembersAsync(
        string chatId, IEnumerable<string> ids, MemberIdType? idType = null, FeishuCallOptions? options = null, CancellationToken cancellationToken = default)
    {
        FeishuClient client = _client;
        string chat = Id(chatId);
        ArgumentNullException.ThrowIfNull(ids);
        string[] all = [.. ids];
        if (all.Length > Most(idType)) throw new ArgumentException($"One call adds at most {Most(idType)}.", nameof(ids));
        return ChangeAsync(client, chat, all, idType, async some =>
        {
            // 2: one who cannot be added stops all.
            var added = await client.Im.V1.Chat.Members.CreateAsync(new() { ChatId = chat, MemberIdType = idType, SucceedType = 2, IdList = some }, options, cancellationToken);
            return new MemberChange(added.InvalidIdList ?? [], added.NotExistedIdList ?? [], added.PendingApprovalIdList ?? []);
        }, cancellationToken);
    }

    /// <summary>Removes members, and says who could not be removed. Called in parts and one after the other, as <see cref="AddMembersAsync"/>.</summary>
    /// <param name="chatId"><c>oc_…</c></param>
    /// <param name="ids">Whom.</param>
    /// <param name="idType">Kind of the ids: null is open_id; <c>app_id</c> removes bots.</param>
    /// <param name="options">What every call overrides.</param>
    /// <param name="cancellationToken">Gives up; those of earlier calls stay removed.</param>
    /// <exception cref="FeishuApiException">The platform said no: 232014 not permitted, 232076 the owner.</exception>
    public Task<MemberChange> RemoveMembersAsync(
        string chatId, IEnumerable<string> ids, MemberIdType? idType = null, FeishuCallOptions? options = null, CancellationToken cancellationToken = default)
    {
        FeishuClient client = _client;
        string chat = Id(chatId);
        return ChangeAsync(client, chat, ids, idType, async some =>
        {
            var removed = await client.Im.V1.Chat.Members.DeleteAsync(new() { ChatId = chat, MemberIdType = idType, IdList = some }, options, cancellationToken);
            return new MemberChange(removed.InvalidIdList ?? [], [], []);
        }, cancellationToken);
    }

    /// <summary>The people in a group. Bots are not among them.</summary>
    /// <param name="chatId"><c>oc_…</c></param>
    /// <param name="idType">Kind of the ids; null: open_id.</param>
    /// <param name="options">What every call overrides.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    /// <exception cref="FeishuApiException">The platform said no: 232011 the bot is not in the group.</exception>
    public async IAsyncEnumerable<ChatMember> MembersAsync(
        string chatId, UserIdType? idType = null, FeishuCallOptions? options = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var request = new ChatMembersGetRequest { ChatId = Id(chatId), MemberIdType = idType, PageSize = LargestPage };
        await foreach (ListMember member in _client.Im.V1.Chat.Members.GetAllAsync(request, options, cancellationToken))
            yield return new(member.MemberId ?? "", member.MemberIdType?.Value ?? "", member.Name ?? "", member.TenantKey ?? "");
    }

    /// <summary>Whether the bot (or, with a person's token, that person) is in the group.</summary>
    /// <param name="chatId"><c>oc_…</c></param>
    /// <param name="options">What this call overrides.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    public async Task<bool> IsInChatAsync(string chatId, FeishuCallOptions? options = null, CancellationToken cancellationToken = default)
        => (await _client.Im.V1.Chat.Members.IsInChatAsync(new() { ChatId = Id(chatId) }, options, cancellationToken)).IsInChat == true;

    /// <summary>The bot (or, with a person's token, that person) joins a public group.</summary>
    /// <param name="chatId"><c>oc_…</c></param>
    /// <param name="options">What this call overrides.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <exception cref="FeishuApiException">The platform said no: 232008 not a public group, 232075 only by approval.</exception>
    public Task JoinAsync(string chatId, FeishuCallOptions? options = null, CancellationToken cancellationToken = default)
    {
        FeishuClient client = _client;
        string chat = Id(chatId);
        return ChatLocks.RunAsync(client, chat, async () =>
        {
            await client.Im.V1.Chat.Members.MeJoinAsync(new() { ChatId = chat }, options, cancellationToken);
            return true;
        }, cancellationToken);
    }

    /// <summary>Makes members administrators. Only the owner may: 232038 otherwise.</summary>
    /// <param name="chatId"><c>oc_…</c></param>
    /// <param name="ids">Whom.</param>
    /// <param name="idType">Kind of the ids: null is open_id; <c>app_id</c> for bots.</param>
    /// <param name="options">What this call overrides.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <returns>All administrators afterwards.</returns>
    public Task<ChatManagers> AddManagersAsync(
        string chatId, IEnumerable<string> ids, MemberIdType? idType = null, FeishuCallOptions? options = null, CancellationToken cancellationToken = default)
    {
        FeishuClient client = _client;
        string chat = Id(chatId);
        string[] whom = Given(ids);
        return ChatLocks.RunAsync(client, chat, async () =>
        {
            var managers = await client.Im.V1.Chat.Managers.AddManagersAsync(new() { ChatId = chat, MemberIdType = idType, ManagerIds = whom }, options, cancellationToken);
            return new ChatManagers(managers.ChatManagers ?? [], managers.ChatBotManagers ?? []);
        }, cancellationToken);
    }

    /// <summary>Makes administrators ordinary members again. Only the owner may: 232038 otherwise.</summary>
    /// <inheritdoc cref="AddManagersAsync"/>
    public Task<ChatManagers> RemoveManagersAsync(
        string chatId, IEnumerable<string> ids, MemberIdType? idType = null, FeishuCallOptions? options = null, CancellationToken cancellationToken = default)
    {
        FeishuClient client = _client;
        string chat = Id(chatId);
        string[] whom = Given(ids);
        return ChatLocks.RunAsync(client, chat, async () =>
        {
            var managers = await client.Im.V1.Chat.Managers.DeleteManagersAsync(new() { ChatId = chat, MemberIdType = idType, ManagerIds = whom }, options, cancellationToken);
            return new ChatManagers(managers.ChatManagers ?? [], managers.ChatBotManagers ?? []);
        }, cancellationToken);
    }

    private static Task<MemberChange> ChangeAsync(
        FeishuClient client, string chatId, IEnumerable<string> ids, MemberIdType? idType, Func<string[], Task<MemberChange>> change, CancellationToken cancellationToken)
    {
        string[] all = Given(ids);
        return ChatLocks.RunAsync(client, chatId, async () =>
        {
            var changes = new List<MemberChange>();
            foreach (string[] some in all.Chunk(Most(idType))) changes.Add(await change(some));
            return MemberChange.Sum(changes);
        }, cancellationToken);
    }

    private static int Most(MemberIdType? idType) => idType?.Value == "app_id" ? MostBots : MostUsers;

    private static string[] Given(IEnumerable<string> ids)
    {
        ArgumentNullException.ThrowIfNull(ids);
        string[] all = [.. ids.Distinct(StringComparer.Ordinal)];
        return all.Length > 0 && all.All(id => !string.IsNullOrWhiteSpace(id)) ? all : throw new ArgumentException("There must be ids, and none of them empty.", nameof(ids));
    }
}
