using Larkspur.Feishu.Api.Im.V1;

namespace Larkspur.Feishu.Messaging;

/// <summary>A group as lists show it.</summary>
/// <param name="ChatId"><c>oc_…</c></param>
/// <param name="Name">May be empty.</param>
/// <param name="Description">May be empty.</param>
/// <param name="OwnerId">Who owns it; empty when a bot does.</param>
/// <param name="IsExternal">People of other companies are in it.</param>
/// <param name="Status"><c>normal</c>, <c>dissolved</c>, <c>dissolved_save</c>; empty when not said.</param>
public sealed record ChatSummary(string ChatId, string Name, string Description, string OwnerId, bool IsExternal, string Status)
{
    internal static ChatSummary From(ListChat chat)
        => new(chat.ChatId ?? "", chat.Name ?? "", chat.Description ?? "", chat.OwnerId ?? "", chat.External == true, chat.ChatStatus?.Value ?? "");
}

/// <summary>One page of groups.</summary>
/// <param name="Chats">The groups; may be empty although more follow.</param>
/// <param name="NextPageToken">Goes on from here; null: this was the last page.</param>
public sealed record ChatPage(IReadOnlyList<ChatSummary> Chats, string? NextPageToken);

/// <summary>A member of a group. Bots are not listed by the platform.</summary>
/// <param name="Id">Who.</param>
/// <param name="IdType">Kind of <paramref name="Id"/>.</param>
/// <param name="Name">As shown.</param>
/// <param name="TenantKey">The member's company.</param>
public sealed record ChatMember(string Id, string IdType, string Name, string TenantKey);

/// <summary>What became of adding or removing members.</summary>
/// <param name="InvalidIds">Not to be added or removed: outside the app's availability, resigned, no member.</param>
/// <param name="NotExistingIds">Nobody has these ids.</param>
/// <param name="PendingApprovalIds">In once the group's owner or administrators agree.</param>
public sealed record MemberChange(IReadOnlyList<string> InvalidIds, IReadOnlyList<string> NotExistingIds, IReadOnlyList<string> PendingApprovalIds)
{
    /// <summary>Everybody was added or removed.</summary>
    public bool IsComplete => InvalidIds.Count + NotExistingIds.Count + PendingApprovalIds.Count == 0;

    internal static MemberChange Sum(IReadOnlyList<MemberChange> parts) => parts is [var only] ? only
        : new([.. parts.SelectMany(p => p.InvalidIds)], [.. parts.SelectMany(p => p.NotExistingIds)], [.. parts.SelectMany(p => p.PendingApprovalIds)]);
}

/// <summary>The administrators of a group.</summary>
/// <param name="UserIds">People.</param>
/// <param name="BotIds">Bots.</param>
public sealed record ChatManagers(IReadOnlyList<string> UserIds, IReadOnlyList<string> BotIds);

/// <summary>A group's announcement (the older kind of document).</summary>
/// <param name="Content">The document as JSON text; empty when there is none yet.</param>
/// <param name="Revision">Names this state of it for <see cref="FeishuChats.WriteAnnouncementAsync"/>.</param>
/// <param name="UpdatedAt">When it was changed last; null when the platform does not say.</param>
/// <param name="ModifierId">Who changed it last.</param>
public sealed record ChatAnnouncement(string Content, string Revision, DateTimeOffset? UpdatedAt, string ModifierId);

/// <summary>A link by which people join a group.</summary>
/// <param name="Address">The link.</param>
/// <param name="ExpiresAt">Until when it works; null when it works for ever or the platform does not say.</param>
/// <param name="IsPermanent">It works for ever.</param>
public sealed record ChatLink(Uri Address, DateTimeOffset? ExpiresAt, bool IsPermanent);
