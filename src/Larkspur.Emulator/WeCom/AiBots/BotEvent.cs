using System.Text.Json.Nodes;

namespace Larkspur.Emulator.WeCom.AiBots;

/// <summary>A message or event of the AI bot before it takes either way.</summary>
/// <param name="Type">What faults match: the <c>msgtype</c> or <c>eventtype</c>.</param>
/// <param name="IsEvent">Sent once; messages are tried again.</param>
/// <param name="Fields">What is special to it, <c>msgtype</c> included. Asked for each way anew: files are sealed with another key.</param>
internal sealed record BotEvent(string Type, bool IsEvent, BotRequest Request, string MsgId, Func<bool, JsonObject> Fields)
{
    public string Command => IsEvent ? "aibot_event_callback" : "aibot_msg_callback";

    /// <param name="botId">The bot.</param>
    /// <param name="overCallback">To the callback address, not over the socket.</param>
    /// <param name="responseUrl">Where an answer may also go, once.</param>
    public JsonObject Body(string botId, bool overCallback, string? responseUrl)
    {
        var body = new JsonObject { ["msgid"] = MsgId, ["create_time"] = Request.Began.ToUnixTimeSeconds(), ["aibotid"] = botId };
        Chat(body, Request);
        if (responseUrl is not null) body["response_url"] = responseUrl;
        var fields = Fields(overCallback);
        foreach (var (name, value) in fields.ToArray())
        {
            fields.Remove(name);
            body[name] = value;
        }

        return body;
    }

    public static void Chat(JsonObject body, BotRequest request)
    {
        var group = request.Chat.Kind == Chats.WeComChatKind.Group;
        if (group) body["chatid"] = request.Chat.ChatId;
        body["chattype"] = group ? "group" : "single";
        body["from"] = request.CorpId is { } corp
            ? new JsonObject { ["userid"] = request.PresentUserId ?? request.UserId, ["corpid"] = corp }
            : new JsonObject { ["userid"] = request.PresentUserId ?? request.UserId };
    }
}
