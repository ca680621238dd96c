using System.Runtime.CompilerServices;
using Larkspur.Feishu.Api;
using V4 = Larkspur.Feishu.Api.Approval.V4;

namespace Larkspur.Feishu.Approvals;

/// <summary>Approvals that another system keeps and the platform's approval centre shows. Get them as <c>feishu.Approvals.External</c>.</summary>
/// <remarks>The other system stays the master: it pushes what is, and compares now and then (<see cref="CheckAsync"/>). Sources: approval-v4/external_approval, external_instance, external_task.</remarks>
public readonly struct ExternalApprovals
{
    /// <summary>Instances compared by one call. The reference names no limit; this keeps a request small.</summary>
    public const int CheckBatch = 100;

    private const int MostFilters = 20;
    private const int PageSize = 500;

    private readonly FeishuClient _client;

    internal ExternalApprovals(FeishuClient client) => _client = client;

    /// <summary>Makes a kind of approval, or changes the one with this code.</summary>
    /// <param name="draft">What it is.</param>
    /// <param name="options">What this call overrides.</param>
    /// <param name="cancellationToken">Gives up waiting; it is the same thing to call again.</param>
    /// <returns>The code that instances name. It is the platform's own, not the one that was given.</returns>
    /// <exception cref="ArgumentException">The platform would refuse it. Nothing was sent.</exception>
    /// <exception cref="FeishuApiException">The platform said no.</exception>
    public async Task<string> PutAsync(ExternalApprovalDraft draft, FeishuCallOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(draft);
        var made = await _client.Approval.V4.ExternalApproval.CreateAsync(draft.ToRequest(), options, cancellationToken);
        return made.ApprovalCode is { Length: > 0 } code ? code
            : throw new FeishuApiException("The external approval was made without a code.") { HttpStatus = 200, Endpoint = V4.Endpoints.ExternalApprovalCreate.Id };
    }

    /// <summary>Shows an instance as it is now, made or changed. The same instance with a smaller <see cref="ExternalInstance.UpdatedAt"/> changes nothing.</summary>
    /// <param name="instance">What is.</param>
    /// <param name="options">What this call overrides.</param>
    /// <param name="cancellationToken">Gives up waiting; it is the same thing to call again.</param>
    /// <exception cref="ArgumentException">The platform would refuse it. Nothing was sent.</exception>
    /// <exception cref="FeishuApiException">The platform said no: 1390014 another company's, 1390001 a value is wrong.</exception>
    public Task ShowAsync(ExternalInstance instance, FeishuCallOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(instance);
        return _client.Approval.V4.ExternalInstance.CreateAsync(instance.ToRequest(), options, cancellationToken);
    }

    /// <summary>Compares times of change with the platform's, any number, a hundred a call.</summary>
    /// <param name="stamps">What this side has.</param>
    /// <param name="options">What every call overrides.</param>
    /// <param name="cancellationToken">Ends the comparing.</param>
    /// <returns>Those that differ, with the platform's times: show them again. An instance that the platform does not have comes with no time.</returns>
    /// <exception cref="FeishuApiException">The platform said no.</exception>
    public async IAsyncEnumerable<ExternalStamp> CheckAsync(
        IEnumerable<ExternalStamp> stamps, FeishuCallOptions? options = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(stamps);
        foreach (ExternalStamp[] batch in stamps.Chunk(CheckBatch))
        {
            var answer = await _client.Approval.V4.ExternalInstance.CheckAsync(new() { Instances = [.. batch.Select(s => s.ToWire())] }, options, cancellationToken);
            foreach (var different in answer.DiffInstances ?? []) yield return ExternalStamp.From(different);
        }
    }

    /// <summary>The tasks that the platform shows.</summary>
    /// <param name="query">Which.</param>
    /// <param name="options">What every call overrides. Its time-out is that of one page.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    /// <exception cref="ArgumentException">More than 20 codes or instances. Nothing was sent.</exception>
    /// <exception cref="FeishuApiException">The platform said no.</exception>
    public async IAsyncEnumerable<ExternalTaskList> TasksAsync(
        ExternalTaskQuery query, FeishuCallOptions? options = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(query);
        if (query.ApprovalCodes.Count > MostFilters || query.InstanceIds.Count > MostFilters) throw new ArgumentException($"The platform takes {MostFilters} codes and {MostFilters} instances.", nameof(query));
        var request = new V4.ExternalTaskListRequest
        {
            PageSize = PageSize,
            ApprovalCodes = query.ApprovalCodes.Count == 0 ? null : query.ApprovalCodes,
            InstanceIds = query.InstanceIds.Count == 0 ? null : query.InstanceIds,
            UserIds = query.UserIds.Count == 0 ? null : query.UserIds,
            Status = query.Status is { } status ? V4.ExternalInstanceStatus.From(ExternalStateNames.Task(status)) : default(V4.ExternalInstanceStatus?),
        };
        await foreach (var list in _client.Approval.V4.ExternalTask.ListAllAsync(request, options, cancellationToken)) yield return ExternalTaskList.From(list);
    }
}

/// <summary>A time of change, to be compared.</summary>
/// <param name="InstanceId">The other system's id of the instance.</param>
/// <param name="UpdatedAt">When it changed last; null: it is not there.</param>
/// <param name="Tasks">The same of its tasks, by their ids.</param>
public sealed record ExternalStamp(string InstanceId, DateTimeOffset? UpdatedAt, IReadOnlyDictionary<string, DateTimeOffset> Tasks)
{
    internal V4.ExteranlInstanceCheck ToWire() => new()
    {
        InstanceId = InstanceId,
        UpdateTime = UpdatedAt is { } at ? ApprovalTime.Write(at) : "0",
        Tasks = [.. Tasks.Select(t => new V4.ExternalInstanceTask { TaskId = t.Key, UpdateTime = ApprovalTime.Write(t.Value) })],
    };

    internal static ExternalStamp From(V4.ExteranlInstanceCheckResponse different) => new(
        different.InstanceId ?? "", ApprovalTime.Read(different.UpdateTime),
        (different.Tasks ?? []).Where(t => ApprovalTime.Read(t.UpdateTime) is not null).DistinctBy(t => t.TaskId).ToDictionary(t => t.TaskId ?? "", t => ApprovalTime.Read(t.UpdateTime)!.Value));
}

/// <summary>Which tasks; what is empty does not narrow.</summary>
public sealed record ExternalTaskQuery
{
    /// <summary>Of these kinds of approval, at most 20.</summary>
    public IReadOnlyList<string> ApprovalCodes { get; init; } = [];

    /// <summary>Of these instances, at most 20.</summary>
    public IReadOnlyList<string> InstanceIds { get; init; } = [];

    /// <summary>Of these people, by user_id.</summary>
    public IReadOnlyList<string> UserIds { get; init; } = [];

    /// <summary>In this state; null: any.</summary>
    public ApprovalTaskState? Status { get; init; }
}

/// <summary>The tasks of an instance as the platform shows them.</summary>
/// <param name="InstanceId">The other system's id.</param>
/// <param name="ApprovalCode">The kind of approval.</param>
/// <param name="StateText">The platform's word for the instance.</param>
/// <param name="UpdatedAt">When it changed last.</param>
/// <param name="Tasks">Its tasks.</param>
public sealed record ExternalTaskList(string InstanceId, string ApprovalCode, string StateText, DateTimeOffset? UpdatedAt, IReadOnlyList<ExternalShownTask> Tasks)
{
    internal static ExternalTaskList From(V4.ExternalTask list) => new(
        list.InstanceId ?? "", list.ApprovalCode ?? "", list.Status?.Value ?? "", ApprovalTime.Read(list.UpdateTime),
        [.. (list.Tasks ?? []).Select(t => new ExternalShownTask(t.Id ?? "", ApprovalStates.Task(t.Status?.Value), t.Status?.Value ?? "", ApprovalTime.Read(t.UpdateTime)))]);
}

/// <summary>A task as the platform shows it.</summary>
/// <param name="TaskId">The other system's id.</param>
/// <param name="State">Where it stands.</param>
/// <param name="StateText">The platform's word for it.</param>
/// <param name="UpdatedAt">When it changed last.</param>
public sealed record ExternalShownTask(string TaskId, ApprovalTaskState State, string StateText, DateTimeOffset? UpdatedAt);
