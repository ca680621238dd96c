namespace Larkspur.Feishu.Approvals;

/// <summary>Codes that this SDK acts upon. The 60xxx ones are the older family, which some paths still answer with.</summary>
internal static class ApprovalCodes
{
    public const int Subscribed = 1390007;

    public const int SubscribedBefore = 60007;

    public const int NotSubscribed = 60008;

    public const int UuidTaken = 60012;
}
