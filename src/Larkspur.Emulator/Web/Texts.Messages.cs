namespace Larkspur.Emulator.Web;

/// <summary>What hangs on messages: threads, pins, urgency, forwards, group notices.</summary>
public sealed partial class Texts
{
    public string CustomBot => _zh ? "自定义机器人" : "Custom bot";
    public string ReplyInThread => _zh ? "回复话题" : "Reply in thread";
    public string InThread(string name) => _zh ? $"在话题中回复 {name}" : $"Replying to {name} in a thread";
    public string Replies(int count) => _zh ? $"{count} 条话题回复" : count == 1 ? "1 reply in thread" : $"{count} replies in thread";
    public string Pin => _zh ? "标记（Pin）" : "Pin";
    public string Unpin => _zh ? "取消标记" : "Unpin";
    public string PinnedBy(string name) => _zh ? $"{name} 标记了此消息" : $"Pinned by {name}";
    public string Urgent => _zh ? "加急" : "Urgent";
    public string UrgentBy(string names) => _zh ? $"已加急：{names}" : $"Marked urgent for {names}";
    public string UrgentConfirmed => _zh ? "已确认加急" : "Urgent, confirmed";
    public string ForwardedTitle(string names) => _zh ? $"{names} 的聊天记录" : $"Chat history of {names}";
    public string ForwardedMore(int count) => _zh ? $"共 {count} 条消息" : $"{count} messages";
    public string Suggested => _zh ? "你可能想说" : "You may want to say";
    public string Announcement => _zh ? "群公告" : "Announcement";
    public string TopNotice => _zh ? "置顶" : "On top";
    public string EmptyAnnouncement => _zh ? "（暂无内容）" : "(nothing yet)";
    public string Join(IEnumerable<string> names) => string.Join(_zh ? "、" : ", ", names);
}
