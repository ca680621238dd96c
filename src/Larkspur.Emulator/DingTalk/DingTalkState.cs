using System.Text.Json.Nodes;
using Larkspur.Emulator.DingTalk.Cards;
using Larkspur.Emulator.DingTalk.Chats;
using Larkspur.Emulator.DingTalk.Deliveries;
using Larkspur.Emulator.DingTalk.Front;
using Larkspur.Emulator.DingTalk.People;
using Larkspur.Emulator.DingTalk.Robots;
using Larkspur.Emulator.DingTalk.StreamMode;
using Larkspur.Emulator.DingTalk.Workflow;
using Larkspur.Emulator.World;

namespace Larkspur.Emulator.DingTalk;

/// <summary>The emulated organisation as JSON, without secrets.</summary>
internal sealed class DingTalkState(
    EmulatedWorld world, DingTalkSettings settings, DingTalkChats chats, ChatReader reader, CardInstances cards, GroupRobots groupRobots, StreamConnections connections, DingTalkLimits limits,
    RobotDeliveries robots, BackgroundDeliveries background, ApprovalDesk approvals, ApprovalFiles files, ProcessCentre centre)
{
    public JsonObject Show()
    {
        var readings = chats.AllMessages().Select(m => reader.Read(m, null)).ToArray();
        return new JsonObject
        {
            ["corp_id"] = settings.CorpId, ["client_id"] = settings.ClientId, ["robot_code"] = settings.RobotCode, ["agent_id"] = settings.AgentId, ["callback_url"] = robots.CallbackUrl,
            ["chats"] = List(chats.All(), ShowChat),
            ["messages"] = List(readings, ShowMessage),
            ["cards"] = List(cards.All, ShowCard),
            ["people"] = List(world.People, p => new JsonObject { ["userid"] = p.UserId, ["unionid"] = DingTalkIds.UnionId(p.UserId), ["sender_id"] = DingTalkIds.SenderId(p.UserId), ["name"] = p.Name, ["mobile"] = p.Mobile }),
            ["group_robots"] = List(groupRobots.All, r => new JsonObject { ["chat_id"] = r.ChatId, ["name"] = r.Name, ["signed"] = r.Secret is not null, ["keywords"] = Texts(r.Keywords), ["stopped"] = r.Stopped }),
            ["approval_forms"] = List(approvals.Forms, f => new JsonObject { ["process_code"] = f.ProcessCode, ["name"] = f.Name }),
            ["approvals"] = List(approvals.Instances, i =>
            {
                var shown = ApprovalView.Of(i);
                shown["instance_id"] = i.Id;
                return shown;
            }),
            ["approval_files"] = List(files.All, f => new JsonObject { ["file_id"] = f.Id, ["name"] = f.Name, ["size"] = f.Size, ["owner"] = f.OwnerId, ["granted"] = Texts(f.Granted) }),
            ["process_centre"] = new JsonObject
            {
                ["templates"] = List(centre.Templates, t => new JsonObject { ["process_code"] = t.ProcessCode, ["name"] = t.Name }),
                ["instances"] = List(centre.Instances, i => new JsonObject { ["instance_id"] = i.Id, ["process_code"] = i.ProcessCode, ["originator"] = i.Originator, ["title"] = i.Title, ["url"] = i.Url, ["status"] = i.Status, ["result"] = i.Result }),
                ["tasks"] = List(centre.Tasks, t => new JsonObject { ["task_id"] = t.Id, ["instance_id"] = t.InstanceId, ["activity"] = t.Activity, ["userid"] = t.UserId, ["url"] = t.Url, ["status"] = t.Status, ["result"] = t.Result }),
            },
            ["connections"] = Connections(),
            ["month"] = new JsonObject { ["edition"] = limits.Edition.Name, ["calls"] = limits.Calls, ["deliveries"] = limits.Deliveries },
            ["deliveries_under_way"] = background.Running,
        };
    }

    public JsonArray Connections() => List(connections.All, c => new JsonObject
    {
        ["id"] = c.Id, ["opened"] = Millis(c.Opened), ["ua"] = c.Ticket.UserAgent, ["local_ip"] = c.Ticket.LocalIp, ["leaving"] = c.Leaving, ["deaf"] = c.Deaf, ["frames_out"] = c.FramesOut,
        ["answered"] = c.Answered, ["waiting"] = c.Waiting, ["strays"] = c.Strays, ["pings"] = c.Pings, ["pongs"] = c.Pongs, ["ending"] = c.Ended,
        ["subscriptions"] = List(c.Ticket.Subscriptions, s => new JsonObject { ["type"] = s.Type, ["topic"] = s.Topic }),
    });

    private JsonObject ShowChat(DingTalkChat c) => new()
    {
        ["chat_id"] = c.Id, ["type"] = c.Kind.ToString().ToLowerInvariant(), ["title"] = c.Title, ["owner"] = c.OwnerId, ["people"] = Texts(c.People), ["disbanded"] = c.Disbanded,
        ["unread"] = new JsonObject(c.People.Select(p => KeyValuePair.Create(p, (JsonNode?)chats.Unread(p, c.Id)))), ["last_active"] = Millis(c.LastActive),
    };

    private static JsonObject ShowMessage(MessageReading r)
    {
        var m = r.Message;
        return new JsonObject
        {
            ["message_id"] = m.MessageId, ["chat_id"] = m.ChatId, ["sender"] = new JsonObject { ["type"] = SenderType(m.SenderKind), ["id"] = m.SenderId, ["name"] = m.SenderName }, ["time"] = Millis(m.Time),
            ["kind"] = m.Kind, ["content"] = m.Content, ["title"] = r.Title, ["text"] = r.Text, ["markdown"] = r.IsMarkdown,
            ["links"] = List(m.Links, l => new JsonObject { ["title"] = l.Title, ["url"] = l.Url }), ["media"] = m.Media, ["at"] = Texts(m.At), ["at_all"] = m.AtAll,
            ["status"] = m.Status is { } status ? new JsonObject { ["value"] = status.Value, ["colour"] = status.Colour } : null,
            ["out_track_id"] = m.OutTrackId, ["reply_to"] = m.ReplyTo, ["process_query_key"] = m.ProcessQueryKey, ["recalled"] = m.Recalled, ["read_by"] = Texts(m.ReadBy.Keys.Order(StringComparer.Ordinal)), ["version"] = r.Version,
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
            ["buttons"] = List(reading.Buttons, b => new JsonObject { ["action"] = b.ActionId, ["text"] = b.Text, ["url"] = b.Url }),
            ["places"] = List(c.Places, p => new JsonObject { ["space_type"] = p.SpaceType, ["space_id"] = p.SpaceId, ["chat_id"] = p.ChatId, ["message_id"] = p.MessageId }), ["version"] = c.Version,
        };
    }

    private static string SenderType(DingTalkSender kind) => kind switch { DingTalkSender.GroupRobot => "group_robot", _ => kind.ToString().ToLowerInvariant() };

    private static JsonObject Map(IEnumerable<KeyValuePair<string, string>> data) => new(data.Select(v => KeyValuePair.Create(v.Key, (JsonNode?)v.Value)));

    private static JsonArray Texts(IEnumerable<string> texts) => new([.. texts.Select(t => (JsonNode?)t)]);

    private static string Millis(DateTimeOffset at) => at.ToUnixTimeMilliseconds().ToString();

    private static JsonArray List<T>(IEnumerable<T> items, Func<T, JsonObject> show) => new([.. items.Select(i => (JsonNode?)show(i))]);
}
