using System.Text.Json.Nodes;
using Larkspur.Emulator.Feishu.Auth;
using Larkspur.Emulator.Feishu.CardKit;
using Larkspur.Emulator.Feishu.Cards;
using Larkspur.Emulator.Feishu.Catalogue;
using Larkspur.Emulator.Feishu.Events;
using Larkspur.Emulator.Feishu.Front;
using Larkspur.Emulator.World;

namespace Larkspur.Emulator.Feishu.Im;

/// <summary>Send, reply, edit, update cards, recall.</summary>
internal sealed class MessagesApi(
    EmulatedWorld world, MessageContentReader contents, RateLimiter limiter, EventSource events, OnceOnly sent, CardEntities entities) : IApiArea
{
    public const int PerReceiverPerSecond = 5;
    public const int PerMessagePerSecond = 5;
    public const int MostEdits = 20;
    private static readonly TimeSpan CardUpdatable = TimeSpan.FromDays(14);
    private static readonly TimeSpan SameUuid = TimeSpan.FromHours(1);

    public void Register(ApiHandlers on)
    {
        on.Add("im.v1.message.create", Create);
        on.Add("im.v1.message.reply", Reply);
        on.Add("im.v1.message.update", Update);
        on.Add("im.v1.message.patch", Patch);
        on.Add("im.v1.message.delete", Delete);
    }

    private ApiAnswer Create(ApiRequest request) => OncePerUuid(request, () =>
    {
        var chat = Receiver(request);
        return Send(request, chat, request.Text("msg_type")!, null, false);
    });

    private ApiAnswer Reply(ApiRequest request) => OncePerUuid(request, () =>
    {
        var parent = Visible(request);
        if (parent.Deleted) throw request.Refuse(230011);
        return Send(request, ChatOf(request, parent), request.Text("msg_type")!, parent, request.Flag("reply_in_thread"));
    });

    private ApiAnswer Update(ApiRequest request)
    {
        var message = Own(request, 230071);
        if (message.MsgType is not ("text" or "post") || request.Text("msg_type") != message.MsgType) throw request.Refuse(230054);
        if (message.Edits >= MostEdits) throw request.Refuse(230072);
        LimitMessage(request, message);
        var content = Read(request, message.MsgType);
        var changed = world.ChangeMessage(message.MessageId, m => m with
        {
            Content = request.Text("content")!, Rendered = content.Rendered, RenderedByLocale = content.ByLocale, Mentions = content.Mentions,
            Updated = true, Edits = m.Edits + 1, UpdateTime = world.Clock.GetUtcNow(),
        });
        return ApiAnswer.Data(MessageView.Full(world, request.App, changed!));
    }

    /// <summary>Replaces a card for everybody; both the old and the new one must be shared (<c>update_multi</c>).</summary>
    private ApiAnswer Patch(ApiRequest request)
    {
        var message = Own(request, 230027);
        if (message.Card is not { } old) throw request.Refuse(230001, "Your request contains an invalid request parameter, ext=This message is NOT a card.");
        if (world.Clock.GetUtcNow() - message.CreateTime > CardUpdatable) throw request.Refuse(230031);
        LimitMessage(request, message);
        var card = Read(request, "interactive").Card!;
        if (card.EntityId is { } entity) throw request.Refuse(230099, new CardProblem(11310, null, "cardid is invalid", entity).ToString());
        if (!old.Shared || !card.Shared)
        {
            throw request.Refuse(230001, "Your request contains an invalid request parameter, ext=This card is not a shared card, set config.update_multi to true.");
        }

        if (old.IsV2 != card.IsV2) throw request.Refuse(230099, new CardProblem(200830, null, "the card version does not match the sent card", card.IsV2 ? "schema 2.0" : "schema 1.0").ToString());
        world.ChangeMessage(message.MessageId, m => m with
        {
            Content = request.Text("content")!, Rendered = card.Json, Card = card with { EntityId = old.EntityId }, UpdateTime = world.Clock.GetUtcNow(), Updated = true,
        });
        entities.Follow(message.MessageId);
        return ApiAnswer.Data();
    }

    private ApiAnswer Delete(ApiRequest request)
    {
        var message = Visible(request);
        var chat = ChatOf(request, message);
        var manages = chat.OwnerId == request.App.AppId || chat.CreatorAppId == request.App.AppId || chat.Managers.Contains(request.App.AppId);
        if (message.SenderId != SenderOf(request) && !manages) throw request.Refuse(230026);
        if (message.Deleted) throw request.Refuse(230110);
        world.ChangeMessage(message.MessageId, m => m with { Deleted = true, UpdateTime = world.Clock.GetUtcNow() });
        events.MessageRecalled(message, message.SenderId == SenderOf(request) ? "message_owner" : "group_owner");
        return ApiAnswer.Data();
    }

    private ApiAnswer Send(ApiRequest request, Chat chat, string msgType, Message? parent, bool inThread)
    {
        var app = request.App;
        if (!app.BotEnabled) throw request.Refuse(230006);
        if (chat.Dissolved) throw request.Refuse(232009);
        if (chat.Kind == ChatKind.Group && !chat.Has(SenderOf(request))) throw request.Refuse(230002);
        if (msgType == "system" && chat.Kind != ChatKind.P2p) throw request.Refuse(230001);
        var content = Read(request, msgType);
        // Five a second to one person, and five to one group over all bots in it.
        var receiver = chat.Kind == ChatKind.P2p ? $"send/{app.AppId}/{chat.ChatId}" : $"send/{chat.ChatId}";
        if (!limiter.TryPass(receiver, PerReceiverPerSecond)) throw request.Refuse(230020);

        var now = world.Clock.GetUtcNow();
        Message Add(CardState? card) => world.AddMessage(new Message
        {
            MessageId = world.Ids.Next("om_"), ChatId = chat.ChatId, ParentId = parent?.MessageId, RootId = parent?.RootId ?? parent?.MessageId,
            ThreadId = parent?.ThreadId ?? (inThread ? world.Ids.Next("omt_") : null),
            SenderKind = request.Caller!.Kind == TokenKinds.User ? SenderKind.User : SenderKind.App, SenderId = SenderOf(request),
            MsgType = msgType, Content = request.Text("content")!, Rendered = card?.Json ?? content.Rendered,
            RenderedByLocale = content.ByLocale, Mentions = content.Mentions, Card = card, CreateTime = now, UpdateTime = now,
        });
        var message = content.Card is { EntityId: { } cardId }
            ? entities.SendOnce(cardId, Add) ?? throw request.Refuse(230099, new CardProblem(11310, null, "cardid is invalid", cardId).ToString())
            : Add(content.Card);
        events.MessageReceived(message);
        return ApiAnswer.Data(MessageView.Full(world, app, message));
    }

    private MessageContent Read(ApiRequest request, string msgType) =>
        contents.Read(request.App.AppId, msgType, request.Text("content")!, out var refusal) ?? throw request.Refuse(refusal!.Code, refusal.Detail);

    private Chat Receiver(ApiRequest request)
    {
        var id = request.Text("receive_id")!;
        var type = request.QueryText("receive_id_type")!;
        if (type == "chat_id") return world.Chat(id) ?? throw request.Refuse(230034);
        var person = type switch
        {
            "open_id" => contents.FindByOpenId(request.App.AppId, id),
            "user_id" => world.Person(id),
            "union_id" => world.People.FirstOrDefault(p => p.UnionId == id),
            _ => world.People.FirstOrDefault(p => p.Email.Equals(id, StringComparison.OrdinalIgnoreCase)),
        };
        if (person is null)
        {
            var foreign = type == "open_id" && world.Apps.Any(a => contents.FindByOpenId(a.AppId, id) is not null);
            throw type switch
            {
                "open_id" when foreign => new ApiRefusedException(400, 99992361, "open_id cross app"),
                "open_id" => new ApiRefusedException(400, 99992351, $"these open ids not existed: [{id}]"),
                "user_id" => new ApiRefusedException(400, 99992360, $"these ids not existed: [{id}]"),
                _ => request.Refuse(230034),
            };
        }

        if (person.IsResigned) throw request.Refuse(230029);
        if (!request.App.BotEnabled) throw request.Refuse(230006);
        if (!request.App.IsAvailableTo(person.UserId)) throw request.Refuse(230013);
        return world.MeetBot(person.UserId, request.App, out _);
    }

    private void LimitMessage(ApiRequest request, Message message)
    {
        if (!limiter.TryPass("patch/" + message.MessageId, PerMessagePerSecond)) throw request.Refuse(230020);
    }

    private Message Visible(ApiRequest request) => MessageAccess.Visible(world, request);

    private Chat ChatOf(ApiRequest request, Message message) => MessageAccess.ChatOf(world, request, message);

    private Message Own(ApiRequest request, long notOwn)
    {
        var message = Visible(request);
        if (message.SenderId != SenderOf(request)) throw request.Refuse(notOwn);
        if (message.Deleted) throw request.Refuse(request.Endpoint.Errors.ContainsKey(230011) ? 230011 : 230110);
        return message;
    }

    private static string SenderOf(ApiRequest request) => request.Caller!.Kind == TokenKinds.User ? request.Caller.UserId! : request.App.AppId;

    /// <summary>Within an hour the same <c>uuid</c> sends once and answers the first message again (the answer is UNVERIFIED).</summary>
    private ApiAnswer OncePerUuid(ApiRequest request, Func<ApiAnswer> send) =>
        sent.Run(request.Text("uuid") is { Length: > 0 } uuid ? $"{request.App.AppId}/{request.Endpoint.Id}/{uuid}" : null, SameUuid, send,
            () => request.Refuse(230049));
}
