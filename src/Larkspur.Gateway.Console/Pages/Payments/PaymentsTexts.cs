using Larkspur.Feishu.Approvals;
using Larkspur.Gateway.Approvals;
using Larkspur.Gateway.Common.Localisation;

namespace Larkspur.Gateway.Console.Pages.Payments;

/// <summary>What the payment pages say.</summary>
internal static class PaymentsTexts
{
    public static readonly LocalText Title = new("付款与审批", "Payments");
    public static readonly LocalText About = new("业务系统提交的付款在飞书里审批，结果通过 Webhook 告知业务系统。", "Payments are approved in Feishu, and business systems are told the decision.");
    public static readonly LocalText State = new("状态", "State");
    public static readonly LocalText Number = new("单号", "Number");
    public static readonly LocalText All = new("全部", "All");
    public static readonly LocalText Filter = new("筛选", "Filter");
    public static readonly LocalText When = new("提交时间", "Submitted");
    public static readonly LocalText Amount = new("金额", "Amount");
    public static readonly LocalText Payee = new("收款方", "Payee");
    public static readonly LocalText Submitter = new("申请人", "Submitter");
    public static readonly LocalText ChangedAt = new("最近变化", "Last change");
    public static readonly LocalText Older = new("更早的付款", "Older ones");
    public static readonly LocalText None = new("还没有付款", "No payment yet");
    public static readonly LocalText NoneHelp = new("业务系统调用 POST /api/v1/payments，网关就会在飞书里创建审批，审批结果通过 payment.decided 回调。先在“设置”中打开付款流程并填写审批定义编码。",
        "A business system calls POST /api/v1/payments; the gateway has it approved in Feishu and tells the decision by the webhook payment.decided. Switch the payment workflow on in the settings first, and enter the approval code.");
    public static readonly LocalText ShowAll = new("显示全部", "Show all");
    public static readonly LocalText NoneFits = new("没有符合条件的付款", "No payment fits");
    public static readonly LocalText NoneFitsHelp = new("放宽筛选条件再试。", "Widen the filter and look again.");
    public static readonly LocalText ToSettings = new("打开设置", "Open the settings");

    public static readonly LocalText Workflow = new("审批定义", "Approval definition");
    public static readonly LocalText Off = new("付款流程未开启，或没有填写审批定义编码：新的付款会被拒绝。", "The payment workflow is off, or has no approval code: new payments are refused.");
    public static readonly LocalText Code = new("编码", "Code");
    public static readonly LocalText Events = new("审批事件", "Events");
    public static readonly LocalText NextTry = new("下次确认", "looked at again");
    public static readonly LocalText Name = new("名称", "Name");
    public static readonly LocalText Reading = new("正在读取审批定义…", "Reading the definition…");
    public static readonly LocalText Controls = new("表单控件", "Form");
    public static readonly LocalText Nodes = new("审批节点", "Steps");
    public static readonly LocalText Required = new("必填", "Required");
    public static readonly LocalText ByHand = new("不能通过接口填写", "Cannot be given over the API");
    public static readonly LocalText NeedsApprover = new("提交时指定审批人", "Named with the payment");
    public static readonly LocalText Kind = new("类型", "Type");

    public static readonly LocalText Back = new("全部付款", "All payments");
    public static readonly LocalText Unknown = new("没有这笔付款", "There is no such payment");
    public static readonly LocalText UnknownHelp = new("请检查地址。", "Check the address.");
    public static readonly LocalText Facts = new("概况", "Facts");
    public static readonly LocalText Purpose = new("用途", "Title");
    public static readonly LocalText Version = new("版本", "Version");
    public static readonly LocalText Instance = new("审批实例", "Instance");
    public static readonly LocalText Reason = new("原因", "Reason");
    public static readonly LocalText NextCheck = new("下次核对", "Looked up again");
    public static readonly LocalText Reference = new("参考号", "Reference");
    public static readonly LocalText TimeLine = new("时间线", "Time line");
    public static readonly LocalText Webhooks = new("Webhook", "Webhooks");
    public static readonly LocalText NoWebhooks = new("有结果之后会通过 Webhook 告知业务系统；还没有产生投递。", "Business systems are told once there is a decision; none was made yet.");
    public static readonly LocalText Webhook = new("Webhook", "Webhook");
    public static readonly LocalText Attempts = new("次数", "Attempts");
    public static readonly LocalText Delivery = new("投递记录与重放", "Delivery and replay");
    public static readonly LocalText NextAttempt = new("下次尝试", "next attempt");
    public static readonly LocalText Cancel = new("撤回付款", "Withdraw");
    public static readonly LocalText CancelQuestion = new("以申请人的名义撤回审批？业务系统会收到“已撤回”的结果，且不能恢复。", "Withdraw the approval in its submitter's name? The business system is told that it was canceled. This cannot be undone.");
    public static readonly LocalText CancelDone = new("已请求撤回，等待平台确认", "Asked for; it is canceled once the platform has done it");
    public static readonly LocalText Remind = new("提醒审批人", "Remind");
    public static readonly LocalText RemindQuestion = new("由审批助手提醒所有还没有处理的审批人？", "Have the approval bot remind everybody who holds it up?");

    public static LocalText Reminded(int people) => new($"已提醒 {people} 人", people == 1 ? "One person is reminded" : $"{people} people are reminded");

    public static LocalText Of(string state) => state switch
    {
        PaymentStates.Submitting => new("提交中", "Submitting"),
        PaymentStates.Pending => new("审批中", "Pending"),
        PaymentStates.Approved => new("已通过", "Approved"),
        PaymentStates.Rejected => new("已拒绝", "Rejected"),
        PaymentStates.Canceled => new("已撤回", "Canceled"),
        PaymentStates.Deleted => new("已删除", "Deleted"),
        PaymentStates.Reverted => new("通过后被撤销", "Reverted"),
        PaymentStates.Failed => new("提交失败", "Failed"),
        _ => LocalText.From(state),
    };

    public static string KindOf(string state) => state switch
    {
        PaymentStates.Submitting or PaymentStates.Pending => "busy",
        PaymentStates.Approved => "good",
        PaymentStates.Rejected or PaymentStates.Failed => "bad",
        PaymentStates.Reverted or PaymentStates.Deleted => "warn",
        _ => "off",
    };

    public static LocalText OfLine(string what) => what switch
    {
        "submitted" => new("业务系统提交", "Submitted"),
        "created" => new("审批实例已创建", "Instance made"),
        "cancel_requested" => new("请求撤回", "Withdrawal asked for"),
        "cancel_sent" => new("平台已接受撤回", "Withdrawal taken by the platform"),
        "cancel_failed" => new("撤回失败", "Withdrawal failed"),
        "remind_requested" => new("请求提醒审批人", "Reminder asked for"),
        "reminded" => new("已提醒审批人", "Reminded"),
        "remind_failed" => new("提醒失败", "Reminder failed"),
        "task_pending" => new("等待审批人处理", "Waits for an approver"),
        "task_approved" => new("审批人通过", "An approver agreed"),
        "task_rejected" => new("审批人拒绝", "An approver refused"),
        "task_transferred" => new("审批人转交", "Handed on"),
        "task_done" => new("任务结束", "Task ended"),
        "task_rollback" => new("审批退回", "Sent back"),
        "task_reverted" => new("任务还原", "Task reopened"),
        _ when PaymentStates.All.Contains(what) => Of(what),
        ['e', 'v', 'e', 'n', 't', '_', .. var state] when PaymentStates.All.Contains(state) => new($"平台通知：{Of(state).Chinese}", $"The platform told: {Of(state).English}"),
        _ => LocalText.From(what),
    };

    /// <summary>A line that only repeats what the platform told: the one beside it says what came of it.</summary>
    public static bool IsEcho(string what) => what.StartsWith("event_", StringComparison.Ordinal);

    /// <summary>A line's detail where it says something to people: numbers of tasks and instances do not.</summary>
    public static string? Saying(TimelineView line) => line.What == "created" || line.Detail is null || line.What.StartsWith("task_", StringComparison.Ordinal) && line.Detail.All(char.IsAsciiDigit) ? null : line.Detail;

    public static LocalText OfSource(string source) => source switch
    {
        PaymentSource.Request => new("请求", "request"),
        PaymentSource.Create => new("接口应答", "platform's answer"),
        PaymentSource.Event => new("事件", "event"),
        PaymentSource.Reconciliation => new("对账", "reconciliation"),
        PaymentSource.Operator => new("操作员", "operator"),
        _ => LocalText.From(source),
    };

    public static LocalText OfSubscription(string state) => state switch
    {
        SubscriptionRow.Active => new("已订阅", "Subscribed"),
        SubscriptionRow.Wanted => new("订阅中", "Being asked for"),
        SubscriptionRow.Refused => new("订阅被拒绝", "Refused"),
        SubscriptionRow.Removed => new("已取消订阅", "Removed"),
        _ => new("尚未订阅", "Not asked for yet"),
    };

    public static string KindOfSubscription(string state) => state switch
    {
        SubscriptionRow.Active => "good",
        SubscriptionRow.Refused => "bad",
        SubscriptionRow.Wanted => "busy",
        _ => "off",
    };

    public static LocalText Of(ApprovalDefinitionState state) => state switch
    {
        ApprovalDefinitionState.Active => new("启用", "In use"),
        ApprovalDefinitionState.Inactive => new("已停用", "Switched off"),
        ApprovalDefinitionState.Deleted => new("已删除", "Deleted"),
        _ => new("未知", "Unknown"),
    };

    public static string KindOf(ApprovalDefinitionState state) => state == ApprovalDefinitionState.Active ? "good" : "bad";

    /// <summary>A sum as people write it, every digit kept.</summary>
    public static string Sum(string amount, string currency)
    {
        var (sign, rest) = amount.StartsWith('-') ? ("-", amount[1..]) : ("", amount);
        var point = rest.IndexOf('.', StringComparison.Ordinal);
        var whole = point < 0 ? rest : rest[..point];
        for (var at = whole.Length - 3; at > 0; at -= 3) whole = whole.Insert(at, ",");
        return $"{currency} {sign}{whole}{(point < 0 ? "" : rest[point..])}";
    }

    /// <summary>A part of a form. Source: approval/v4, the definition's widgets.</summary>
    public static LocalText OfControl(string type) => type switch
    {
        "input" => new("单行文本", "Text"),
        "textarea" => new("多行文本", "Long text"),
        "number" => new("数字", "Number"),
        "amount" => new("金额", "Amount"),
        "formula" => new("公式", "Formula"),
        "radio" or "radioV2" => new("单选", "One choice"),
        "checkbox" or "checkboxV2" => new("多选", "Several choices"),
        "date" => new("日期", "Date"),
        "dateInterval" => new("日期区间", "Period"),
        "attachment" or "attachmentV2" => new("附件", "Files"),
        "image" or "imageV2" => new("图片", "Pictures"),
        "contact" => new("联系人", "People"),
        "department" => new("部门", "Department"),
        "connect" => new("关联审批", "Linked approval"),
        "document" => new("文档", "Document"),
        "fieldList" => new("明细", "List of rows"),
        "address" => new("地址", "Address"),
        "telephone" => new("电话", "Telephone"),
        "account" => new("收款账户", "Bank account"),
        "serialNumber" => new("流水号", "Serial number"),
        "text" => new("说明文字", "Explanation"),
        _ => LocalText.From(type),
    };

    /// <summary>Nobody decides at a form's beginning and end. Source: approval/v4, node_list.</summary>
    public static bool IsStep(ApprovalNode node) => node.Id is not ("START" or "END") && node.CustomId is not ("START" or "END");

    /// <summary>How a step is decided. Source: approval/v4, node_type.</summary>
    public static LocalText OfNode(string type) => type switch
    {
        "AND" => new("会签：全部通过", "All must agree"),
        "OR" => new("或签：一人通过", "One is enough"),
        "SEQUENTIAL" => new("依次审批", "One after the other"),
        "CC_NODE" => new("抄送", "Copied to"),
        _ => LocalText.From(type),
    };
}
