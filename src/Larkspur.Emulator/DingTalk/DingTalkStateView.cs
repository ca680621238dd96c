using System.Text.Json.Nodes;
using Larkspur.Emulator.DingTalk.Cards;
using Larkspur.Emulator.DingTalk.Chats;
using Larkspur.Emulator.DingTalk.Deliveries;
using Larkspur.Emulator.DingTalk.ApiPipeline;
using Larkspur.Emulator.DingTalk.People;
using Larkspur.Emulator.DingTalk.Robots;
using Larkspur.Emulator.DingTalk.StreamMode;
using Larkspur.Emulator.DingTalk.Workflow;

namespace Larkspur.Emulator.DingTalk;

/// <summary>The emulated organisation as JSON, without secrets.</summary>
internal sealed class DingTalkStateView(
    EmulatorState state, DingTalkSettings settings, DingTalkChats chats, ChatReader reader, CardInstances cards, GroupRobots groupRobots, StreamConnections connections, DingTalkLimits limits,
    RobotDeliveries robots, BackgroundDeliveries background, ApprovalEngine approvals, ApprovalFiles files, ProcessCentre centre)
{
    public JsonObject Show()
    {
        var readings = chats.AllMessages().Select(m => reader.Read(m, null)).ToArray();
        return new JsonObject
        {
            ["corp_id"] = settings.CorpId, ["client_id"] = settings.ClientId, ["robot_code"] = settings.RobotCode, ["agent_id"] = settings.AgentId, ["callback_url"] = robots.CallbackUrl,
            ["chats"] = chats.All().ToJson(ShowChat),
            ["messages"] = readings.ToJson(ShowMessage),
            ["cards"] = cards.All.ToJson(ShowCard),
            ["people"] = state.People.ToJson(p => new JsonObject { ["userid"] = p.UserId, ["unionid"] = DingTalkIds.UnionId(p.UserId), ["sender_id"] = DingTalkIds.SenderId(p.UserId), ["name"] = p.Name, ["mobile"] = p.Mobile }),
            ["group_robots"] = groupRobots.All.ToJson(r => new JsonObject { ["chat_id"] = r.ChatId, ["name"] = r.Name, ["signed"] = r.Secret is not null, ["keywords"] = r.Keywords.ToJson(), ["stopped"] = r.Stopped }),
            ["approval_forms"] = approvals.Forms.ToJson(f => new JsonObject { ["process_code"] = f.ProcessCode, ["name"] = f.Name }),
            ["approvals"] = approvals.Instances.ToJson(i =>
            {
                var shown = ApprovalView.Of(i);
                shown["instance_id"] = i.Id;
                return shown;
            }),
            ["approval_files"] = files.All.ToJson(f => new JsonObject { ["file_id"] = f.Id, ["name"] = f.Name, ["size"] = f.Size, ["owner"] = f.OwnerId, ["granted"] = f.Granted.ToJson() }),
            ["process_centre"] = new JsonObject
            {
                ["templates"] = centre.Templates.ToJson(t => new JsonObject { ["process_code"] = t.ProcessCode, ["name"] = t.Name }),
                ["instances"] = centre.Instances.ToJson(i => new JsonObject { ["instance_id"] = i.Id, ["process_code"] = i.ProcessCode, ["originator"] = i.Originator, ["title"] = i.Title, ["url"] = i.Url, ["status"] = i.Status, ["result"] = i.Result }),
                ["tasks"] = centre.Tasks.ToJson(t => new JsonObject { ["task_id"] = t.Id, ["instance_id"] = t.InstanceId, ["activity"] = t.Activity, ["userid"] = t.UserId, ["url"] = t.Url, ["status"] = t.Status, ["result"] = t.Result }),
            },
            ["connections"] = Connections(),
            ["month"] = new JsonObject { ["edition"] = limits.Edition.Name, ["calls"] = limits.Calls, ["deliveries"] = limits.Deliveries },
            ["deliveries_under_way"] = background.Running,
        };
    }

    public JsonArray Connections() => connections.All.ToJson(c => new JsonObject
    {
        ["id"] = c.Id, ["opened"] = Millis(c.Opened), ["ua"] = c.Ticket.UserAgent, ["local_ip"] = c.Ticket.LocalIp, ["leaving"] = c.Leaving, ["deaf"] = c.Deaf, ["frames_out"] = c.FramesOut,
        ["answered"] = c.Answered, ["waiting"] = c.Waiting, ["strays"] = c.Strays, ["pings"] = c.Pings, ["pongs"] = c.Pongs, ["ending"] = c.Ended,
        ["subscriptions"] = c.Ticket.Subscriptions.ToJson(s => new JsonObject { ["type"] = s.Type, ["topic"] = s.Topic }),
    });

    private JsonObject ShowChat(DingTalkChat c) => new()
    {
        ["chat_id"] = c.Id, ["type"] = c.Kind.ToString().ToLowerInvariant(), ["title"] = c.Title, ["owner"] = c.OwnerId, ["people"] = c.People.ToJson(), ["disbanded"] = c.Disbanded,
        ["unread"] = new JsonObject(c.People.Select(p => KeyValuePair.Create(p, (JsonNode?)chats.Unread(p, c.Id)))), ["last_active"] = Millis(c.LastActive),
    };

    private static JsonObject ShowMessage(MessageReading r)
    {
        var m = r.Message;
        return new JsonObject
        {
            ["message_id"] = m.MessageId, ["chat_id"] = m.ChatId, ["sender"] = new JsonObject { ["type"] = SenderType(m.SenderKind), ["id"] = m.SenderId, ["name"] = m.SenderName }, ["time"] = Millis(m.Time),
            ["kind"] = m.Kind, ["content"] = m.Content, ["title"] = r.Title, ["text"] = r.Text, ["markdown"] = r.IsMarkdown,
            ["links"] = m.Links.ToJson(l => new JsonObject { ["title"] = l.Title, ["url"] = l.Url }), ["media"] = m.Media, ["at"] = m.At.ToJson(), ["at_all"] = m.AtAll,
            ["status"] = m.Status is { } status ? new JsonObject { ["value"] = status.Value, ["colour"] = status.Colour } : null,
            ["out_track_id"] = m.OutTrackId, ["reply_to"] = m.ReplyTo, ["process_query_key"] = m.ProcessQueryKey, ["recalled"] = m.Recalled, ["read_by"] = m.ReadBy.Keys.Order(StringComparer.Ordinal).ToJson(), ["version"] = r.Version,
        };
    }

    private static JsonObject ShowCard(CardInstance c)
    {
        var reading = ChatReader.Read(c, null, out _, out var text);
        return new JsonObject
        {
            ["out_track_id"] = c.OutTrackId, ["template_id"] = c.TemplateId, ["callback_type"] = c.CallbackType, ["callback_route_key"] = c.RouteKey, ["data"] = Map(c.Data),
            ["private_data"] = new JsonObject(c.PrivateData.Select(p => KeyValuePair.Create(p.Key, (JsonNode?)Map(p.Value)))), ["text"] = text,
            ["stage"] = c.Stage?.ToString().ToUpperInvariant(), ["streaming"] = reading.IsStreaming, ["streamed_key"] = c.StreamedKey, ["frames"] = c.Frames, ["finalized"] = c.Finalized,
            ["buttons"] = reading.Buttons.ToJson(b => new JsonObject { ["action"] = b.ActionId, ["text"] = b.Text, ["url"] = b.Url }),
            ["places"] = c.Places.ToJson(p => new JsonObject { ["space_type"] = p.SpaceType, ["space_id"] = p.SpaceId, ["chat_id"] = p.ChatId, ["message_id"] = p.MessageId }), ["version"] = c.Version,
        };
    }

    private static string SenderType(DingTalkSender kind) => kind switch { DingTalkSender.GroupRobot => "group_robot", _ => kind.ToString().ToLowerInvariant() };

    private static JsonObject Map(IEnumerable<KeyValuePair<string, string>> data) => new(data.Select(v => KeyValuePair.Create(v.Key, (JsonNode?)v.Value)));

    private static string Millis(DateTimeOffset at) => at.ToUnixTimeMilliseconds().ToString();
}
