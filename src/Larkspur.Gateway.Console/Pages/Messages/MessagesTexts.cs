using Larkspur.Gateway.Common.Localisation;
using Larkspur.Gateway.Messages;

namespace Larkspur.Gateway.Console.Pages.Messages;

/// <summary>What the page of messages says.</summary>
internal static class MessagesTexts
{
    public static readonly LocalText Title = new("消息", "Messages");
    public static readonly LocalText About = new("手动发送一条飞书消息，查看机器人所在的群。",
        "Send a Feishu message by hand, and see the groups that the bot is in.");
    public static readonly LocalText History = new("查看发送记录", "What was sent");
    public static readonly LocalText Send = new("发送消息", "Send a message");
    public static readonly LocalText SendNow = new("发送", "Send");
    public static readonly LocalText Sending = new("正在发送…", "Sending…");
    public static readonly LocalText App = new("应用", "App");
    public static readonly LocalText To = new("发送给", "To");
    public static readonly LocalText ToHelp = new("工作邮箱、open_id（ou_…）、union_id（on_…）、user_id，或群的 ID（oc_…）。",
        "A work mail address, an open_id (ou_…), union_id (on_…) or user_id, or a group's id (oc_…).");
    public static readonly LocalText Kind = new("形式", "Form");
    public static readonly LocalText PlainText = new("纯文本", "Plain text");
    public static readonly LocalText Card = new("卡片（Markdown）", "Card (Markdown)");
    public static readonly LocalText CardTitle = new("标题", "Title");
    public static readonly LocalText Text = new("内容", "Text");
    public static readonly LocalText Groups = new("机器人所在的群", "Groups of the bot");
    public static readonly LocalText NoGroups = new("机器人还不在任何群里。在飞书的群设置中添加它。",
        "The bot is in no group yet. Add it in a group's settings in Feishu.");
    public static readonly LocalText MoreGroups = new("仅显示最活跃的 100 个群。", "The 100 liveliest ones are shown.");
    public static readonly LocalText WriteHere = new("发到这里", "Write here");
    public static readonly LocalText Group = new("群", "Group");
    public static readonly LocalText NoApp = new("还没有连接飞书应用", "No Feishu app is connected yet");
    public static readonly LocalText NoAppHelp = new("在向导里填写应用的凭证。", "Enter an app's credentials in the wizard.");
    public static readonly LocalText ToWizard = new("打开向导", "Open the wizard");
    public static readonly LocalText BadReceiver = new("请填写邮箱、用户 ID 或群 ID（oc_…）", "Give a mail address, a person's id or a group's (oc_…)");
    public static readonly LocalText NothingSaid = new("内容不能为空", "Say something");
    public static readonly LocalText BadCard = new("飞书不会接受这张卡片，请缩短内容或去掉特殊标签",
        "Feishu would refuse this card: shorten it, or leave special tags out");
    public static readonly LocalText Sparing = new("本月调用额度即将用完，这里不再查询群列表",
        "The month's calls are nearly used up: groups are not asked for here");
    public static readonly LocalText Row = new("查看", "Look at it");

    /// <summary>What became of it, in one line.</summary>
    public static LocalText Of(MessageAnswer message) => message.State switch
    {
        MessageAnswer.Sent => new("已送达", "Sent"),
        MessageAnswer.Degraded => new("卡片被拒绝，已改发文本", "The card was refused; the same was sent as text"),
        MessageAnswer.Failed => new($"没有发送成功：{message.Failure?.MessageZh}", $"Not sent: {message.Failure?.Message}"),
        MessageAnswer.Queued when message.Failure is { } failure => new($"还在重试：{failure.MessageZh}",
            $"It is tried again: {failure.Message}"),
        MessageAnswer.Queued => new("已排队，平台恢复后会自动发送", "Queued: it leaves by itself as soon as the platform takes it"),
        _ => new("没有发送", "It was not sent"),
    };
}
