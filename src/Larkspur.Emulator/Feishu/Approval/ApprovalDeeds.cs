using Larkspur.Emulator.World;
using Larkspur.Emulator.World.Approvals;

namespace Larkspur.Emulator.Feishu.Approval;

/// <summary>What a person does with a request, as it comes from the client or a control call.</summary>
internal sealed record ApprovalDeed
{
    /// <summary>approve, reject, transfer, rollback, add_sign, cancel, comment, resubmit or open; for requests of other systems also one of their own action types.</summary>
    public required string What { get; init; }
    /// <summary>An instance code, or the id of another system's instance.</summary>
    public required string Instance { get; init; }
    /// <summary><see langword="null"/>: the person's only pending task.</summary>
    public string? TaskId { get; init; }
    public string? Comment { get; init; }
    /// <summary>People, or for a rollback nodes.</summary>
    public IReadOnlyList<string> To { get; init; } = [];
    public AddedWhere Where { get; init; } = AddedWhere.Parallel;
    public NodeKind? Method { get; init; }
    public string? Form { get; init; }
}

/// <summary>People's doings with approvals. A refusal is a sentence for the person, never an exception.</summary>
internal sealed class ApprovalDeeds(EmulatedWorld world, ApprovalDesk desk, ExternalCallbacks callbacks)
{
    /// <returns>Why nothing happened; <see langword="null"/> when it is done.</returns>
    public async Task<Said?> DoAsync(string personId, ApprovalDeed deed, CancellationToken cancellationToken)
    {
        if (world.Person(personId) is null) return new Said($"There is no person {personId}.", $"没有 {personId} 这个人。");
        try
        {
            if (world.ApprovalInstance(deed.Instance) is null && world.ExternalInstances.FirstOrDefault(i => i.InstanceId == deed.Instance) is { } external)
            {
                return await callbacks.ClickAsync(personId, external, deed, cancellationToken);
            }

            Do(personId, deed);
            return null;
        }
        catch (ApprovalRefusal refusal)
        {
            return refusal.Said;
        }
    }

    /// <summary>A person submits a request themselves.</summary>
    /// <returns>The instance, or why there is none.</returns>
    public (ApprovalInstance? Instance, Said? Refusal) Submit(NewRequest request)
    {
        try
        {
            return (desk.Create(request), null);
        }
        catch (ApprovalRefusal refusal)
        {
            return (null, refusal.Said);
        }
    }

    private void Do(string who, ApprovalDeed deed)
    {
        switch (deed.What)
        {
            case "approve":
                desk.Approve(deed.Instance, who, deed.TaskId, deed.Comment);
                break;
            case "reject":
                desk.Reject(deed.Instance, who, deed.TaskId, deed.Comment);
                break;
            case "transfer":
                desk.Transfer(deed.Instance, who, deed.TaskId, deed.To.Count == 1 ? deed.To[0] : throw ApprovalRefusal.Bad("A task is transferred to one person.", "只能转交给一个人。"), deed.Comment);
                break;
            case "rollback":
                desk.RollBack(deed.Instance, who, deed.TaskId, deed.To.Count > 0 ? deed.To : [InstanceRun.StartKey], deed.Comment);
                break;
            case "add_sign":
                desk.AddApprovers(deed.Instance, who, deed.TaskId, deed.To, deed.Where, deed.Method, deed.Comment);
                break;
            case "resubmit":
                desk.Resubmit(deed.Instance, who, deed.TaskId, deed.Form ?? "", deed.Comment);
                break;
            case "cancel":
                desk.Cancel(deed.Instance, who);
                break;
            case "comment":
                NeedInvolved(who, deed.Instance);
                desk.Comment(deed.Instance, who, deed.Comment ?? "");
                break;
            case "open":
                NeedInvolved(who, deed.Instance);
                desk.Open(deed.Instance, who);
                break;
            default:
                throw ApprovalRefusal.Bad($"Nobody can {deed.What} a request.", $"不支持的操作：{deed.What}");
        }
    }

    private void NeedInvolved(string who, string instance)
    {
        var found = desk.Instance(instance);
        if (!found.Involves(who) && !found.Definition.Managers.Contains(who)) throw new ApprovalRefusal(ApprovalRefusal.NotAllowed, $"{who} has nothing to do with this request.", $"{who} 与该审批无关。");
    }
}
