using Larkspur.Gateway.Outbox;
using Larkspur.Gateway.Platforms.DingTalk.Sending;

namespace Larkspur.Gateway.Platforms.DingTalk.Answers;

/// <summary>Shows a whole answer in a card that has a key of its own, and ends the card.</summary>
internal sealed class EndOfAnswer(AnswerCards cards) : IDingTalkOperation
{
    public static OutboxOperation Definition { get; } = new("card_answer", Repetition.Harmless, DingTalkAnswerTexts.AnswerInCard);

    public OutboxOperation Operation => Definition;

    public Task<SendReceipt> SendAsync(DingTalkApp app, OutboxEntry entry, Action beforeCall, CancellationToken cancellation)
    {
        beforeCall();
        return cards.EndAsync(app, entry, cancellation);
    }
}
