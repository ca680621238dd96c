using System.Globalization;
using System.Text.Json;

namespace Larkspur.DingTalk.Workflow;

/// <summary>Approvals (OA 审批): starts, reads, lists, decides, hands over, comments and withdraws instances. An instance cannot be edited.</summary>
/// <remarks>Source: 02/0495–0508. The platform has no key that makes a repetition of these harmless: after a lost answer nothing is repeated. Thread-safe.</remarks>
public sealed class DingTalkWorkflow
{
    private const string Instances = "/v1.0/workflow/processInstances";

    private static readonly DingTalkEndpoint Start = Post("workflow.start", Instances);
    private static readonly DingTalkEndpoint Read = Get("workflow.get", Instances);
    private static readonly DingTalkEndpoint Forecast = Post("workflow.forecast", "/v1.0/workflow/processes/forecast") with { OnlyReads = true };
    private static readonly DingTalkEndpoint ToDo = Get("workflow.todo.count", "/v1.0/workflow/processes/todoTasks/numbers");
    private static readonly DingTalkEndpoint Execute = Post("workflow.execute", $"{Instances}/execute");
    private static readonly DingTalkEndpoint Terminate = Post("workflow.terminate", $"{Instances}/terminate");
    private static readonly DingTalkEndpoint Comment = Post("workflow.comment", $"{Instances}/comments");
    private static readonly DingTalkEndpoint Redirect = Post("workflow.redirect", "/v1.0/workflow/tasks/redirect");

    private readonly DingTalkClient _client;

    internal DingTalkWorkflow(DingTalkClient client) => _client = client;

    /// <summary>Templates.</summary>
    public DingTalkForms Forms => new(_client);

    /// <summary>Files of approvals.</summary>
    public DingTalkApprovalFiles Files => new(_client);

    /// <summary>Approvals that another system runs and DingTalk shows.</summary>
    public DingTalkProcessCentre ProcessCentre => new(_client);

    /// <summary>The template's form as the platform describes it, whole; <see cref="DingTalkForms.GetAsync"/> gives what is mostly needed of it.</summary>
    /// <exception cref="DingTalkApiException">Refused.</exception>
    public Task<JsonElement> GetSchemaAsync(string processCode, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(processCode);
        return _client.SendAsync<JsonElement>(new DingTalkRequest(DingTalkForms.Schema).WithQuery("processCode", processCode), cancellationToken: cancellationToken);
    }

    /// <summary>Starts an instance; the template's own flow decides who approves.</summary>
    /// <param name="processCode">The template.</param>
    /// <param name="originatorUserId">Who asks.</param>
    /// <param name="values">Form values by label, at most 150. All are texts: lists and tables as JSON.</param>
    /// <param name="departmentId">The department that he asks for; -1: the root.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    /// <returns>The instance.</returns>
    /// <exception cref="DingTalkApiException">Refused.</exception>
    /// <exception cref="PlatformNetworkException">No answer: it may have begun. Look for it before you start it again.</exception>
    public Task<string> StartAsync(string processCode, string originatorUserId, IReadOnlyDictionary<string, string> values, long departmentId = -1, CancellationToken cancellationToken = default)
        => StartAsync(new ApprovalStart { ProcessCode = processCode, OriginatorUserId = originatorUserId, Values = values, DepartmentId = departmentId }, cancellationToken);

    /// <summary>Starts an instance.</summary>
    /// <returns>The instance.</returns>
    /// <exception cref="ArgumentException">A bound is passed.</exception>
    /// <exception cref="DingTalkApiException">Refused.</exception>
    /// <exception cref="PlatformNetworkException">No answer: it may have begun. Look for it before you start it again.</exception>
    public async Task<string> StartAsync(ApprovalStart start, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(start);
        var answer = await _client.SendAsync<Started>(new DingTalkRequest(Start) { Body = start.Wire() }, cancellationToken: cancellationToken);
        return answer.InstanceId is { Length: > 0 } id ? id : throw DingTalkErrorReader.WrongShape(Start.Id, "there is no instanceId");
    }

    /// <summary>The way that an instance would go by its template: where a step is <see cref="ForecastStep.IsTargetSelect"/>, the start has to say who decides (<see cref="ApprovalStart.Chosen"/>). Nothing begins.</summary>
    /// <exception cref="DingTalkApiException">Refused, or the platform cannot foretell it.</exception>
    public async Task<IReadOnlyList<ForecastStep>> ForecastAsync(string processCode, string originatorUserId, IReadOnlyDictionary<string, string> values, long departmentId = -1, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(processCode);
        ArgumentException.ThrowIfNullOrWhiteSpace(originatorUserId);
        ArgumentNullException.ThrowIfNull(values);
        if (values.Count > 150) throw new ArgumentException("A form has at most 150 values.", nameof(values));
        var body = new { processCode, deptId = departmentId, userId = originatorUserId, formComponentValues = values.Select(static v => new { name = v.Key, value = v.Value }).ToArray() };
        ForecastAnswer told = (await _client.SendAsync<Answer<ForecastAnswer>>(new DingTalkRequest(Forecast) { Body = body }, cancellationToken: cancellationToken)).Result ?? throw DingTalkErrorReader.WrongShape(Forecast.Id, "there is no result");
        return told.IsForecastSuccess == false ? throw new DingTalkApiException($"{Forecast.Id} was answered with HTTP 200 and without a forecast.") { HttpStatus = 200, Endpoint = Forecast.Id } : told.WorkflowActivityRules ?? [];
    }

    /// <summary>An instance with its form, tasks and records.</summary>
    /// <exception cref="DingTalkApiException">Refused.</exception>
    public async Task<ApprovalInstance> GetAsync(string instanceId, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(instanceId);
        var answer = await _client.SendAsync<Answer<ApprovalInstance>>(new DingTalkRequest(Read).WithQuery("processInstanceId", instanceId), cancellationToken: cancellationToken);
        return answer.Result ?? throw DingTalkErrorReader.WrongShape(Read.Id, "there is no result");
    }

    /// <summary>Ids of a template's instances that began in a time, 20 a call. A time of more than 120 days, which is all that one question may span, is asked for piece by piece.</summary>
    /// <param name="processCode">The template.</param>
    /// <param name="from">Not older than a year (five with the paid edition); the platform refuses what is.</param>
    /// <param name="to">The end; it belongs to the time.</param>
    /// <param name="filter">Of whom, in which state; null: all.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <remarks>The platform gives at most 10 000 ids in answer to one question and does not say so: where a template may have more in 120 days, ask for shorter times.</remarks>
    /// <exception cref="ArgumentException">The time is empty, or there are more than 10 people.</exception>
    /// <exception cref="DingTalkApiException">Refused.</exception>
    public IAsyncEnumerable<string> ListAsync(string processCode, DateTimeOffset from, DateTimeOffset to, InstanceFilter? filter = null, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(processCode);
        if (to <= from) throw new ArgumentException("The time is empty.", nameof(to));
        if (filter?.OriginatorUserIds.Count > 10) throw new ArgumentException("At most 10 people can be asked for.", nameof(filter));
        return new InstanceIds(_client, processCode, filter ?? new InstanceFilter()).ListAsync(from, to, cancellationToken);
    }

    /// <summary>How many tasks a person has to decide.</summary>
    /// <exception cref="DingTalkApiException">Refused.</exception>
    public async Task<int> CountToDoAsync(string userId, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(userId);
        return (await _client.SendAsync<Counted>(new DingTalkRequest(ToDo).WithQuery("userId", userId), cancellationToken: cancellationToken)).Result ?? throw DingTalkErrorReader.WrongShape(ToDo.Id, "there is no result");
    }

    /// <summary>Decides a task in a person's name.</summary>
    /// <param name="instanceId">The instance.</param>
    /// <param name="taskId">The task, of <see cref="ApprovalInstance.Tasks"/> or of an event.</param>
    /// <param name="userId">Whose task it is.</param>
    /// <param name="agree">Agrees, or refuses.</param>
    /// <param name="remark">What he writes with it, at most 1 024 characters.</param>
    /// <param name="enclosed">What he encloses.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    /// <exception cref="DingTalkApiException">Refused.</exception>
    /// <exception cref="PlatformNetworkException">No answer: read the instance.</exception>
    public Task DecideAsync(string instanceId, string taskId, string userId, bool agree, string? remark = null, ApprovalEnclosure? enclosed = null, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(instanceId);
        ArgumentException.ThrowIfNullOrWhiteSpace(userId);
        var body = new { processInstanceId = instanceId, taskId = Task(taskId), result = agree ? "agree" : "refuse", actionerUserId = userId, remark = Bounded(remark, 1024), file = enclosed?.Checked() };
        return DoneAsync(Execute, body, cancellationToken);
    }

    /// <summary>Hands a task over to somebody else, in the name of whose it is.</summary>
    /// <param name="taskId">The task, of <see cref="ApprovalInstance.Tasks"/> or of an event.</param>
    /// <param name="userId">Whose task it is now; anybody else is refused.</param>
    /// <param name="toUserId">Whose it will be.</param>
    /// <param name="remark">Why, at most 256 characters.</param>
    /// <param name="enclosed">What he encloses.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    /// <exception cref="DingTalkApiException"><c>task.status.error</c>, <c>instance.status.error</c>: it is over; <c>param.illegal.operator</c>: it is somebody else's.</exception>
    /// <exception cref="PlatformNetworkException">No answer: read the instance.</exception>
    public Task RedirectAsync(string taskId, string userId, string toUserId, string? remark = null, ApprovalEnclosure? enclosed = null, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(userId);
        ArgumentException.ThrowIfNullOrWhiteSpace(toUserId);
        return DoneAsync(Redirect, new { taskId = Task(taskId), operateUserId = userId, toUserId, remark = Bounded(remark, 256), file = enclosed?.Checked() }, cancellationToken);
    }

    /// <summary>Withdraws an instance; not within 15 s of its start.</summary>
    /// <param name="instanceId">The instance.</param>
    /// <param name="userId">Who withdraws it, its originator; null: the system.</param>
    /// <param name="remark">Why, at most 1 024 characters.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    /// <exception cref="DingTalkApiException">Refused.</exception>
    public Task TerminateAsync(string instanceId, string? userId, string? remark = null, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(instanceId);
        return DoneAsync(Terminate, new { processInstanceId = instanceId, isSystem = userId is null, operatingUserId = userId, remark = Bounded(remark, 1024) }, cancellationToken);
    }

    /// <summary>Comments on an instance in a person's name.</summary>
    /// <param name="instanceId">The instance.</param>
    /// <param name="userId">Who comments.</param>
    /// <param name="text">At most 1 024 characters; needed even where files say it all.</param>
    /// <param name="enclosed">What he encloses.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    /// <exception cref="DingTalkApiException">Refused.</exception>
    public Task CommentAsync(string instanceId, string userId, string text, ApprovalEnclosure? enclosed = null, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(instanceId);
        ArgumentException.ThrowIfNullOrWhiteSpace(userId);
        ArgumentException.ThrowIfNullOrWhiteSpace(text);
        return DoneAsync(Comment, new { processInstanceId = instanceId, text = Bounded(text, 1024), commentUserId = userId, file = enclosed?.Checked() }, cancellationToken);
    }

    private Task DoneAsync(DingTalkEndpoint endpoint, object body, CancellationToken cancellationToken) => WorkflowAnswers.DoneAsync(_client, new DingTalkRequest(endpoint) { Body = body }, cancellationToken);

    private static long Task(string taskId) => long.TryParse(taskId, NumberStyles.None, CultureInfo.InvariantCulture, out long task) ? task : throw new ArgumentException("A task id is a number.", nameof(taskId));

    private static string? Bounded(string? text, int longest) => text?.Length > longest ? throw new ArgumentException($"It has more than {longest} characters.", nameof(text)) : text;

    private static DingTalkEndpoint Post(string id, string path) => new() { Id = id, Method = HttpMethod.Post, Path = path };

    private static DingTalkEndpoint Get(string id, string path) => new() { Id = id, Method = HttpMethod.Get, Path = path };

    private sealed record Started(string? InstanceId);

    private sealed record Answer<T>(T? Result);

    private sealed record Counted(int? Result);

    private sealed record ForecastAnswer(bool? IsForecastSuccess, List<ForecastStep>? WorkflowActivityRules);
}
