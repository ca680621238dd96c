using System.Text.Json.Nodes;
using Larkspur.Emulator.Feishu.Auth;
using Larkspur.Emulator.Feishu.Im;

namespace Larkspur.Emulator.Feishu.Events;

/// <summary>Turns what happened in the state into the events of the bots that may hear of it.</summary>
public sealed partial class EventSource(EmulatorState state, EventPusher pusher)
{
    private const string UserAgent = "Mozilla/5.0 (Larkspur Emulator) Lark/7.40";

    public void MessageReceived(Message message)
    {
        if (state.Chat(message.ChatId) is not { } chat) return;
        foreach (var app in BotsIn(chat))
        {
            if (message.SenderKind == SenderKind.App && message.SenderId == app.AppId) continue;
            if (!MayHear(app, chat, message)) continue;
            var item = new JsonObject { ["message_id"] = message.MessageId };
            if (message.RootId is not null) item["root_id"] = message.RootId;
            if (message.ParentId is not null) item["parent_id"] = message.ParentId;
            item["create_time"] = MessageView.Millis(message.CreateTime);
            item["update_time"] = MessageView.Millis(message.UpdateTime);
            item["chat_id"] = chat.ChatId;
            if (message.ThreadId is not null) item["thread_id"] = message.ThreadId;
            item["chat_type"] = chat.Kind == ChatKind.P2p ? "p2p" : "group";
            item["message_type"] = message.MsgType;
            item["content"] = MessageView.ReceivedContent(message);
            if (message.Mentions.Length > 0) item["mentions"] = new JsonArray([.. message.Mentions.Select(m => (JsonNode)Mention(app, m))]);
            if (app.IsGranted("im:user_agent:read")) item["user_agent"] = UserAgent;
            Publish(app, "im.message.receive_v1", new JsonObject
            {
                ["sender"] = new JsonObject
                {
                    ["sender_id"] = message.SenderKind == SenderKind.User ? UserIds(app, message.SenderId) : BotIds(message.SenderId),
                    ["sender_type"] = message.SenderKind == SenderKind.User ? "user" : "bot",
                    ["tenant_key"] = state.TenantOf(app, message.SenderId),
                },
                ["message"] = item,
            }, chat.ChatId);
        }
    }

    /// <summary>Only one-to-one chats report what was read.</summary>
    public void MessagesRead(string userId, Chat chat, IReadOnlyList<Message> messages)
    {
        if (chat.Kind != ChatKind.P2p) return;
        foreach (var app in BotsIn(chat))
        {
            var own = messages.Where(m => m.SenderId == app.AppId).Select(m => (JsonNode)m.MessageId).ToArray();
            if (own.Length == 0) continue;
            Publish(app, "im.message.message_read_v1", new JsonObject
            {
                ["reader"] = new JsonObject
                {
                    ["reader_id"] = UserIds(app, userId), ["read_time"] = MessageView.Millis(state.Clock.GetUtcNow()),
                    ["tenant_key"] = state.TenantOf(app, userId),
                },
                ["message_id_list"] = new JsonArray(own),
            }, chat.ChatId);
        }
    }

    public void MessageRecalled(Message message, string recallType)
    {
        if (state.Chat(message.ChatId) is not { } chat) return;
        foreach (var app in BotsIn(chat))
        {
            Publish(app, "im.message.recalled_v1", new JsonObject
            {
                ["message_id"] = message.MessageId, ["chat_id"] = message.ChatId,
                ["recall_time"] = MessageView.Millis(state.Clock.GetUtcNow()), ["recall_type"] = recallType,
            }, chat.ChatId);
        }
    }

    public void ReactionChanged(Message message, Reaction reaction, bool created)
    {
        if (state.Chat(message.ChatId) is not { } chat) return;
        foreach (var app in BotsIn(chat))
        {
            var body = new JsonObject
            {
                ["message_id"] = message.MessageId,
                ["reaction_type"] = new JsonObject { ["emoji_type"] = reaction.EmojiType },
                ["operator_type"] = reaction.OperatorKind == SenderKind.User ? "user" : "app",
            };
            if (reaction.OperatorKind == SenderKind.User) body["user_id"] = UserIds(app, reaction.OperatorId);
            else body["app_id"] = reaction.OperatorId;
            body["action_time"] = MessageView.Millis(state.Clock.GetUtcNow());
            Publish(app, created ? "im.message.reaction.created_v1" : "im.message.reaction.deleted_v1", body, chat.ChatId);
        }
    }

    /// <param name="operatorId"><c>user_id</c> or <c>app_id</c> of who did it.</param>
    public void BotMembership(BotApp app, Chat chat, string? operatorId, bool added) =>
        Publish(app, added ? "im.chat.member.bot.added_v1" : "im.chat.member.bot.deleted_v1", Membership(app, chat, operatorId), chat.ChatId);

    public void PeopleMembership(Chat chat, string? operatorId, IEnumerable<Person> people, string kind)
    {
        var all = people.ToArray();
        if (all.Length == 0) return;
        foreach (var app in BotsIn(chat))
        {
            var body = Membership(app, chat, operatorId);
            body["users"] = new JsonArray([.. all.Select(p => (JsonNode)new JsonObject
            {
                ["name"] = p.Name, ["tenant_key"] = state.TenantOf(app, p.UserId), ["user_id"] = UserIds(app, p.UserId),
            })]);
            Publish(app, $"im.chat.member.user.{kind}_v1", body, chat.ChatId);
        }
    }

    public void ChatDisbanded(Chat chat, string? operatorId)
    {
        foreach (var app in BotsIn(chat)) Publish(app, "im.chat.disbanded_v1", Membership(app, chat, operatorId), chat.ChatId);
    }

    public void P2pEntered(BotApp app, Chat chat, string userId, bool first)
    {
        var last = state.Messages(chat.ChatId, 1) is [.., var newest] ? newest : null;
        var body = new JsonObject { ["chat_id"] = chat.ChatId, ["operator_id"] = UserIds(app, userId) };
        if (last is not null)
        {
            body["last_message_id"] = last.MessageId;
            body["last_message_create_time"] = MessageView.Millis(last.CreateTime);
        }

        Publish(app, "im.chat.access_event.bot_p2p_chat_entered_v1", body, chat.ChatId);
        if (!first) return;
        var ids = UserIds(app, userId);
        var created = new JsonObject
        {
            ["chat_id"] = chat.ChatId,
            ["operator"] = new JsonObject { ["open_id"] = ids["open_id"]?.DeepClone() },
            ["user"] = new JsonObject { ["name"] = state.Person(userId)?.Name, ["open_id"] = ids["open_id"]?.DeepClone() },
        };
        if (ids["user_id"] is { } id) created["operator"]!["user_id"] = id.DeepClone();
        pusher.Publish(app, "p2p_chat_create", created, chat.ChatId, legacySchema: true);
    }

    public void AppTicket(BotApp app, TokenStore tokens) =>
        pusher.Publish(app, "app_ticket", new JsonObject { ["app_ticket"] = tokens.Ticket(app.AppId) }, "app_ticket/" + app.AppId, legacySchema: true);

    /// <summary>A person's ids as one app may see them: <c>user_id</c> needs a scope of its own.</summary>
    public JsonObject UserIds(BotApp app, string userId)
    {
        var ids = new JsonObject { ["open_id"] = WireIds.OpenId(app.AppId, userId) };
        var person = state.Person(userId);
        if (person is not null) ids["union_id"] = person.UnionId;
        if (app.IsGranted("contact:user.employee_id:readonly")) ids["user_id"] = person?.PresentUserId ?? userId;
        return ids;
    }

    private JsonObject BotIds(string appId) => new() { ["open_id"] = state.App(appId)?.BotOpenId ?? "" };

    private JsonObject Mention(BotApp app, Mention mention) => new()
    {
        ["key"] = mention.Key,
        ["id"] = mention.Kind switch
        {
            MentionKind.Person => UserIds(app, mention.Id),
            MentionKind.Bot => new JsonObject { ["union_id"] = "", ["user_id"] = "", ["open_id"] = state.App(mention.Id)?.BotOpenId ?? "" },
            _ => new JsonObject { ["union_id"] = "", ["user_id"] = "", ["open_id"] = "" },
        },
        ["mentioned_type"] = mention.Kind == MentionKind.Bot ? "bot" : "user",
        ["name"] = mention.Name,
        ["tenant_key"] = state.TenantOf(app, mention.Id),
    };

    private JsonObject Membership(BotApp app, Chat chat, string? operatorId) => new()
    {
        ["chat_id"] = chat.ChatId,
        ["operator_id"] = operatorId is null ? new JsonObject { ["open_id"] = app.BotOpenId } : Ids(app, operatorId),
        ["external"] = false,
        ["operator_tenant_key"] = app.TenantKey,
        ["name"] = chat.Name,
        ["i18n_names"] = new JsonObject { ["zh_cn"] = chat.Name, ["en_us"] = chat.EnName.Length > 0 ? chat.EnName : chat.Name },
    };

    private IEnumerable<BotApp> BotsIn(Chat chat) => chat.Bots.Select(state.App).OfType<BotApp>();

    /// <summary>Which messages an app hears is a matter of its scopes.</summary>
    private static bool MayHear(BotApp app, Chat chat, Message message)
    {
        if (message.OnlyFor is not null) return false;
        if (chat.Kind == ChatKind.P2p) return message.SenderKind == SenderKind.User && Any("im:message.p2p_msg", "im:message.p2p_msg:readonly");
        // Messages of other bots come only with a mention and the scope for it.
        var mentioned = message.Mentions.Any(m => m.Kind == MentionKind.Bot && m.Id == app.AppId);
        if (message.SenderKind == SenderKind.App) return mentioned && Any("im:message.group_at_msg.include_bot:readonly");
        return Any("im:message.group_msg", "im:message.group_msg:readonly")
            || (mentioned && Any("im:message.group_at_msg", "im:message.group_at_msg:readonly", "im:message.group_at_msg.include_bot:readonly"));

        bool Any(params ReadOnlySpan<string> scopes)
        {
            foreach (var scope in scopes)
            {
                if (app.IsGranted(scope)) return true;
            }

            return false;
        }
    }
}
