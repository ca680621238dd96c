using System.Collections.Immutable;

namespace Larkspur.Emulator.State;

/// <summary>Who may take what out of a group in restricted mode.</summary>
public sealed record RestrictedMode(bool Status, string Screenshot, string Download, string Message)
{
    public static readonly RestrictedMode Off = new(false, "all_members", "all_members", "all_members");
}

/// <summary>Who may write in a group: <c>all_members</c>, <c>only_owner</c> (managers too) or <c>moderator_list</c>.</summary>
/// <param name="Moderators"><c>user_id</c>s and <c>app_id</c>s.</param>
public sealed record Moderation(string Setting, ImmutableHashSet<string> Moderators)
{
    public static readonly Moderation Everybody = new("all_members", []);
}

/// <summary>What stands over a group's messages: one of them, or the announcement.</summary>
/// <param name="MessageId"><see langword="null"/>: the announcement.</param>
public sealed record TopNotice(string? MessageId);

/// <param name="Content">The platform's <c>tab_content</c> as JSON.</param>
/// <param name="Config">The platform's <c>tab_config</c> as JSON.</param>
public sealed record ChatTab(string TabId, string Name, string Type, string? Content, string? Config);

/// <param name="Item">The platform's <c>chat_menu_item</c> as JSON.</param>
public sealed record ChatMenuEntry(string Id, string Item, ImmutableArray<ChatMenuEntry> Children);

/// <summary>A group's announcement: a document of text paragraphs.</summary>
public sealed record Announcement
{
    public required ImmutableArray<AnnouncementBlock> Blocks { get; init; }
    /// <summary>Grows by one with every change.</summary>
    public int Revision { get; init; } = 1;
    public required string OwnerId { get; init; }
    public required string ModifierId { get; init; }
    public required DateTimeOffset CreateTime { get; init; }
    public required DateTimeOffset UpdateTime { get; init; }
}

/// <param name="Type">The platform's <c>block_type</c>: 2 text, 3–11 headings, 12 bullet, 13 ordered…</param>
/// <param name="Body">The block's own member (<c>text</c>, <c>heading1</c>…) as JSON; of the old kind of document the block as a
/// whole.</param>
/// <param name="Text">The same as plain text.</param>
public sealed record AnnouncementBlock(string BlockId, int Type, string Body, string Text);
