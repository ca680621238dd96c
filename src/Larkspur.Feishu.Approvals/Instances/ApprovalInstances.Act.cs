using Larkspur.Feishu.Api;

namespace Larkspur.Feishu.Approvals;

public readonly partial struct ApprovalInstances
{
    /// <summary>Takes an instance back, in the name of who asked. Documented limit: 100 a minute.</summary>
    /// <param name="approvalCode">Its definition.</param>
    /// <param name="instanceCode">Which one.</param>
    /// <param name="submitter">Who asked; nobody else can take it back.</param>
    /// <param name="options">What this call overrides.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <exception cref="FeishuApiException">The platform said no: 1390003 there is none, 1390009 another's, or taking back is not allowed.</exception>
    public Task CancelAsync(string approvalCode, string instanceCode, ApprovalPerson submitter, FeishuCallOptions? options = null, CancellationToken cancellationToken = default)
        => _client.Approval.V4.Instance.CancelAsync(
            new()
            {
                ApprovalCode = ApprovalIds.Code(approvalCode, nameof(approvalCode)), InstanceCode = ApprovalIds.Code(instanceCode, nameof(instanceCode)),
                UserId = submitter.Id, UserIdType = submitter.IdType,
            },
            options,
            cancellationToken);

    /// <summary>Gives people a copy of an instance. Documented limit: 100 a minute.</summary>
    /// <param name="approvalCode">Its definition.</param>
    /// <param name="instanceCode">Which one.</param>
    /// <param name="from">Who gives it.</param>
    /// <param name="to">Who gets it, at least one, by the same kind of id as <paramref name="from"/>.</param>
    /// <param name="comment">A word with it, or null.</param>
    /// <param name="options">What this call overrides.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <exception cref="ArgumentException">Nobody gets it, or the kinds of ids differ. Nothing was sent.</exception>
    /// <exception cref="FeishuApiException">The platform said no: 1390003 there is none, 1390004 no such person.</exception>
    public Task CopyAsync(
        string approvalCode, string instanceCode, ApprovalPerson from, IEnumerable<ApprovalPerson> to, string? comment = null, FeishuCallOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(to);
        return _client.Approval.V4.Instance.CcAsync(
            new()
            {
                ApprovalCode = ApprovalIds.Code(approvalCode, nameof(approvalCode)), InstanceCode = ApprovalIds.Code(instanceCode, nameof(instanceCode)),
                UserId = from.Id, UserIdType = from.IdType, CcUserIds = Same(from, to, nameof(to)), Comment = comment,
            },
            options,
            cancellationToken);
    }

    /// <summary>One call names one kind of id for all its people.</summary>
    internal static string[] Same(ApprovalPerson first, IEnumerable<ApprovalPerson> people, string name)
    {
        ApprovalPerson[] all = [.. people];
        if (all.Length == 0) throw new ArgumentException("There is nobody.", name);
        if (all.Any(p => p.IsUserId != first.IsUserId)) throw new ArgumentException("Some people are given by open_id and others by user_id: one call takes one kind.", name);
        return [.. all.Select(p => p.Id)];
    }
}
