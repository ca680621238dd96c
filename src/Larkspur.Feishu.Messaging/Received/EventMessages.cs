using Larkspur.Feishu.Events;
using Larkspur.Feishu.Events.Parts;
using Larkspur.Feishu.Messaging;

namespace Larkspur.Feishu;

/// <summary>Reads the message of an <c>im.message.receive_v1</c> event: <c>e.Event.Message!.ReadContent()</c>.</summary>
public static class EventMessages
{
    extension(EventMessage message)
    {
        /// <summary>What the message says, by its type. Never fails: see <see cref="ReceivedContent"/>.</summary>
        public ReceivedContent ReadContent() => ReceivedContent.Parse(message.MessageType ?? "", message.Content, message.MentionsRead);

        /// <summary>Who is mentioned, by open_id where there is one.</summary>
        public IReadOnlyList<MessageMention> MentionsRead => [.. (message.Mentions ?? []).Select(Mention)];
    }

    private static MessageMention Mention(MentionEvent mention)
    {
        (string id, string type) = mention.Id switch
        {
            { OpenId: { Length: > 0 } open } => (open, "open_id"),
            { UserId: { Length: > 0 } user } => (user, "user_id"),
            { UnionId: { Length: > 0 } union } => (union, "union_id"),
            _ => ("", "open_id"),
        };
        return new(mention.Key ?? "", id, type, mention.Name ?? "");
    }
}
