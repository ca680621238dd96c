using System.Text.Json.Nodes;

namespace Larkspur.Emulator.Feishu.Cards;

/// <summary>The simplified form in which a card comes back from the message APIs: title and paragraphs of plain parts.</summary>
internal static class CardOutline
{
    public static JsonObject Simplify(string cardJson)
    {
        var card = JsonNode.Parse(cardJson) as JsonObject ?? [];
        var paragraphs = new JsonArray();
        Collect((card["body"]?["elements"] ?? card["elements"]) as JsonArray, paragraphs);
        return new JsonObject { ["title"] = Text(card["header"]?["title"]), ["elements"] = paragraphs };
    }

    private static void Collect(JsonArray? elements, JsonArray paragraphs)
    {
        foreach (var element in (elements ?? []).OfType<JsonObject>())
        {
            switch (Tag(element))
            {
                case "hr":
                    paragraphs.Add(new JsonArray(new JsonObject { ["tag"] = "hr" }));
                    break;
                case "img":
                    paragraphs.Add(new JsonArray(new JsonObject { ["tag"] = "img", ["image_key"] = element["img_key"]?.DeepClone() }));
                    break;
                case "button":
                    paragraphs.Add(new JsonArray(new JsonObject { ["tag"] = "button", ["text"] = Text(element["text"]), ["type"] = element["type"]?.DeepClone() ?? "default" }));
                    break;
                default:
                    var text = Text(element["text"]) is { Length: > 0 } t ? t : Text(element["content"]);
                    if (text.Length > 0) paragraphs.Add(new JsonArray(new JsonObject { ["tag"] = "text", ["text"] = text }));
                    foreach (var field in (element["fields"] as JsonArray ?? []).OfType<JsonObject>())
                    {
                        paragraphs.Add(new JsonArray(new JsonObject { ["tag"] = "text", ["text"] = Text(field["text"]) }));
                    }

                    break;
            }

            Collect(element["elements"] as JsonArray, paragraphs);
            Collect(element["actions"] as JsonArray, paragraphs);
            Collect(element["columns"] as JsonArray, paragraphs);
        }
    }

    private static string Tag(JsonObject element) => (element["tag"] as JsonValue)?.TryGetValue<string>(out var tag) == true ? tag : "";

    private static string Text(JsonNode? node) => node switch
    {
        JsonValue v when v.TryGetValue<string>(out var text) => text,
        JsonObject o => Text(o["content"]),
        _ => "",
    };
}
