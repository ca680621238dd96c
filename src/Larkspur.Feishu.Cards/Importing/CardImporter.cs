using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Larkspur.Feishu.Cards.Importing;
using Larkspur.Feishu.Cards.Validation;

namespace Larkspur.Feishu.Cards;

/// <summary>Turns a card of JSON 1.0 into one of JSON 2.0 that shows and does the same.</summary>
public static class CardImporter
{
    /// <summary>Longest card that is read, in UTF-16 units: three times what the platform takes.</summary>
    private const int MaxInput = 100_000;

    private static readonly JsonSerializerOptions Relaxed = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Converts. A card of JSON 2.0 comes back as it is, with a note.</summary>
    /// <param name="v1Json">The card.</param>
    /// <param name="locale">Which of <c>i18n_elements</c> becomes the body, since JSON 2.0 translates texts and not bodies; the first when it is not there.</param>
    /// <exception cref="ArgumentException">The text is no card of JSON 1.0: no JSON, too long, no object, a template or an entity.</exception>
    public static CardImport ToV2(string v1Json, string locale = "zh_cn")
    {
        ArgumentNullException.ThrowIfNull(v1Json);
        if (v1Json.Length > MaxInput) throw new ArgumentException($"The card has {v1Json.Length:N0} characters; {MaxInput:N0} are read at most.", nameof(v1Json));
        if (CardJson.HasLoneSurrogate(v1Json)) throw new ArgumentException("The card holds half of a surrogate pair; cut texts at whole characters.", nameof(v1Json));
        JsonObject card;
        try
        {
            var options = new JsonDocumentOptions { MaxDepth = CardJson.MaxDepth, AllowDuplicateProperties = false };
            card = JsonNode.Parse(v1Json, documentOptions: options) as JsonObject ?? throw new ArgumentException("A card is a JSON object.", nameof(v1Json));
        }
        catch (JsonException e)
        {
            throw new ArgumentException("The card is not JSON, or has a property twice; validate it first.", nameof(v1Json), e);
        }

        if (card["schema"] is JsonValue schema && schema.TryGetValue(out string? version) && version == "2.0") return new CardImport(v1Json, [new CardImportNote("/schema", "The card is JSON 2.0 already.")]);
        if (card.ContainsKey("data") && card.ContainsKey("type")) throw new ArgumentException("A template or an entity has no JSON to convert; convert the card itself.", nameof(v1Json));
        var import = new ImportRun(locale);
        return new CardImport(RootImport.Convert(import, card).ToJsonString(Relaxed), import.Notes);
    }
}
