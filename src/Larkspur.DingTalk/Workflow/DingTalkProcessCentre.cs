using System.Globalization;
using System.Runtime.CompilerServices;

namespace Larkspur.DingTalk.Workflow;

/// <summary>The process centre (流程中心): shows approvals that another system runs among DingTalk's own, with their tasks in people's lists. It decides nothing.</summary>
/// <remarks>
/// Source: 02/0509–0519. Permissions <c>Workflow.Form.Write</c>, <c>Workflow.Instance.Write</c>, <c>qyapi_aflow</c>. Two calls for one approval at the same moment are refused
/// (<c>integrated.concurrency.error</c>, <see cref="FailureKind.Conflict"/>). Thread-safe.
/// </remarks>
public sealed class DingTalkProcessCentre
{
    private const string Root = "/v1.0/workflow/processCentres";
    private const int PageSize = 40;

    private static readonly DingTalkEndpoint Save = Of("workflow.centre.template.save", HttpMethod.Post, "schemas");
    private static readonly DingTalkEndpoint Remove = Of("workflow.centre.template.delete", HttpMethod.Delete, "schemas");
    private static readonly DingTalkEndpoint Find = Of("workflow.centre.template.find", HttpMethod.Get, "schemaNames/processCodes");
    private static readonly DingTalkEndpoint Start = Of("workflow.centre.start", HttpMethod.Post, "instances");
    private static readonly DingTalkEndpoint End = Of("workflow.centre.end", HttpMethod.Put, "instances");
    private static readonly DingTalkEndpoint EndMany = Of("workflow.centre.end.batch", HttpMethod.Put, "instances/batch");
    private static readonly DingTalkEndpoint Add = Of("workflow.centre.task.add", HttpMethod.Post, "tasks");
    private static readonly DingTalkEndpoint EndTask = Of("workflow.centre.task.end", HttpMethod.Put, "tasks");
    private static readonly DingTalkEndpoint Cancel = Of("workflow.centre.task.cancel", HttpMethod.Post, "tasks/cancel");
    private static readonly DingTalkEndpoint ToDo = Of("workflow.centre.task.list", HttpMethod.Get, "todoTasks");

    private readonly DingTalkClient _client;

    internal DingTalkProcessCentre(DingTalkClient client) => _client = client;

    /// <summary>Makes a template, or changes one.</summary>
    /// <param name="template">The template.</param>
    /// <param name="processCode">Which to change; null: a new one.</param>
    /// <param name="features">What DingTalk's buttons do (<c>processFeatureConfig</c>), written as on the wire; null: nothing of their own.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    /// <returns>Its code: keep it.</returns>
    /// <exception cref="DingTalkApiException">Refused.</exception>
    public Task<string> SaveTemplateAsync(FormTemplate template, string? processCode = null, object? features = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(template);
        Dictionary<string, object?> body = template.Wire(processCode);
        if (features is not null) body["processFeatureConfig"] = features;
        return DingTalkForms.SaveAsync(_client, Save, body, processCode, cancellationToken);
    }

    /// <summary>The code of the template of a name.</summary>
    /// <returns>Null when there is none.</returns>
    /// <exception cref="DingTalkApiException">Refused.</exception>
    public async Task<string?> FindTemplateAsync(string name, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        try
        {
            return (await _client.SendAsync<Found>(new DingTalkRequest(Find).WithQuery("name", name), cancellationToken: cancellationToken)).Result?.ProcessCode;
        }
        catch (DingTalkApiException none) when (none.ErrorCode == "process.error")
        {
            return null;
        }
    }

    /// <summary>Takes a template away. What was made of it stays; its running tasks only when <paramref name="cleanRunningTasks"/> is false.</summary>
    /// <exception cref="DingTalkApiException">Refused.</exception>
    public Task DeleteTemplateAsync(string processCode, bool cleanRunningTasks = false, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(processCode);
        return _client.SendAsync(new DingTalkRequest(Remove).WithQuery("processCode", processCode).WithQuery("cleanRunningTask", cleanRunningTasks ? "true" : "false"), cancellationToken: cancellationToken);
    }

    /// <summary>Shows an approval.</summary>
    /// <returns>The instance: keep it.</returns>
    /// <exception cref="DingTalkApiException">Refused.</exception>
    /// <exception cref="PlatformNetworkException">No answer: it may be shown, and is not shown again.</exception>
    public async Task<string> StartAsync(CentreApproval approval, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(approval);
        var answer = await _client.SendAsync<Started>(new DingTalkRequest(Start) { Body = approval.Wire() }, cancellationToken: cancellationToken);
        return answer.Result?.ProcessInstanceId is { Length: > 0 } id ? id : throw DingTalkErrorReader.WrongShape(Start.Id, "there is no processInstanceId");
    }

    /// <summary>Says how an approval ended; its open tasks go.</summary>
    /// <exception cref="DingTalkApiException">Refused.</exception>
    public Task EndAsync(CentreEnded ended, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(ended);
        return DoneAsync(End, ended.Wire(), cancellationToken);
    }

    /// <summary>Says how several ended, 50 at most.</summary>
    /// <exception cref="DingTalkApiException">Refused.</exception>
    public Task EndAsync(IReadOnlyList<CentreEnded> ended, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(ended);
        if (ended.Count is 0 or > 50) throw new ArgumentException("1 to 50 approvals end in one call.", nameof(ended));
        return DoneAsync(EndMany, new { updateProcessInstanceRequests = ended.Select(static e => e.Wire()).ToArray() }, cancellationToken);
    }

    /// <summary>Puts tasks in people's lists.</summary>
    /// <param name="instanceId">The approval.</param>
    /// <param name="tasks">1 to 20 tasks.</param>
    /// <param name="activityId">The group by which they can be cancelled, your own; null: none.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    /// <returns>The tasks, each with its id.</returns>
    /// <exception cref="DingTalkApiException"><c>integrated.state.invalid</c>: the approval is over or not there; others.</exception>
    /// <exception cref="PlatformNetworkException">No answer: look with <see cref="ListToDoAsync"/> before you add them again.</exception>
    public async Task<IReadOnlyList<CentreTaskState>> AddTasksAsync(string instanceId, IReadOnlyList<CentreTask> tasks, string? activityId = null, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(instanceId);
        ArgumentNullException.ThrowIfNull(tasks);
        if (tasks.Count is 0 or > 20) throw new ArgumentException("1 to 20 tasks go in one call.", nameof(tasks));
        if (activityId?.Length > 256) throw new ArgumentException("A group's id has at most 256 characters.", nameof(activityId));
        var body = new { processInstanceId = instanceId, activityId, tasks = tasks.Select(static t => t.Wire()).ToArray() };
        var made = (await _client.SendAsync<Added>(new DingTalkRequest(Add) { Body = body }, cancellationToken: cancellationToken)).Result ?? throw DingTalkErrorReader.WrongShape(Add.Id, "there is no result");
        return [.. made.Select(t => t with { ProcessInstanceId = instanceId, ActivityId = activityId, Status = "RUNNING" })];
    }

    /// <summary>Says how tasks ended, 20 at most.</summary>
    /// <exception cref="DingTalkApiException">Refused.</exception>
    public Task EndTasksAsync(string instanceId, IReadOnlyList<CentreTaskEnded> ended, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(instanceId);
        ArgumentNullException.ThrowIfNull(ended);
        if (ended.Count is 0 or > 20) throw new ArgumentException("1 to 20 tasks end in one call.", nameof(ended));
        var tasks = ended.Select(static e => new
        {
            taskId = long.TryParse(e.TaskId, NumberStyles.None, CultureInfo.InvariantCulture, out long id) ? id : throw new ArgumentException("A task id is a number.", nameof(ended)),
            status = e.Agreed is null ? "CANCELED" : "COMPLETED", result = e.Agreed switch { true => "AGREE", false => "REFUSE", null => null },
        }).ToArray();
        return DoneAsync(EndTask, new { processInstanceId = instanceId, tasks }, cancellationToken);
    }

    /// <summary>Cancels the open tasks of groups.</summary>
    /// <exception cref="DingTalkApiException">Refused.</exception>
    public Task CancelTasksAsync(string instanceId, IReadOnlyList<string> activityIds, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(instanceId);
        ArgumentNullException.ThrowIfNull(activityIds);
        if (activityIds.Count == 0 || activityIds.Any(string.IsNullOrWhiteSpace)) throw new ArgumentException("No group is named, or one is empty.", nameof(activityIds));
        return DoneAsync(Cancel, new { processInstanceId = instanceId, activityId = activityIds[0], activityIds = activityIds.Count == 1 ? null : activityIds }, cancellationToken);
    }

    /// <summary>A person's open tasks of other systems, page by page, not older than a year.</summary>
    /// <exception cref="DingTalkApiException">Refused.</exception>
    public async IAsyncEnumerable<CentreTaskState> ListToDoAsync(string userId, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(userId);
        for (int number = 1; ; number++)
        {
            DingTalkRequest request = new DingTalkRequest(ToDo).WithQuery("userId", userId).WithQuery("pageSize", PageSize.ToString(CultureInfo.InvariantCulture)).WithQuery("pageNumber", number.ToString(CultureInfo.InvariantCulture));
            Page page = (await _client.SendAsync<Listed>(request, cancellationToken: cancellationToken)).TaskPage ?? throw DingTalkErrorReader.WrongShape(ToDo.Id, "there is no taskPage");
            foreach (CentreTaskState task in page.List ?? []) yield return task;
            // An empty page with more behind it would be asked for without end.
            if (!page.HasMore || page.List is not { Count: > 0 }) yield break;
        }
    }

    private Task DoneAsync(DingTalkEndpoint endpoint, object body, CancellationToken cancellationToken) => WorkflowAnswers.DoneAsync(_client, new DingTalkRequest(endpoint) { Body = body }, cancellationToken);

    private static DingTalkEndpoint Of(string id, HttpMethod method, string path) => new() { Id = id, Method = method, Path = $"{Root}/{path}" };

    private sealed record Found(Template? Result);

    private sealed record Template(string? ProcessCode);

    private sealed record Started(Instance? Result);

    private sealed record Instance(string? ProcessInstanceId);

    private sealed record Added(List<CentreTaskState>? Result);

    private sealed record Listed(Page? TaskPage);

    private sealed record Page(bool HasMore, List<CentreTaskState>? List);
}
