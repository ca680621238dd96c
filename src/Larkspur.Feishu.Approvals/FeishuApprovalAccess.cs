using Larkspur.Feishu.Approvals;

namespace Larkspur.Feishu;

/// <summary>The platform's approval, as a member of the client: <c>feishu.Approvals</c>.</summary>
public static class FeishuApprovalAccess
{
    extension(FeishuClient feishu)
    {
        /// <summary>Approvals: their definitions, instances, tasks, and what belongs to them.</summary>
        public FeishuApprovals Approvals => new(feishu);
    }
}
