using System.Text.Json;
using System.Text.Json.Nodes;
using Larkspur.Emulator.Feishu.CardKit;
using Larkspur.Emulator.Feishu.Cards.Validation;
using Larkspur.Emulator.Feishu.Cards.Templates;

namespace Larkspur.Emulator.Feishu.Cards;

/// <summary>Reads what an app gives as a card: the card itself, a template of the builder, or the id of a card entity.</summary>
internal sealed class CardReader(CardValidator validator, TemplateCards templates, CardEntities entities)
{
    /// <param name="appId">The app that sends: images, people, templates and entities are checked for it. <see langword="null"/>: a custom bot, which has neither templates nor entities of its own.</param>
    public CardState? Read(string? appId, string content, out CardProblem? problem)
    {
        if (Reference(content) is not { } reference) return validator.Read(appId, content, out problem);
        if (reference.Form == "card") return entities.Unsent(appId ?? "", CardPart.Text(reference.Data, "card_id") ?? "", out problem);
        return templates.Make(appId ?? "", reference.Data, out problem) is { } card ? validator.Read(appId, CanonicalJson.Write(card), out problem) : null;
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
