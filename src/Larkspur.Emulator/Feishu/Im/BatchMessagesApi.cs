using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using Larkspur.Emulator.Feishu.Events;
using Larkspur.Emulator.Feishu.ApiPipeline;

namespace Larkspur.Emulator.Feishu.Im;

/// <summary>One message to many people and departments, each in the chat with the bot.</summary>
/// <remarks>The platform works on a batch in the background; here it is done when the call answers. Batches are forgotten with their messages.</remarks>
internal sealed class BatchMessagesApi(EmulatorState state, MessageContentReader contents, MessagePost post, EventSource events) : IApiArea, IResettableState
{
    private static readonly TimeSpan Recallable = TimeSpan.FromDays(1);
    private const int MostBatches = 1_000;
    private static readonly string[] Lists = ["open_ids", "user_ids", "union_ids", "department_ids"];

    private readonly ConcurrentDictionary<string, Batch> _batches = new();

    public void Reset() => _batches.Clear();

    public void Register(ApiHandlers on)
    {
        on.Add("message.v4.batch_send.post", Send);
        on.Add("im.v1.batch_message.delete", Recall);
        on.Add("im.v1.batch_message.get_progress", Progress);
        on.Add("im.v1.batch_message.read_user", Readers);
    }

    private ApiAnswer Send(ApiRequest request)
    {
        var app = request.App;
        if (!app.BotEnabled) throw request.Refuse(11205);
        if (_batches.Count >= MostBatches) Sweep();
        var (people, invalid) = Receivers(request);
        if (PlainContent.Read(request.Body) is not { } message) throw request.Refuse(10003);
        var reading = contents.Read(app.AppId, message.MsgType, message.Content, out var refusal);
        if (reading is null) throw request.Refuse(refusal!.Code == 230099 ? 11246 : message.MsgType == "image" ? 11227 : message.MsgType == "share_chat" ? 11231 : 10003, refusal.Detail);
        // An entity has one message only; a batch has many.
        if (reading.Card?.EntityId is not null) throw request.Refuse(11246);
        var id = "bm_" + state.Ids.Next("");
        List<string> sent = [];
        foreach (var person in people)
        {
            var chat = state.GetOrCreateBotChat(person.UserId, app, out _);
            if (chat.Muted) continue;
            sent.Add(post.Post(new Draft
            {
                Chat = chat, SenderKind = SenderKind.App, SenderId = app.AppId, MsgType = message.MsgType, Content = message.Content, Reading = reading, BatchId = id,
            }).MessageId);
        }

        _batches[id] = new Batch(app.AppId, state.Clock.GetUtcNow(), people.Count, sent);
        invalid["message_id"] = id;
        return FeishuAnswer.Data(invalid);
    }

    private (IReadOnlyCollection<Person> People, JsonObject Invalid) Receivers(ApiRequest request)
    {
        Dictionary<string, Person> people = [];
        var invalid = new JsonObject();
        foreach (var (list, type) in (ReadOnlySpan<(string, string)>)[("open_ids", "open_id"), ("user_ids", "user_id"), ("union_ids", "union_id")])
        {
            invalid["invalid_" + list] = new JsonArray([.. request.Texts(list).Where(id => !Take(ChatAccess.Person(state, request, id, type))).Select(id => (JsonNode?)id)]);
        }

        invalid["invalid_department_ids"] = new JsonArray([.. request.Texts("department_ids").Where(id => !TakeDepartment(id)).Select(id => (JsonNode?)id)]);
        if (!Array.Exists(Lists, l => request.Texts(l).Count > 0)) throw request.Refuse(10003);
        return (people.Values, invalid);

        bool Take(Person? person)
        {
            if (person is null or { IsResigned: true } || !request.App.IsAvailableTo(person.UserId)) return false;
            people[person.UserId] = person;
            return true;
        }

        bool TakeDepartment(string id)
        {
            if (id == Department.Root)
            {
                foreach (var person in state.People.Where(p => !p.IsGuest)) Take(person);
                return true;
            }

            if (state.Departments.FirstOrDefault(d => d.OpenDepartmentId == id || d.DepartmentId == id) is not { } department) return false;
            foreach (var person in state.People.Where(p => p.DepartmentIds.Any(d => IsWithin(d, department.OpenDepartmentId)))) Take(person);
            return true;
        }
    }

    /// <summary>Sub-departments belong to it.</summary>
    private bool IsWithin(string departmentId, string wanted)
    {
        var all = state.Departments.ToDictionary(d => d.OpenDepartmentId);
        for (var steps = 0; steps < all.Count + 1; steps++)
        {
            if (departmentId == wanted) return true;
            if (!all.TryGetValue(departmentId, out var department)) return false;
            departmentId = department.ParentOpenDepartmentId;
        }

        return false;
    }

    private ApiAnswer Recall(ApiRequest request)
    {
        var batch = Find(request, 230026);
        if (state.Clock.GetUtcNow() - batch.Time > Recallable) throw request.Refuse(230009);
        foreach (var message in Messages(batch).Where(m => !m.Deleted))
        {
            state.ChangeMessage(message.MessageId, m => m with { Deleted = true, UpdateTime = state.Clock.GetUtcNow() });
            events.MessageRecalled(message, "message_owner");
        }

        return FeishuAnswer.Data();
    }

    private ApiAnswer Progress(ApiRequest request)
    {
        var batch = Find(request, 230012);
        var messages = Messages(batch).ToArray();
        var recalled = messages.Count(m => m.Deleted);
        return FeishuAnswer.Data(new JsonObject
        {
            ["batch_message_send_progress"] = new JsonObject
            {
                ["valid_user_ids_count"] = batch.People, ["success_user_ids_count"] = batch.MessageIds.Count, ["read_user_ids_count"] = messages.Count(m => m.ReadBy.Count > 0),
            },
            ["batch_message_recall_progress"] = new JsonObject { ["recall"] = recalled > 0, ["recall_count"] = recalled },
        });
    }

    private ApiAnswer Readers(ApiRequest request)
    {
        var batch = Find(request, 230012);
        return FeishuAnswer.Data(new JsonObject
        {
            ["read_user"] = new JsonObject { ["read_count"] = Messages(batch).Count(m => m.ReadBy.Count > 0).ToString(), ["total_count"] = batch.MessageIds.Count.ToString() },
        });
    }

    private Batch Find(ApiRequest request, long notOwn)
    {
        if (!request.App.BotEnabled) throw request.Refuse(230006);
        if (!_batches.TryGetValue(request.Path["batch_message_id"], out var batch) || (batch.MessageIds.Count > 0 && !Messages(batch).Any())) throw request.Refuse(230030);
        return batch.AppId == request.App.AppId ? batch : throw request.Refuse(notOwn);
    }

    private IEnumerable<Message> Messages(Batch batch) => batch.MessageIds.Select(state.Message).OfType<Message>();

    private void Sweep()
    {
        foreach (var (id, batch) in _batches.OrderBy(b => b.Value.Time).Take(MostBatches / 2).ToArray()) _batches.TryRemove(KeyValuePair.Create(id, batch));
    }

    private sealed record Batch(string AppId, DateTimeOffset Time, int People, IReadOnlyList<string> MessageIds);
}
