using Larkspur.Emulator.WeCom.Approvals;

namespace Larkspur.Emulator.Web;

/// <summary>WeCom's approvals.</summary>
public sealed partial class Texts
{
    public string Urge => _zh ? "催办" : "Urge";
    public string Handle => _zh ? "办理" : "Handle";
    public string WeComSubmitted => _zh ? "发起审批" : "submitted the request";
    public string WeComNothingHereHint => _zh ? "应用提交审批申请，或有人转交给此人后，会出现在这里。" : "Requests appear here once an app submits one, or somebody passes theirs on to this person.";

    internal string StatusOf(ApprovalStatus status) => status switch
    {
        ApprovalStatus.Passed => _zh ? "已通过" : "Approved",
        ApprovalStatus.Rejected => _zh ? "已驳回" : "Rejected",
        ApprovalStatus.Withdrawn => _zh ? "已撤销" : "Withdrawn",
        ApprovalStatus.WithdrawnAfterPass => _zh ? "通过后撤销" : "Taken back",
        _ => _zh ? "审批中" : "Pending",
    };

    internal static string ToneOf(ApprovalStatus status) => status switch { ApprovalStatus.Passed => "good", ApprovalStatus.Rejected => "bad", ApprovalStatus.Pending => "busy", _ => "off" };

    internal string PartOf(ApprovalNodeKind kind, ApprovalStep step, bool isOpen) => (kind, step) switch
    {
        (ApprovalNodeKind.Notify, _) => _zh ? "抄送" : "is told",
        (_, ApprovalStep.Agreed) => _zh ? "已同意" : "approved",
        (_, ApprovalStep.Handled) => _zh ? "已办理" : "handled it",
        (_, ApprovalStep.Rejected) => _zh ? "已驳回" : "rejected",
        (_, ApprovalStep.Transferred) => _zh ? "已转交" : "passed it on",
        _ => isOpen ? Waiting : _zh ? "未处理" : "Not asked",
    };

    internal string RuleOf(ApprovalRule rule) => rule switch
    {
        ApprovalRule.Any => _zh ? "或签" : "Any one decides",
        ApprovalRule.InTurn => _zh ? "依次审批" : "One after the other",
        _ => _zh ? "会签" : "All decide",
    };
}
