using System.Text.Json;
using Larkspur.Feishu.Cards.Schema;

namespace Larkspur.Feishu.Cards.Validation;

/// <summary>A card of JSON 1.0 or 2.0 as a whole.</summary>
internal static class CardRoot
{
    public static void Check(CardInspection c, JsonElement root)
    {
        if (c.Options.ForEntity && !c.Version.IsV2)
        {
            c.Error(CardRules.SchemaVersion, "A card entity takes JSON 2.0 only (300303).", "Convert the card: CardImporter.ToV2.");
            return;
        }

        DeclaredStyles(c, root);
        FieldCheck.Object(c, root, c.Version.Root);
        Shared(c, root);
        var limits = CardSchema.Instance.Limits;
        if (c.Version.IsV2 && c.Elements > limits.MaxElements)
        {
            c.Error(CardRules.TooManyElements, $"The card has {c.Elements} elements and components; {limits.MaxElements} are allowed.", "Use a table or markdown for what repeats, or several cards.");
        }

        if (c.Tables > limits.MaxTablesPerCard)
        {
            c.Error(CardRules.TooManyTables, $"The card has {c.Tables} tables; {limits.MaxTablesPerCard} are allowed. Tables in markdown count, too.", "Join tables, or send several cards.");
        }
    }

    /// <summary>Names of text sizes and colours that the card makes for itself.</summary>
    private static void DeclaredStyles(CardInspection c, JsonElement root)
    {
        if (!root.TryGetProperty("config", out var config) || config.ValueKind != JsonValueKind.Object) return;
        c.MayBeForwarded = !config.TryGetProperty("enable_forward", out var forward) || forward.ValueKind != JsonValueKind.False;
        if (!config.TryGetProperty("style", out var style) || style.ValueKind != JsonValueKind.Object) return;
        foreach (var kind in style.EnumerateObject())
        {
            if (kind.Value.ValueKind != JsonValueKind.Object) continue;
            foreach (var name in kind.Value.EnumerateObject()) c.StyleNames.Add(name.Name);
        }
    }

    private static void Shared(CardInspection c, JsonElement root)
    {
        if (!c.Options.WillBeUpdated || c.Version.IsV2) return;
        if (root.TryGetProperty("config", out var config) && config.ValueKind == JsonValueKind.Object
            && config.TryGetProperty("update_multi", out var shared) && shared.ValueKind == JsonValueKind.True) return;
        c.Error(CardRules.UpdateMulti, "The card will be updated, and JSON 1.0 is not shared unless it says so.",
            "Write \"config\":{\"update_multi\":true}.",
            config.ValueKind switch
            {
                JsonValueKind.Undefined => CardEdit.Add("config", "{\"update_multi\": true}"),
                JsonValueKind.Object when !config.TryGetProperty("update_multi", out _) =>
                    new CardEdit(null, "true", "config/update_multi"),
                _ => null,
            });
    }
}
