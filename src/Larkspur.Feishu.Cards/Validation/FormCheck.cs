using System.Text.Json;
using Larkspur.Feishu.Cards.Schema;

namespace Larkspur.Feishu.Cards.Validation;

/// <summary>Forms: a button that submits, and names by which the values come back (300 and 200530 of the client otherwise).</summary>
internal static class FormCheck
{
    public static void Form(CardInspection c, JsonElement element, FormState? outer)
    {
        if (c.Form!.HasSubmit || outer is not null) return;
        if (!element.TryGetProperty("elements", out var elements) || elements.ValueKind != JsonValueKind.Array) return;
        c.Error(CardRules.FormWithoutSubmit, "The form has no button that submits it.", c.Version.IsV2
            ? "Add {\"tag\":\"button\",\"name\":…,\"form_action_type\":\"submit\",…} to its elements."
            : "Add {\"tag\":\"button\",\"name\":…,\"action_type\":\"form_submit\",…} to its elements.");
    }

    /// <summary>An input, a select, a picker, a checker.</summary>
    public static void Item(CardInspection c, JsonElement element, SchemaComponent component)
    {
        if (c.Form is null) return;
        var name = CardInspection.Text(element, "name");
        if (string.IsNullOrEmpty(name))
        {
            if (name is null && component.Fields.Find("name") is { Required: true }) return;
            c.Error(CardRules.FormItemWithoutName, $"The \"{component.Tag}\" is in a form and has no name; clients refuse to submit it (200530).", "Add \"name\": the key of its value in form_value.");
            return;
        }

        Name(c, name);
    }

    public static void Name(CardInspection c, string name)
    {
        if (c.Form is null || c.Form.Names.Add(name)) return;
        c.ErrorAt("name", CardRules.DuplicateName, $"The form has two items named {CardInspection.Quote(name)}; one value would be lost.", "Name each item differently.");
    }
}
