using Larkspur.Gateway.Common.Localisation;
using Larkspur.Gateway.Console.Pages.Webhooks;
using Larkspur.Gateway.Messages;
using Larkspur.Gateway.Operations;
using Larkspur.Gateway.Outbox;
using Larkspur.Gateway.Queueing;

namespace Larkspur.Gateway.Console.Pages.Deliveries;

/// <summary>What the deliveries page says.</summary>
internal static class DeliveriesTexts
{
    public static readonly LocalText Title = new("投递与死信", "Deliveries");
    public static readonly LocalText About = new("每个收到的事件和发出的消息都有一行，记录它的全部经过。", "Every event in and every message out has a row that shows what became of it.");
    public static readonly LocalText Inbox = new("收到的事件", "Events in");
    public static readonly LocalText Outbox = new("发出的消息", "Messages out");
    public static readonly LocalText State = new("状态", "State");
    public static readonly LocalText All = new("全部", "All");
    public static readonly LocalText App = new("应用", "App");
    public static readonly LocalText Key = new("顺序键", "Key");
    public static readonly LocalText Filter = new("筛选", "Filter");
    public static readonly LocalText When = new("时间", "When");
    public static readonly LocalText What = new("内容", "What");
    public static readonly LocalText Reference = new("编号", "Reference");
    public static readonly LocalText Details = new("详情", "Details");
    public static readonly LocalText Close = new("收起", "Close");
    public static readonly LocalText Older = new("更早的记录", "Older rows");
    public static readonly LocalText None = new("没有符合条件的记录", "Nothing matches");
    public static readonly LocalText NoneHelp = new("放宽筛选条件再试。", "Widen the filter and look again.");
    public static readonly LocalText NoDead = new("没有死信", "No dead letters");
    public static readonly LocalText NoDeadHelp = new("多次重试仍不成功的事件和消息会停在这里，等人处理。", "What did not succeed after all its tries stops here and waits for somebody.");
    public static readonly LocalText NoEventsYet = new("还没有收到事件", "No event yet");
    public static readonly LocalText NoMessagesYet = new("还没有发出消息", "No message yet");
    public static readonly LocalText NoEvents = new("飞书推送的事件会先存在这里，再处理；给机器人发一条消息试试。", "Events from Feishu are kept here before they are handled. Send the bot a message to see one.");
    public static readonly LocalText NoMessages = new("机器人回复和业务通知在发送前会存在这里，直到平台确认。", "Replies and notifications are kept here until the platform has taken them.");
    public static readonly LocalText Replay = new("重放", "Replay");
    public static readonly LocalText ReplayAll = new("重放全部死信", "Replay all dead letters");
    public static readonly LocalText ReplayAllQuestion = new("重放当前筛选出的死信（最多 100 条）？每条仍使用原来的幂等键。", "Replay the dead letters of this filter, at most 100? Each keeps its idempotency key.");
    public static readonly LocalText ReplayAnyway = new("仍然重放", "Replay anyway");
    public static readonly LocalText Replayed = new("已重新进入队列", "Back in the queue");
    public static readonly LocalText Discard = new("丢弃", "Discard");
    public static readonly LocalText Discarded = new("已丢弃", "Discarded");

    public static LocalText ReplayedMany(int count) => new($"{count} 条已重新进入队列", $"{count} rows are back in the queue");

    public static LocalText DiscardQuestion(string reference) => new($"丢弃 {reference}？之后不会再处理或发送。", $"Discard {reference}? It will never take effect.");

    public static LocalText ForceQuestion(Repair repair) => repair == Repair.Unsure
        ? new("它可能已经送达，而平台已不再识别它的幂等键：重放可能让对方收到两次。", "It may have arrived, and the platform no longer knows its key: the receiver may get it twice.")
        : new("这张卡片之后已有更新的内容：重放会把旧内容放回去。", "The card was changed since: a replay puts the old content back.");

    public static LocalText Of(Repair repair) => repair switch
    {
        Repair.NotFound => new("这一行已不存在", "This row no longer exists"),
        Repair.Unsure or Repair.Superseded => new("没有重放", "Not replayed"),
        _ => new("这一行的状态已经变化，不能这样处理", "The row has changed; this is no longer possible"),
    };

    /// <summary>What an event's type says; one that is not known is shown as it is.</summary>
    public static LocalText OfEvent(string what) => what switch
    {
        "im.message.receive_v1" => new("收到消息", "Message received"),
        "im.message.message_read_v1" => new("消息已读", "Message read"),
        "im.message.recalled_v1" => new("消息被撤回", "Message recalled"),
        "im.message.reaction.created_v1" => new("添加表情", "Reaction added"),
        "im.message.reaction.deleted_v1" => new("取消表情", "Reaction taken back"),
        "im.chat.access_event.bot_p2p_chat_entered_v1" or "p2p_chat_create" => new("打开与机器人的会话", "Chat with the bot opened"),
        "im.chat.member.bot.added_v1" => new("机器人进群", "Bot added to a group"),
        "im.chat.member.bot.deleted_v1" => new("机器人被移出群", "Bot removed from a group"),
        "im.chat.member.user.added_v1" => new("成员进群", "Member joined a group"),
        "im.chat.member.user.deleted_v1" or "im.chat.member.user.withdrawn_v1" => new("成员离群", "Member left a group"),
        "im.chat.updated_v1" => new("群信息变更", "Group changed"),
        "im.chat.disbanded_v1" => new("群已解散", "Group disbanded"),
        "application.bot.menu_v6" => new("点击机器人菜单", "Bot menu chosen"),
        "card.action.trigger" => new("点击卡片", "Card clicked"),
        "approval_task" => new("审批任务", "Approval task"),
        "approval_instance" or "approval.instance.status_changed_v4" => new("审批实例", "Approval instance"),
        "approval.external_action" => new("三方审批操作", "Click on another system's approval"),
        _ => LocalText.From(what),
    };

    /// <summary>What a message does: its operation, told by what it sends where that says more; one that this version does not know is shown as it is.</summary>
    /// <param name="operation">The operation; null: it is not known.</param>
    /// <param name="name">As the row names it.</param>
    /// <param name="messageType">What it sends.</param>
    public static LocalText OfMessage(OutboxOperation? operation, string name, string messageType) => (name, messageType) switch
    {
        ("create", "text" or "post") => new("发送文本", "Send text"),
        ("create", "interactive") => new("发送卡片", "Send card"),
        ("reply", "text" or "post") => new("回复文本", "Reply with text"),
        ("reply", "interactive") => new("回复卡片", "Reply with card"),
        ("webhook", _) => LocalText.From($"Webhook {messageType}"),
        _ => operation?.Title ?? LocalText.From($"{name} {messageType}"),
    };

    /// <summary>How an event ended, or why a row did not succeed, in words where there are some.</summary>
    public static LocalText OfReason(string reason) => reason switch
    {
        "answered" => new("已处理", "handled"),
        "ignored" => new("无需处理", "nothing to do"),
        "unknown_command" => new("不认识的命令，已回复", "unknown command, answered"),
        "unreadable_message" => new("看不懂的消息，已回复", "unreadable message, answered"),
        "no_handler" => new("没有处理程序", "nobody handles it"),
        "nothing_new" => new("没有变化", "nothing new"),
        "not_a_payment" => new("与付款无关", "no payment of ours"),
        "welcomed_before" => new("已经欢迎过", "welcomed before"),
        "stale" => new("太旧，没有处理", "too old, not handled"),
        "discarded" => new("已丢弃", "discarded"),
        "failed_told" => new("失败，已告知对方", "failed, and the person was told"),
        "already_done" or "already_decided" => new("已有结果", "decided already"),
        "already_asked" => new("已经问过", "asked already"),
        "UnreadableEventException" => new("事件内容无法识别", "the event could not be read"),
        "timed_out" or "no_connection" or "tls_failed" or "address_refused" or "redirect_refused" or "gone" => WebhooksTexts.OfReason(reason),
        ['h', 't', 't', 'p', '_', ..] => WebhooksTexts.OfReason(reason),
        _ when FailureTexts.CodeOf(reason) is not null => OfPlatform(FailureTexts.Of(reason, null)),
        _ => LocalText.From(reason),
    };

    private static LocalText OfPlatform(MessageFailure failure) => new($"{failure.MessageZh.TrimEnd('。')}（{failure.Code}）", $"{failure.Message.TrimEnd('.')} ({failure.Code})");

    public static LocalText Of(string state) => state switch
    {
        "open" => new("待处理", "Waiting"),
        "finished" => new("已完成", "Finished"),
        "sent" => new("已发送", "Sent"),
        "dead" => new("死信", "Dead"),
        "held" => new("请求中", "Being answered"),
        "discarded" => new("已丢弃", "Discarded"),
        "superseded" => new("已被取代", "Superseded"),
        "overdue" => new("等待过久", "Overdue"),
        _ => LocalText.From(state),
    };

    public static string KindOf(string state) => state switch
    {
        "finished" or "sent" => "good",
        "dead" => "bad",
        "open" or "held" => "busy",
        _ => "off",
    };

    public static LocalText OfLine(string what) => what switch
    {
        HistoryLine.Failed => new("失败，稍后重试", "Failed, tried again"),
        HistoryLine.Dead => new("放弃", "Given up"),
        HistoryLine.Replayed => new("重放", "Replayed"),
        HistoryLine.Discarded => new("丢弃", "Discarded"),
        HistoryLine.FellBack => new("改用纯文本发送", "Sent as plain text"),
        _ => LocalText.From(what),
    };
}
