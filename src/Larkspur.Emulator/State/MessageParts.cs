using System.Collections.Immutable;

namespace Larkspur.Emulator.State;

public enum MentionKind { Person, Bot, All }

/// <param name="Key">Placeholder in the rendered content: <c>@_user_1</c>, or <c>@_all</c>.</param>
/// <param name="Id"><c>user_id</c> or <c>app_id</c>; <c>all</c> for everybody.</param>
public sealed record Mention(string Key, MentionKind Kind, string Id, string Name);

public sealed record Reaction(string ReactionId, string EmojiType, SenderKind OperatorKind, string OperatorId, DateTimeOffset Time);

/// <summary>A message that somebody fixed at the side of its chat.</summary>
public sealed record Pin(SenderKind OperatorKind, string OperatorId, DateTimeOffset Time);

public enum UrgencyKind { App, Sms, Phone }

/// <summary>A message that was brought to one person's attention by force. It is confirmed when the person reads the chat.</summary>
public sealed record Urgency(UrgencyKind Kind, string UserId, DateTimeOffset Time, bool Confirmed = false);

/// <summary>A bubble under a bot's newest message: what the person may want to say next.</summary>
/// <param name="ByLocale">The words in other languages, by <c>zh_cn</c>, <c>en_us</c>…</param>
public sealed record FollowUp(string Content, ImmutableDictionary<string, string> ByLocale)
{
    public string For(string locale) => ByLocale.GetValueOrDefault(locale, Content);
}
