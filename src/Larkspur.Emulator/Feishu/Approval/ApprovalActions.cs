using Larkspur.Emulator.State.Approvals;

namespace Larkspur.Emulator.Feishu.Approval;

/// <summary>What a person does with a request, as it comes from the client or a control call.</summary>
internal sealed record ApprovalAction
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
    public AddSignPosition Where { get; init; } = AddSignPosition.Parallel;
    public NodeKind? Method { get; init; }
    public string? Form { get; init; }
}

/// <summary>Carries out what people do with approvals in the client. A refusal is a sentence for the person, never an exception.</summary>
internal sealed class ApprovalActions(EmulatorState state, ApprovalEngine engine, ExternalCallbacks callbacks)
{
    /// <returns>Why nothing happened; <see langword="null"/> when it is done.</returns>
    public async Task<LocalizedText?> DoAsync(string personId, ApprovalAction action, CancellationToken cancellationToken)
    {
        if (state.Person(personId) is null) return new LocalizedText($"There is no person {personId}.", $"没有 {personId} 这个人。");
        try
        {
            if (state.ApprovalInstance(action.Instance) is null && state.ExternalInstances.FirstOrDefault(i => i.InstanceId == action.Instance) is { } external)
            {
                return await callbacks.ClickAsync(personId, external, action, cancellationToken);
            }

            Do(personId, action);
            return null;
        }
        catch (ApprovalRefusal refusal)
        {
            return refusal.Text;
        }
    }

    /// <summary>A person submits a request themselves.</summary>
    /// <returns>The instance, or why there is none.</returns>
    public (ApprovalInstance? Instance, LocalizedText? Refusal) Submit(NewRequest request)
    {
        try
        {
            return (engine.Create(request), null);
        }
        catch (ApprovalRefusal refusal)
        {
            return (null, refusal.Text);
        }
    }

    private void Do(string who, ApprovalAction action)
    {
        switch (action.What)
        {
            case "approve":
                engine.Approve(action.Instance, who, action.TaskId, action.Comment);
                break;
            case "reject":
                engine.Reject(action.Instance, who, action.TaskId, action.Comment);
                break;
            case "transfer":
                engine.Transfer(action.Instance, who, action.TaskId, action.To.Count == 1 ? action.To[0] : throw ApprovalRefusal.Bad("A task is transferred to one person.", "只能转交给一个人。"), action.Comment);
                break;
            case "rollback":
                engine.RollBack(action.Instance, who, action.TaskId, action.To.Count > 0 ? action.To : [InstanceRun.StartKey], action.Comment);
                break;
            case "add_sign":
                engine.AddApprovers(action.Instance, who, action.TaskId, action.To, action.Where, action.Method, action.Comment);
                break;
            case "resubmit":
                engine.Resubmit(action.Instance, who, action.TaskId, action.Form ?? "", action.Comment);
                break;
            case "cancel":
                engine.Cancel(action.Instance, who);
                break;
            case "comment":
                NeedInvolved(who, action.Instance);
                engine.Comment(action.Instance, who, action.Comment ?? "");
                break;
            case "open":
                NeedInvolved(who, action.Instance);
                engine.Open(action.Instance, who);
                break;
            default:
                throw ApprovalRefusal.Bad($"Nobody can {action.What} a request.", $"不支持的操作：{action.What}");
        }
    }

    private void NeedInvolved(string who, string instance)
    {
        var found = engine.Instance(instance);
        if (!found.Involves(who) && !found.Definition.Managers.Contains(who)) throw new ApprovalRefusal(ApprovalRefusal.NotAllowed, $"{who} has nothing to do with this request.", $"{who} 与该审批无关。");
    }
}
