using System.Text.Json.Nodes;
using Larkspur.Emulator.Feishu.ApiPipeline;

namespace Larkspur.Emulator.Feishu.Im;

/// <summary>Brings a message of the app itself to people's attention: in the client, by text message, by phone.</summary>
internal sealed class UrgentApi(EmulatorState state) : IApiArea
{
    public void Register(ApiHandlers on)
    {
        on.Add("im.v1.message.urgent_app", r => Urge(r, UrgencyKind.App));
        on.Add("im.v1.message.urgent_sms", r => Urge(r, UrgencyKind.Sms));
        on.Add("im.v1.message.urgent_phone", r => Urge(r, UrgencyKind.Phone));
    }

    private ApiAnswer Urge(ApiRequest request, UrgencyKind kind)
    {
        if (!request.App.BotEnabled) throw request.Refuse(230006);
        var message = MessageAccess.Visible(state, request);
        var chat = MessageAccess.ChatOf(state, request, message);
        if (chat.Dissolved) throw request.Refuse(232009);
        if (message.SenderId != request.App.AppId) throw request.Refuse(230012);
        if (message.Deleted) throw request.Refuse(230110);
        if (message.MsgType == "system") throw request.Refuse(230052);
        if (chat.Settings.GetValueOrDefault("urgent_setting") == "only_owner" && !chat.IsManagedBy(request.App.AppId)) throw request.Refuse(230052);
        List<string> people = [];
        JsonArray invalid = [];
        foreach (var id in request.Texts("user_id_list").Distinct())
        {
            if (ChatAccess.Person(state, request, id) is { IsResigned: false } person && chat.People.Contains(person.UserId)) people.Add(person.UserId);
            else invalid.Add(id);
        }

        if (people.Count > 0 && !state.Urge(message.MessageId, kind, people)) throw request.Refuse(230023);
        return FeishuAnswer.Data(new JsonObject { ["invalid_user_id_list"] = invalid });
    }
}
