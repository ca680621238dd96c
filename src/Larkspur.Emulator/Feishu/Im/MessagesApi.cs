using System.Text.Json.Nodes;
using Larkspur.Emulator.Feishu.CardKit;
using Larkspur.Emulator.Feishu.Cards;
using Larkspur.Emulator.Feishu.Cards.Validation;
using Larkspur.Emulator.Feishu.Events;
using Larkspur.Emulator.Feishu.ApiPipeline;

namespace Larkspur.Emulator.Feishu.Im;

/// <summary>Sends, answers, edits and recalls messages, and updates their cards.</summary>
internal sealed class MessagesApi(
    EmulatorState state, MessageContentReader contents, Receivers receivers, MessagePost post, RateLimiter limiter, EventSource events, IdempotencyKeys sent, CardEntities entities,
    OngoingClicks clicks) : IApiArea
{
    public const int PerMessagePerSecond = 5;
    public const int MostEdits = 20;
    private static readonly TimeSpan CardUpdatable = TimeSpan.FromDays(14);
    /// <summary>Within it the same <c>uuid</c> sends once.</summary>
    public static readonly TimeSpan SameUuid = TimeSpan.FromHours(1);
    /// <summary>How far back a group's owner or manager may recall others' messages.</summary>
    private static readonly TimeSpan RecallOfOthers = TimeSpan.FromDays(365);

    public void Register(ApiHandlers on)
    {
        on.Add("im.v1.message.create", Create);
        on.Add("im.v1.message.reply", Reply);
        on.Add("im.v1.message.update", Update);
        on.Add("im.v1.message.patch", Patch);
        on.Add("im.v1.message.delete", Delete);
    }

    private ApiAnswer Create(ApiRequest request) => OncePerUuid(request, () => Send(request, receivers.Find(request).Chat, null, false));

    private ApiAnswer Reply(ApiRequest request) => OncePerUuid(request, () =>
    {
        var parent = Visible(request);
        if (parent.Deleted) throw request.Refuse(230011);
        var inThread = request.Flag("reply_in_thread");
        if (inThread && parent.MsgType == "merge_forward") throw request.Refuse(230072);
        return Send(request, ChatOf(request, parent), parent, inThread);
    });

    private ApiAnswer Update(ApiRequest request)
    {
        var message = Own(request, 230071);
        if (message.MsgType is not ("text" or "post") || request.Text("msg_type") != message.MsgType) throw request.Refuse(230054);
        if (state.Clock.GetUtcNow() - message.CreateTime > state.Rules.EditWindow) throw request.Refuse(230075);
        if (message.Edits >= MostEdits) throw request.Refuse(230072);
        LimitMessage(request, message);
        var content = Read(request, message.MsgType);
        var changed = state.ChangeMessage(message.MessageId, m => m with
        {
            Content = request.Text("content")!, Rendered = content.Rendered, RenderedByLocale = content.ByLocale, Mentions = content.Mentions,
            Updated = true, Edits = m.Edits + 1, UpdateTime = state.Clock.GetUtcNow(),
        });
        return FeishuAnswer.Data(MessageView.Full(state, request.App, changed!));
    }

    /// <summary>Replaces a card for everybody; both the old and the new one must be shared (<c>update_multi</c>).</summary>
    private ApiAnswer Patch(ApiRequest request)
    {
        var message = Own(request, 230027);
        if (message.OnlyFor is not null) throw request.Refuse(230001, "Your request contains an invalid request parameter, ext=An ephemeral card cannot be updated.");
        if (message.Card is not { } old) throw request.Refuse(230001, "Your request contains an invalid request parameter, ext=This message is NOT a card.");
        if (state.Clock.GetUtcNow() - message.CreateTime > CardUpdatable) throw request.Refuse(230031);
        LimitMessage(request, message);
        var card = Read(request, "interactive").Card!;
        if (card.EntityId is { } entity) throw request.Refuse(230099, new CardProblem(11310, null, "cardid is invalid", entity).ToString());
        if (!old.Shared || !card.Shared)
        {
            throw request.Refuse(230001, "Your request contains an invalid request parameter, ext=This card is not a shared card, set config.update_multi to true.");
        }

        if (old.IsV2 != card.IsV2) throw request.Refuse(230099, new CardProblem(200830, null, "the card version does not match the sent card", card.IsV2 ? "schema 2.0" : "schema 1.0").ToString());
        if (old.IsV2 && clicks.IsGoingOn(message.MessageId)) throw request.Refuse(230099, new CardProblem(11310, null, "card action is lock", "").ToString());
        state.ChangeMessage(message.MessageId, m => m with
        {
            Content = request.Text("content")!, Rendered = card.Json, Card = card with { EntityId = old.EntityId }, UpdateTime = state.Clock.GetUtcNow(), Updated = true,
        });
        entities.Follow(message.MessageId);
        return FeishuAnswer.Data();
    }

    private ApiAnswer Delete(ApiRequest request)
    {
        if (request.Path["message_id"].StartsWith("bm_", StringComparison.Ordinal)) throw request.Refuse(230001, "Your request contains an invalid request parameter, ext=a batch message is recalled by the batch API.");
        var message = Visible(request);
        var chat = ChatOf(request, message);
        var who = SenderOf(request);
        var own = message.SenderId == who;
        if (!own && !chat.IsManagedBy(who)) throw request.Refuse(230026);
        if (message.Deleted) throw request.Refuse(230110);
        if (state.Clock.GetUtcNow() - message.CreateTime > (own ? state.Rules.RecallWindow : RecallOfOthers)) throw request.Refuse(230009);
        state.ChangeMessage(message.MessageId, m => m with { Deleted = true, UpdateTime = state.Clock.GetUtcNow() });
        events.MessageRecalled(message, own ? "message_owner" : chat.Managers.Contains(who) && chat.OwnerId != who ? "group_manager" : "group_owner");
        return FeishuAnswer.Data();
    }

    private ApiAnswer Send(ApiRequest request, Chat chat, Message? parent, bool inThread)
    {
        var msgType = request.Text("msg_type")!;
        Receivers.Admit(request, chat);
        if (msgType == "system") NeedSystemScope(request, chat);
        var content = Read(request, msgType);
        var (kind, sender) = Receivers.Caller(request);
        if (content.Mentions.Any(m => m.Kind == MentionKind.All) && chat.Settings.GetValueOrDefault("at_all_permission") == "only_owner" && !chat.IsManagedBy(sender)) throw request.Refuse(230018);
        receivers.Count(request, chat);
        var message = post.TryPost(new Draft
        {
            Chat = chat, SenderKind = kind, SenderId = sender, MsgType = msgType, Content = request.Text("content")!, Reading = content, Parent = parent, InThread = inThread,
        }) ?? throw request.Refuse(230099, new CardProblem(11310, null, "cardid is invalid", content.Card?.EntityId ?? "").ToString());
        return FeishuAnswer.Data(MessageView.Full(state, request.App, message));
    }

    private static void NeedSystemScope(ApiRequest request, Chat chat)
    {
        if (chat.Kind != ChatKind.P2p) throw request.Refuse(230001, "Your request contains an invalid request parameter, ext=system messages go to p2p chats only.");
        if (!request.App.IsGranted("im:message:send_sys_msg")) throw request.Refuse(230027, "Lack of necessary permissions, ext=need scope: im:message:send_sys_msg");
    }

    private MessageContent Read(ApiRequest request, string msgType) =>
        contents.Read(request.App.AppId, msgType, request.Text("content")!, out var refusal) ?? throw request.Refuse(refusal!.Code, refusal.Detail);

    private void LimitMessage(ApiRequest request, Message message)
    {
        if (!limiter.TryPass("patch/" + message.MessageId, PerMessagePerSecond)) throw request.Refuse(230020);
    }

    private Message Visible(ApiRequest request) => MessageAccess.Visible(state, request);

    private Chat ChatOf(ApiRequest request, Message message) => MessageAccess.ChatOf(state, request, message);

    private Message Own(ApiRequest request, long notOwn)
    {
        var message = Visible(request);
        if (message.SenderId != SenderOf(request)) throw request.Refuse(notOwn);
        if (message.Deleted) throw request.Refuse(request.Endpoint.Errors.ContainsKey(230011) ? 230011 : 230110);
        return message;
    }

    private static string SenderOf(ApiRequest request) => Receivers.Caller(request).Id;

    /// <summary>Within an hour the same <c>uuid</c> sends once and answers the first message again (the answer is UNVERIFIED).</summary>
    private ApiAnswer OncePerUuid(ApiRequest request, Func<ApiAnswer> send) =>
        sent.Run(request.Text("uuid") is { Length: > 0 } uuid ? $"{request.App.AppId}/{request.Endpoint.Id}/{uuid}" : null, SameUuid, send,
            () => request.Refuse(230049));
}
