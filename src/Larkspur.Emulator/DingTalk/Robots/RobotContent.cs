using System.Collections.Immutable;
using Larkspur.Emulator.DingTalk.Chats;

namespace Larkspur.Emulator.DingTalk.Robots;

/// <summary>A robot's message, validated, with its text for readers.</summary>
/// <param name="Kind"><c>msgKey</c> or <c>msgtype</c>.</param>
/// <param name="Json">As it was sent.</param>
internal sealed record RobotContent(string Kind, string Json)
{
    public string Title { get; init; } = "";
    public string Text { get; init; } = "";
    public bool IsMarkdown { get; init; }
    public ImmutableArray<DingTalkLink> Links { get; init; } = [];
    public string? Media { get; init; }
    public ImmutableArray<string> At { get; init; } = [];
    public bool AtAll { get; init; }
    /// <summary>Of a work notice.</summary>
    public NoticeStatus? Status { get; init; }

    public DingTalkMessage As(DingTalkMessage message) => message with
    {
        Kind = Kind, Content = Json, Title = Title, Text = Text, IsMarkdown = IsMarkdown, Links = Links, Media = Media, At = At, AtAll = AtAll, Status = Status,
    };
}
