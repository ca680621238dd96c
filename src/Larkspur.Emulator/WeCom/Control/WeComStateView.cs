using System.Text.Json.Nodes;
using Larkspur.Emulator.WeCom.AiBots;
using Larkspur.Emulator.WeCom.Approvals;
using Larkspur.Emulator.WeCom.Chats;
using Larkspur.Emulator.WeCom.Contacts;
using Larkspur.Emulator.WeCom.GroupRobots;

namespace Larkspur.Emulator.WeCom.Control;

/// <summary>Everything that exists in WeCom as JSON; no secret stands in it.</summary>
internal sealed class WeComStateView(WeComCorp corp, WeComChats chats, RobotKeys robots, BotConnections connections, ApprovalEngine approvals, WeComTags tags, EmulatorSettings settings)
{
    public JsonObject State()
    {
        var all = chats.All();
        return new JsonObject
        {
            ["corp_id"] = settings.WeCom.CorpId,
            ["agent_id"] = settings.WeCom.AgentId,
            ["aibot_id"] = settings.WeCom.AiBotId,
            ["callback_url"] = corp.CallbackUrl,
            ["aibot_callback_url"] = corp.BotCallbackUrl,
            ["chats"] = all.ToJson(Show),
            ["messages"] = all.SelectMany(c => chats.Messages(c.ChatId)).OrderBy(m => m.Created).ToJson(m => Show(m, null)),
            ["robots"] = robots.All.ToJson(r => new JsonObject { ["id"] = r.Id, ["chat_id"] = r.ChatId, ["name"] = r.Name, ["en_name"] = r.EnName, ["disabled"] = r.Disabled }),
            ["tags"] = tags.All.ToJson(t => new JsonObject { ["tagid"] = t.Id, ["tagname"] = t.Name, ["users"] = new JsonArray([.. t.UserIds.Select(u => (JsonNode?)u)]), ["departments"] = new JsonArray([.. t.Departments.Select(d => (JsonNode?)d)]) }),
            ["approval_templates"] = ApprovalStateView.Templates(approvals),
            ["approvals"] = ApprovalStateView.Approvals(approvals),
            ["connections"] = connections.All.ToJson(c => new JsonObject { ["id"] = c.Id, ["subscribed"] = c.Subscribed, ["frames_in"] = c.FramesIn, ["frames_out"] = c.FramesOut, ["ended"] = c.Ended }),
        };
    }

    public static string Word(WeComSender sender) => sender switch
    {
        WeComSender.Application => "app",
        WeComSender.AiBot => "aibot",
        WeComSender.GroupRobot => "robot",
        _ => sender.ToString().ToLowerInvariant(),
    };

    /// <param name="m">The message.</param>
    /// <param name="viewer">Whose card is shown, where people see different ones.</param>
    public static JsonObject Show(WeComMessage m, string? viewer)
    {
        var shown = new JsonObject
        {
            ["message_id"] = m.MessageId, ["chat_id"] = m.ChatId, ["msgid"] = m.MsgId, ["sender"] = new JsonObject { ["type"] = Word(m.Sender), ["id"] = m.SenderId }, ["msgtype"] = m.Kind, ["text"] = m.Text,
            ["content"] = JsonNode.Parse(m.Content), ["create_time"] = m.Created.ToUnixTimeMilliseconds(), ["update_time"] = m.Updated.ToUnixTimeMilliseconds(), ["reply_to"] = m.ReplyTo,
            ["recalled"] = m.Recalled, ["dropped"] = m.Dropped, ["safe"] = m.Safe, ["outcome"] = m.Outcome, ["feedback_id"] = m.FeedbackId, ["version"] = m.Version,
        };
        if (m.Feedback is { } feedback)
        {
            shown["feedback"] = new JsonObject { ["userid"] = feedback.UserId, ["rating"] = feedback.Type, ["content"] = feedback.Content, ["reasons"] = new JsonArray([.. feedback.Reasons.Select(r => (JsonNode?)r)]) };
        }

        if (m.Stream is { } stream)
        {
            shown["stream"] = new JsonObject
            {
                ["id"] = stream.Id, ["finished"] = stream.Finished, ["expired"] = stream.Expired, ["frames"] = stream.Frames, ["images"] = new JsonArray([.. stream.Images.Select(i => (JsonNode?)i)]),
            };
        }

        if (m.Card is { } card)
        {
            shown["card"] = JsonNode.Parse(viewer is null ? card.Json : card.For(viewer));
            shown["task_id"] = card.TaskId;
            shown["replaced_by"] = card.ReplacedBy;
            shown["views"] = new JsonObject(card.Views.Select(v => KeyValuePair.Create(v.Key, JsonNode.Parse(v.Value))));
        }

        return shown;
    }

    private static JsonObject Show(WeComChat c) => new()
    {
        ["chat_id"] = c.ChatId, ["kind"] = c.Kind switch { WeComChatKind.Application => "app", WeComChatKind.AiBot => "aibot", WeComChatKind.Group => "group", _ => "kf" }, ["name"] = c.Name, ["en_name"] = c.EnName,
        ["people"] = new JsonArray([.. c.People.Select(p => (JsonNode?)p)]), ["owner"] = c.OwnerId, ["has_aibot"] = c.HasAiBot, ["made_by"] = c.MadeBy, ["last_active"] = c.LastActive.ToUnixTimeMilliseconds(),
    };
}
