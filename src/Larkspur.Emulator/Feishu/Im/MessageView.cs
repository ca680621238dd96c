using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Larkspur.Emulator.Feishu.Cards;

namespace Larkspur.Emulator.Feishu.Im;

/// <summary>Messages as the API and the events show them.</summary>
internal static partial class MessageView
{
    public static string Millis(DateTimeOffset time) => time.ToUnixTimeMilliseconds().ToString();

    /// <param name="rawCard">The card's own JSON instead of the simplified form (<c>card_msg_content_type=user_card_content</c>).</param>
    public static JsonObject Full(EmulatorState state, BotApp app, Message message, string userIdType = "open_id", bool rawCard = false)
    {
        var item = new JsonObject { ["message_id"] = message.MessageId };
        if (message.RootId is not null) item["root_id"] = message.RootId;
        if (message.ParentId is not null) item["parent_id"] = message.ParentId;
        if (message.ThreadId is not null) item["thread_id"] = message.ThreadId;
        item["msg_type"] = message.MsgType;
        item["create_time"] = Millis(message.CreateTime);
        item["update_time"] = Millis(message.UpdateTime);
        item["deleted"] = message.Deleted;
        item["updated"] = message.Updated;
        item["chat_id"] = message.ChatId;
        item["sender"] = Sender(state, app, message, userIdType);
        item["body"] = new JsonObject { ["content"] = message.Deleted ? "This message was recalled" : ReceivedContent(message, rawCard) };
        if (message.Mentions.Length > 0 && !message.Deleted)
        {
            item["mentions"] = new JsonArray([.. message.Mentions.Select(m => (JsonNode)new JsonObject
            {
                ["key"] = m.Key,
                ["id"] = m.Kind switch
                {
                    MentionKind.Person => PersonId(state, app, m.Id, userIdType),
                    MentionKind.Bot => state.App(m.Id)?.BotOpenId,
                    _ => "all",
                },
                ["id_type"] = m.Kind == MentionKind.Person ? userIdType : "open_id",
                ["name"] = m.Name,
                ["tenant_key"] = state.TenantOf(app, m.Id),
            })]);
        }

        if (message.UpperMessageId is not null) item["upper_message_id"] = message.UpperMessageId;
        return item;
    }

    /// <summary>Receivers get text without its style tags and a card as plain lines.</summary>
    public static string ReceivedContent(Message message, bool rawCard = false)
    {
        if (message.Card is { } card)
        {
            return rawCard ? CanonicalJson.Write(new JsonObject { ["user_dsl"] = card.Json }) : CanonicalJson.Write(CardOutline.Simplify(card.Json));
        }

        if (message.MsgType != "text") return message.Rendered;
        var text = JsonNode.Parse(message.Rendered)?["text"]?.GetValue<string>() ?? "";
        return CanonicalJson.Write(new JsonObject { ["text"] = StyleTags().Replace(text, "") });
    }

    public static string PersonId(EmulatorState state, BotApp app, string userId, string idType) => idType switch
    {
        "user_id" => state.Person(userId)?.PresentUserId ?? userId,
        "union_id" => state.Person(userId)?.UnionId ?? "",
        _ => WireIds.OpenId(app.AppId, userId),
    };

    private static JsonObject Sender(EmulatorState state, BotApp app, Message message, string userIdType) => message.SenderKind switch
    {
        SenderKind.User => new JsonObject
        {
            ["id"] = PersonId(state, app, message.SenderId, userIdType), ["id_type"] = userIdType, ["sender_type"] = "user",
            ["tenant_key"] = state.TenantOf(app, message.SenderId),
        },
        SenderKind.App => new JsonObject
        {
            ["id"] = message.SenderId, ["id_type"] = "app_id", ["sender_type"] = "app", ["tenant_key"] = app.TenantKey,
        },
        _ => new JsonObject { ["id"] = "", ["id_type"] = "", ["sender_type"] = "unknown", ["tenant_key"] = app.TenantKey },
    };

    [GeneratedRegex("</?[bius]>")]
    private static partial Regex StyleTags();
}
