using System.Text.Json.Nodes;
using Larkspur.Emulator.Feishu.Catalogue;
using Larkspur.Emulator.Feishu.Events;
using Larkspur.Emulator.Feishu.Front;
using Larkspur.Emulator.World;

namespace Larkspur.Emulator.Feishu.Im;

/// <summary>Get, list, who read it, reactions.</summary>
internal sealed class MessageHistoryApi(EmulatedWorld world, EventSource events) : IApiArea
{
    private static readonly TimeSpan ReadStatusKept = TimeSpan.FromDays(7);

    public void Register(ApiHandlers on)
    {
        on.Add("im.v1.message.get", Get);
        on.Add("im.v1.message.list", List);
        on.Add("im.v1.message.read_users", ReadUsers);
        on.Add("im.v1.message.reaction.create", React);
        on.Add("im.v1.message.reaction.list", Reactions);
        on.Add("im.v1.message.reaction.delete", Unreact);
    }

    private ApiAnswer Get(ApiRequest request)
    {
        var message = MessageAccess.Visible(world, request);
        NeedGroupScope(request, world.Chat(message.ChatId)!);
        return ApiAnswer.Data(new JsonObject
        {
            ["items"] = new JsonArray(MessageView.Full(world, request.App, message, request.QueryText("user_id_type") ?? "open_id", RawCard(request))),
        });
    }

    private ApiAnswer List(ApiRequest request)
    {
        var id = request.QueryText("container_id")!;
        IEnumerable<Message> messages;
        if (request.QueryText("container_id_type") == "thread")
        {
            var inThread = world.Chats(Viewer(request)).SelectMany(c => world.Messages(c.ChatId)).Where(m => m.ThreadId == id).ToArray();
            if (inThread.Length == 0) throw request.Refuse(230073);
            messages = inThread;
        }
        else
        {
            var chat = world.Chat(id) ?? throw request.Refuse(230001, "Your request contains an invalid request parameter, ext=invalid container_id.");
            if (!chat.Has(Viewer(request))) throw request.Refuse(230002);
            NeedGroupScope(request, chat);
            messages = world.Messages(id);
        }

        var from = Seconds(request, "start_time") ?? 0;
        var to = Seconds(request, "end_time") ?? long.MaxValue;
        var chosen = messages.Where(m => m.OnlyFor is null && m.CreateTime.ToUnixTimeSeconds() is var at && at >= from && at <= to).ToList();
        if (request.QueryText("sort_type") == "ByCreateTimeDesc") chosen.Reverse();
        return ApiAnswer.Data(Paging.Page(request, chosen, m => MessageView.Full(world, request.App, m, rawCard: RawCard(request)), 20, badToken: 230001));
    }

    private ApiAnswer ReadUsers(ApiRequest request)
    {
        var message = MessageAccess.Visible(world, request);
        if (message.SenderId != request.App.AppId) throw request.Refuse(230012);
        if (message.Deleted) throw request.Refuse(230110);
        if (world.Clock.GetUtcNow() - message.CreateTime > ReadStatusKept) throw request.Refuse(230033);
        var idType = request.QueryText("user_id_type")!;
        var readers = message.ReadBy.OrderByDescending(r => r.Value).ToArray();
        return ApiAnswer.Data(Paging.Page(request, readers, r => new JsonObject
        {
            ["user_id_type"] = idType,
            ["user_id"] = MessageView.PersonId(world, request.App, r.Key, idType),
            ["timestamp"] = MessageView.Millis(r.Value),
            ["tenant_key"] = request.App.TenantKey,
        }, 20, badToken: 230001));
    }

    private ApiAnswer React(ApiRequest request)
    {
        var message = ReactionTarget(request);
        var emoji = (request.Body["reaction_type"]?["emoji_type"] as JsonValue)?.GetValue<string>() ?? "";
        if (!IsEmojiType(emoji)) throw request.Refuse(231001);
        var (kind, who) = Operator(request);
        var reaction = message.Reactions.FirstOrDefault(r => r.EmojiType == emoji && r.OperatorKind == kind && r.OperatorId == who);
        if (reaction is null)
        {
            reaction = new Reaction(world.Ids.Next(""), emoji, kind, who, world.Clock.GetUtcNow());
            world.ChangeMessage(message.MessageId, m => m with { Reactions = m.Reactions.Add(reaction) });
            events.ReactionChanged(message, reaction, created: true);
        }

        return ApiAnswer.Data(Show(request, reaction, "open_id"));
    }

    public static bool IsEmojiType(string name) => name.Length is > 0 and <= 64 && name.All(c => char.IsAsciiLetterOrDigit(c) || c == '_');

    private ApiAnswer Reactions(ApiRequest request)
    {
        var message = ReactionTarget(request);
        var wanted = request.QueryText("reaction_type");
        var all = message.Reactions.Where(r => wanted is null || r.EmojiType == wanted).ToArray();
        return ApiAnswer.Data(Paging.Page(request, all, r => Show(request, r, request.QueryText("user_id_type") ?? "open_id"), 20, badToken: 231012));
    }

    private ApiAnswer Unreact(ApiRequest request)
    {
        var message = ReactionTarget(request);
        var reaction = message.Reactions.FirstOrDefault(r => r.ReactionId == request.Path["reaction_id"]) ?? throw request.Refuse(231011);
        var (kind, who) = Operator(request);
        if (reaction.OperatorKind != kind || reaction.OperatorId != who) throw request.Refuse(231007);
        world.ChangeMessage(message.MessageId, m => m with { Reactions = m.Reactions.Remove(reaction) });
        events.ReactionChanged(message, reaction, created: false);
        return ApiAnswer.Data(Show(request, reaction, "open_id"));
    }

    private Message ReactionTarget(ApiRequest request)
    {
        var message = world.Message(request.Path["message_id"]) ?? throw request.Refuse(231003);
        if (world.Chat(message.ChatId)?.Has(Viewer(request)) != true) throw request.Refuse(231008);
        return message.Deleted ? throw request.Refuse(230110) : message;
    }

    private JsonObject Show(ApiRequest request, Reaction reaction, string idType) => new()
    {
        ["reaction_id"] = reaction.ReactionId,
        ["operator"] = new JsonObject
        {
            ["operator_id"] = reaction.OperatorKind == SenderKind.User ? MessageView.PersonId(world, request.App, reaction.OperatorId, idType) : reaction.OperatorId,
            ["operator_type"] = reaction.OperatorKind == SenderKind.User ? "user" : "app",
        },
        ["action_time"] = MessageView.Millis(reaction.Time),
        ["reaction_type"] = new JsonObject { ["emoji_type"] = reaction.EmojiType },
    };

    /// <summary>History of groups needs a scope beyond those that open the endpoint.</summary>
    private static void NeedGroupScope(ApiRequest request, Chat chat)
    {
        var scope = request.Caller!.Kind == TokenKinds.User ? "im:message.group_msg:get_as_user" : "im:message.group_msg";
        if (chat.Kind == ChatKind.Group && !request.App.IsGranted(scope)) throw request.Refuse(230027, $"Lack of necessary permissions, ext=need scope: {scope}");
    }

    private static string Viewer(ApiRequest request) => Operator(request).Id;

    private static (SenderKind Kind, string Id) Operator(ApiRequest request) =>
        request.Caller!.Kind == TokenKinds.User ? (SenderKind.User, request.Caller.UserId!) : (SenderKind.App, request.App.AppId);

    private static bool RawCard(ApiRequest request) => request.QueryText("card_msg_content_type") is "user_card_content" or "raw_card_content";

    private static long? Seconds(ApiRequest request, string name)
    {
        if (request.QueryText(name) is not { } text) return null;
        return long.TryParse(text, out var seconds) ? seconds : throw request.Refuse(230001, $"Your request contains an invalid request parameter, ext=invalid {name}.");
    }
}
