using System.Text.Json.Nodes;
using Larkspur.Emulator.Feishu.ApiPipeline;

namespace Larkspur.Emulator.Feishu.Approval;

/// <summary>A person's own tasks, with that person's token: lists them and decides them.</summary>
/// <remarks>
/// Source: larksuite/cli, skills/lark-approval/references; the reference has no pages of these calls. UNVERIFIED: the error codes,
/// which are those of the calls that an app makes, the default size of a page, and which fields of the form are the summaries.
/// </remarks>
internal sealed class OwnTasksApi(EmulatorState state, ApprovalEngine engine) : IApiArea
{
    private readonly OwnApprovalsView _view = new(state);

    public void Register(ApiHandlers on)
    {
        on.AddApproval("approval.v4.task.list", List);
        on.AddApproval("approval.v4.task.pass", r => Decide(r, (i, who, t) =>
            engine.Approve(i, who, t, r.Text("comment"), r.Text("form"))));
        on.AddApproval("approval.v4.task.refuse", r => Decide(r, (i, who, t) => engine.Reject(i, who, t, r.Text("comment"))));
        on.AddApproval("approval.v4.task.forward", r => Decide(r, (i, who, t) =>
            engine.Transfer(i, who, t, To(r), r.Text("comment"))));
    }

    /// <summary>Times are of when the task came, in unix seconds.</summary>
    private ApiAnswer List(ApiRequest request)
    {
        var (who, topic) = (request.Caller!.UserId!, request.QueryText("topic")!);
        var found = PersonTasks.Of(state, who, topic).Where(t => OwnApprovalsView.Wanted(request, t.Instance.Definition.Code, t.Time));
        return OwnApprovalsView.Page(request, [.. found.OrderByDescending(t => t.Time)], "tasks", t => Show(request, who, topic, t));
    }

    private JsonObject Show(ApiRequest request, string who, string topic, PersonTask task)
    {
        var item = _view.Head(request, task.Instance);
        item["topic"] = topic;
        item["user_id"] = _view.Id(request, who);
        item["title"] = task.Instance.Name(ApprovalCalls.Locale(request));
        item["status"] = task.Status;
        item["task_id"] = task.TaskId;
        item["task_external_id"] = "";
        item["support_api_operate"] = true;
        return item;
    }

    /// <summary>The task is of this request and of this person, or nothing happens (1390010, 1390001).</summary>
    private static ApiAnswer Decide(ApiRequest request, Action<string, string, string> decide)
    {
        decide(request.Text("instance_code")!, request.Caller!.UserId!, request.Text("task_id")!);
        return FeishuAnswer.Data();
    }

    private string To(ApiRequest request) => state.PersonBy(request, request.Text("transfer_user_id")!);
}
