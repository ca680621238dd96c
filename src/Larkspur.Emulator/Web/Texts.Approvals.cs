using Larkspur.Emulator.State.Approvals;
using TaskStatus = Larkspur.Emulator.State.Approvals.TaskStatus;

namespace Larkspur.Emulator.Web;

/// <summary>The approvals inbox.</summary>
public sealed partial class Texts
{
    public string ApprovalLocale => _zh ? "zh-CN" : "en-US";
    public string Approvals => _zh ? "审批" : "Approvals";
    public string ApprovalBot => _zh ? "审批助手" : "Approval bot";
    public string ToDo => _zh ? "待办" : "To do";
    public string Done => _zh ? "已办" : "Done";
    public string Mine => _zh ? "我发起" : "Mine";
    public string Copied => _zh ? "抄送我" : "Copied";
    public string NothingToDo => _zh ? "没有待办审批" : "Nothing to decide";
    public string NothingHere => _zh ? "这里还没有审批" : "No requests here yet";
    public string NothingHereHint => _zh ? "应用发起审批，或有人转交、加签给此人后，会出现在这里。" : "Requests appear here once an app submits one, or somebody passes theirs on to this person.";
    public string PickApproval => _zh ? "选择一个审批查看详情" : "Pick a request to read it";
    public string BackToApprovals => _zh ? "返回审批列表" : "Back to the requests";
    public string SubmittedBy(string name) => _zh ? $"{name} 发起" : $"Submitted by {name}";
    public string FromSystem(string name) => _zh ? $"来自 {name}" : $"From {name}";
    public string Serial => _zh ? "审批编号" : "Number";
    public string FormPart => _zh ? "申请内容" : "Request";
    public string ProgressPart => _zh ? "审批进度" : "Progress";
    public string CommentsPart => _zh ? "评论" : "Comments";
    public string Approve => _zh ? "同意" : "Approve";
    public string Reject => _zh ? "拒绝" : "Reject";
    public string Transfer => _zh ? "转交" : "Transfer";
    public string TransferTo => _zh ? "转交给" : "Transfer to";
    public string Withdraw => _zh ? "撤回" : "Withdraw";
    public string TakeBack => _zh ? "撤销已通过的审批" : "Take back";
    public string WithdrawSure => _zh ? "撤回后审批即结束，不能恢复。" : "This ends the request and cannot be undone.";
    public string AddComment => _zh ? "评论" : "Comment";
    public string Opinion => _zh ? "审批意见" : "Your comment";
    public string OpinionHint => _zh ? "填写意见（选填）" : "Say why (optional)";
    public string Waiting => _zh ? "等待处理" : "Waiting";
    public string PassedByItself => _zh ? "自动通过" : "Passed by itself";
    public string Rows(int count) => _zh ? $"{count} 行" : count == 1 ? "1 row" : $"{count} rows";

    public string StatusOf(ApprovalInstance instance) => instance.Reverted ? (_zh ? "已撤销" : "Taken back") : instance.Status switch
    {
        InstanceStatus.Approved => _zh ? "已通过" : "Approved",
        InstanceStatus.Rejected => _zh ? "已拒绝" : "Rejected",
        InstanceStatus.Canceled => _zh ? "已撤回" : "Withdrawn",
        InstanceStatus.Deleted => _zh ? "已删除" : "Deleted",
        _ => instance.At < 0 ? (_zh ? "已退回" : "Sent back") : _zh ? "审批中" : "Pending",
    };

    /// <summary>How another system's status reads.</summary>
    public string StatusOf(string external) => external switch
    {
        "APPROVED" => _zh ? "已通过" : "Approved",
        "REJECTED" => _zh ? "已拒绝" : "Rejected",
        "CANCELED" => _zh ? "已撤回" : "Withdrawn",
        "TERMINATED" => _zh ? "已终止" : "Terminated",
        "DELETED" or "HIDDEN" => _zh ? "已删除" : "Deleted",
        _ => _zh ? "审批中" : "Pending",
    };

    public string TimelineEntryOf(TimelineEntry entry, string others) => entry.Kind switch
    {
        TimelineKind.Start => entry.TaskId is null ? (_zh ? "发起审批" : "submitted the request") : _zh ? "重新提交" : "submitted it again",
        TimelineKind.Pass => _zh ? "已同意" : "approved",
        TimelineKind.Reject => _zh ? "已拒绝" : "rejected",
        TimelineKind.AutoPass => PassedByItself,
        TimelineKind.AutoReject => _zh ? "自动拒绝" : "rejected by itself",
        TimelineKind.RemoveRepeat => _zh ? "审批人重复，自动通过" : "approved before, passed by itself",
        TimelineKind.Transfer => _zh ? $"转交给 {others}" : $"transferred it to {others}",
        TimelineKind.AddApproverBefore => _zh ? $"前加签给 {others}" : $"asked {others} to decide first",
        TimelineKind.AddApproverAfter => _zh ? $"后加签给 {others}" : $"asked {others} to decide next",
        TimelineKind.AddApprover => _zh ? $"并加签给 {others}" : $"asked {others} to decide too",
        TimelineKind.DeleteApprover => _zh ? $"减签 {others}" : $"took {others} off",
        TimelineKind.RollbackSelected or TimelineKind.Rollback => _zh ? "退回" : "sent it back",
        TimelineKind.Cancel => _zh ? "已撤回" : "withdrew it",
        TimelineKind.Delete => _zh ? "已删除" : "deleted it",
        _ => _zh ? $"抄送给 {others}" : $"sent a copy to {others}",
    };

    public static string ToneOf(ApprovalInstance instance) => instance.Reverted ? "off" : instance.Status switch
    {
        InstanceStatus.Approved => "good", InstanceStatus.Rejected => "bad", InstanceStatus.Pending => "busy", _ => "off",
    };

    public static string ToneOf(string external) => external switch { "APPROVED" => "good", "REJECTED" => "bad", "PENDING" => "busy", _ => "off" };

    public static string ToneOf(TimelineKind kind) => kind switch
    {
        TimelineKind.Pass or TimelineKind.AutoPass or TimelineKind.RemoveRepeat => "good", TimelineKind.Reject or TimelineKind.AutoReject => "bad", TimelineKind.Cancel or TimelineKind.Delete or TimelineKind.RollbackSelected or TimelineKind.Rollback => "off", _ => "busy",
    };

    /// <summary>Whether a task is the person's to decide.</summary>
    public static bool IsOpen(ApprovalTask task, string userId) => task.UserId == userId && task.Status == TaskStatus.Pending;
}
