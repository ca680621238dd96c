namespace Larkspur.Feishu.Approvals;

/// <summary>The platform's approval, part by part. Get it as <c>feishu.Approvals</c>.</summary>
/// <remarks>
/// What the platform would surely refuse is an exception before any call; what it refuses is a <see cref="FeishuApiException"/> whose
/// <see cref="FeishuApiException.Explanation"/> says in plain words what happened and what to do.
/// </remarks>
public readonly struct FeishuApprovals
{
    private readonly FeishuClient _client;

    internal FeishuApprovals(FeishuClient client) => _client = client;

    /// <summary>What can be asked for: forms and ways of deciding. Read, make, subscribe.</summary>
    public ApprovalDefinitions Definitions => new(_client);

    /// <summary>What was asked for: make, look at, list, cancel, copy, comment.</summary>
    public ApprovalInstances Instances => new(_client);
}
