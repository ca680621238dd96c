using System.Text.Json.Nodes;
using Larkspur.Emulator.Feishu.Catalogue;
using Larkspur.Emulator.Feishu.Events;
using Larkspur.Emulator.Feishu.Front;
using Larkspur.Emulator.World;

namespace Larkspur.Emulator.Feishu.Im;

/// <summary>Groups: list, create, get, change, dissolve, search.</summary>
internal sealed class ChatsApi(EmulatedWorld world, EventSource events, OnceOnly created) : IApiArea
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
    }

    private ApiAnswer List(ApiRequest request)
    {
        IEnumerable<Chat> mine = world.Chats(ChatAccess.Operator(request)).Where(c => c.Kind == ChatKind.Group);
        mine = request.QueryText("sort_type") == "ByActiveTimeDesc" ? mine : mine.OrderBy(c => c.CreateTime).ThenBy(c => c.ChatId, StringComparer.Ordinal);
        return ApiAnswer.Data(Paging.Page(request, [.. mine], c => Short(request, c), 20, badToken: 232001));
    }

    private ApiAnswer Search(ApiRequest request)
    {
        var query = request.QueryText("query") ?? "";
        var found = world.Chats(ChatAccess.Operator(request)).Where(c => c.Kind == ChatKind.Group && (c.Name.Contains(query, StringComparison.OrdinalIgnoreCase) || c.EnName.Contains(query, StringComparison.OrdinalIgnoreCase))).ToArray();
        return ApiAnswer.Data(Paging.Page(request, found, c => Short(request, c), 20, badToken: 232001));
    }

    private ApiAnswer Create(ApiRequest request) => created.Run(
        request.QueryText("uuid") is { } uuid ? $"{request.App.AppId}/chat/{uuid}" : null, SameUuid, () => CreateNew(request),
        () => request.Refuse(232019));

    private ApiAnswer CreateNew(ApiRequest request)
    {
        var app = request.App;
        if (!app.BotEnabled) throw request.Refuse(232025);
        var people = request.Texts("user_id_list").Select(id => ChatAccess.Person(world, request, id)
            ?? throw new ApiRefusedException(400, 99992360, $"these ids not existed: [{id}]")).Select(p => p.UserId).ToList();
        if (people.FirstOrDefault(p => !app.IsAvailableTo(p)) is not null) throw request.Refuse(232024);
        var owner = request.Text("owner_id") is { Length: > 0 } ownerId
            ? (ChatAccess.Person(world, request, ownerId) ?? throw request.Refuse(232001)).UserId : null;
        if (owner is not null && !people.Contains(owner)) people.Add(owner);
        var bots = request.Texts("bot_id_list").Select(id => world.App(id)?.AppId ?? throw request.Refuse(232004)).Prepend(app.AppId).Distinct();
        var botManages = request.QueryText("set_bot_manager") is "true" or "1";
        var chat = world.AddChat(new Chat
        {
            ChatId = world.Ids.Next("oc_"), Kind = ChatKind.Group, Name = request.Text("name") ?? I18nName(request, "zh_cn") ?? "", EnName = I18nName(request, "en_us") ?? "", Description = request.Text("description") ?? "",
            Avatar = request.Text("avatar") ?? "", OwnerId = owner ?? app.AppId, People = [.. people.Distinct()], Bots = [.. bots],
            CreatorAppId = app.AppId, ChatType = request.Text("chat_type") ?? "private", Managers = botManages ? [app.AppId] : [],
        }) ?? throw request.Refuse(232001);
        foreach (var bot in chat.Bots.Select(world.App).OfType<BotApp>()) events.BotMembership(bot, chat, null, added: true);
        var made = Full(request, chat);
        made.Remove("chat_status");
        return ApiAnswer.Data(made);
    }

    private ApiAnswer Get(ApiRequest request)
    {
        var chat = ChatAccess.Find(world, request);
        var item = Short(request, chat);
        if (chat.Has(ChatAccess.Operator(request)))
        {
            item = Full(request, chat);
            item["user_count"] = chat.People.Length.ToString();
            item["bot_count"] = chat.Bots.Length.ToString();
            var idType = request.QueryText("user_id_type") ?? "open_id";
            item["user_manager_id_list"] = new JsonArray([.. chat.Managers.Where(m => world.Person(m) is not null).Select(m => (JsonNode?)MessageView.PersonId(world, request.App, m, idType))]);
            item["bot_manager_id_list"] = new JsonArray([.. chat.Managers.Where(m => world.App(m) is not null).Select(m => (JsonNode?)m)]);
        }

        // The caller named the chat; the answer does not repeat it.
        item.Remove("chat_id");
        return ApiAnswer.Data(item);
    }

    private ApiAnswer Update(ApiRequest request)
    {
        var chat = ChatAccess.Managed(world, request);
        var owner = request.Text("owner_id") is { Length: > 0 } id ? (ChatAccess.Person(world, request, id) ?? throw request.Refuse(232001)).UserId : chat.OwnerId;
        if (owner is not null && owner != chat.OwnerId && !chat.Has(owner)) throw request.Refuse(232001);
        // A new name without its English form is everybody's: an old translation would hide it (UNVERIFIED).
        var name = request.Text("name") ?? I18nName(request, "zh_cn");
        world.ChangeChat(chat.ChatId, c => c with
        {
            Name = name ?? c.Name, EnName = I18nName(request, "en_us") ?? (name is null ? c.EnName : ""), Description = request.Text("description") ?? c.Description, Avatar = request.Text("avatar") ?? c.Avatar,
            OwnerId = owner, ChatType = request.Text("chat_type") ?? c.ChatType,
        });
        return ApiAnswer.Data();
    }

    private ApiAnswer Delete(ApiRequest request)
    {
        var chat = ChatAccess.Managed(world, request);
        events.ChatDisbanded(chat, null);
        world.ChangeChat(chat.ChatId, c => c with { Dissolved = true });
        return ApiAnswer.Data();
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
        foreach (var (name, value) in new Dictionary<string, string>
        {
            ["add_member_permission"] = "all_members", ["share_card_permission"] = "allowed", ["at_all_permission"] = "all_members",
            ["edit_permission"] = "all_members", ["group_message_type"] = "chat", ["chat_mode"] = chat.ChatMode, ["chat_type"] = chat.ChatType,
            ["chat_tag"] = "inner", ["join_message_visibility"] = "all_members", ["leave_message_visibility"] = "all_members",
            ["membership_approval"] = "no_approval_required", ["moderation_permission"] = "all_members", ["urgent_setting"] = "all_members",
            ["video_conference_setting"] = "all_members", ["hide_member_count_setting"] = "all_members",
        })
        {
            item[name] = value;
        }

        return item;
    }

    /// <summary>A bot that owns the group shows as no owner.</summary>
    private void AddOwner(ApiRequest request, Chat chat, JsonObject item)
    {
        if (chat.OwnerId is not { } owner || world.Person(owner) is null) return;
        var type = request.QueryText("user_id_type") ?? "open_id";
        item["owner_id"] = MessageView.PersonId(world, request.App, owner, type);
        item["owner_id_type"] = type;
    }
}

/// <summary>Who may do what with a group.</summary>
internal static class ChatAccess
{
    public static string Operator(ApiRequest request) => request.Caller!.Kind == TokenKinds.User ? request.Caller.UserId! : request.App.AppId;

    public static Chat Find(EmulatedWorld world, ApiRequest request)
    {
        var chat = world.Chat(request.Path["chat_id"]) ?? throw request.Refuse(232006, "Your request specifies a chat_id which is invalid.");
        return chat.Dissolved && request.Endpoint.Method != "GET" ? throw request.Refuse(232009) : chat;
    }

    public static Chat Joined(EmulatedWorld world, ApiRequest request)
    {
        var chat = Find(world, request);
        return chat.Has(Operator(request)) ? chat : throw request.Refuse(232011, "Operator can NOT be out of the chat.");
    }

    /// <summary>Owner, manager, or the bot that made it.</summary>
    public static Chat Managed(EmulatedWorld world, ApiRequest request)
    {
        var chat = Joined(world, request);
        var who = Operator(request);
        var may = chat.OwnerId == who || chat.Managers.Contains(who) || (chat.CreatorAppId == who && request.App.IsGranted("im:chat:operate_as_owner"));
        return may ? chat : throw request.Refuse(232017, "No Permission: If the operator is NOT owner or creator with the scope, the operator can NOT complete the request.");
    }

    public static Person? Person(EmulatedWorld world, ApiRequest request, string id, string? idType = null) => (idType ?? request.QueryText("user_id_type")) switch
    {
        "user_id" => world.Person(id),
        "union_id" => world.People.FirstOrDefault(p => p.UnionId == id),
        _ => world.People.FirstOrDefault(p => WireIds.OpenId(request.App.AppId, p.UserId) == id),
    };
}
