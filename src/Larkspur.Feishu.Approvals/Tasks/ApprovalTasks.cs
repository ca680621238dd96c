using System.Runtime.CompilerServices;
using System.Text.Json.Nodes;
using Larkspur.Feishu.Api;
using V4 = Larkspur.Feishu.Api.Approval.V4;

namespace Larkspur.Feishu.Approvals;

/// <summary>Deciding, in the name of who has to. Get it as <c>feishu.Approvals.Tasks</c>.</summary>
/// <remarks>
/// The app acts in the person's name, so whoever calls must know that this person decided. Documented limit: 100 a minute each. A task that is decided is not decided again:
/// the platform refuses it. Steps that want a hand-written signature cannot be decided by API (1390018).
/// </remarks>
public readonly struct ApprovalTasks
{
    private readonly FeishuClient _client;

    internal ApprovalTasks(FeishuClient client) => _client = client;

    /// <summary>Agrees.</summary>
    /// <param name="task">Which task, and whose.</param>
    /// <param name="comment">What is said with it, or null.</param>
    /// <param name="form">The form, where conditions of the process depend on values that are written at this step; null: it stays as it is.</param>
    /// <param name="options">What this call overrides.</param>
    /// <param name="cancellationToken">Gives up waiting; it may have been done.</param>
    /// <exception cref="ApprovalFormException">The form is not right. Nothing was sent.</exception>
    /// <exception cref="FeishuApiException">The platform said no: 1390010 no such task or it is decided, 1390018 it wants a signature.</exception>
    public Task ApproveAsync(ApprovalTaskRef task, string? comment = null, ApprovalForm? form = null, FeishuCallOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(task);
        return _client.Approval.V4.Task.ApproveAsync(
            new()
            {
                ApprovalCode = task.ApprovalCode, InstanceCode = task.InstanceCode, TaskId = task.TaskId, UserId = task.Person.Id, UserIdType = task.Person.IdType,
                Comment = comment, Form = form?.ToJson(),
            },
            options,
            cancellationToken);
    }

    /// <summary>Refuses.</summary>
    /// <inheritdoc cref="ApproveAsync"/>
    public Task RejectAsync(ApprovalTaskRef task, string? comment = null, ApprovalForm? form = null, FeishuCallOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(task);
        return _client.Approval.V4.Task.RejectAsync(
            new()
            {
                ApprovalCode = task.ApprovalCode, InstanceCode = task.InstanceCode, TaskId = task.TaskId, UserId = task.Person.Id, UserIdType = task.Person.IdType,
                Comment = comment, Form = form?.ToJson(),
            },
            options,
            cancellationToken);
    }

    /// <summary>Hands the task to somebody else.</summary>
    /// <param name="task">Which task, and whose.</param>
    /// <param name="to">To whom, by the same kind of id.</param>
    /// <param name="comment">What is said with it, or null.</param>
    /// <param name="options">What this call overrides.</param>
    /// <param name="cancellationToken">Gives up waiting; it may have been done.</param>
    /// <exception cref="ArgumentException">The kinds of ids differ. Nothing was sent.</exception>
    /// <exception cref="FeishuApiException">The platform said no: 1390010 no such task, 1390004 no such person.</exception>
    public Task TransferAsync(ApprovalTaskRef task, ApprovalPerson to, string? comment = null, FeishuCallOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(task);
        return _client.Approval.V4.Task.TransferAsync(
            new()
            {
                ApprovalCode = task.ApprovalCode, InstanceCode = task.InstanceCode, TaskId = task.TaskId, UserId = task.Person.Id, UserIdType = task.Person.IdType,
                TransferUserId = ApprovalInstances.Same(task.Person, [to], nameof(to))[0], Comment = comment,
            },
            options,
            cancellationToken);
    }

    /// <summary>Submits again what went back to who asked.</summary>
    /// <param name="task">The task of who asked.</param>
    /// <param name="form">The form as it is now.</param>
    /// <param name="comment">What is said with it, or null.</param>
    /// <param name="options">What this call overrides.</param>
    /// <param name="cancellationToken">Gives up waiting; it may have been done.</param>
    /// <exception cref="ApprovalFormException">The form is not right. Nothing was sent.</exception>
    /// <exception cref="FeishuApiException">The platform said no: 1390010 no such task.</exception>
    public Task ResubmitAsync(ApprovalTaskRef task, ApprovalForm form, string? comment = null, FeishuCallOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(task);
        ArgumentNullException.ThrowIfNull(form);
        return _client.Approval.V4.Task.ResubmitAsync(
            new()
            {
                ApprovalCode = task.ApprovalCode, InstanceCode = task.InstanceCode, TaskId = task.TaskId, UserId = task.Person.Id, UserIdType = task.Person.IdType,
                Form = form.ToJson(),
                // Unlike its neighbours this call takes the comment as JSON: approval-v4/task/resubmit.
                Comment = comment is null ? null : new JsonObject { ["text"] = comment }.ToJsonString(FeishuJson.Options),
            },
            options,
            cancellationToken);
    }

    /// <summary>Sends the instance back to earlier steps. Documented limit: 1000 a minute.</summary>
    /// <param name="taskId">The open task at which this is decided.</param>
    /// <param name="person">Whose task it is.</param>
    /// <param name="nodeKeys">To which steps: <see cref="ApprovalTimelineEntry.NodeKey"/> of entries <c>PASS</c>; <c>START</c> is who asked.</param>
    /// <param name="reason">Why, or null.</param>
    /// <param name="options">What this call overrides.</param>
    /// <param name="cancellationToken">Gives up waiting; it may have been done.</param>
    /// <exception cref="ArgumentException">No step is named. Nothing was sent.</exception>
    /// <exception cref="FeishuApiException">The platform said no: 1390001 a step that was not passed, or the task is not open.</exception>
    public Task RollBackAsync(
        string taskId, ApprovalPerson person, IEnumerable<string> nodeKeys, string? reason = null, FeishuCallOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(nodeKeys);
        string[] keys = [.. nodeKeys];
        if (keys.Length == 0 || keys.Any(string.IsNullOrEmpty)) throw new ArgumentException("There is no step to go back to.", nameof(nodeKeys));
        return _client.Approval.V4.Instance.SpecifiedRollbackAsync(
            new() { UserId = person.Id, UserIdType = person.IdType, TaskId = ApprovalIds.Code(taskId, nameof(taskId)), Reason = reason, TaskDefKeyList = keys }, options, cancellationToken);
    }

    /// <summary>Lets further people decide. The platform knows them by user_id alone.</summary>
    /// <param name="task">The open task at which they are added; its person by user_id.</param>
    /// <param name="people">Whom, by user_id.</param>
    /// <param name="place">Where they come.</param>
    /// <param name="oneIsEnough">True: one of them is enough; false: all must agree. Not asked where they decide beside the others.</param>
    /// <param name="comment">What is said with it, or null.</param>
    /// <param name="options">What this call overrides.</param>
    /// <param name="cancellationToken">Gives up waiting; it may have been done.</param>
    /// <exception cref="ArgumentException">Nobody is named, or by open_id. Nothing was sent.</exception>
    /// <exception cref="FeishuApiException">The platform said no: 1390010 no such task.</exception>
    public Task AddSignAsync(
        ApprovalTaskRef task, IEnumerable<ApprovalPerson> people, ApprovalAddedPlace place, bool oneIsEnough = false, string? comment = null, FeishuCallOptions? options = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(task);
        ArgumentNullException.ThrowIfNull(people);
        if (!task.Person.IsUserId) throw new ArgumentException("The person whose task it is must be given by user_id here.", nameof(task));
        return _client.Approval.V4.Instance.AddSignAsync(
            new()
            {
                ApprovalCode = task.ApprovalCode, InstanceCode = task.InstanceCode, TaskId = task.TaskId, UserId = task.Person.Id, Comment = comment,
                AddSignUserIds = ApprovalInstances.Same(task.Person, people, nameof(people)), AddSignType = (int)place,
                ApprovalMethod = place == ApprovalAddedPlace.Beside ? null : oneIsEnough ? 1 : 2,
            },
            options,
            cancellationToken);
    }

    /// <summary>A person's tasks, as the approval centre groups them. Takes the person's own token too.</summary>
    /// <param name="person">Whose.</param>
    /// <param name="group">Which group.</param>
    /// <param name="options">What every call overrides. Its time-out is that of one page.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    /// <exception cref="FeishuApiException">The platform said no.</exception>
    public async IAsyncEnumerable<ApprovalPersonTask> OfPersonAsync(
        ApprovalPerson person, ApprovalTaskGroup group, FeishuCallOptions? options = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var request = new V4.TaskQueryRequest
        {
            UserId = person.Id, UserIdType = person.IdType, Topic = ((int)group).ToString(System.Globalization.CultureInfo.InvariantCulture), PageSize = ApprovalSearch.PageSize,
        };
        await foreach (var task in _client.Approval.V4.Task.QueryAllAsync(request, options, cancellationToken)) yield return ApprovalPersonTask.From(task);
    }

    /// <summary>Searches tasks. The index lags behind.</summary>
    /// <param name="query">What is looked for; its times are those of the task.</param>
    /// <param name="options">What every call overrides. Its time-out is that of one page.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    /// <exception cref="FeishuApiException">The platform said no.</exception>
    public async IAsyncEnumerable<FoundApprovalTask> SearchAsync(
        ApprovalSearch query, FeishuCallOptions? options = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(query);
        var request = new V4.TaskSearchRequest
        {
            PageSize = ApprovalSearch.PageSize, UserId = query.Person?.Id, UserIdType = query.Person?.IdType, ApprovalCode = query.ApprovalCode, InstanceCode = query.InstanceCode,
            TaskTitle = query.Title, TaskStatus = query.Status is { } status ? Api.TaskStatus.From(status) : default(Api.TaskStatus?),
            TaskStartTimeFrom = query.From is { } from ? ApprovalTime.Write(from) : null, TaskStartTimeTo = query.To is { } to ? ApprovalTime.Write(to) : null,
            Locale = query.Locale is { } locale ? Locale.From(locale) : default(Locale?),
        };
        await foreach (var item in _client.Approval.V4.Task.SearchAllAsync(request, options, cancellationToken))
        {
            yield return new(
                FoundApproval.From(item.Approval, item.Instance), item.Task?.TaskId ?? "", item.Task?.UserId ?? "", ApprovalStates.Task(item.Task?.Status?.Value?.ToUpperInvariant()),
                item.Task?.Status?.Value ?? "", ApprovalTime.Read(item.Task?.StartTime), ApprovalTime.Read(item.Task?.EndTime));
        }
    }
}

/// <summary>A task, and in whose name it is decided.</summary>
/// <param name="ApprovalCode">The definition.</param>
/// <param name="InstanceCode">The instance.</param>
/// <param name="TaskId">The task.</param>
/// <param name="Person">Whose it is.</param>
public sealed record ApprovalTaskRef(string ApprovalCode, string InstanceCode, string TaskId, ApprovalPerson Person)
{
    /// <summary>A task of an instance that was read; its person by open_id where there is one.</summary>
    /// <exception cref="ArgumentException">No person decides it.</exception>
    public static ApprovalTaskRef Of(ApprovalInstanceDetail instance, ApprovalInstanceTask task)
    {
        ArgumentNullException.ThrowIfNull(instance);
        ArgumentNullException.ThrowIfNull(task);
        if (task.OpenId.Length == 0 && task.UserId.Length == 0) throw new ArgumentException($"Task {task.TaskId} is nobody's.", nameof(task));
        return new(instance.ApprovalCode, instance.InstanceCode, task.TaskId, task.OpenId.Length > 0 ? ApprovalPerson.OpenId(task.OpenId) : ApprovalPerson.UserId(task.UserId));
    }
}

/// <summary>Where people come who are added; the numbers are the platform's.</summary>
public enum ApprovalAddedPlace
{
    /// <summary>Before who adds them.</summary>
    Before = 1,

    /// <summary>After; who adds them has agreed with that.</summary>
    After = 2,

    /// <summary>Beside: all of them decide.</summary>
    Beside = 3,
}

/// <summary>The groups of the approval centre; the numbers are the platform's.</summary>
public enum ApprovalTaskGroup
{
    /// <summary>To be decided.</summary>
    Open = 1,

    /// <summary>Decided.</summary>
    Done = 2,

    /// <summary>Asked for by this person.</summary>
    Started = 3,

    /// <summary>Copies not yet read.</summary>
    UnreadCopies = 17,

    /// <summary>Copies that were read.</summary>
    ReadCopies = 18,
}

/// <summary>A task in a person's group.</summary>
/// <param name="TaskId">Which.</param>
/// <param name="Title">As people see it.</param>
/// <param name="Status">The platform's word or number for the task.</param>
/// <param name="InstanceStatus">The same for the instance.</param>
/// <param name="InstanceCode">The instance.</param>
/// <param name="ApprovalCode">The definition.</param>
/// <param name="ApprovalName">The definition's name.</param>
/// <param name="Initiators">Who asked.</param>
/// <param name="Link">The page for a computer, or empty.</param>
public sealed record ApprovalPersonTask(
    string TaskId, string Title, string Status, string InstanceStatus, string InstanceCode, string ApprovalCode, string ApprovalName, IReadOnlyList<string> Initiators, string Link)
{
    internal static ApprovalPersonTask From(V4.TaskQueryTask task) => new(
        task.TaskId ?? "", task.Title ?? "", task.Status ?? "", task.ProcessStatus ?? "", task.ProcessCode ?? "", task.DefinitionCode ?? "", task.DefinitionName ?? "",
        task.Initiators ?? [], task.Urls?.Pc ?? "");
}

/// <summary>A task as a search shows it.</summary>
/// <param name="Instance">Its instance.</param>
/// <param name="TaskId">Which.</param>
/// <param name="UserId">Whose, by the kind of id of the search.</param>
/// <param name="State">Where it stands.</param>
/// <param name="StateText">The platform's word for it.</param>
/// <param name="StartedAt">Since when.</param>
/// <param name="EndedAt">Until when; null: it is open.</param>
public sealed record FoundApprovalTask(
    FoundApproval Instance, string TaskId, string UserId, ApprovalTaskState State, string StateText, DateTimeOffset? StartedAt, DateTimeOffset? EndedAt);
