using Larkspur.Feishu.Cards;
using Larkspur.Feishu.Messaging;
using Larkspur.Gateway.Outbox;

namespace Larkspur.Gateway.Channels.Feishu;

/// <summary>What a card says, as a text message: for a card that the platform refuses.</summary>
internal static class PlainCard
{
    private const string CardType = "interactive";

    /// <summary>The text in place of a refused card; null: it is no card, says nothing, must not be said in any form, or is a frame that a later one replaces.</summary>
    public static OutboxMessage? Of(OutboxMessage refused, ChannelException refusal)
    {
        // A stream's row is no card: its delivery has said its words as text where that could be.
        if (refused.Operation is OutboxOperation.StreamOpen or OutboxOperation.StreamFinish) return null;
        if (refused.MessageType != CardType || refused.Priority == OutboxPriority.Frame || !refusal.ContentRefused || MessageRefusals.Find(refusal.Code) is { Forbidden: true }) return null;
        var text = CardText.Of(refused.Content).Trim();
        if (text.Length == 0) return null;
        return refused with
        {
            // The old face stays where it is; the new one's facts stand below it.
            Operation = refused.Operation == OutboxOperation.Patch ? OutboxOperation.Reply : refused.Operation,
            MessageType = "text",
            // What is a mere word in a card's plain text must not call people in a text message: the maker breaks the tags.
            Content = MessageContent.Text(text).Json,
            Delay = TimeSpan.Zero,
        };
    }
}
