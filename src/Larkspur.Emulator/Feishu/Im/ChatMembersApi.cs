using System.Text.Json.Nodes;
using Larkspur.Emulator.Feishu.Events;
using Larkspur.Emulator.Feishu.ApiPipeline;

namespace Larkspur.Emulator.Feishu.Im;

internal sealed class ChatMembersApi(EmulatorState state, EventSource events) : IApiArea
{
    public const int MostMembers = 5_000;
    public const int MostBots = 15;

    public void Register(ApiHandlers on)
    {
        on.Add("im.v1.chat.members.get", Members);
        on.Add("im.v1.chat.members.create", Add);
        on.Add("im.v1.chat.members.delete", Remove);
        on.Add("im.v1.chat.members.is_in_chat", IsInChat);
        on.Add("im.v1.chat.members.me_join", Join);
    }

    /// <summary>Bots are left out.</summary>
    private ApiAnswer Members(ApiRequest request)
    {
        var chat = ChatAccess.Joined(state, request);
        var idType = request.QueryText("member_id_type") ?? "open_id";
        var data = Paging.Page(request, chat.People, id => new JsonObject
        {
            ["member_id_type"] = idType,
            ["member_id"] = MessageView.PersonId(state, request.App, id, idType),
            ["name"] = state.Person(id)?.Name,
            ["tenant_key"] = state.TenantOf(request.App, id),
        }, 20, badToken: 232001);
        data["member_total"] = chat.People.Length;
        return FeishuAnswer.Data(data);
    }

    private ApiAnswer IsInChat(ApiRequest request) =>
        FeishuAnswer.Data(new JsonObject { ["is_in_chat"] = ChatAccess.Find(state, request).Has(ChatAccess.Operator(request)) });

    private ApiAnswer Join(ApiRequest request)
    {
        var chat = ChatAccess.Find(state, request);
        // That a private group is 232008 is UNVERIFIED: of the documented codes it is the nearest.
        if (chat.Kind != ChatKind.Group || chat.ChatType != "public") throw request.Refuse(232008);
        if (ChatSettings.Of(chat, "membership_approval") == "approval_required") throw request.Refuse(232075);
        if (chat.People.Length >= MostMembers || chat.Bots.Length >= MostBots) throw request.Refuse(232013);
        if (request.Caller!.UserId is { } user)
        {
            if (state.Person(user) is { } person && !chat.People.Contains(user)
                && state.ChangeChat(chat.ChatId, c => c with { People = c.People.Add(user) }) is { } joined) events.PeopleMembership(joined, user, [person], "added");
        }
        else
        {
            AddBots(chat, [request.App], request.App.AppId);
        }

        return FeishuAnswer.Data();
    }

    private ApiAnswer Add(ApiRequest request)
    {
        var chat = ChatAccess.Joined(state, request);
        var (people, bots, unknown) = Resolve(request);
        // succeed_type 0: unknown ids are left out; 1: left out and reported like 0; 2: any unknown id stops the call.
        if (unknown.Count > 0 && (request.QueryInt("succeed_type", 0) == 2 || people.Count + bots.Count == 0)) throw request.Refuse(232043);
        if (people.Exists(p => !request.App.IsAvailableTo(p.UserId))) throw request.Refuse(232024);
        if (people.Count + bots.Count == 0) throw request.Refuse(232027);
        if (!ChatAccess.Manages(chat, request) && ChatSettings.Of(chat, "add_member_permission") == "only_owner") throw request.Refuse(232017);
        var fresh = people.Where(p => !chat.People.Contains(p.UserId)).ToArray();
        if (chat.People.Length + fresh.Length > MostMembers || chat.Bots.Length + bots.Count > MostBots) throw request.Refuse(232013);
        if (fresh.Length > 0 && state.ChangeChat(chat.ChatId, c => c with { People = [.. c.People.Union(fresh.Select(p => p.UserId))] }) is { } changed)
        {
            events.PeopleMembership(changed, ChatAccess.Operator(request), fresh, "added");
        }

        AddBots(chat, bots, ChatAccess.Operator(request));
        return FeishuAnswer.Data(new JsonObject { ["invalid_id_list"] = IdList(unknown), ["not_existed_id_list"] = new JsonArray(), ["pending_approval_id_list"] = new JsonArray() });
    }

    private ApiAnswer Remove(ApiRequest request)
    {
        var chat = ChatAccess.Joined(state, request);
        var (people, bots, unknown) = Resolve(request);
        var onlyItself = people.Count == 0 && bots.TrueForAll(b => b.AppId == request.App.AppId);
        if (!onlyItself) ChatAccess.Managed(state, request);
        var gone = people.Where(p => chat.People.Contains(p.UserId)).ToArray();
        if (people.Count + bots.Count == 0) throw request.Refuse(232027);
        if (gone.Any(p => p.UserId == chat.OwnerId)) throw request.Refuse(232076);
        var operatorId = ChatAccess.Operator(request);
        if (gone.Length > 0) events.PeopleMembership(chat, operatorId, gone, "deleted");
        var goneIds = gone.Select(p => p.UserId).ToArray();
        var goneBots = bots.Where(b => chat.Bots.Contains(b.AppId)).ToArray();
        var botIds = goneBots.Select(b => b.AppId).ToArray();
        state.ChangeChat(chat.ChatId, c => c with { People = c.People.RemoveRange(goneIds), Bots = c.Bots.RemoveRange(botIds), Managers = c.Managers.Except(goneIds).Except(botIds) });
        foreach (var bot in goneBots) events.BotMembership(bot, chat, operatorId, added: false);
        return FeishuAnswer.Data(new JsonObject { ["invalid_id_list"] = IdList(unknown) });
    }

    private void AddBots(Chat chat, IEnumerable<BotApp> bots, string operatorId)
    {
        foreach (var bot in bots.Where(b => !chat.Bots.Contains(b.AppId)))
        {
            if (state.ChangeChat(chat.ChatId, c => c.Bots.Contains(bot.AppId) ? c : c with { Bots = c.Bots.Add(bot.AppId) }) is { } changed)
            {
                events.BotMembership(bot, changed, operatorId, added: true);
            }
        }
    }

    private (List<Person> People, List<BotApp> Bots, List<string> Unknown) Resolve(ApiRequest request)
    {
        var idType = request.QueryText("member_id_type") ?? "open_id";
        List<Person> people = [];
        List<BotApp> bots = [];
        List<string> unknown = [];
        foreach (var id in request.Texts("id_list").Distinct())
        {
            if (idType == "app_id" && state.App(id) is { BotEnabled: true } bot) bots.Add(bot);
            else if (idType != "app_id" && ChatAccess.Person(state, request, id, idType) is { } person) people.Add(person);
            else unknown.Add(id);
        }

        return (people, bots, unknown);
    }

    private static JsonArray IdList(List<string> ids) => new([.. ids.Select(i => (JsonNode?)i)]);
}
