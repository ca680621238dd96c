using Larkspur.Feishu.Cards;
using Larkspur.Feishu.Messaging;
using Larkspur.Gateway.Apps.Feishu;
using Larkspur.Gateway.Outbox;

namespace Larkspur.Gateway.Platforms.Feishu.Sending;

/// <summary>What a card says, as a text message: for a card that the platform refuses.</summary>
internal static class PlainCard
{
    private const string CardType = "interactive";

    /// <summary>The text in place of a refused card; null: it is no card, says nothing, must not be said in any form, or is a frame that a later one replaces.</summary>
    /// <param name="refused">The message.</param>
    /// <param name="refusal">What the platform said.</param>
    /// <param name="operation">What was done with it, which carries a card.</param>
    public static OutboxMessage? Of(OutboxMessage refused, ChannelException refusal, IFeishuOperation operation)
    {
        if (refused.MessageType != CardType || refused.Priority == OutboxPriority.Frame || !refusal.ContentRefused || MessageRefusals.Find(refusal.Code) is { Forbidden: true }) return null;
        var text = CardText.Of(refused.Content).Trim();
        if (text.Length == 0 || operation.InWords(refused) is not { } instead) return null;
        return refused with
        {
            Operation = instead,
            MessageType = "text",
            // What is a mere word in a card's plain text must not call people in a text message: the maker breaks the tags.
            Content = MessageContent.Text(text).Json,
            Delay = TimeSpan.Zero,
        };
    }
}
