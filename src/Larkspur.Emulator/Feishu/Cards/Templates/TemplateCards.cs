using System.Text.Json.Nodes;
using Larkspur.Emulator.Feishu.Cards.Validation;

namespace Larkspur.Emulator.Feishu.Cards.Templates;

/// <summary>Turns <c>template_id</c>, version and variables into a card.</summary>
internal sealed class TemplateCards(EmulatorState state)
{
    public JsonObject? Make(string? appId, JsonObject data, out CardProblem? problem)
    {
        problem = null;
        var id = CardPart.Text(data, "template_id") ?? "";
        var template = state.CardTemplate(id);
        var version = template?.Published(CardPart.Text(data, "template_version_name") is { Length: > 0 } name ? name : null);
        if (version is null)
        {
            problem = new CardProblem(200380, null, "template does not exist, please confirm whether this template has been released", "templateID: " + id);
            return null;
        }

        if (template!.Apps is { } apps && (appId is null || !apps.Contains(appId)))
        {
            problem = new CardProblem(200381, null, "template is not visible to app, please confirm whether the app is allowed to use this template", $"{appId}, templateID: {id}");
            return null;
        }

        if (data["template_variable"] is not (null or JsonObject))
        {
            problem = new CardProblem(200737, null, "the format of the variable is incorrect. Please check the format of the variable", "template_variable");
            return null;
        }

        var given = data["template_variable"] as JsonObject ?? [];
        problem = TemplateVariables.Validate(version, given);
        if (problem is not null) return null;
        var card = (JsonObject)TemplateVariables.Fill(JsonNode.Parse(version.Json), version, given)!;
        if (!CardValidator.TooLarge(version.Json + given.ToJsonString()) && !CardValidator.TooLarge(CanonicalJson.Write(card))) return card;
        problem = new CardProblem(11310, null, "card content exceeds the limit", "") { Kind = CardProblemKind.TooLarge };
        return null;
    }
}
