using System.Text.Json.Nodes;

namespace Larkspur.Emulator.Feishu.Cards.Validation;

/// <summary>A form: named parts, each name once, and a button that submits it.</summary>
internal static class FormRules
{
    private static readonly HashSet<string> Inputs =
    [
        "input", "select_static", "multi_select_static", "select_person", "multi_select_person", "date_picker", "picker_time", "picker_datetime", "select_img", "checker",
    ];

    public static void Validate(JsonObject form, string pointer, bool isV2, Findings findings)
    {
        var names = new HashSet<string>();
        var submits = false;
        foreach (var (part, at) in Parts(form["elements"], pointer + "/elements"))
        {
            var tag = CardPart.Text(part, "tag")!;
            submits |= tag == "button" && (CardPart.Text(part, "form_action_type") == "submit" || CardPart.Text(part, "action_type") == "form_submit");
            var name = CardPart.Text(part, "name");
            // Without a name the part could not be submitted: what reached a client that way ends in 200530 there.
            if (Inputs.Contains(tag) && string.IsNullOrEmpty(name)) findings.Add(200530, at, "the component in form must have a name", tag);
            if (!string.IsNullOrEmpty(name) && !names.Add(name)) findings.Structure(at, $"duplicate name in form, name: {name}");
        }

        if (!submits && isV2) findings.Structure(pointer, "form must have a submit button");
    }

    private static IEnumerable<(JsonObject Part, string Pointer)> Parts(JsonNode? node, string pointer)
    {
        switch (node)
        {
            case JsonArray list:
                for (var i = 0; i < list.Count; i++)
                {
                    foreach (var part in Parts(list[i], $"{pointer}/{i}")) yield return part;
                }

                break;
            case JsonObject element:
                var tag = CardPart.Text(element, "tag") ?? "";
                if (tag == "button" || Inputs.Contains(tag)) yield return (element, pointer);
                foreach (var inner in (string[])["elements", "columns", "actions"])
                {
                    foreach (var part in Parts(element[inner], $"{pointer}/{inner}")) yield return part;
                }

                break;
        }
    }
}
