using System.Text.Json.Serialization;

namespace Larkspur.DingTalk.Workflow;

/// <summary>A step of the way that an instance would go.</summary>
/// <remarks>Source: 02/0493.</remarks>
public sealed record ForecastStep
{
    /// <summary>What it is called.</summary>
    public string? ActivityName { get; init; }

    /// <summary>The originator has to say who: <see cref="ApprovalStart.Chosen"/> under <see cref="ActorKey"/>.</summary>
    public bool IsTargetSelect { get; init; }

    /// <summary>Who decides, where the template says it.</summary>
    public IReadOnlyList<ForecastPerson> ActivityActioners { get; init; } = [];

    /// <summary>What the platform says of those who decide.</summary>
    public ForecastActor? WorkflowActor { get; init; }

    /// <summary>The step's key.</summary>
    [JsonIgnore]
    public string? ActorKey => WorkflowActor?.ActorKey;
}

/// <summary>Who decides in a step, or among whom one chooses.</summary>
/// <param name="ActorKey">The step's key.</param>
/// <param name="ActorType"><c>approver</c>, <c>notifier</c>, <c>audit</c>.</param>
/// <param name="ActorSelectionType">Among whom: <c>allStaff</c>, <c>approvals</c> (<see cref="ForecastRange.Approvals"/>), <c>labels</c> (roles).</param>
/// <param name="ActorSelectionRange">Them.</param>
/// <param name="AllowedMulti">More than one can be chosen.</param>
/// <param name="ApprovalMethod"><c>ONE_BY_ONE</c>, <c>AND</c>, <c>OR</c>.</param>
/// <param name="Required">Somebody has to be chosen.</param>
public sealed record ForecastActor(string? ActorKey, string? ActorType, string? ActorSelectionType, ForecastRange? ActorSelectionRange, bool? AllowedMulti, string? ApprovalMethod, bool? Required);

/// <summary>Among whom one chooses.</summary>
/// <param name="Approvals">People.</param>
public sealed record ForecastRange(IReadOnlyList<ForecastCandidate>? Approvals);

/// <summary>Somebody who can be chosen.</summary>
/// <param name="WorkNo">Their userid.</param>
/// <param name="UserName">Their name.</param>
public sealed record ForecastCandidate(string? WorkNo, string? UserName);

/// <summary>Somebody who decides.</summary>
/// <param name="UserId">Who.</param>
/// <param name="Name">Their name.</param>
public sealed record ForecastPerson(string? UserId, string? Name);
