using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Larkspur.Emulator.DingTalk.Chats;
using Larkspur.Emulator.DingTalk.ApiPipeline;
using Larkspur.Emulator.DingTalk.People;
using Larkspur.Emulator.DingTalk.Robots;

namespace Larkspur.Emulator.DingTalk.WorkNotices;

/// <summary>Notices of the application, asynchronous: the send succeeds, and a later call tells whom it did not reach.</summary>
internal sealed class WorkNoticesApi(EmulatorState state, DingTalkSettings settings, DingTalkChats chats, ContactsApi contacts, NoticeContent contents, NoticeTasks tasks) : IDingTalkArea
{
    private const string Root = "/topapi/message/corpconversation/";
    private const int MostPeople = 100;
    private const int MostDepartments = 20;
    private const int MostWithStatus = 5;

    public IEnumerable<DingTalkRoute> Routes =>
    [
        DingTalkRoute.Post(Root + "asyncsend_v2", Send),
        DingTalkRoute.Post(Root + "getsendprogress", Progress),
        DingTalkRoute.Post(Root + "getsendresult", Result),
        DingTalkRoute.Post(Root + "recall", Recall),
        DingTalkRoute.Post(Root + "status_bar/update", UpdateStatus) with { Scope = "qyapi_base" },
    ];

    private DingTalkAnswer Send(DingTalkCall call)
    {
        CheckAgent(call, 40035);
        var (people, departments, toAll) = (List(call, "userid_list", MostPeople), List(call, "dept_id_list", MostDepartments), call.Flag("to_all_user"));
        if (people.Length == 0 && departments.Length == 0 && !toAll) throw DingTalkRefusal.Old(40035, "缺少参数 userid_list, dept_id_list 或 to_all_user");
        var content = contents.Read(call.Object("msg"));
        if (content.Status is not null && (toAll || departments.Length > 0 || people.Length > MostWithStatus)) throw DingTalkRefusal.Old(40035, $"a notice with a status bar goes to {MostWithStatus} userids at most");
        var numbers = departments.Select(d => long.TryParse(d, out var number) ? number : throw DingTalkRefusal.Parameter("dept_id_list", "is no list of numbers")).ToArray();
        var unknown = people.Where(p => state.Member(p) is not { IsResigned: false }).ToImmutableArray();
        var receivers = toAll
            ? state.People.Where(p => !p.IsResigned && !p.IsGuest).Select(p => p.UserId)
            : people.Except(unknown).Select(p => state.Member(p)!.UserId)
                .Concat(numbers.Where(contacts.IsDepartment).SelectMany(contacts.Members).Select(p => p.UserId));
        var heard = !toAll || tasks.CountToAll();
        var (delivered, forbidden) = (ImmutableSortedDictionary.CreateBuilder<string, string>(StringComparer.Ordinal), ImmutableSortedDictionary.CreateBuilder<string, string>(StringComparer.Ordinal));
        foreach (var userId in receivers.Distinct())
        {
            if ((heard ? tasks.Count(userId, content.Json) : NoticeTasks.TooManyToAll) is { } limit) forbidden[userId] = limit;
            else delivered[userId] = Say(userId, content).MessageId;
        }

        var task = new NoticeTask(tasks.NextId(), state.Clock.GetUtcNow(), delivered.ToImmutable(), unknown, [.. numbers.Where(n => !contacts.IsDepartment(n))], forbidden.ToImmutable()) { IsForm = content.Kind == "oa" };
        tasks.Add(task);
        return new(new JsonObject { ["task_id"] = task.Id });
    }

    private DingTalkAnswer Progress(DingTalkCall call)
    {
        Task(call, "task_id", NoticeTasks.Life, 40035, 40035);
        return new(new JsonObject { ["progress"] = new JsonObject { ["progress_in_percent"] = 100, ["status"] = 2 } });
    }

    private DingTalkAnswer Result(DingTalkCall call)
    {
        var task = Task(call, "task_id", NoticeTasks.ResultLife, 40035, 40035);
        bool IsRead(KeyValuePair<string, string> d) => chats.Message(d.Value)?.ReadBy.ContainsKey(d.Key) == true;
        return new(new JsonObject
        {
            ["send_result"] = new JsonObject
            {
                ["invalid_user_id_list"] = task.Unknown.ToJson(), ["forbidden_user_id_list"] = task.Forbidden.Keys.ToJson(), ["failed_user_id_list"] = new JsonArray(),
                ["read_user_id_list"] = task.Delivered.Where(IsRead).Select(d => d.Key).ToJson(), ["unread_user_id_list"] = task.Delivered.Where(d => !IsRead(d)).Select(d => d.Key).ToJson(),
                ["invalid_dept_id_list"] = new JsonArray([.. task.UnknownDepartments.Select(d => (JsonNode?)d)]),
                ["forbidden_list"] = new JsonArray([.. task.Forbidden.Select(f => (JsonNode?)new JsonObject { ["code"] = f.Value, ["count"] = 1, ["userid"] = f.Key })]),
            },
        });
    }

    private DingTalkAnswer Recall(DingTalkCall call)
    {
        var task = Task(call, "msg_task_id", NoticeTasks.ResultLife, 400002, 400002);
        foreach (var message in task.Delivered.Values) chats.Change(message, m => m with { Recalled = true });
        tasks.MarkRecalled(task.Id);
        return new([]);
    }

    private DingTalkAnswer UpdateStatus(DingTalkCall call)
    {
        var task = Task(call, "task_id", NoticeTasks.Life, 40056, 40035);
        // What is said of a notice of another kind is UNVERIFIED.
        if (!task.IsForm) throw DingTalkRefusal.Old(40035, "不合法的参数: task_id is no oa notice");
        var status = new NoticeStatus(call.Need("status_value"), call.Text("status_bg") ?? "");
        foreach (var message in task.Delivered.Values) chats.Change(message, m => m with { Status = status });
        return new([]);
    }

    private DingTalkMessage Say(string userId, RobotContent content) => chats.Add(content.As(new DingTalkMessage
    {
        MessageId = chats.NextMessageId(), ChatId = chats.Notices(userId).Id, SenderKind = DingTalkSender.Application, SenderId = settings.AgentId.ToString(), SenderName = "Larkspur 助手",
        Time = state.Clock.GetUtcNow(), Kind = content.Kind,
    }));

    private NoticeTask Task(DingTalkCall call, string name, TimeSpan within, int wrongAgent, int unknown)
    {
        CheckAgent(call, wrongAgent);
        return tasks.Find(call.Number(name) ?? throw DingTalkRefusal.Parameter(name, "is missing"), within) ?? throw DingTalkRefusal.Old(unknown, $"不合法的参数: {name} 不存在或超过{within.TotalHours}小时");
    }

    private void CheckAgent(DingTalkCall call, int code)
    {
        if (call.Number("agent_id") != settings.AgentId) throw DingTalkRefusal.Old(code, "不合法的参数: agent_id");
    }

    private static string[] List(DingTalkCall call, string name, int most) =>
        (call.Text(name) ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries) is var list && list.Length <= most ? list : throw DingTalkRefusal.Old(40035, $"{name} has {most} entries at most");
}
