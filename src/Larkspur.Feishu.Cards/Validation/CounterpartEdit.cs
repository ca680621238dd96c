using System.Text.Json;

namespace Larkspur.Feishu.Cards.Validation;

/// <summary>Properties of JSON 1.0 written as JSON 2.0 has them, where one member becomes one other.</summary>
internal static class CounterpartEdit
{
    /// <returns>Null where the thing has no simple counterpart, or the object has that one, too.</returns>
    public static CardEdit? Of(CardInspection c, JsonElement owner, JsonProperty property)
    {
        var edit = (c.Tag, property.Name) switch
        {
            ("", "elements") => new CardEdit("body", $"{{\"elements\": {property.Value.GetRawText()}}}"),
            ("", "fallback") => CardEdit.Remove,
            (_, "wide_screen_mode") => new CardEdit("width_mode", property.Value.ValueKind == JsonValueKind.True
                ? "\"fill\"" : "\"default\""),
            (_, "compact_width") => new CardEdit("width_mode", property.Value.ValueKind == JsonValueKind.True
                ? "\"compact\"" : "\"default\""),
            (_, "i18n") => CardEdit.Rename("i18n_content"),
            ("button", "action_type") => ActionType(property.Value),
            _ => Behavior(c, property),
        };
        return edit?.Name is { } name && owner.TryGetProperty(name, out _) ? null : edit;
    }

    /// <summary>What a click does: an address to open, or a value to call back with.</summary>
    public static CardEdit? Behavior(CardInspection c, JsonProperty property)
    {
        if (c.Tag is not ("button" or "overflow" or "interactive_container")) return null;
        return (property.Name, property.Value.ValueKind) switch
        {
            ("url", JsonValueKind.String) => Behaviors($"{{\"type\": \"open_url\", \"default_url\": {property.Value.GetRawText()}}}"),
            ("multi_url", JsonValueKind.Object) when CardInspection.Text(property.Value, "url") is { Length: > 0 } url => Behaviors(
                $"{{\"type\": \"open_url\", \"default_url\": {CardEdit.Quoted(url)}{Others(property.Value)}}}"),
            ("value", JsonValueKind.Object or JsonValueKind.String) =>
                Behaviors($"{{\"type\": \"callback\", \"value\": {property.Value.GetRawText()}}}"),
            _ => null,
        };
    }

    private static CardEdit Behaviors(string behavior) => new("behaviors", $"[{behavior}]");

    private static string Others(JsonElement addresses) => string.Concat(
        from name in (string[])["pc_url", "android_url", "ios_url"]
        let address = CardInspection.Text(addresses, name)
        where address is { Length: > 0 }
        select $", \"{name}\": {CardEdit.Quoted(address)}");

    private static CardEdit? ActionType(JsonElement value) => value.ValueKind != JsonValueKind.String ? null : value.GetString() switch
    {
        "form_submit" => new CardEdit("form_action_type", "\"submit\""),
        "form_reset" => new CardEdit("form_action_type", "\"reset\""),
        _ => null,
    };
}
