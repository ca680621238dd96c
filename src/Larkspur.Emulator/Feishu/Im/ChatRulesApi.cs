using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Larkspur.Emulator.Feishu.Events;
using Larkspur.Emulator.Feishu.ApiPipeline;

namespace Larkspur.Emulator.Feishu.Im;

/// <summary>Who manages a group, who may write in it, and what stands over its messages.</summary>
internal sealed class ChatRulesApi(EmulatorState state, EventSource events) : IApiArea
{
    private const int MostManagers = 10;

    public void Register(ApiHandlers on)
    {
        on.Add("im.v1.chat.managers.add_managers", r => ChangeManagers(r, add: true));
        on.Add("im.v1.chat.managers.delete_managers", r => ChangeManagers(r, add: false));
        on.Add("im.v1.chat.moderation.get", Moderation);
        on.Add("im.v1.chat.moderation.update", Moderate);
        on.Add("im.v1.chat.top_notice.put_top_notice", PutTopNotice);
        on.Add("im.v1.chat.top_notice.delete_top_notice", DeleteTopNotice);
    }

    private ApiAnswer ChangeManagers(ApiRequest request, bool add)
    {
        var chat = ChatAccess.Joined(state, request);
        var who = ChatAccess.Operator(request);
        if (chat.OwnerId != who && !(chat.CreatorAppId == who && request.App.IsGranted("im:chat:operate_as_owner"))) throw request.Refuse(232038);
        var idType = request.QueryText("member_id_type") ?? "open_id";
        var ids = request.Texts("manager_ids").Select(id => idType == "app_id" ? state.App(id)?.AppId : ChatAccess.Person(state, request, id, idType)?.UserId)
            .OfType<string>().Where(id => chat.Has(id) && id != chat.OwnerId).Distinct().ToArray();
        if (ids.Length == 0) throw request.Refuse(232027);
        if (add && chat.Managers.Union(ids).Count > MostManagers) throw request.Refuse(232040);
        var changed = state.ChangeChat(chat.ChatId, c => c with { Managers = add ? c.Managers.Union(ids) : c.Managers.Except(ids) })!;
        return FeishuAnswer.Data(new JsonObject
        {
            ["chat_managers"] = List(changed.Managers.Where(m => state.Person(m) is not null), m => MessageView.PersonId(state, request.App, m, idType == "app_id" ? "open_id" : idType)),
            ["chat_bot_managers"] = List(changed.Managers.Where(m => state.App(m) is not null), m => m),
        });
    }

    /// <summary>The list is that of the people who may write when the setting is <c>moderator_list</c>.</summary>
    private ApiAnswer Moderation(ApiRequest request)
    {
        var chat = ChatAccess.Joined(state, request);
        var type = request.QueryText("user_id_type") ?? "open_id";
        var data = Paging.Page(request, [.. chat.Moderation.Moderators.Where(m => state.Person(m) is not null).Order(StringComparer.Ordinal)], m => new JsonObject
        {
            ["user_id_type"] = type, ["user_id"] = MessageView.PersonId(state, request.App, m, type), ["tenant_key"] = request.App.TenantKey,
        }, 20, badToken: 232001);
        data["moderation_setting"] = chat.Moderation.Setting;
        return FeishuAnswer.Data(data);
    }

    private ApiAnswer Moderate(ApiRequest request)
    {
        var chat = ChatAccess.Managed(state, request);
        if (chat.Kind != ChatKind.Group) throw request.Refuse(232001);
        var (added, removed) = (People(request, chat, "moderator_added_list"), People(request, chat, "moderator_removed_list"));
        var changed = state.ChangeChat(chat.ChatId, c => c with
        {
            Moderation = new Moderation(request.Text("moderation_setting") ?? c.Moderation.Setting, c.Moderation.Moderators.Except(removed).Union(added)),
        })!;
        events.ChatUpdated(chat, changed, ChatAccess.Operator(request), added, removed);
        return FeishuAnswer.Data();
    }

    private ApiAnswer PutTopNotice(ApiRequest request)
    {
        var chat = ChatAccess.Joined(state, request);
        if (request.Body["chat_top_notice"] is not JsonArray { Count: > 0 } list || list[0] is not JsonObject notice) throw request.Refuse(232001);
        string? messageId = null;
        if ((MessageContentReader.Str(notice, "action_type") ?? "2") == "1")
        {
            messageId = MessageContentReader.Str(notice, "message_id");
            if (messageId is null || state.Message(messageId) is not { Deleted: false } message || message.ChatId != chat.ChatId) throw request.Refuse(232001);
        }

        state.ChangeChat(chat.ChatId, c => c with { TopNotice = new TopNotice(messageId) });
        return FeishuAnswer.Data();
    }

    private ApiAnswer DeleteTopNotice(ApiRequest request)
    {
        var chat = ChatAccess.Joined(state, request);
        state.ChangeChat(chat.ChatId, c => c with { TopNotice = null });
        return FeishuAnswer.Data();
    }

    private ImmutableArray<string> People(ApiRequest request, Chat chat, string name) =>
        [.. request.Texts(name).Select(id => ChatAccess.Person(state, request, id) is { } person && chat.Has(person.UserId) ? person.UserId : throw request.Refuse(232001))];

    private static JsonArray List(IEnumerable<string> ids, Func<string, string> show) => new([.. ids.Order(StringComparer.Ordinal).Select(i => (JsonNode?)show(i))]);
}
