using Larkspur.Gateway.Common.Localisation;

namespace Larkspur.Gateway.Console.Pages.NotificationTypes;

/// <summary>What the pages of notification types say.</summary>
internal static class NotificationTypeTexts
{
    public static readonly LocalText Title = new("通知类型", "Notification types");
    public static readonly LocalText About = new("每种业务事件对应一种卡片：内容、收件人、是否需要审批。", "A kind of business event and the card that tells of it: what it says, who gets it, whether they decide on it.");
    public static readonly LocalText Name = new("名称", "Name");
    public static readonly LocalText Kind = new("来源", "Kind");
    public static readonly LocalText State = new("状态", "State");
    public static readonly LocalText Behaviour = new("行为", "Behaviour");
    public static readonly LocalText BuiltIn = new("内置", "Built in");
    public static readonly LocalText Own = new("自定义", "Own");
    public static readonly LocalText Changed = new("已修改", "Changed");
    public static readonly LocalText On = new("已开启", "On");
    public static readonly LocalText Off = new("已关闭", "Off");
    public static readonly LocalText TurnOn = new("开启", "Turn on");
    public static readonly LocalText TurnOff = new("关闭", "Turn off");
    public static readonly LocalText TurnedOn = new("已开启", "It is on");
    public static readonly LocalText TurnedOff = new("已关闭：新的通知只记录，不发送", "It is off: new notifications are recorded and not sent");
    public static readonly LocalText OffQuestion = new("关闭后，业务系统发来的这类通知只会记录，不会发送。", "Notifications of this type will be recorded and not sent.");
    public static readonly LocalText Locked = new("由环境变量设置", "Set by the environment");
    public static readonly LocalText Decides = new("在卡片上审批", "Decided on the card");
    public static readonly LocalText Informs = new("仅通知", "Informs");
    public static readonly LocalText New = new("新建类型", "New type");
    public static readonly LocalText NewAbout = new("名称由小写单词和点组成，业务系统用它作为 event。", "Lower-case words with full stops between; business systems send it as the event.");
    public static readonly LocalText BadName = new("名称应像 invoice.received：小写字母、数字、- 和 _，单词之间用点分隔", "A name is like invoice.received: lower-case letters, digits, - and _, full stops between");
    public static readonly LocalText Begin = new("开始编辑", "Begin");

    public static readonly LocalText All = new("全部类型", "All types");
    public static readonly LocalText IsNew = new("新类型，尚未保存", "New, not saved yet");
    public static readonly LocalText Save = new("保存", "Save");
    public static readonly LocalText Saved = new("已保存，下一条通知就会使用", "Saved; the next notification uses it");
    public static readonly LocalText NotSaved = new("没有保存：请先处理标出的问题", "Not saved: mend what is marked first");
    public static readonly LocalText Discard = new("放弃修改", "Discard changes");
    public static readonly LocalText Delete = new("删除", "Delete");
    public static readonly LocalText DeleteQuestion = new("删除这个类型？之后业务系统发送该事件会被拒绝，已发送的通知不受影响。", "Delete this type? Events of it will be refused; notifications that were sent stay.");
    public static readonly LocalText Deleted = new("已删除", "Deleted");
    public static readonly LocalText Restore = new("恢复内置内容", "Restore the original");
    public static readonly LocalText RestoreQuestion = new("放弃这里的修改，恢复为网关自带的内容？", "Drop what was changed here, and use what comes with the gateway again?");
    public static readonly LocalText Restored = new("已恢复为内置内容", "The original is in use again");
    public static readonly LocalText ChangedBy = new("修改者", "Changed by");

    public static readonly LocalText Preview = new("卡片预览", "Preview");
    public static readonly LocalText PreviewAbout = new("用示例值填充。每位收件人看到自己语言的版本。", "Filled with the samples. Each recipient sees the one of their language.");
    public static readonly LocalText NoPreview = new("处理完下面标出的问题后，这里会显示卡片。", "Mend what is marked below, and the card is shown here.");
    public static readonly LocalText Test = new("发送测试", "Send a test");
    public static readonly LocalText TestAbout = new("标记为测试，忽略开关和免打扰时段；点击有效，但不会通过 Webhook 告知业务系统。", "Marked as a test, whatever the switch and quiet hours say. Its buttons work, and nobody is called back.");
    public static readonly LocalText Email = new("收件人邮箱", "Their mail address");
    public static readonly LocalText EmailMissing = new("请填写一个邮箱地址", "Enter a mail address");
    public static readonly LocalText TestSent = new("测试卡片已发出", "The test is on its way");
    public static readonly LocalText SeeIt = new("查看投递情况", "See what becomes of it");
    public static readonly LocalText IntegrationOff = new("飞书集成已关闭，不能发送测试", "The Feishu integration is off: no test can be sent");
    public static readonly LocalText ToSettings = new("打开设置", "Open the settings");

    public static readonly LocalText Template = new("卡片模板", "Card template");
    public static readonly LocalText TemplateAbout = new("strings 是两种语言的文字，message 是卡片内容；用 ${变量} 引用变量，用 ${strings.名称} 引用文字。", "strings holds the texts in both languages, message the card. ${variable} and ${strings.name} are placeholders.");
    public static readonly LocalText Findings = new("检查结果", "Findings");
    public static readonly LocalText OtherFindings = new("模板没有问题；请看其他字段旁标出的问题。", "The template is fine; other fields are marked.");
    public static readonly LocalText NoFindings = new("没有问题", "Nothing to mend");
    public static readonly LocalText About2 = new("标题与行为", "Title and behaviour");
    public static readonly LocalText TitleZh = new("标题（中文）", "Title in Chinese");
    public static readonly LocalText TitleEn = new("标题（英文）", "Title in English");
    public static readonly LocalText DescriptionZh = new("说明（中文）", "Description in Chinese");
    public static readonly LocalText DescriptionEn = new("说明（英文）", "Description in English");
    public static readonly LocalText Decision = new("需要审批：卡片带“通过”和“驳回”按钮", "Asks for a decision: the card has buttons to approve and to reject");
    public static readonly LocalText QuietHours = new("免打扰时段", "Quiet hours");
    public static readonly LocalText Variables = new("变量", "Variables");
    public static readonly LocalText VariablesAbout = new("类型：text、number、money、date、url、person；sample 用于预览和测试。", "Types: text, number, money, date, url, person; sample is used by preview and test.");
    public static readonly LocalText Recipients = new("默认收件人", "Recipients rule");
    public static readonly LocalText RecipientsAbout = new("通知没有写明收件人时使用，例如 [{\"variable\": \"approver\"}]；留空则必须写明。", "Used when a notification names nobody, like [{\"variable\": \"approver\"}]; empty: it must name them.");

    public static LocalText OfHours(string word) => word switch
    {
        "urgent" => new("紧急：立即发送", "Urgent: leaves at once"),
        "digest" => new("汇总：合并成一张卡片", "Digest: collected into one card"),
        _ => new("普通：免打扰时段结束后发送", "Normal: waits until quiet hours end"),
    };
}
