using System.Text.Json;
using Larkspur.Feishu.Cards.Schema;

namespace Larkspur.Feishu.Cards.Validation;

/// <summary>Properties that do not exist: refused by JSON 2.0 (200621, "unknown property"), ignored by 1.0.</summary>
internal static class UnknownProperty
{
    public static void Report(CardInspection c, JsonElement owner, JsonProperty property, FieldSet fields)
    {
        var name = property.Name;
        if (IsMetadata(c, name)) return;
        if (name is "form_action_type" or "action_type" && c.Tag == "button" && c.Form is null && c.Version.IsV2 == (name == "form_action_type"))
        {
            c.ErrorAt(name, CardRules.SubmitOutsideForm, $"The button has \"{name}\" but is in no form.", "Put it into a form, or give it \"behaviors\".");
            return;
        }

        var message = $"{CardInspection.Quote(name)} is no property {Of(c)} in JSON {c.Version.Name}.";
        var near = Suggestion.Nearest(name, fields.All.Select(f => f.Name));
        if (c.Version.IsV2)
        {
            var remedy = Counterpart(c, name);
            var edit = CounterpartEdit.Of(c, owner, property) ?? (remedy is null ? Renamed(owner, near) : null);
            c.ErrorAt(name, CardRules.UnknownProperty, message, remedy ?? Near(near), edit);
        }
        else if (property.Value.ValueKind is not (JsonValueKind.Object or JsonValueKind.Null) || name != "i18n")
        {
            c.WarnAt(name, CardRules.UnknownProperty, message + " It is ignored.", Near(near), Renamed(owner, near));
        }
    }

    /// <summary>A name on a button outside of forms is harmless and comes back with the callback; "schema":"1.0" says what is the default.</summary>
    private static bool IsMetadata(CardInspection c, string name) =>
        name == "name" && c.Tag == "button" || name == "schema" && c.Tag.Length == 0 && !c.Version.IsV2;

    private static string Of(CardInspection c) => c.Tag.Length == 0 ? "of this object" : $"of this object in \"{c.Tag}\"";

    private static string Near(string? near) => near is null ? "Remove it." : $"Did you mean \"{near}\"?";

    /// <summary>The name that was meant; what has none, and what the object has already, goes.</summary>
    private static CardEdit Renamed(JsonElement owner, string? near) =>
        near is null || owner.TryGetProperty(near, out _) ? CardEdit.Remove : CardEdit.Rename(near);

    /// <summary>Where the thing went in JSON 2.0.</summary>
    private static string? Counterpart(CardInspection c, string name) => (c.Tag, name) switch
    {
        ("", "elements") => "Put \"elements\" under \"body\".",
        ("", "i18n_elements") => "Write \"elements\" once under \"body\" and translate each text with \"i18n_content\" beside \"content\".",
        ("", "i18n_header") => "Translate the texts of \"header\" with \"i18n_content\".",
        ("", "fallback") => "Remove it: older clients show the card's title and a text that asks for an upgrade.",
        (_, "wide_screen_mode" or "compact_width") => "Use \"width_mode\": default, compact or fill.",
        (_, "i18n") => "Use \"i18n_content\" beside \"content\".",
        (_, "ud_icon") => "Use \"icon\":{\"tag\":\"standard_icon\",\"token\":…}.",
        ("button" or "overflow" or "interactive_container", "url" or "multi_url") => "Use \"behaviors\":[{\"type\":\"open_url\",\"default_url\":…}].",
        (_, "value") => "Use \"behaviors\":[{\"type\":\"callback\",\"value\":…}].",
        ("button", "action_type") => "Use \"form_action_type\": submit or reset.",
        ("div", "fields" or "extra") => "Use a column_set.",
        ("markdown", "href") => "Write <link url='…' pc_url='…'>text</link> in the content.",
        ("form", "confirm") => "Put \"confirm\" on the button that submits.",
        (_, "actions") => "Put the components into \"elements\".",
        (_, "layout") when c.Tag != "select_img" => "Use a column_set.",
        _ => null,
    };
}
