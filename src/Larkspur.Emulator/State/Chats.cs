using System.Collections.Immutable;

namespace Larkspur.Emulator.State;

public enum ChatKind { P2p, Group }

/// <summary>A conversation: one person with one bot, or a group.</summary>
public sealed record Chat
{
    public required string ChatId { get; init; }
    public required ChatKind Kind { get; init; }
    public required string Name { get; init; }
    /// <summary>The name for English clients (<c>i18n_names.en_us</c>); empty: <see cref="Name"/> for everybody.</summary>
    public string EnName { get; init; } = "";
    public string Description { get; init; } = "";
    public string Avatar { get; init; } = "";
    /// <summary>A <c>user_id</c>, or an <c>app_id</c> when a bot owns the group.</summary>
    public string? OwnerId { get; init; }
    public ImmutableArray<string> People { get; init; } = [];
    /// <summary><c>app_id</c>s of the bots in the chat.</summary>
    public ImmutableArray<string> Bots { get; init; } = [];
    /// <summary><c>user_id</c>s and <c>app_id</c>s.</summary>
    public ImmutableHashSet<string> Managers { get; init; } = [];
    /// <summary>The group's settings by their names on the wire; what is missing has its default.</summary>
    public ImmutableDictionary<string, string> Settings { get; init; } = ImmutableDictionary<string, string>.Empty;
    public RestrictedMode Restricted { get; init; } = RestrictedMode.Off;
    public Moderation Moderation { get; init; } = Moderation.Everybody;
    public Announcement? Announcement { get; init; }
    /// <summary>The announcement is a document of the old kind (<c>doc</c>), as groups have it that are some years old.</summary>
    public bool HasOldAnnouncement { get; init; }
    public TopNotice? TopNotice { get; init; }
    public ImmutableArray<ChatTab> Tabs { get; init; } = [];
    public ImmutableArray<ChatMenuEntry> Menu { get; init; } = [];
    /// <summary>One-to-one chats: the person told the bot to be quiet.</summary>
    public bool Muted { get; init; }
    public string ChatMode { get; init; } = "group";
    public string ChatType { get; init; } = "private";
    public string? CreatorAppId { get; init; }
    public bool Dissolved { get; init; }
    public DateTimeOffset CreateTime { get; init; }
    public DateTimeOffset LastActive { get; init; }
    /// <summary>Grows by one with every change.</summary>
    public long Version { get; init; }

    /// <summary>Every message begins a thread of its own.</summary>
    public bool IsTopicGroup => Settings.GetValueOrDefault("group_message_type") == "thread";

    /// <summary>Owner, manager, or the bot that made the group.</summary>
    public bool IsManagedBy(string personOrAppId) => OwnerId == personOrAppId || Managers.Contains(personOrAppId) || CreatorAppId == personOrAppId;

    public bool MayWrite(string personOrAppId) => Kind == ChatKind.P2p || Moderation.Setting switch
    {
        "only_owner" => IsManagedBy(personOrAppId),
        "moderator_list" => Moderation.Moderators.Contains(personOrAppId) || IsManagedBy(personOrAppId),
        _ => true,
    };

    public bool Has(string personOrAppId) => People.Contains(personOrAppId) || Bots.Contains(personOrAppId);
}

public enum SenderKind { User, App, System }

/// <summary>What a card message shows now.</summary>
public sealed record CardState
{
    /// <summary>The card's JSON as everybody sees it.</summary>
    public required string Json { get; init; }
    /// <summary>JSON 2.0 (<c>"schema":"2.0"</c>) or 1.0.</summary>
    public required bool IsV2 { get; init; }
    /// <summary>One state for all (<c>update_multi</c>); otherwise a callback changes it only for the person who clicked.</summary>
    public required bool Shared { get; init; }
    /// <summary>Exclusive cards: what single people see instead, by <c>user_id</c>.</summary>
    public ImmutableDictionary<string, string> Views { get; init; } = ImmutableDictionary<string, string>.Empty;

    /// <summary>The card entity that the message shows, when it does (<see cref="CardEntity"/>).</summary>
    public string? EntityId { get; init; }

    public string For(string userId) => Views.GetValueOrDefault(userId, Json);
}

/// <summary>A message. Records are never changed: each change stores a new one with a higher <see cref="Version"/>.</summary>
public sealed record Message
{
    public required string MessageId { get; init; }
    public required string ChatId { get; init; }
    public string? RootId { get; init; }
    public string? ParentId { get; init; }
    public string? ThreadId { get; init; }
    public required SenderKind SenderKind { get; init; }
    /// <summary><c>user_id</c>, <c>app_id</c>, or the <see cref="CustomBot.SenderId"/> of a custom bot.</summary>
    public required string SenderId { get; init; }
    /// <summary>text, post, image, file, audio, media, sticker, interactive, share_chat, share_user, system, merge_forward…</summary>
    public required string MsgType { get; init; }
    /// <summary>The content string exactly as it was sent.</summary>
    public required string Content { get; init; }
    /// <summary>The content string as receivers get it: mentions as <c>@_user_1</c>, a post without its locale wrapper (see <see cref="RenderedByLocale"/>).</summary>
    public required string Rendered { get; init; }
    /// <summary>For a post sent in several languages: locale to rendered content.</summary>
    public ImmutableDictionary<string, string> RenderedByLocale { get; init; } = ImmutableDictionary<string, string>.Empty;
    public ImmutableArray<Mention> Mentions { get; init; } = [];
    public CardState? Card { get; init; }
    public required DateTimeOffset CreateTime { get; init; }
    public required DateTimeOffset UpdateTime { get; init; }
    /// <summary>Recalled by its sender or a chat manager.</summary>
    public bool Deleted { get; init; }
    public bool Updated { get; init; }
    public int Edits { get; init; }
    public ImmutableArray<Reaction> Reactions { get; init; } = [];
    public Pin? Pin { get; init; }
    public ImmutableArray<Urgency> Urgencies { get; init; } = [];
    public ImmutableArray<FollowUp> FollowUps { get; init; } = [];
    /// <summary>What a merged forward carries: the messages as they were, oldest first.</summary>
    public ImmutableArray<Message> Forwarded { get; init; } = [];
    /// <summary>Inside a merged forward: the message that carries this one.</summary>
    public string? UpperMessageId { get; init; }
    /// <summary>The batch that it was sent with (<c>bm_…</c>).</summary>
    public string? BatchId { get; init; }
    /// <summary>When each person read it, by <c>user_id</c>.</summary>
    public ImmutableDictionary<string, DateTimeOffset> ReadBy { get; init; } = ImmutableDictionary<string, DateTimeOffset>.Empty;
    /// <summary>Visible to this person alone (ephemeral cards); <see langword="null"/>: to the whole chat.</summary>
    public string? OnlyFor { get; init; }
    public long Version { get; init; }
}

/// <summary>An uploaded image or file.</summary>
public sealed record StoredFile
{
    public required string Key { get; init; }
    public required bool IsImage { get; init; }
    public required string Name { get; init; }
    /// <summary>image_type (message, avatar) or file_type (opus, mp4, pdf, doc, xls, ppt, stream).</summary>
    public required string Type { get; init; }
    public required string ContentType { get; init; }
    public required ReadOnlyMemory<byte> Bytes { get; init; }
    /// <summary><c>app_id</c> or <c>user_id</c> of the uploader.</summary>
    public required string OwnerId { get; init; }
    public int? DurationMs { get; init; }
}
