namespace Larkspur.Feishu.Approvals;

/// <summary>The platform's approval, part by part. Get it as <c>feishu.Approvals</c>.</summary>
/// <remarks>
/// What the platform would surely refuse is an exception before any call; what it refuses is a <see cref="FeishuApiException"/> whose
/// <see cref="FeishuApiException.Explanation"/> says in plain language what happened and what to do.
/// </remarks>
public readonly struct FeishuApprovals
{
    private readonly FeishuClient _client;

    internal FeishuApprovals(FeishuClient client) => _client = client;

    /// <summary>What can be asked for: forms and ways of deciding. Read, make, subscribe.</summary>
    public ApprovalDefinitions Definitions => new(_client);

    /// <summary>What was asked for: make, look at, list, cancel, copy, comment.</summary>
    public ApprovalInstances Instances => new(_client);

    /// <summary>Deciding: agree, refuse, hand on, send back, let others decide too; and looking at who has what to decide.</summary>
    public ApprovalTasks Tasks => new(_client);

    /// <summary>Reminding who has to decide.</summary>
    public ApprovalReminders Reminders => new(_client);

    /// <summary>Files for forms and comments.</summary>
    public ApprovalFiles Files => new(_client);

    /// <summary>Approvals that another system keeps and the platform shows.</summary>
    public ExternalApprovals External => new(_client);
}
