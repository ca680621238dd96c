using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Larkspur.Emulator.Feishu.Events;
using Larkspur.Emulator.Feishu.ApiPipeline;

namespace Larkspur.Emulator.Feishu.Im;

/// <summary>Groups: list, create, get, change, dissolve, search, share.</summary>
internal sealed class ChatsApi(EmulatorState state, EventSource events, IdempotencyKeys created) : IApiArea
{
    private static readonly TimeSpan SameUuid = TimeSpan.FromHours(10);

    public void Register(ApiHandlers on)
    {
        on.Add("im.v1.chat.list", List);
        on.Add("im.v1.chat.create", Create);
        on.Add("im.v1.chat.get", Get);
        on.Add("im.v1.chat.update", Update);
        on.Add("im.v1.chat.delete", Delete);
        on.Add("im.v1.chat.search", Search);
        on.Add("im.v1.chat.link", Link);
    }

    private ApiAnswer List(ApiRequest request)
    {
        if (!request.App.BotEnabled) throw request.Refuse(232025);
        IEnumerable<Chat> mine = state.Chats(ChatAccess.Operator(request)).Where(c => c.Kind == ChatKind.Group);
        mine = request.QueryText("sort_type") == "ByActiveTimeDesc" ? mine : mine.OrderBy(c => c.CreateTime).ThenBy(c => c.ChatId, StringComparer.Ordinal);
        return FeishuAnswer.Data(Paging.Page(request, [.. mine], c => Short(request, c), 20, badToken: 232001));
    }

    private ApiAnswer Search(ApiRequest request)
    {
        if (!request.App.BotEnabled) throw request.Refuse(232025);
        var query = request.QueryText("query") ?? "";
        var who = ChatAccess.Operator(request);
        // Public groups are found by everybody, private ones by their members.
        var found = state.Chats().Where(c => c.Kind == ChatKind.Group && !c.Dissolved && query.Length > 0 && (c.Has(who) || c.ChatType == "public") && (c.Name.Contains(query, StringComparison.OrdinalIgnoreCase) || c.EnName.Contains(query, StringComparison.OrdinalIgnoreCase))).ToArray();
        return FeishuAnswer.Data(Paging.Page(request, found, c => Short(request, c), 20, badToken: 232001));
    }

    private ApiAnswer Create(ApiRequest request) => created.Run(
        request.QueryText("uuid") is { } uuid ? $"{request.App.AppId}/chat/{uuid}" : null, SameUuid, () => CreateNew(request),
        () => request.Refuse(232019));

    private ApiAnswer CreateNew(ApiRequest request)
    {
        var app = request.App;
        if (!app.BotEnabled) throw request.Refuse(232025);
        var people = request.Texts("user_id_list").Select(id => ChatAccess.Person(state, request, id)
            ?? throw new ApiRefusedException(400, 99992360, $"these ids not existed: [{id}]")).ToList();
        if (people.Exists(p => p.IsResigned)) throw request.Refuse(232022);
        if (people.FirstOrDefault(p => !app.IsAvailableTo(p.UserId)) is not null) throw request.Refuse(232024);
        var owner = request.Text("owner_id") is { Length: > 0 } ownerId
            ? (ChatAccess.Person(state, request, ownerId) ?? throw request.Refuse(232001)).UserId : null;
        var ids = people.Select(p => p.UserId).Concat(owner is null ? [] : [owner]).Distinct();
        var bots = request.Texts("bot_id_list").Select(id => state.App(id) is { } bot ? bot.BotEnabled ? id : throw request.Refuse(232021) : throw request.Refuse(232004)).Prepend(app.AppId).Distinct();
        var name = request.Text("name") ?? I18nName(request, "zh_cn") ?? "";
        if (request.Text("chat_type") == "public")
        {
            if (name.Length == 0) throw request.Refuse(232042);
            if (name.EnumerateRunes().Count() < 2) throw request.Refuse(232020);
        }

        var botManages = request.QueryText("set_bot_manager") is "true" or "1";
        var chat = state.AddChat(new Chat
        {
            ChatId = state.Ids.Next("oc_"), Kind = ChatKind.Group, Name = name, EnName = I18nName(request, "en_us") ?? "", Description = request.Text("description") ?? "",
            Avatar = Avatar(request) ?? "", OwnerId = owner ?? app.AppId, People = [.. ids], Bots = [.. bots],
            CreatorAppId = app.AppId, ChatType = request.Text("chat_type") ?? "private", Managers = botManages && owner is not null ? [app.AppId] : [],
            Settings = ChatSettings.Merge(ImmutableDictionary<string, string>.Empty, request.Body), Restricted = ChatSettings.Merge(RestrictedMode.Off, request.Body["restricted_mode_setting"]),
        }) ?? throw request.Refuse(232001);
        foreach (var bot in chat.Bots.Select(state.App).OfType<BotApp>()) events.BotMembership(bot, chat, app.AppId, added: true);
        var made = Full(request, chat);
        made.Remove("chat_status");
        return FeishuAnswer.Data(made);
    }

    private ApiAnswer Get(ApiRequest request)
    {
        var chat = ChatAccess.Find(state, request);
        var item = Short(request, chat);
        if (chat.Has(ChatAccess.Operator(request)))
        {
            item = Full(request, chat);
            item["user_count"] = chat.People.Length.ToString();
            item["bot_count"] = chat.Bots.Length.ToString();
            var idType = request.QueryText("user_id_type") ?? "open_id";
            item["user_manager_id_list"] = new JsonArray([.. chat.Managers.Where(m => state.Person(m) is not null).Select(m => (JsonNode?)MessageView.PersonId(state, request.App, m, idType))]);
            item["bot_manager_id_list"] = new JsonArray([.. chat.Managers.Where(m => state.App(m) is not null).Select(m => (JsonNode?)m)]);
        }

        // The caller named the chat; the answer does not repeat it.
        item.Remove("chat_id");
        return FeishuAnswer.Data(item);
    }

    private ApiAnswer Update(ApiRequest request)
    {
        var chat = ChatAccess.Joined(state, request);
        if (chat.Kind != ChatKind.Group) throw request.Refuse(232008);
        // Members may change what the group shows of itself, unless the group says otherwise; the rest is its managers' (232002, 232016).
        if (!ChatAccess.Manages(chat, request))
        {
            if (ChatSettings.Of(chat, "edit_permission") == "only_owner") throw request.Refuse(232002);
            if (request.Body.Any(m => m.Key is not ("name" or "avatar" or "description" or "i18n_names"))) throw request.Refuse(232016);
        }

        var owner = chat.OwnerId;
        if (request.Text("owner_id") is { Length: > 0 } id)
        {
            owner = (ChatAccess.Person(state, request, id)?.UserId ?? state.App(id)?.AppId) ?? throw request.Refuse(232035);
            if (owner != chat.OwnerId && !chat.Has(owner)) throw request.Refuse(232012);
        }

        // A new name without its English form is everybody's: an old translation would hide it (UNVERIFIED).
        var name = request.Text("name") ?? I18nName(request, "zh_cn");
        var avatar = Avatar(request);
        var changed = state.ChangeChat(chat.ChatId, c => c with
        {
            Name = name ?? c.Name, EnName = I18nName(request, "en_us") ?? (name is null ? c.EnName : ""), Description = request.Text("description") ?? c.Description, Avatar = avatar ?? c.Avatar,
            OwnerId = owner, ChatType = request.Text("chat_type") ?? c.ChatType, Settings = ChatSettings.Merge(c.Settings, request.Body),
            Restricted = ChatSettings.Merge(c.Restricted, request.Body["restricted_mode_setting"]),
        });
        if (changed is not null) events.ChatUpdated(chat, changed, ChatAccess.Operator(request));
        return FeishuAnswer.Data();
    }

    private ApiAnswer Delete(ApiRequest request)
    {
        var chat = ChatAccess.Managed(state, request);
        if (chat.Kind != ChatKind.Group) throw request.Refuse(232008);
        events.ChatDisbanded(chat, ChatAccess.Operator(request));
        state.ChangeChat(chat.ChatId, c => c with { Dissolved = true });
        return FeishuAnswer.Data();
    }

    private ApiAnswer Link(ApiRequest request)
    {
        var chat = ChatAccess.Joined(state, request);
        if (chat.Kind == ChatKind.P2p) throw request.Refuse(232062);
        if (ChatSettings.Of(chat, "share_card_permission") == "not_allowed" && !ChatAccess.Manages(chat, request)) throw request.Refuse(232064);
        var period = request.Text("validity_period") ?? "week";
        var ends = state.Clock.GetUtcNow() + (period == "year" ? TimeSpan.FromDays(365) : TimeSpan.FromDays(7));
        return FeishuAnswer.Data(new JsonObject
        {
            ["share_link"] = "https://applink.feishu.cn/client/chat/chatter/add_by_link?link_token=" + state.Ids.Next(""),
            ["expire_time"] = period == "permanently" ? "" : ends.ToUnixTimeSeconds().ToString(),
            ["is_permanent"] = period == "permanently",
        });
    }

    /// <summary>An avatar is an image that was uploaded as one.</summary>
    private string? Avatar(ApiRequest request)
    {
        if (request.Text("avatar") is not { Length: > 0 } key) return null;
        return state.File(key) is { IsImage: true, Type: "avatar" } ? key : throw request.Refuse(request.Endpoint.Errors.ContainsKey(232041) ? 232041 : 232001);
    }

    private static string? I18nName(ApiRequest request, string locale) =>
        request.Body["i18n_names"]?[locale] is JsonValue v && v.TryGetValue<string>(out var name) && name.Length > 0 ? name : null;

    private JsonObject Short(ApiRequest request, Chat chat)
    {
        var item = new JsonObject
        {
            ["chat_id"] = chat.ChatId, ["avatar"] = chat.Avatar, ["name"] = chat.Name, ["description"] = chat.Description,
        };
        AddOwner(request, chat, item);
        item["external"] = false;
        item["tenant_key"] = request.App.TenantKey;
        item["chat_status"] = chat.Dissolved ? "dissolved" : "normal";
        return item;
    }

    private JsonObject Full(ApiRequest request, Chat chat)
    {
        var item = Short(request, chat);
        item["i18n_names"] = new JsonObject { ["zh_cn"] = chat.Name, ["en_us"] = chat.EnName, ["ja_jp"] = "" };
        foreach (var (name, value) in ChatSettings.All(chat)) item[name] = value;
        item["chat_mode"] = chat.ChatMode;
        item["chat_type"] = chat.ChatType;
        item["chat_tag"] = "inner";
        item["moderation_permission"] = chat.Moderation.Setting;
        item["restricted_mode_setting"] = ChatSettings.Show(chat.Restricted);
        return item;
    }

    /// <summary>A bot that owns the group shows as no owner.</summary>
    private void AddOwner(ApiRequest request, Chat chat, JsonObject item)
    {
        if (chat.OwnerId is not { } owner || state.Person(owner) is null) return;
        var type = request.QueryText("user_id_type") ?? "open_id";
        item["owner_id"] = MessageView.PersonId(state, request.App, owner, type);
        item["owner_id_type"] = type;
    }
}
