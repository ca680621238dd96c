namespace Larkspur.DingTalk.Workflow;

/// <summary>An approval that another system runs.</summary>
/// <remarks>Source: 02/0513.</remarks>
public sealed record CentreApproval
{
    /// <summary>The template, of <see cref="DingTalkProcessCentre.SaveTemplateAsync"/>.</summary>
    public required string ProcessCode { get; init; }

    /// <summary>Who asked.</summary>
    public required string OriginatorUserId { get; init; }

    /// <summary>Where the other system shows it, at most 1 024 characters.</summary>
    public required Uri Url { get; init; }

    /// <summary>Title, at most 64 characters; null: the platform's.</summary>
    public string? Title { get; init; }

    /// <summary>Form values by label, at most 100. Lists show the first three.</summary>
    public IReadOnlyDictionary<string, string> Values { get; init; } = new Dictionary<string, string>();

    /// <summary>Who gets a copy, at most 20.</summary>
    public IReadOnlyList<string> CopyTo { get; init; } = [];

    /// <summary>When.</summary>
    public CopyTime CopyAt { get; init; } = CopyTime.Finish;

    /// <summary>Buttons and groups of its own (<c>featureConfig</c>), written as on the wire; null: none.</summary>
    public object? FeatureConfig { get; init; }

    internal object Wire()
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(ProcessCode);
        ArgumentException.ThrowIfNullOrWhiteSpace(OriginatorUserId);
        ArgumentNullException.ThrowIfNull(Url);
        if (!Url.IsAbsoluteUri || Url.AbsoluteUri.Length > 1024) throw new ArgumentException("The address is not absolute, or has more than 1024 characters.");
        if (Title?.Length > 64) throw new ArgumentException("A title has at most 64 characters.");
        if (Values.Count > 100) throw new ArgumentException("There are at most 100 values.");
        if (CopyTo.Count > 20) throw new ArgumentException("A copy goes to at most 20 people.");
        string position = CopyAt switch { CopyTime.Start => "start", CopyTime.Both => "start_finish", _ => "finish" };
        return new
        {
            processCode = ProcessCode, originatorUserId = OriginatorUserId, title = Title, url = Url.AbsoluteUri,
            formComponentValueList = Values.Count == 0 ? null : Values.Select(static v => new { name = v.Key, value = v.Value }).ToArray(),
            notifiers = CopyTo.Count == 0 ? null : CopyTo.Select(u => new { userid = u, position }).ToArray(),
            featureConfig = FeatureConfig,
        };
    }
}

/// <summary>How an approval of another system ended.</summary>
public enum CentreEnd
{
    /// <summary>Agreed to.</summary>
    Agreed,

    /// <summary>Refused.</summary>
    Refused,

    /// <summary>Withdrawn.</summary>
    Withdrawn,
}

/// <summary>One that ended.</summary>
/// <param name="InstanceId">Which.</param>
/// <param name="End">How.</param>
/// <param name="Tell">Who gets a copy, at most 30.</param>
public sealed record CentreEnded(string InstanceId, CentreEnd End, IReadOnlyList<string>? Tell = null)
{
    internal object Wire()
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(InstanceId);
        if (Tell?.Count > 30) throw new ArgumentException("A copy goes to at most 30 people.");
        return new
        {
            processInstanceId = InstanceId, status = End == CentreEnd.Withdrawn ? "TERMINATED" : "COMPLETED", result = End == CentreEnd.Agreed ? "agree" : "refuse",
            notifiers = Tell is not { Count: > 0 } ? null : Tell.Select(static u => new { userId = u }).ToArray(),
        };
    }
}

/// <summary>Something that one person has to do in another system.</summary>
/// <param name="UserId">Who.</param>
/// <param name="Url">Where it is done; opened on computers and phones alike. At most 1 024 characters.</param>
/// <param name="Due">Until when; not in the past.</param>
/// <param name="CustomData">Comes back in the address, at most 500 characters.</param>
public sealed record CentreTask(string UserId, Uri Url, DateTimeOffset? Due = null, string? CustomData = null)
{
    internal object Wire()
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(UserId);
        ArgumentNullException.ThrowIfNull(Url);
        if (!Url.IsAbsoluteUri || Url.AbsoluteUri.Length > 1024) throw new ArgumentException("The address is not absolute, or has more than 1024 characters.");
        if (CustomData?.Length > 500) throw new ArgumentException("Custom data has at most 500 characters.");
        return new { userId = UserId, url = Url.AbsoluteUri, customData = CustomData, dueTimestamp = Due?.ToUnixTimeMilliseconds() };
    }
}

/// <summary>A task as the platform keeps it.</summary>
/// <param name="TaskId">By which it is ended.</param>
/// <param name="UserId">Whose.</param>
/// <param name="ProcessInstanceId">Of which approval.</param>
/// <param name="ActivityId">The group that it was made in.</param>
/// <param name="Status"><c>RUNNING</c>, …</param>
public sealed record CentreTaskState(string? TaskId, string? UserId, string? ProcessInstanceId, string? ActivityId, string? Status);

/// <summary>How a task ended.</summary>
/// <param name="TaskId">Which.</param>
/// <param name="Agreed">Agreed or refused; null: it is wanted no more.</param>
public sealed record CentreTaskEnded(string TaskId, bool? Agreed);
