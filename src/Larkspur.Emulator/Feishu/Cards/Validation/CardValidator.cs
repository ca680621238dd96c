using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Larkspur.Emulator.Feishu.Cards.Validation;

/// <summary>Validates a card as the platform does when it is sent, updated, or becomes an entity.</summary>
/// <remarks>
/// Structure comes from the catalogue of components; sub codes and their texts from the page of "send message". JSON 1.0 ignores properties
/// that it does not know, and its nesting is checked only where the pages are plain. Not checked: the inside of <c>chart_spec</c> (a VChart
/// specification), the addresses in links, and names of icons.
/// </remarks>
internal sealed class CardValidator(EmulatorState state)
{
    public const int MostBytes = 30 * 1024;

    public static bool TooLarge(string content) => Encoding.UTF8.GetByteCount(content) > MostBytes;

    /// <summary>The card as it will be shown, or the first thing that is wrong with it.</summary>
    public CardState? Read(string? appId, string content, out CardProblem? problem)
    {
        var card = Parse(content, out problem);
        if (card is null) return null;
        problem = All(appId, card) is [var first, ..] ? first : null;
        if (problem is not null) return null;
        var isV2 = IsV2(card);
        var shared = isV2 || (card["config"] is JsonObject config && config["update_multi"] is JsonValue multi && multi.GetValueKind() == JsonValueKind.True);
        return new CardState { Json = content, IsV2 = isV2, Shared = shared };
    }

    public static JsonObject? Parse(string content, out CardProblem? problem)
    {
        problem = null;
        try
        {
            if (StrictJson.Parse(content) is JsonObject card) return card;
        }
        catch (JsonException)
        {
            // Told below.
        }

        problem = new CardProblem(200621, null, Findings.NotACard, content.Length <= 100 ? content : content[..100]);
        return null;
    }

    public IReadOnlyList<CardProblem> All(string? appId, JsonObject card)
    {
        var findings = new Findings(card);
        if (card["schema"] is { } schema && CardPart.Text(card, "schema") is not ("2.0" or "1.0"))
        {
            findings.Structure("/schema", $"invalid value, property: schema, value: {schema.ToJsonString()}");
            return findings.All;
        }

        // Content may be a reference instead of a card; there are two kinds of them.
        if (CardPart.Text(card, "type") is { } form && card["data"] is JsonObject && card.Count == 2)
        {
            findings.Structure("/type", $"invalid value, property: type, value: {form}");
            return findings.All;
        }

        var grammar = IsV2(card) ? CardGrammar.V2 : CardGrammar.V1;
        if (grammar.IsV2 && card["config"] is JsonObject config && config["update_multi"] is JsonValue multi && multi.GetValueKind() == JsonValueKind.False)
        {
            findings.Add(300302, "/config/update_multi", "update_multi property is false", "", kind: CardProblemKind.ExclusiveV2);
            return findings.All;
        }

        new CardWalk(grammar, card, findings, new CardContents(state, appId, card, findings)).Run();
        return findings.All;
    }

    private static bool IsV2(JsonObject card) => CardPart.Text(card, "schema") == "2.0";
}
