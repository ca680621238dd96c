namespace Larkspur.DingTalk.Robots;

/// <summary>The message that somebody replies to (引用), as far as it came along. No page of the platform describes it: its shape is that of the platform's own connector and of integrations in use (UNVERIFIED).</summary>
/// <remarks>What it itself replies to is not read.</remarks>
public sealed record RepliedMessage
{
    /// <summary>Its id; missing when it was not told.</summary>
    public string? MsgId { get; init; }

    /// <summary>Its kind: those of <see cref="RobotMessage.Msgtype"/>, <c>markdown</c>, <c>interactiveCard</c>, <c>chatRecord</c> and what else comes; empty when it was not told.</summary>
    public string MsgType { get; init; } = "";

    /// <summary>Its writer, encrypted as in <see cref="RobotMessage.SenderId"/>; <see cref="RobotMessage.ChatbotUserId"/> when the robot said it.</summary>
    public string? SenderId { get; init; }

    /// <summary>When it was written, in milliseconds; 0 when it was not told.</summary>
    public long CreatedAt { get; init; }

    /// <summary>Of what the robot said: the <c>processQueryKey</c> of the send, or the <c>carrierId</c> of the card's delivery.</summary>
    public string? ProcessQueryKey { get; init; }

    /// <summary>All words in it, trimmed, 50 000 characters at most; of a card one line for each of its texts. Empty: it has files and no words. Null: its content did not come along, as for cards on older clients.</summary>
    public string? Said { get; init; }

    /// <summary>What can be downloaded of it (<see cref="DingTalkRobot.GetDownloadUrlAsync"/>), 50 at most.</summary>
    public IReadOnlyList<RobotFile> Files { get; init; } = [];

    /// <summary>Not shown: what was said.</summary>
    public override string ToString() => $"replied message {MsgId} ({MsgType})";
}
