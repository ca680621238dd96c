using Larkspur.Emulator.Feishu.Catalogue;
using Larkspur.Emulator.Feishu.ApiPipeline;

namespace Larkspur.Emulator.Feishu.Im;

/// <summary>Where a message shall go, by any of the platform's ids, and whether this caller may write there now.</summary>
internal sealed class Receivers(EmulatorState state, RateLimiter limiter)
{
    public const int PerSecond = 5;

    /// <param name="ThreadId">Set when the receiver was a thread.</param>
    public sealed record Receiver(Chat Chat, string? ThreadId = null);

    public static (SenderKind Kind, string Id) Caller(ApiRequest request) =>
        request.Caller!.Kind == TokenKinds.User ? (SenderKind.User, request.Caller.UserId!) : (SenderKind.App, request.App.AppId);

    /// <summary>Reads <c>receive_id</c> and <c>receive_id_type</c>.</summary>
    public Receiver Find(ApiRequest request)
    {
        var id = request.Text("receive_id")!;
        var type = request.QueryText("receive_id_type")!;
        if (!request.App.BotEnabled) throw request.Refuse(230006);
        if (type == "chat_id") return new Receiver(state.Chat(id) ?? throw request.Refuse(230034));
        if (type == "thread_id")
        {
            var thread = state.Thread(id) ?? throw request.Refuse(230019);
            var chat = state.Chat(thread.ChatId) ?? throw request.Refuse(230019);
            return chat.Has(Caller(request).Id) ? new Receiver(chat, id) : throw request.Refuse(230074);
        }

        return new Receiver(GetOrCreate(request, FindPerson(request, type, id)));
    }

    /// <summary>Membership, settings and the limit of the receiver, in this order.</summary>
    public static void Admit(ApiRequest request, Chat chat)
    {
        var (_, sender) = Caller(request);
        if (!request.App.BotEnabled) throw request.Refuse(230006);
        if (chat.Dissolved) throw request.Refuse(232009);
        if (!chat.Has(sender)) throw request.Refuse(230002);
        if (chat.Muted) throw request.Refuse(230053);
        if (!chat.MayWrite(sender)) throw request.Refuse(230018);
    }

    /// <summary>Five a second to one person, and five to one group over all bots in it.</summary>
    public void Count(ApiRequest request, Chat chat)
    {
        var key = chat.Kind == ChatKind.P2p ? $"send/{request.App.AppId}/{chat.ChatId}" : $"send/{chat.ChatId}";
        if (!limiter.TryPass(key, PerSecond)) throw request.Refuse(230020);
    }

    private Chat GetOrCreate(ApiRequest request, Person person)
    {
        if (person.IsResigned) throw request.Refuse(230029);
        if (!request.App.IsAvailableTo(person.UserId)) throw request.Refuse(230013);
        return state.GetOrCreateBotChat(person.UserId, request.App, out _);
    }

    private Person FindPerson(ApiRequest request, string type, string id)
    {
        var person = type switch
        {
            "open_id" => ByOpenId(request.App.AppId, id),
            "user_id" => state.Named(id),
            "union_id" => state.PersonByUnionId(id),
            _ => state.People.FirstOrDefault(p => p.Email.Equals(id, StringComparison.OrdinalIgnoreCase)),
        };
        if (person is not null) return person;
        var foreign = type == "open_id" && state.Apps.Any(a => ByOpenId(a.AppId, id) is not null);
        throw type switch
        {
            "open_id" when foreign => new ApiRefusedException(400, 99992361, "open_id cross app"),
            "open_id" => new ApiRefusedException(400, 99992351, $"these open ids not existed: [{id}]"),
            "user_id" => new ApiRefusedException(400, 99992360, $"these ids not existed: [{id}]"),
            _ => request.Refuse(230034),
        };
    }

    private Person? ByOpenId(string appId, string openId) => state.PersonByOpenId(appId, openId);
}
