namespace Larkspur.DingTalk.Workflow;

/// <summary>Whether all of a step's people have to agree.</summary>
public enum ApproverMode
{
    /// <summary>One person alone.</summary>
    Single,

    /// <summary>All of them.</summary>
    All,

    /// <summary>The first one who decides.</summary>
    Any,
}

/// <summary>When the copy goes out.</summary>
public enum CopyTime
{
    /// <summary>When it begins.</summary>
    Start,

    /// <summary>When it ends.</summary>
    Finish,

    /// <summary>Both times.</summary>
    Both,
}

/// <summary>A step of the way of an instance that does not take its template's own.</summary>
/// <param name="Mode">For one person <see cref="ApproverMode.Single"/>.</param>
/// <param name="UserIds">Who decides.</param>
public sealed record ApproverStep(ApproverMode Mode, IReadOnlyList<string> UserIds)
{
    internal object Wire()
    {
        if (UserIds.Count == 0 || UserIds.Any(string.IsNullOrWhiteSpace)) throw new ArgumentException("A step has nobody in it, or an empty userid.");
        if (Mode == ApproverMode.Single != (UserIds.Count == 1)) throw new ArgumentException("One person decides in a step of Single, several in one of All or Any.");
        return new { actionType = Mode switch { ApproverMode.All => "AND", ApproverMode.Any => "OR", _ => "NONE" }, userIds = UserIds };
    }
}

/// <summary>An instance to start.</summary>
/// <remarks>Source: 02/0497. The platform has no key for it: after a lost answer look for the instance before you start it again.</remarks>
public sealed record ApprovalStart
{
    /// <summary>The template.</summary>
    public required string ProcessCode { get; init; }

    /// <summary>Who asks.</summary>
    public required string OriginatorUserId { get; init; }

    /// <summary>Form values by label, at most 150. All are texts: lists and tables as JSON.</summary>
    public required IReadOnlyDictionary<string, string> Values { get; init; }

    /// <summary>The department that he asks for; -1: the root. Needed where <see cref="Approvers"/> is empty.</summary>
    public long DepartmentId { get; init; } = -1;

    /// <summary>The app that it is counted to (<c>microappAgentId</c>); null: not said.</summary>
    public long? AgentId { get; init; }

    /// <summary>Who decides, step by step, at most 20 steps; empty: the template's own way.</summary>
    public IReadOnlyList<ApproverStep> Approvers { get; init; } = [];

    /// <summary>Who gets a copy, at most 50.</summary>
    public IReadOnlyList<string> CopyTo { get; init; } = [];

    /// <summary>When.</summary>
    public CopyTime CopyAt { get; init; } = CopyTime.Finish;

    /// <summary>Of the template's own way: whom the originator chose for a step, by <see cref="ForecastStep.ActorKey"/>.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string>> Chosen { get; init; } = new Dictionary<string, IReadOnlyList<string>>();

    internal object Wire()
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(ProcessCode);
        ArgumentException.ThrowIfNullOrWhiteSpace(OriginatorUserId);
        ArgumentNullException.ThrowIfNull(Values);
        if (Values.Count > 150) throw new ArgumentException("A form has at most 150 values.");
        if (Approvers.Count > 20 || Chosen.Count > 20) throw new ArgumentException("There are at most 20 steps.");
        if (CopyTo.Count > 50) throw new ArgumentException("A copy goes to at most 50 people.");
        return new
        {
            processCode = ProcessCode,
            originatorUserId = OriginatorUserId,
            deptId = DepartmentId,
            microappAgentId = AgentId,
            approvers = Approvers.Count == 0 ? null : Approvers.Select(static a => a.Wire()).ToArray(),
            ccList = CopyTo.Count == 0 ? null : CopyTo,
            ccPosition = CopyTo.Count == 0 ? null : CopyAt switch { CopyTime.Start => "START", CopyTime.Both => "START_FINISH", _ => "FINISH" },
            targetSelectActioners = Chosen.Count == 0 ? null : Chosen.Select(static c => new { actionerKey = c.Key, actionerUserIds = c.Value }).ToArray(),
            formComponentValues = Values.Select(static v => new { name = v.Key, value = v.Value }).ToArray(),
        };
    }
}
