using System.Text.Json.Nodes;
using Larkspur.Emulator.DingTalk.Chats;
using Larkspur.Emulator.DingTalk.People;

namespace Larkspur.Emulator.DingTalk.Robots;

/// <summary>A person's message as the robot gets it, over either way.</summary>
internal sealed class RobotMessageBody(DingTalkSettings settings, SessionWebhooks sessions, RepliedMessages replied)
{
    /// <param name="overQuota">The month's deliveries are used up: the message comes without what it says.</param>
    public JsonObject Write(DingTalkMessage message, DingTalkChat chat, Person sender, PersonMessage said, Reply? reply, bool overQuota)
    {
        var isGroup = chat.Kind == DingTalkChatKind.Group;
        var (webhook, expires) = sessions.Issue(chat.Id);
        var body = new JsonObject
        {
            ["conversationId"] = chat.Id, ["conversationType"] = isGroup ? "2" : "1", ["chatbotCorpId"] = settings.CorpId, ["chatbotUserId"] = replied.RobotUserId, ["msgId"] = message.MessageId,
            ["senderNick"] = sender.Name, ["isAdmin"] = sender.IsTenantManager, ["senderStaffId"] = sender.PresentUserId,
            ["senderUnionId"] = DingTalkIds.UnionId(sender.UserId), ["senderCorpId"] = settings.CorpId,
            ["senderId"] = DingTalkIds.SenderId(sender.UserId), ["senderPlatform"] = "Mac", ["createAt"] = message.Time.ToUnixTimeMilliseconds(), ["robotCode"] = settings.RobotCode,
            ["sessionWebhook"] = webhook, ["sessionWebhookExpiredTime"] = expires.ToUnixTimeMilliseconds(), ["msgtype"] = said.Type,
        };
        if (isGroup)
        {
            body["conversationTitle"] = chat.Title;
            body["isInAtList"] = true;
            body["atUsers"] = new JsonArray([new JsonObject { ["dingtalkId"] = replied.RobotUserId }, .. message.At.Select(At)]);
        }

        if (overQuota) (body["errorCode"], body["errorMessage"]) = ("20001", "本月Webhook和Stream推送次数已达上限");
        // The blank after a mention is left where it stood.
        else if (said.Type == "text") body["text"] = new JsonObject { ["content"] = (isGroup ? " " : "") + said.Text };
        else if (said.Content.Count > 0) body["content"] = said.Content.DeepClone();
        if (reply is not null && (body["text"] ?? body["content"]) is JsonObject words) replied.Write(reply, sender.UserId, body, words);
        return body;
    }

    private static JsonNode At(string userId) => new JsonObject { ["dingtalkId"] = DingTalkIds.SenderId(userId), ["staffId"] = userId, ["unionId"] = DingTalkIds.UnionId(userId) };
}
