using System.Text.Json;

namespace Larkspur.Emulator.Web.Cards;

/// <summary>A card's JSON, opened far enough to know its version and which elements a viewer sees.</summary>
public sealed class CardDocument
{
    private CardDocument(JsonElement root) => Root = root;

    public JsonElement Root { get; }

    public bool SecondSchema => Root.Text("schema") == "2.0";

    public JsonElement Config => Root.At("config");

    /// <summary>Builder template or card entity that the state did not resolve: there is nothing to draw but its name.</summary>
    public bool IsReference => Root.Text("type") is "template" or "card" && Root.At("data").IsObject;

    public static CardDocument? Parse(string json)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            return document.RootElement.IsObject ? new CardDocument(document.RootElement.Clone()) : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    public JsonElement Header(string locale) =>
        Root.At("i18n_header").At(locale) is { ValueKind: JsonValueKind.Object } translated ? translated : Root.At("header");

    /// <summary>The list the viewer sees and the pointer of that list.</summary>
    public (string Pointer, JsonElement Elements) Body(string locale)
    {
        if (SecondSchema) return ("/body/elements", Root.At("body").At("elements"));
        if (Root.At("i18n_elements").At(locale) is { ValueKind: JsonValueKind.Array } translated) return ($"/i18n_elements/{locale}", translated);
        return ("/elements", Root.At("elements"));
    }
}
