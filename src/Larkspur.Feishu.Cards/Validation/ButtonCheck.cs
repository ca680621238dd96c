using System.Text.Json;

namespace Larkspur.Feishu.Cards.Validation;

/// <summary>Buttons: one that does nothing, one that is told twice what to do, one that submits a form.</summary>
internal static class ButtonCheck
{
    public static void Check(CardInspection c, JsonElement element)
    {
        var action = CardInspection.Text(element, c.Version.IsV2 ? "form_action_type" : "action_type");
        if (c.Form is not null)
        {
            if (action is "submit" or "form_submit") c.Form.HasSubmit = true;
            if (CardInspection.Text(element, "name") is { } name)
            {
                if (name.Length == 0) c.Error(CardRules.FormItemWithoutName, "The button is in a form and its name is empty; clients refuse to submit it (200530).", "Name the button.");
                else FormCheck.Name(c, name);
            }

            return;
        }

        var behaviors = Has(element, "behaviors");
        var old = Has(element, "url") || Has(element, "multi_url") || Has(element, "value");
        if (behaviors && old) c.Warn(CardRules.ButtonDoesTwoThings, "The button has \"behaviors\" and the older url, multi_url or value; only \"behaviors\" count.", "Keep \"behaviors\".");
        if (behaviors || old || action is not null || element.TryGetProperty("disabled", out var disabled) && disabled.ValueKind == JsonValueKind.True) return;
        c.Warn(CardRules.ButtonDoesNothing, "The button does nothing when it is clicked.", "Give it \"behaviors\": open_url or callback; or \"disabled\":true.");
    }

    private static bool Has(JsonElement element, string name) => element.TryGetProperty(name, out var value) && value.ValueKind switch
    {
        JsonValueKind.Array => value.GetArrayLength() > 0,
        JsonValueKind.String => value.GetString()!.Length > 0,
        _ => value.ValueKind == JsonValueKind.Object,
    };
}
