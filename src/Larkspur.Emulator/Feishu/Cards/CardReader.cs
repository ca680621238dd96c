using System.Text.Json;
using System.Text.Json.Nodes;
using Larkspur.Emulator.Feishu.CardKit;
using Larkspur.Emulator.World;

namespace Larkspur.Emulator.Feishu.Cards;

/// <summary>Reads what an app gives as a card: the card itself, or the id of a card entity.</summary>
internal sealed class CardReader(CardEntities entities)
{
    /// <param name="appId">The app that sends: entities belong to one.</param>
    public CardState? Read(string appId, string content, out CardProblem? problem)
    {
        problem = null;
        if (Reference(content) is not { } reference) return CardContent.Read(content, out problem);
        if (reference.Form == "card") return entities.Unsent(appId, CardPart.Text(reference.Data, "card_id") ?? "", out problem);

        problem = new CardProblem(200380, null, "template does not exist or is not published", CardPart.Text(reference.Data, "template_id") ?? "");
        return null;
    }

    private static (string Form, JsonObject Data)? Reference(string content)
    {
        try
        {
            return StrictJson.Parse(content) is JsonObject card && CardPart.Text(card, "type") is { } form && form is "template" or "card"
                ? (form, card["data"] as JsonObject ?? [])
                : null;
        }
        catch (JsonException)
        {
            return null; // The card's own reader says what is wrong with it.
        }
    }
}
