using System.Text.Json.Nodes;
using Larkspur.Emulator.Feishu.ApiPipeline;

namespace Larkspur.Emulator.Feishu.Cards;

/// <summary>Cards in a group that one person alone sees, and that leave no trace when they are deleted.</summary>
/// <remarks>The pages name one code only (18051, of delete); the others are UNVERIFIED.</remarks>
internal sealed class EphemeralCardsApi(EmulatorState state, CardReader cards, RateLimiter limiter) : IApiArea
{
    public const int PerChatPerSecond = 40;

    public void Register(ApiHandlers on)
    {
        on.Add("ephemeral.v1.send.post", Send);
        on.Add("ephemeral.v1.delete.post", Delete);
    }

    private ApiAnswer Send(ApiRequest request)
    {
        if (!request.App.BotEnabled) throw request.Refuse(230006, "Bot ability is not activated.");
        if (state.Chat(request.Text("chat_id")!) is not { Kind: ChatKind.Group, Dissolved: false } chat) throw request.Refuse(10002, "chat_id is invalid: only groups take ephemeral cards");
        if (!chat.Has(request.App.AppId)) throw request.Refuse(230002, "The bot can not be outside the group.");
        if (Receiver(request) is not { } person || !chat.Has(person.UserId)) throw request.Refuse(10002, "the receiver is not in the chat");
        if (!limiter.TryPass("ephemeral/" + chat.ChatId, PerChatPerSecond)) throw request.Refuse(230020, "This operation triggers the frequency limit.");
        var json = CanonicalJson.Write(request.Body["card"]);
        if (Validation.CardValidator.TooLarge(json)) throw request.Refuse(230025, "The length of the message content reaches its limit.");
        if (cards.Read(request.App.AppId, json, out var problem) is not { EntityId: null } card)
        {
            throw request.Refuse(230099, problem?.ToString() ?? "Failed to create card content.");
        }

        var now = state.Clock.GetUtcNow();
        var message = state.AddMessage(new Message
        {
            MessageId = state.Ids.Next("om_"), ChatId = chat.ChatId, SenderKind = SenderKind.App, SenderId = request.App.AppId, MsgType = "interactive",
            Content = json, Rendered = card.Json, Card = card, OnlyFor = person.UserId, CreateTime = now, UpdateTime = now,
        });
        return FeishuAnswer.Data(new JsonObject { ["message_id"] = message.MessageId });
    }

    private ApiAnswer Delete(ApiRequest request)
    {
        if (state.Message(request.Text("message_id")!) is not { OnlyFor: not null, Deleted: false } message || message.SenderId != request.App.AppId)
        {
            throw request.Refuse(18051, "the ephemeral message does not exist");
        }

        state.ChangeMessage(message.MessageId, m => m with { Deleted = true, UpdateTime = state.Clock.GetUtcNow() });
        return new ApiAnswer { Json = new JsonObject { ["code"] = 0, ["msg"] = "ok" } };
    }

    private Person? Receiver(ApiRequest request) => state.People.FirstOrDefault(p =>
        (request.Text("open_id") is { Length: > 0 } open && WireIds.OpenId(request.App.AppId, p.UserId) == open)
        || (request.Text("user_id") is { Length: > 0 } user && p.UserId == user)
        || (request.Text("email") is { Length: > 0 } mail && p.Email.Equals(mail, StringComparison.OrdinalIgnoreCase)));
}
