using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Larkspur.Emulator.WeCom.Chats;
using Larkspur.Emulator.WeCom.ApiPipeline;

namespace Larkspur.Emulator.WeCom.AiBots;

/// <summary>What a client may ask for in a frame.</summary>
internal sealed class BotCommands(EmulatorSettings settings, WeComCorp corp, WeComChats chats, BotConnections connections, BotRequests requests, BotAnswers answers, BotUploads uploads, WeComLimits limits)
{
    /// <summary>Wrong bot or secret; seen in logs of clients, in no reference: UNVERIFIED.</summary>
    public const long WrongSecret = 853000;
    public const long BadChat = 93006;
    public const int ConversationPerMinute = 30;
    public const int ConversationPerHour = 1000;
    /// <summary>More than this is over-frequent; the platform does not publish its number.</summary>
    private const int SubscribesPerMinute = 60;

    /// <returns>The body of the acknowledgement, when it has one.</returns>
    /// <exception cref="WeComRefusal">The command is refused.</exception>
    public JsonObject? Run(BotConnection connection, string command, string reqId, JsonObject body)
    {
        if (command == "aibot_subscribe")
        {
            Subscribe(connection, body);
            return null;
        }

        if (!connection.Subscribed) throw new WeComRefusal(WrongSecret, "the connection has not subscribed");
        switch (command)
        {
            case "ping":
                return null;
            case "aibot_respond_msg":
                var request = Request(reqId, BotRequestKind.Message);
                Count(request.Chat);
                answers.Respond(request, body, overCallback: false);
                return null;
            case "aibot_respond_welcome_msg":
                answers.Welcome(Request(reqId, BotRequestKind.EnterChat), body);
                return null;
            case "aibot_respond_update_msg":
                answers.Update(Request(reqId, BotRequestKind.CardClick), body);
                return null;
            case "aibot_send_msg":
                var chat = Known(body);
                Count(chat);
                answers.Push(chat, body);
                return null;
            case "aibot_upload_media_init":
                return uploads.Begin(body);
            case "aibot_upload_media_chunk":
                uploads.Chunk(body);
                return null;
            case "aibot_upload_media_finish":
                return uploads.Finish(body);
            default:
                throw new WeComRefusal(-1, $"not emulated: {command}; see docs/emulator-wecom.md");
        }
    }

    private void Subscribe(BotConnection connection, JsonObject body)
    {
        if (!limits.TryTake("aibot/subscribe", SubscribesPerMinute, WeComLimits.Minute)) throw WeComRefusal.TooFast("subscribe freq out of limit");
        var right = Same(WeComJson.Text(body, "bot_id"), settings.WeCom.AiBotId) & Same(WeComJson.Text(body, "secret"), settings.WeCom.AiBotSecret);
        if (!right) throw new WeComRefusal(WrongSecret, "invalid bot_id or secret");
        connections.Subscribe(connection);
    }

    private BotRequest Request(string reqId, BotRequestKind kind) => requests.Find(reqId) is { } request && request.Kind == kind ? request : throw BotAnswers.InvalidReqId();

    /// <summary>A person or group that talked to the bot before.</summary>
    private WeComChat Known(JsonObject body)
    {
        var id = WeComJson.Text(body, "chatid") ?? "";
        var kind = WeComJson.Number(body, "chat_type") ?? 0;
        var chat = corp.Member(id) is { } person && kind != 2 ? chats.WithAiBot(person.UserId) : kind != 1 && chats.Chat(id) is { Kind: WeComChatKind.Group, HasAiBot: true } group ? group : null;
        return chat is not null && requests.Met(chat.ChatId) ? chat : throw new WeComRefusal(BadChat, "invalid chatid");
    }

    /// <summary>Answers and active messages of a conversation count together, each frame of a stream too.</summary>
    private void Count(WeComChat chat)
    {
        if (!limits.TryTake("aibot/chat/" + chat.ChatId, ConversationPerMinute, WeComLimits.Minute) || !limits.TryTake("aibot/chat/" + chat.ChatId, ConversationPerHour, WeComLimits.Hour)) throw WeComRefusal.TooFast();
    }

    private static bool Same(string? given, string right) => right.Length > 0 && CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(given ?? ""), Encoding.UTF8.GetBytes(right));
}
