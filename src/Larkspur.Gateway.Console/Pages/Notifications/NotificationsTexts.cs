using System.Text.Json;
using Larkspur.Gateway.Cards;
using Larkspur.Gateway.Common.Localisation;
using Larkspur.Gateway.Notifications;

namespace Larkspur.Gateway.Console.Pages.Notifications;

/// <summary>What the notification pages say.</summary>
internal static class NotificationsTexts
{
    public static readonly LocalText Title = new("通知", "Notifications");
    public static readonly LocalText About = new("业务系统发来的每个事件，通知了谁、是否送达、谁作了决定。", "Each business event: who was told, whether it arrived, and who decided.");
    public static readonly LocalText Types = new("通知类型", "Notification types");
    public static readonly LocalText Event = new("事件", "Event");
    public static readonly LocalText Subject = new("业务单号", "Subject");
    public static readonly LocalText State = new("状态", "State");
    public static readonly LocalText All = new("全部", "All");
    public static readonly LocalText Filter = new("筛选", "Filter");
    public static readonly LocalText When = new("时间", "When");
    public static readonly LocalText To = new("收件人", "Recipients");
    public static readonly LocalText Outcome = new("结果", "Outcome");
    public static readonly LocalText Older = new("更早的通知", "Older ones");
    public static readonly LocalText Details = new("详情", "Details");
    public static readonly LocalText None = new("还没有通知", "No notification yet");
    public static readonly LocalText NoneHelp = new("业务系统调用 POST /api/v1/notifications，给出事件和变量，网关就会把卡片发给对应的人。可以先在“通知类型”里看看卡片的样子，给自己发一张测试卡片。",
        "A business system calls POST /api/v1/notifications with an event and its variables, and the gateway sends the card to the right people. Look at the cards under Notification types first, and send yourself a test.");
    public static readonly LocalText SeeTypes = new("查看通知类型", "See the notification types");
    public static readonly LocalText ShowAll = new("显示全部", "Show all");
    public static readonly LocalText NoneFits = new("没有符合条件的通知", "No notification fits");
    public static readonly LocalText NoneFitsHelp = new("放宽筛选条件再试。", "Widen the filter and look again.");
    public static readonly LocalText Off = new("飞书集成已关闭：业务系统发来的通知会被拒绝", "The Feishu integration is off: notifications of business systems are refused");
    public static readonly LocalText ToSettings = new("打开设置", "Open the settings");
    public static readonly LocalText Test = new("测试", "Test");
    public static readonly LocalText Waits = new("等待审批", "Waits for a decision");
    public static readonly LocalText More = new("另外 {0} 人", "and {0} more");

    public static readonly LocalText Back = new("全部通知", "All notifications");
    public static readonly LocalText Unknown = new("没有这条通知", "There is no such notification");
    public static readonly LocalText UnknownHelp = new("它可能已过保留期。", "It may be past its time of keeping.");
    public static readonly LocalText Deliveries = new("投递", "Deliveries");
    public static readonly LocalText Clicks = new("点击", "Clicks");
    public static readonly LocalText NoClicks = new("还没有人点击卡片上的按钮。", "Nobody has clicked a button of its cards yet.");
    public static readonly LocalText Card = new("卡片", "Card");
    public static readonly LocalText NoCard = new("没有发送卡片。", "No card was sent.");
    public static readonly LocalText Facts = new("概况", "Facts");
    public static readonly LocalText Type = new("类型", "Type");
    public static readonly LocalText RequestedBy = new("来源", "Asked for by");
    public static readonly LocalText Created = new("创建时间", "Created");
    public static readonly LocalText Reminded = new("最近提醒", "Last reminder");
    public static readonly LocalText Comment = new("理由", "Reason");
    public static readonly LocalText App = new("应用", "App");
    public static readonly LocalText SentAt = new("发送", "Sent");
    public static readonly LocalText ReadAt = new("已读", "Read");
    public static readonly LocalText Due = new("将于此时发送", "Leaves at");
    public static readonly LocalText Delivery = new("投递记录", "Delivery");
    public static readonly LocalText Remind = new("提醒", "Remind");
    public static readonly LocalText RemindQuestion = new("在每张未处理的卡片下回复一句提醒？五分钟内只能提醒一次。", "Answer below each undecided card with a reminder? It can be done once in five minutes.");
    public static readonly LocalText RemindDone = new("提醒已发出", "They are reminded");
    public static readonly LocalText Recall = new("撤回", "Recall");
    public static readonly LocalText RecallQuestion = new("撤回所有已发出的卡片？撤回后不能恢复。", "Take all its cards back? This cannot be undone.");
    public static readonly LocalText RecallDone = new("正在撤回", "Its cards are being taken back");
    public static readonly LocalText Resolve = new("办结", "Resolve");
    public static readonly LocalText ResolveAbout = new("在所有卡片上写明结果，并去掉审批按钮。", "Says on all its cards how it ended; buttons to decide with go.");
    public static readonly LocalText ResolveQuestion = new("把结果写到所有卡片上？收件人会看到新的内容。", "Write the result on all its cards? Everybody who got one sees it.");
    public static readonly LocalText ResolveDone = new("卡片正在更新", "Its cards are being changed");
    public static readonly LocalText Result = new("结果（颜色）", "Result (colour)");
    public static readonly LocalText TextZh = new("中文内容", "Text in Chinese");
    public static readonly LocalText TextEn = new("英文内容", "Text in English");
    public static readonly LocalText TextMissing = new("请填写两种语言的内容", "Write the text in both languages");
    public static readonly LocalText Cancel = new("取消", "Cancel");

    public static LocalText Of(string state) => state switch
    {
        NotificationStates.Open => new("进行中", "Open"),
        NotificationStates.Decided => new("已审批", "Decided"),
        NotificationStates.Resolved => new("已办结", "Resolved"),
        NotificationStates.Recalled => new("已撤回", "Recalled"),
        NotificationStates.SwitchedOff => new("已关闭，未发送", "Switched off"),
        _ => LocalText.From(state),
    };

    /// <summary>How it stands; what asks nobody for a decision is not open once it was told.</summary>
    public static LocalText Of(NotificationSummary seen) => !seen.IsTold ? Of(seen.View.State) : seen.HasFailed ? new("部分未送达", "Partly told") : new("已通知", "Told");

    /// <inheritdoc cref="Of(NotificationSummary)"/>
    public static string KindOf(NotificationSummary seen) => !seen.IsTold ? KindOf(seen.View.State) : seen.HasFailed ? "warn" : "good";

    public static string KindOf(string state) => state switch
    {
        NotificationStates.Open => "busy",
        NotificationStates.Decided or NotificationStates.Resolved => "good",
        _ => "off",
    };

    public static LocalText OfDelivery(string state) => state switch
    {
        DeliveryStates.Waiting => new("等待发送", "Waiting"),
        DeliveryStates.Queued => new("发送中", "Queued"),
        DeliveryStates.Sent => new("已送达", "Sent"),
        DeliveryStates.Read => new("已读", "Read"),
        DeliveryStates.Degraded => new("以文本送达", "Sent as text"),
        DeliveryStates.Failed => new("失败", "Failed"),
        DeliveryStates.Discarded => new("未发出", "Discarded"),
        DeliveryStates.Recalling => new("撤回中", "Recalling"),
        DeliveryStates.Recalled => new("已撤回", "Recalled"),
        DeliveryStates.Unknown => new("找不到", "Unknown"),
        _ => LocalText.From(state),
    };

    public static string KindOfDelivery(string state) => state switch
    {
        DeliveryStates.Sent or DeliveryStates.Read => "good",
        DeliveryStates.Waiting or DeliveryStates.Queued or DeliveryStates.Recalling => "busy",
        DeliveryStates.Degraded => "warn",
        DeliveryStates.Failed or DeliveryStates.Unknown => "bad",
        _ => "off",
    };

    public static LocalText OfAction(string action) => action switch
    {
        NotificationCards.Approve => new("通过", "Approve"),
        NotificationCards.Reject or NotificationCards.RejectSubmit => new("驳回", "Reject"),
        NotificationCards.Back => new("返回", "Back"),
        _ => LocalText.From(action),
    };

    public static LocalText OfOutcome(string outcome) => outcome switch
    {
        NotificationClick.Done => new("生效", "Counted"),
        NotificationClick.Asked => new("等待填写理由", "Asked for a reason"),
        NotificationClick.Repeated => new("已有结果，未生效", "Too late: decided already"),
        NotificationClick.Refused => new("不是审批人，未生效", "Refused: not an approver"),
        NotificationClick.Incomplete => new("缺少理由，未生效", "Refused: no reason given"),
        NotificationClick.Off => new("集成已关闭，未生效", "Refused: the integration was off"),
        _ => LocalText.From(outcome),
    };

    public static LocalText Of(CardStatus status) => status switch
    {
        CardStatus.Success => new("成功", "Success"),
        CardStatus.Danger => new("失败", "Failure"),
        CardStatus.Warning => new("注意", "Warning"),
        CardStatus.Info => new("信息", "Information"),
        CardStatus.Progress => new("进行中", "Under way"),
        CardStatus.Closed => new("已关闭", "Closed"),
        _ => new("中性", "Neutral"),
    };

    /// <summary>Who it goes to, as short as it can be said.</summary>
    public static string Who(DeliveryView delivery, string language)
    {
        if (delivery.Person is { } person && (language == "zh" ? person.Name ?? person.EnName : person.EnName ?? person.Name) is { } name) return name;
        var named = delivery.Recipient.ValueKind == JsonValueKind.Object ? delivery.Recipient.EnumerateObject().FirstOrDefault().Value : delivery.Recipient;
        return named.ValueKind == JsonValueKind.String ? named.GetString()! : named.GetRawText();
    }

    /// <summary>By what a recipient was named, where their name does not say it already.</summary>
    public static (LocalText Kind, string Value)? NamedBy(DeliveryView delivery)
    {
        if (delivery.Recipient.ValueKind != JsonValueKind.Object) return null;
        var named = delivery.Recipient.EnumerateObject().FirstOrDefault(m => m.Value.ValueKind == JsonValueKind.String);
        if (named.Value.ValueKind != JsonValueKind.String || named.Value.GetString() is not { } value || Who(delivery, "en") == value) return null;
        return (OfId(named.Name), value);
    }

    private static LocalText OfId(string name) => name switch
    {
        "email" => new("邮箱", "Mail"),
        "mobile" => new("手机", "Mobile"),
        "employee_no" => new("工号", "Employee no."),
        "department_id" => new("部门", "Department"),
        "role_id" => new("角色", "Role"),
        "chat_id" => new("群", "Group"),
        _ => LocalText.From(name),
    };

    /// <summary>Why it is as it is, in words where there are some.</summary>
    public static string? Why(DeliveryView delivery, string language) => (language == "zh" ? delivery.ReasonTextZh : delivery.ReasonText) ?? delivery.Reason;
}
