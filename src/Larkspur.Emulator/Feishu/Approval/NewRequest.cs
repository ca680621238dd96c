using System.Collections.Immutable;
using Larkspur.Emulator.State.Approvals;

namespace Larkspur.Emulator.Feishu.Approval;

/// <summary>What is asked for with a new request. People are <c>user_id</c>s of this company.</summary>
internal sealed record NewRequest
{
    public required string ApprovalCode { get; init; }
    public required string UserId { get; init; }
    public string? DepartmentId { get; init; }
    public required string Form { get; init; }
    public IReadOnlyDictionary<string, ImmutableArray<string>> Approvers { get; init; } = ImmutableDictionary<string, ImmutableArray<string>>.Empty;
    public IReadOnlyDictionary<string, ImmutableArray<string>> Copies { get; init; } = ImmutableDictionary<string, ImmutableArray<string>>.Empty;
    public ImmutableHashSet<string> AutoNodes { get; init; } = [];
    public string Uuid { get; init; } = "";
    public string Title { get; init; } = "";
    public LocalTexts Texts { get; init; } = LocalTexts.None;
    public bool ForbidsRevoke { get; init; }
}
