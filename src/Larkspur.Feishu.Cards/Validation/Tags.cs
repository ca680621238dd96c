using Larkspur.Feishu.Cards.Schema;

namespace Larkspur.Feishu.Cards.Validation;

/// <summary>Which tags there are, and where they may stand.</summary>
internal static class Tags
{
    /// <summary>The component; null (and a finding) when the version does not have it.</summary>
    public static SchemaComponent? Find(CardInspection c, string tag)
    {
        if (c.Version.Components.TryGetValue(tag, out var component)) return component;
        if (c.Version.IsV2 && CardSchema.Instance.V1.Components.ContainsKey(tag))
        {
            c.Error(CardRules.RemovedTag, $"JSON 2.0 no longer has \"{tag}\".", tag switch
            {
                "action" => "Put the buttons into \"elements\" themselves, or side by side into a column_set.",
                "note" => "Use a div whose text has \"text_size\":\"notation\" and \"text_color\":\"grey\".",
                _ => "Use its counterpart of JSON 2.0.",
            });
            return null;
        }

        c.ErrorAt("tag", CardRules.UnknownTag, $"{CardInspection.Quote(tag)} is no component of JSON {c.Version.Name}.", tag switch
        {
            "plain_text" or "lark_md" => "Put the text into a div: {\"tag\":\"div\",\"text\":{…}}.",
            "header" => "Put the header beside the elements: \"header\":{…} at the top of the card.",
            "video" => "There is no video in cards: send it as a media message, or link to it.",
            _ => Suggestion.Nearest(tag, c.Version.Components.Keys) is { } near ? $"Did you mean \"{near}\"?" : "Use a component of the platform's list.",
        }, tag is "plain_text" or "lark_md" ? null : CardEdit.Near(Suggestion.Nearest(tag, c.Version.Components.Keys)));
        return null;
    }

    public static void CheckPlace(CardInspection c, SchemaComponent component, string parent)
    {
        var tag = component.Tag;
        if (parent == "columns" ? tag == "column" : parent == "extra" || Allowed(c, component, parent))
        {
            if (tag == "chart" && c.Form is not null)
            {
                c.Warn(CardRules.MisplacedTag, "The platform's pages disagree on whether a form may hold a chart.", "Put the chart above the form.");
            }

            return;
        }

        c.Error(CardRules.MisplacedTag, $"\"{tag}\" may not be {In(parent)}.", (tag, parent) switch
        {
            (_, "columns") => "Wrap it: {\"tag\":\"column\",\"elements\":[…]}.",
            ("column", _) => "Put it into the \"columns\" of a column_set.",
            ("form", _) when c.Form is not null => "Close the outer form first: forms are not nested.",
            ("multi_select_static" or "multi_select_person", _) => "Put it into a form.",
            (_, "root") when component.AllowedIn.Contains("action") => "Put it into an action module: {\"tag\":\"action\",\"actions\":[…]}.",
            _ => $"It may be {string.Join(", ", component.AllowedIn.Select(In))}.",
        });
    }

    /// <summary>What only forms take may also stand in a container inside of the form.</summary>
    private static bool Allowed(CardInspection c, SchemaComponent component, string parent)
    {
        if (parent == "action") return c.Version.Components["action"].Children!.Contains(component.Tag);
        if (component.AllowedIn.Contains(parent, StringComparer.Ordinal)) return component.Tag != "column";
        return component.AllowedIn is ["form"] && c.Form is not null;
    }

    private static string In(string parent) => parent switch
    {
        "root" => "directly in the card",
        "columns" => "directly in \"columns\"",
        "column_set" => "in a column",
        "action" => "in an action module",
        _ => $"in a {parent}",
    };
}
