using System.Text.Json.Nodes;
using Larkspur.Feishu.Cards;
using Larkspur.Feishu.Events;

namespace Larkspur.Feishu;

/// <summary>Answers a card action with a card that is built here.</summary>
public static class CardAnswers
{
    extension(CardActionResponse answer)
    {
        /// <summary>Replaces the card: <c>CardActionResponse.Toast(…).WithCard(new CardBuilder()…)</c>.</summary>
        /// <exception cref="ArgumentException">Something in the card does not fit; the sentence says what to do.</exception>
        public CardActionResponse WithCard(CardBuilder card)
        {
            ArgumentNullException.ThrowIfNull(answer);
            ArgumentNullException.ThrowIfNull(card);
            return answer.WithCard(JsonNode.Parse(card.ToJson())!);
        }
    }
}
