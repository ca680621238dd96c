using System.Text.Json;
using Larkspur.Feishu.Cards.Schema;

namespace Larkspur.Feishu.Cards.Validation;

/// <summary>Which of the four forms the content has, and the two short ones: template and entity.</summary>
internal static class CardForms
{
    public static (CardForm Form, CardVersion? Version) Recognise(JsonElement root, CardInspection c)
    {
        if (root.ValueKind != JsonValueKind.Object)
        {
            c.Error(CardRules.Form, $"A card is a JSON object, not {JsonTypes.Name(root.ValueKind)}.", "Send the card itself: {\"schema\":\"2.0\",…}.");
            return (CardForm.Unknown, null);
        }

        var type = root.TryGetProperty("data", out var data) ? CardInspection.Text(root, "type") : null;
        switch (type)
        {
            case "template": return (CardForm.Template, null);
            case "card": return (CardForm.Entity, null);
            case "raw":
                c.Error(CardRules.Wrapped, "{\"type\":\"raw\",\"data\":…} is the form of an answer to a callback, not of a message.",
                    "Send what is in \"data\".",
                    data.ValueKind == JsonValueKind.Object ? CardEdit.Whole(data.GetRawText()) : null);
                return (CardForm.Unknown, null);
            case not null when data.ValueKind == JsonValueKind.Object && !root.TryGetProperty("schema", out _):
                c.ErrorAt("type", CardRules.Form, $"{CardInspection.Quote(type)} is no form of a card.", "Use \"template\" or \"card\", or send the card's JSON itself.");
                return (CardForm.Unknown, null);
        }

        if (!root.TryGetProperty("schema", out var schema)) return Wrapped(root, c) ? (CardForm.Unknown, null) : (CardForm.V1, CardSchema.Instance.V1);
        if (schema.ValueKind == JsonValueKind.String && schema.ValueEquals("2.0")) return (CardForm.V2, CardSchema.Instance.V2);
        if (schema.ValueKind == JsonValueKind.String && schema.ValueEquals("1.0")) return (CardForm.V1, CardSchema.Instance.V1);
        c.ErrorAt("schema", CardRules.SchemaVersion,
            $"\"schema\" is {CardInspection.Quote(schema.GetRawText())}, which is no version of card JSON.",
                "Write \"schema\":\"2.0\" (a string).",
            CardEdit.Text("2.0"));
        return (CardForm.Unknown, null);
    }

    /// <summary>JSON 1.0 ignores what it does not know, so a packed card would be an empty one.</summary>
    private static bool Wrapped(JsonElement root, CardInspection c)
    {
        foreach (var name in (ReadOnlySpan<string>)["card", "content"])
        {
            if (!root.TryGetProperty(name, out var inner) || root.TryGetProperty("elements", out _) || root.TryGetProperty("header", out _)) continue;
            if (inner.ValueKind is not (JsonValueKind.Object or JsonValueKind.String)) continue;
            c.ErrorAt(name, CardRules.Wrapped, $"The card is packed into \"{name}\".",
                "Content of an interactive message is the card's JSON itself.",
                inner.ValueKind == JsonValueKind.Object ? CardEdit.Whole(inner.GetRawText()) : Unquoted(inner.GetString()!));
            return true;
        }

        return false;
    }

    /// <summary>A card that was written into a string, as the API's content is.</summary>
    private static CardEdit? Unquoted(string text)
    {
        try
        {
            using var card = JsonDocument.Parse(text);
            return card.RootElement.ValueKind == JsonValueKind.Object ? CardEdit.Whole(text) : null;
        }
        catch (JsonException)
        {
            // The text is no JSON: only its author knows what it was to be.
            return null;
        }
    }

    public static void CheckReference(CardInspection c, JsonElement root, CardForm form)
    {
        var before = c.Findings.Count;
        FieldCheck.Object(c, root, form == CardForm.Template ? CardSchema.Instance.Template : CardSchema.Instance.Entity);
        if (c.Findings.Count > before || c.Options is { ForEntity: false } && form == CardForm.Entity) return;
        c.Path.Push("data");
        if (form == CardForm.Template) CheckTemplate(c, root.GetProperty("data"));
        else c.Error(CardRules.Form, "An entity is made from a card, not from another entity.", "Give the card's JSON 2.0, or a template.");
        c.Path.Pop();
    }

    private static void CheckTemplate(CardInspection c, JsonElement data)
    {
        var id = CardInspection.Text(data, "template_id")!;
        if (!id.StartsWith("AAq", StringComparison.Ordinal) && !id.StartsWith("ctp_", StringComparison.Ordinal))
        {
            c.WarnAt("template_id", CardRules.TemplateId, $"{CardInspection.Quote(id)} does not look like a template of the card builder, whose ids begin with AAq (or ctp_, the old ones).", "Copy the id from the card builder.");
        }
    }
}
