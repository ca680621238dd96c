using System.Text.Json.Nodes;
using Larkspur.Emulator.DingTalk.Chats;
using Larkspur.Emulator.DingTalk.ApiPipeline;

namespace Larkspur.Emulator.DingTalk.Robots;

/// <summary>The application's robot speaks of its own accord: to people and to groups; takes back; asks who read it.</summary>
internal sealed class RobotSendApi(EmulatorState state, DingTalkSettings settings, DingTalkChats chats, DingTalkLimits limits, MessageTemplates templates, RobotMessages voice) : IDingTalkArea
{
    private const string Scope = "qyapi_robot_sendmsg";
    private const int MostPeople = 20;
    private const int MostKeys = 20;

    public IEnumerable<DingTalkRoute> Routes =>
    [
        DingTalkRoute.Post("/v1.0/robot/oToMessages/batchSend", SendToPeople) with { Scope = Scope },
        DingTalkRoute.Post("/v1.0/robot/groupMessages/send", SendToGroup) with { Scope = Scope },
        DingTalkRoute.Post("/v1.0/robot/otoMessages/batchRecall", RecallFromPeople) with { Scope = Scope },
        DingTalkRoute.Post("/v1.0/robot/groupMessages/recall", RecallFromGroup) with { Scope = Scope },
        DingTalkRoute.Get("/v1.0/robot/oToMessages/readStatus", ReadByPeople) with { Scope = Scope },
        DingTalkRoute.Post("/v1.0/robot/groupMessages/query", ReadInGroup) with { Scope = Scope },
    ];

    private DingTalkAnswer SendToPeople(DingTalkCall call)
    {
        CheckRobot(call);
        var ids = call.Texts("userIds");
        if (ids.Count == 0) throw DingTalkRefusal.New("invalidParameter.userIds.empty");
        if (ids.Count > MostPeople) throw DingTalkRefusal.New("too.many.people", $"userIds has {MostPeople} entries at most");
        var content = templates.Read(call);
        var (key, unknown, held) = (NextKey(), new JsonArray(), new JsonArray());
        foreach (var id in ids.Distinct())
        {
            if (state.Member(id) is not { IsResigned: false } person) unknown.Add(id);
            else if (limits.FlowControlled.Contains(person.UserId)) held.Add(id);
            else voice.Say(chats.WithRobot(person.UserId).Id, content, key);
        }

        return new(new JsonObject { ["processQueryKey"] = key, ["invalidStaffIdList"] = unknown, ["flowControlledStaffIdList"] = held });
    }

    private DingTalkAnswer SendToGroup(DingTalkCall call)
    {
        CheckRobot(call);
        var group = Group(call);
        var key = NextKey();
        voice.Say(group.Id, templates.Read(call), key);
        return new(new JsonObject { ["processQueryKey"] = key });
    }

    private DingTalkAnswer RecallFromPeople(DingTalkCall call)
    {
        CheckRobot(call);
        return Recall(call, m => chats.Find(m.ChatId)?.Kind == DingTalkChatKind.Robot);
    }

    private DingTalkAnswer RecallFromGroup(DingTalkCall call)
    {
        CheckRobot(call);
        var group = Group(call);
        return Recall(call, m => m.ChatId == group.Id);
    }

    private DingTalkAnswer Recall(DingTalkCall call, Func<DingTalkMessage, bool> belongs)
    {
        var keys = call.Texts("processQueryKeys");
        if (keys.Count is 0 or > MostKeys) throw DingTalkRefusal.New("invalidParameter.processQueryKeys", $"processQueryKeys has 1 to {MostKeys} entries");
        var (done, failed) = (new JsonArray(), new JsonObject());
        foreach (var key in keys.Distinct())
        {
            var sent = chats.Sent(key).Where(belongs).ToArray();
            foreach (var message in sent) chats.Change(message.MessageId, m => m with { Recalled = true });
            if (sent.Length > 0) done.Add(key);
            else failed[key] = "resource.not.found";
        }

        return new(new JsonObject { ["successResult"] = done, ["failedResult"] = failed });
    }

    private DingTalkAnswer ReadByPeople(DingTalkCall call)
    {
        CheckRobot(call);
        var sent = Sent(call);
        return new(new JsonObject
        {
            ["sendStatus"] = sent.All(m => m.Recalled) ? "RECALLED" : "SUCCESS",
            ["messageReadInfoList"] = new JsonArray([.. sent.Select(m => (UserId: chats.Find(m.ChatId)!.People[0], m.ReadBy)).Select(m => (JsonNode?)new JsonObject
            {
                ["userId"] = m.UserId, ["name"] = state.Person(m.UserId)?.Name, ["readStatus"] = m.ReadBy.ContainsKey(m.UserId) ? "READ" : "UNREAD",
                ["readTimestamp"] = m.ReadBy.TryGetValue(m.UserId, out var at) ? at.ToUnixTimeMilliseconds() : 0,
            })]),
        });
    }

    private DingTalkAnswer ReadInGroup(DingTalkCall call)
    {
        CheckRobot(call);
        var group = Group(call);
        var sent = Sent(call).FirstOrDefault(m => m.ChatId == group.Id) ?? throw DingTalkRefusal.New("resource.not.found");
        return new(new JsonObject { ["sendStatus"] = sent.Recalled ? "RECALLED" : "SUCCESS", ["hasMore"] = false, ["readUserIds"] = new JsonArray([.. sent.ReadBy.Keys.Order(StringComparer.Ordinal).Select(k => (JsonNode?)k)]) });
    }

    private IReadOnlyList<DingTalkMessage> Sent(DingTalkCall call) =>
        chats.Sent(call.Need("processQueryKey", "invalidParameter.processQueryKey.empty")) is { Count: > 0 } sent ? sent : throw DingTalkRefusal.New("resource.not.found");

    private DingTalkChat Group(DingTalkCall call)
    {
        var group = chats.Group(call.Need("openConversationId", "invalidParameter.openConversationId.empty")) ?? throw DingTalkRefusal.New("resource.not.found", "openConversationId 不存在");
        return group.Disbanded ? throw DingTalkRefusal.New("group.disbanded") : group;
    }

    private void CheckRobot(DingTalkCall call)
    {
        // The reference spells it so.
        if (call.Need("robotCode", "invalidParameter.robotCode.empty") != settings.RobotCode) throw DingTalkRefusal.New("invalidParameter.robotCode.notExsit");
    }

    private string NextKey() => Convert.ToBase64String(Convert.FromHexString(state.Ids.Next("") + state.Ids.Next(""))[..30]);
}
