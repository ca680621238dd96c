using System.Globalization;
using System.Text.Json;

namespace Larkspur.DingTalk.Workflow;

/// <summary>Approvals (OA 审批): starts, reads, lists, decides, comments and withdraws instances. An instance cannot be edited.</summary>
/// <remarks>Source: 02/0495–0505. The platform has no key that makes a repetition of these harmless: after a lost answer nothing is repeated. Thread-safe.</remarks>
public sealed class DingTalkWorkflow
{
    private const string Instances = "/v1.0/workflow/processInstances";

    private static readonly DingTalkEndpoint Start = Post("workflow.start", Instances);
    private static readonly DingTalkEndpoint Read = new() { Id = "workflow.get", Method = HttpMethod.Get, Path = Instances };
    private static readonly DingTalkEndpoint Schema = new() { Id = "workflow.schema", Method = HttpMethod.Get, Path = "/v1.0/workflow/forms/schemas/processCodes" };
    private static readonly DingTalkEndpoint Query = Post("workflow.list", "/v1.0/workflow/processes/instanceIds/query") with { OnlyReads = true };
    private static readonly DingTalkEndpoint Execute = Post("workflow.execute", $"{Instances}/execute");
    private static readonly DingTalkEndpoint Terminate = Post("workflow.terminate", $"{Instances}/terminate");
    private static readonly DingTalkEndpoint Comment = Post("workflow.comment", $"{Instances}/comments");

    private readonly DingTalkClient _client;

    internal DingTalkWorkflow(DingTalkClient client) => _client = client;

    /// <summary>The template's form as the platform describes it.</summary>
    /// <exception cref="DingTalkApiException">Refused.</exception>
    public Task<JsonElement> GetSchemaAsync(string processCode, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(processCode);
        return _client.SendAsync<JsonElement>(new DingTalkRequest(Schema).WithQuery("processCode", processCode), cancellationToken: cancellationToken);
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
    public async Task<string> StartAsync(string processCode, string originatorUserId, IReadOnlyDictionary<string, string> values, long departmentId = -1, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(processCode);
        ArgumentException.ThrowIfNullOrWhiteSpace(originatorUserId);
        ArgumentNullException.ThrowIfNull(values);
        if (values.Count > 150) throw new ArgumentException("A form has at most 150 values.", nameof(values));
        var body = new { processCode, originatorUserId, deptId = departmentId, formComponentValues = values.Select(v => new { name = v.Key, value = v.Value }).ToArray() };
        var answer = await _client.SendAsync<Started>(new DingTalkRequest(Start) { Body = body }, cancellationToken: cancellationToken);
        return answer.InstanceId is { Length: > 0 } id ? id : throw DingTalkErrorReader.WrongShape(Start.Id, "there is no instanceId");
    }

    /// <summary>An instance with its form, tasks and records.</summary>
    /// <exception cref="DingTalkApiException">Refused.</exception>
    public async Task<ApprovalInstance> GetAsync(string instanceId, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(instanceId);
        var answer = await _client.SendAsync<Answer<ApprovalInstance>>(new DingTalkRequest(Read).WithQuery("processInstanceId", instanceId), cancellationToken: cancellationToken);
        return answer.Result ?? throw DingTalkErrorReader.WrongShape(Read.Id, "there is no result");
    }

    /// <summary>Ids of a template's instances that began in a time: 20 a call, 120 days at most, not older than a year.</summary>
    /// <exception cref="ArgumentException">The time is empty or longer than 120 days.</exception>
    /// <exception cref="DingTalkApiException">Refused.</exception>
    public IAsyncEnumerable<string> ListAsync(string processCode, DateTimeOffset from, DateTimeOffset to, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(processCode);
        if (to <= from || to - from > TimeSpan.FromDays(120)) throw new ArgumentException("The time is empty, or longer than the 120 days that a question may span.", nameof(to));
        return PagesAsync(processCode, from, to, cancellationToken);
    }

    /// <summary>Decides a task in a person's name.</summary>
    /// <param name="instanceId">The instance.</param>
    /// <param name="taskId">The task, of <see cref="ApprovalInstance.Tasks"/> or of an event.</param>
    /// <param name="userId">Whose task it is.</param>
    /// <param name="agree">Agrees, or refuses.</param>
    /// <param name="remark">What he writes with it.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    /// <exception cref="DingTalkApiException">Refused.</exception>
    /// <exception cref="PlatformNetworkException">No answer: read the instance.</exception>
    public Task DecideAsync(string instanceId, string taskId, string userId, bool agree, string? remark = null, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(instanceId);
        ArgumentException.ThrowIfNullOrWhiteSpace(userId);
        if (!long.TryParse(taskId, NumberStyles.None, CultureInfo.InvariantCulture, out long task)) throw new ArgumentException("A task id is a number.", nameof(taskId));
        return DoneAsync(Execute, new { processInstanceId = instanceId, taskId = task, result = agree ? "agree" : "refuse", actionerUserId = userId, remark }, cancellationToken);
    }

    /// <summary>Withdraws an instance; not within 15 s of its start.</summary>
    /// <param name="instanceId">The instance.</param>
    /// <param name="userId">Who withdraws it; null: the system.</param>
    /// <param name="remark">Why.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    /// <exception cref="DingTalkApiException">Refused.</exception>
    public Task TerminateAsync(string instanceId, string? userId, string? remark = null, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(instanceId);
        return DoneAsync(Terminate, new { processInstanceId = instanceId, isSystem = userId is null, operatingUserId = userId, remark }, cancellationToken);
    }

    /// <summary>Comments on an instance in a person's name.</summary>
    /// <exception cref="DingTalkApiException">Refused.</exception>
    public Task CommentAsync(string instanceId, string userId, string text, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(instanceId);
        ArgumentException.ThrowIfNullOrWhiteSpace(userId);
        ArgumentException.ThrowIfNullOrWhiteSpace(text);
        return DoneAsync(Comment, new { processInstanceId = instanceId, text, commentUserId = userId }, cancellationToken);
    }

    private async IAsyncEnumerable<string> PagesAsync(string processCode, DateTimeOffset from, DateTimeOffset to, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        string nextToken = "0";
        while (true)
        {
            var body = new { processCode, startTime = from.ToUnixTimeMilliseconds(), endTime = to.ToUnixTimeMilliseconds(), nextToken, maxResults = 20 };
            IdPage page = (await _client.SendAsync<Answer<IdPage>>(new DingTalkRequest(Query) { Body = body }, cancellationToken: cancellationToken)).Result
                ?? throw DingTalkErrorReader.WrongShape(Query.Id, "there is no result");
            foreach (string id in page.List ?? []) yield return id;
            if (string.IsNullOrEmpty(page.NextToken)) yield break;
            if (page.NextToken == nextToken) throw DingTalkErrorReader.WrongShape(Query.Id, "the next page is the same one");
            nextToken = page.NextToken;
        }
    }

    private async Task DoneAsync(DingTalkEndpoint endpoint, object body, CancellationToken cancellationToken)
    {
        var answer = await _client.SendAsync<Done>(new DingTalkRequest(endpoint) { Body = body }, cancellationToken: cancellationToken);
        if (answer.Success == false) throw new DingTalkApiException($"{endpoint.Id} was answered with HTTP 200 and \"success\": false.") { HttpStatus = 200, Endpoint = endpoint.Id };
    }

    private static DingTalkEndpoint Post(string id, string path) => new() { Id = id, Method = HttpMethod.Post, Path = path };

    private sealed record Started(string? InstanceId);

    private sealed record Answer<T>(T? Result);

    private sealed record IdPage(List<string>? List, string? NextToken);

    private sealed record Done(bool? Success);
}

/// <summary>An instance.</summary>
public sealed record ApprovalInstance
{
    /// <summary>Title.</summary>
    public string? Title { get; init; }

    /// <summary><c>RUNNING</c>, <c>TERMINATED</c>, <c>COMPLETED</c>.</summary>
    public string Status { get; init; } = "";

    /// <summary><c>agree</c> or <c>refuse</c> when it is completed; else empty.</summary>
    public string? Result { get; init; }

    /// <summary>Who asked.</summary>
    public string? OriginatorUserId { get; init; }

    /// <summary>The number that people see.</summary>
    public string? BusinessId { get; init; }

    /// <summary>The form.</summary>
    public IReadOnlyList<ApprovalValue> FormComponentValues { get; init; } = [];

    /// <summary>The tasks.</summary>
    public IReadOnlyList<ApprovalTask> Tasks { get; init; } = [];

    /// <summary>What people did.</summary>
    public IReadOnlyList<ApprovalRecord> OperationRecords { get; init; } = [];
}

/// <summary>A value of a form.</summary>
/// <param name="Id">The component.</param>
/// <param name="Name">Its label.</param>
/// <param name="Value">A text; lists and tables as JSON.</param>
/// <param name="ComponentType"><c>TextField</c>, <c>MoneyField</c>, …</param>
public sealed record ApprovalValue(string? Id, string? Name, string? Value, string? ComponentType);

/// <summary>A task.</summary>
/// <param name="TaskId">By which it is decided.</param>
/// <param name="UserId">Whose.</param>
/// <param name="Status"><c>NEW</c>, <c>RUNNING</c>, <c>PAUSED</c>, <c>CANCELED</c>, <c>COMPLETED</c>, <c>TERMINATED</c>.</param>
/// <param name="Result"><c>AGREE</c>, <c>REFUSE</c>, <c>REDIRECTED</c>, <c>NONE</c>.</param>
public sealed record ApprovalTask(string? TaskId, string? UserId, string? Status, string? Result);

/// <summary>What somebody did.</summary>
/// <param name="UserId">Who.</param>
/// <param name="Date">When.</param>
/// <param name="Type">What.</param>
/// <param name="Result">With which result.</param>
/// <param name="Remark">What he wrote.</param>
public sealed record ApprovalRecord(string? UserId, string? Date, string? Type, string? Result, string? Remark);
