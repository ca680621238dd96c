using V4 = Larkspur.Feishu.Api.Approval.V4;

namespace Larkspur.Feishu.Approvals;

/// <summary>An instance of another system's, as the platform shall show it.</summary>
public sealed record ExternalInstance
{
    private const int MostTasks = 300;

    /// <summary>The kind, as <see cref="ExternalApprovals.PutAsync"/> answered it.</summary>
    public required string ApprovalCode { get; init; }

    /// <summary>The other system's id, unique for the app.</summary>
    public required string InstanceId { get; init; }

    /// <summary>Where it stands.</summary>
    public required ExternalInstanceState State { get; init; }

    /// <summary>Who asked.</summary>
    public required ApprovalPerson Submitter { get; init; }

    /// <summary>Its page on a computer.</summary>
    public required Uri Page { get; init; }

    /// <summary>Its page on a phone; null: the same.</summary>
    public Uri? MobilePage { get; init; }

    /// <summary>Since when.</summary>
    public required DateTimeOffset StartedAt { get; init; }

    /// <summary>Until when; null: it goes on.</summary>
    public DateTimeOffset? EndedAt { get; init; }

    /// <summary>When it changed last. Must grow: what is not newer is not taken.</summary>
    public required DateTimeOffset UpdatedAt { get; init; }

    /// <summary>What people see; null: the kind's name.</summary>
    public ApprovalText? Title { get; init; }

    /// <summary>Names and values; the first three are shown in lists.</summary>
    public IReadOnlyList<(ApprovalText Name, ApprovalText Value)> Form { get; init; } = [];

    /// <summary>Who has to decide, and who did; at most 300.</summary>
    public IReadOnlyList<ExternalTask> Tasks { get; init; } = [];

    /// <summary>Who got copies: the other system's id of the copy, and the person.</summary>
    public IReadOnlyList<(string CopyId, ApprovalPerson Person)> Copies { get; init; } = [];

    /// <summary>True: tasks and copies that are not named here stay; false: they go.</summary>
    public bool KeepOthers { get; init; }

    internal V4.ExternalInstanceCreateRequest ToRequest()
    {
        if (Tasks.Count > MostTasks) throw new ArgumentException($"There are {Tasks.Count} tasks; the platform takes {MostTasks}.", nameof(Tasks));
        if (Tasks.Select(t => t.TaskId).Distinct(StringComparer.Ordinal).Count() < Tasks.Count) throw new ArgumentException("Two tasks have the same id.", nameof(Tasks));
        var texts = new ApprovalTexts();
        string updated = ApprovalTime.Write(UpdatedAt);
        var request = new V4.ExternalInstanceCreateRequest
        {
            ApprovalCode = ApprovalIds.Code(ApprovalCode, nameof(ApprovalCode)),
            Status = V4.ApprovalExternalInstanceStatus.From(ExternalStateNames.Instance(State)),
            InstanceId = string.IsNullOrEmpty(InstanceId) ? throw new ArgumentException("The instance has no id.", nameof(InstanceId)) : InstanceId,
            Links = new() { PcLink = Page.AbsoluteUri, MobileLink = (MobilePage ?? Page).AbsoluteUri },
            Title = Title is null ? null : texts.Key(Title, nameof(Title)),
            Form = Form.Count == 0 ? null : [.. Form.Select(f => new V4.ExternalInstanceForm { Name = texts.Key(f.Name, nameof(Form)), Value = texts.Key(f.Value, nameof(Form)) })],
            UserId = Submitter.IsUserId ? Submitter.Id : null,
            OpenId = Submitter.IsUserId ? null : Submitter.Id,
            StartTime = ApprovalTime.Write(StartedAt),
            EndTime = EndedAt is { } end ? ApprovalTime.Write(end) : "0",
            UpdateTime = updated,
            UpdateMode = KeepOthers ? V4.UpdateMode.Update : V4.UpdateMode.Replace,
            TaskList = Tasks.Count == 0 ? null : [.. Tasks.Select(t => t.ToWire(texts, Page))],
            CcList = Copies.Count == 0 ? null
                :
                [
                    .. Copies.Select(c => new V4.CcNode
                    {
                        CcId = c.CopyId, UserId = c.Person.IsUserId ? c.Person.Id : null, OpenId = c.Person.IsUserId ? null : c.Person.Id,
                        Links = new() { PcLink = Page.AbsoluteUri, MobileLink = (MobilePage ?? Page).AbsoluteUri }, ReadStatus = Api.ReadStatus.From("UNREAD"), CreateTime = updated, UpdateTime = updated,
                    }),
                ],
            I18nResources = [],
        };
        // The words are known only after everything has asked for its key.
        return request with { I18nResources = texts.Resources() ?? [new() { Locale = Api.Locale.From("zh-CN"), IsDefault = true, Texts = [] }] };
    }
}

/// <summary>A task of another system's.</summary>
public sealed record ExternalTask
{
    /// <summary>The other system's id, unique in its instance.</summary>
    public required string TaskId { get; init; }

    /// <summary>Whose.</summary>
    public required ApprovalPerson Person { get; init; }

    /// <summary>Where it stands: pending, approved, rejected, transferred or done.</summary>
    public required ApprovalTaskState State { get; init; }

    /// <summary>Since when.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>Until when; null: it is open.</summary>
    public DateTimeOffset? EndedAt { get; init; }

    /// <summary>When it changed last. Must grow.</summary>
    public required DateTimeOffset UpdatedAt { get; init; }

    /// <summary>What people see; null: nothing of its own.</summary>
    public ApprovalText? Title { get; init; }

    /// <summary>Its page; null: the instance's.</summary>
    public Uri? Page { get; init; }

    /// <summary>Comes back with a decision (<see cref="ExternalApprovalAction.Context"/>), or null.</summary>
    public string? Context { get; init; }

    /// <summary>True: agree and refuse stand at the task (on phones and on the bot's card), and come to the kind's callback.</summary>
    public bool QuickDecision { get; init; }

    /// <summary>Refusing or agreeing there wants a reason.</summary>
    public bool ReasonRequired { get; init; }

    internal V4.ExternalInstanceTaskNode ToWire(ApprovalTexts texts, Uri instancePage)
    {
        string page = (Page ?? instancePage).AbsoluteUri;
        return new()
        {
            TaskId = string.IsNullOrEmpty(TaskId) ? throw new ArgumentException("A task has no id.") : TaskId,
            UserId = Person.IsUserId ? Person.Id : null,
            OpenId = Person.IsUserId ? null : Person.Id,
            Title = Title is null ? null : texts.Key(Title, nameof(Title)),
            Links = new() { PcLink = page, MobileLink = page },
            Status = V4.ExternalInstanceStatus.From(ExternalStateNames.Task(State)),
            CreateTime = ApprovalTime.Write(CreatedAt),
            EndTime = EndedAt is { } end ? ApprovalTime.Write(end) : "0",
            UpdateTime = ApprovalTime.Write(UpdatedAt),
            ActionContext = Context,
            ActionConfigs = !QuickDecision ? null : [Action("APPROVE"), Action("REJECT")],
        };

        V4.ActionConfig Action(string type) => new() { ActionType = type, IsNeedReason = ReasonRequired, IsReasonRequired = ReasonRequired, IsNeedAttachment = false };
    }
}

/// <summary>Where another system's instance stands.</summary>
public enum ExternalInstanceState
{
    /// <summary>Somebody has to decide.</summary>
    Pending,

    /// <summary>Agreed to.</summary>
    Approved,

    /// <summary>Refused.</summary>
    Rejected,

    /// <summary>Taken back.</summary>
    Canceled,

    /// <summary>Deleted.</summary>
    Deleted,

    /// <summary>Not shown.</summary>
    Hidden,

    /// <summary>Ended without a decision.</summary>
    Terminated,
}

/// <summary>The platform's names for states of external approvals.</summary>
internal static class ExternalStateNames
{
    public static string Instance(ExternalInstanceState state) => state.ToString().ToUpperInvariant();

    public static string Task(ApprovalTaskState state) => state is ApprovalTaskState.Pending or ApprovalTaskState.Approved or ApprovalTaskState.Rejected or ApprovalTaskState.Transferred or ApprovalTaskState.Done
        ? state.ToString().ToUpperInvariant()
        : throw new ArgumentException($"Tasks of other systems are pending, approved, rejected, transferred or done, not {state}.", nameof(state));
}
