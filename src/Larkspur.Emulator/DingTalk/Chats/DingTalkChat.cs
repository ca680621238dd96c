using System.Collections.Immutable;

namespace Larkspur.Emulator.DingTalk.Chats;

internal enum DingTalkChatKind
{
    /// <summary>One person and the robot.</summary>
    Robot,
    Group,
    /// <summary>A person's work notices; nobody writes there.</summary>
    Notices,
}

/// <summary>A conversation.</summary>
/// <param name="Id"><c>conversationId</c>; of a group also the <c>openConversationId</c>.</param>
internal sealed record DingTalkChat(string Id, DingTalkChatKind Kind, string Title, string EnTitle, ImmutableArray<string> People)
{
    public string? OwnerId { get; init; }

    public bool Disbanded { get; init; }

    public DateTimeOffset Created { get; init; }

    public DateTimeOffset LastActive { get; init; }

    public long Version { get; init; } = 1;

    public bool Has(string userId) => People.Contains(userId);
}

internal enum DingTalkSender { Person, Robot, GroupRobot, Application }

/// <summary>A button or link of a message that opens an address.</summary>
internal sealed record DingTalkLink(string Title, string Url);

/// <summary>What stands below a work notice of the kind <c>oa</c>, and is changed as the matter goes on.</summary>
/// <param name="Colour"><c>0xAARRGGBB</c> as it was sent; empty for the default.</param>
internal sealed record NoticeStatus(string Value, string Colour);

/// <summary>What stands in a chat. It never changes; a change is a new record of a higher version.</summary>
internal sealed record DingTalkMessage
{
    public required string MessageId { get; init; }
    public required string ChatId { get; init; }
    public required DingTalkSender SenderKind { get; init; }
    /// <summary>userid, robot code, name of the group robot, or the application's agent id.</summary>
    public required string SenderId { get; init; }
    public required string SenderName { get; init; }
    public required DateTimeOffset Time { get; init; }
    /// <summary><c>msgKey</c> or <c>msgtype</c> as it was sent; <c>card</c> for a card.</summary>
    public required string Kind { get; init; }
    /// <summary>The message as it was sent, as JSON.</summary>
    public string Content { get; init; } = "{}";
    public string Title { get; init; } = "";
    /// <summary>What is read: plain, or Markdown when <see cref="IsMarkdown"/>.</summary>
    public string Text { get; init; } = "";
    public bool IsMarkdown { get; init; }
    public ImmutableArray<DingTalkLink> Links { get; init; } = [];
    /// <summary>Key of the state's file, or an address.</summary>
    public string? Media { get; init; }
    /// <summary>Of the card that stands here.</summary>
    public string? OutTrackId { get; init; }
    /// <summary>The message that it replies to.</summary>
    public string? ReplyTo { get; init; }
    /// <summary>By which the robot recalls it or asks who read it.</summary>
    public string? ProcessQueryKey { get; init; }
    public ImmutableArray<string> At { get; init; } = [];
    public bool AtAll { get; init; }
    public NoticeStatus? Status { get; init; }
    public bool Recalled { get; init; }
    public ImmutableDictionary<string, DateTimeOffset> ReadBy { get; init; } = ImmutableDictionary<string, DateTimeOffset>.Empty;
    public long Version { get; init; } = 1;
}
