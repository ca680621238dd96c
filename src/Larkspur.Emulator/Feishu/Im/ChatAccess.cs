using Larkspur.Emulator.Feishu.ApiPipeline;

namespace Larkspur.Emulator.Feishu.Im;

/// <summary>Who may do what with a group.</summary>
internal static class ChatAccess
{
    public static string Operator(ApiRequest request) => Receivers.Caller(request).Id;

    public static Chat Find(EmulatorState state, ApiRequest request)
    {
        if (!request.App.BotEnabled) throw request.Refuse(232025);
        var chat = state.Chat(request.Path["chat_id"]) ?? throw request.Refuse(request.Endpoint.Errors.ContainsKey(232006) ? 232006 : 232001, "Your request specifies a chat_id which is invalid.");
        return chat.Dissolved && request.Endpoint.Method != "GET" ? throw request.Refuse(232009) : chat;
    }

    public static Chat Joined(EmulatorState state, ApiRequest request)
    {
        var chat = Find(state, request);
        return chat.Has(Operator(request)) ? chat : throw request.Refuse(232011, "Operator can NOT be out of the chat.");
    }

    /// <summary>Owner, manager, or the bot that made it and may act as owner.</summary>
    public static Chat Managed(EmulatorState state, ApiRequest request, long refusal = 232017)
    {
        var chat = Joined(state, request);
        return Manages(chat, request) ? chat : throw request.Refuse(refusal, request.Endpoint.Errors.ContainsKey(refusal) ? null
            : "No Permission: If the operator is NOT owner or creator with the scope, the operator can NOT complete the request.");
    }

    public static bool Manages(Chat chat, ApiRequest request)
    {
        var who = Operator(request);
        return chat.OwnerId == who || chat.Managers.Contains(who) || (chat.CreatorAppId == who && request.App.IsGranted("im:chat:operate_as_owner"));
    }

    public static Person? Person(EmulatorState state, ApiRequest request, string id, string? idType = null) => (idType ?? request.QueryText("user_id_type")) switch
    {
        "user_id" => state.Named(id),
        "union_id" => state.PersonByUnionId(id),
        _ => state.PersonByOpenId(request.App.AppId, id),
    };

    /// <summary>A <c>user_id</c> or <c>app_id</c> in the form that the caller asked for.</summary>
    public static (string Id, string Type) Show(EmulatorState state, ApiRequest request, string personOrAppId)
    {
        var type = request.QueryText("user_id_type") ?? "open_id";
        return state.Person(personOrAppId) is null ? (personOrAppId, "app_id") : (MessageView.PersonId(state, request.App, personOrAppId, type), type);
    }
}
