using Larkspur.Gateway.Cards;
using Larkspur.Gateway.Operations;

namespace Larkspur.Gateway.Console.Pages.Deliveries;

/// <summary>What the deliveries page says.</summary>
internal static class DeliveriesWords
{
    public static readonly LocalText Title = new("投递与死信", "Deliveries");
    public static readonly LocalText About = new("每个收到的事件和发出的消息都有一行，记录它的全部经过。", "Every event in and every message out has a row that tells its whole story.");
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
    public static readonly LocalText Story = new("详情", "Story");
    public static readonly LocalText Close = new("收起", "Close");
    public static readonly LocalText Older = new("更早的记录", "Older rows");
    public static readonly LocalText None = new("没有符合条件的记录", "Nothing matches");
    public static readonly LocalText NoEvents = new("飞书推送的事件会先存在这里，再处理；给机器人发一条消息试试。", "Events from Feishu are kept here before they are handled. Send the bot a message to see one.");
    public static readonly LocalText NoMessages = new("机器人回复和业务通知在发送前会存在这里，直到平台确认。", "Replies and notices are kept here until the platform has taken them.");
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
        StoryLine.Failed => new("失败，稍后重试", "Failed, tried again"),
        StoryLine.Dead => new("放弃", "Given up"),
        StoryLine.Replayed => new("重放", "Replayed"),
        StoryLine.Discarded => new("丢弃", "Discarded"),
        StoryLine.FellBack => new("改用纯文本发送", "Sent as plain text"),
        _ => LocalText.From(what),
    };
}
