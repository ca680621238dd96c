using System.Text.Json;
using Larkspur.Feishu.Cards.Schema;

namespace Larkspur.Feishu.Cards.Validation;

/// <summary>Components: known, in a place where they may be, not too deep; then their fields and their own rules.</summary>
internal static class ComponentCheck
{
    /// <summary>The list inside of the component that is being looked at.</summary>
    public static void Children(CardInspection c, JsonElement list) => List(c, list, c.Tag switch
    {
        "" => "root",
        "column" => "column_set",
        _ => c.Tag,
    });

    public static void List(CardInspection c, JsonElement list, string parent)
    {
        var index = 0;
        foreach (var element in list.EnumerateArray())
        {
            if (c.IsFull) return;
            c.Path.Push(index++);
            Element(c, element, parent);
            c.Path.Pop();
        }
    }

    /// <summary>The one component beside a div's text (JSON 1.0).</summary>
    public static void Extra(CardInspection c, JsonElement element, SchemaField field)
    {
        if (CardInspection.Text(element, "tag") is { } tag && field.Kinds?.Contains(tag) == false)
        {
            c.Error(CardRules.MisplacedTag, $"\"{tag}\" cannot be the \"{field.Name}\" of a \"{c.Tag}\".", Suggestion.OneOf(tag, field.Kinds));
            return;
        }

        Element(c, element, "extra");
    }

    private static void Element(CardInspection c, JsonElement element, string parent)
    {
        if (element.ValueKind != JsonValueKind.Object)
        {
            c.Error(CardRules.WrongType, $"An element is {JsonTypes.Name(element.ValueKind)}; it must be an object.", "Write {\"tag\":…}.");
            return;
        }

        if (!element.TryGetProperty("tag", out var tagged) || tagged.ValueKind != JsonValueKind.String)
        {
            if (tagged.ValueKind == JsonValueKind.Undefined) c.Error(CardRules.MissingProperty, "\"tag\" is missing.", "Say which component it is: \"tag\":\"markdown\".");
            else c.ErrorAt("tag", CardRules.WrongType, $"\"tag\" is {JsonTypes.Name(tagged.ValueKind)}; it must be a string.", "Write \"tag\":\"markdown\".");
            return;
        }

        var tag = tagged.GetString()!;
        if (parent == "note") NoteElement(c, element, tag);
        else if (Tags.Find(c, tag) is { } component) Known(c, element, component, parent);
    }

    private static void Known(CardInspection c, JsonElement element, SchemaComponent component, string parent)
    {
        Tags.CheckPlace(c, component, parent);
        var (outerTag, outerForm, outerDepth) = (c.Tag, c.Form, c.Depth);
        if (component.IsContainer && ++c.Depth == CardSchema.Instance.Limits.MaxNesting + 1)
        {
            c.Error(CardRules.Nesting, $"Containers are nested {c.Depth} deep; {CardSchema.Instance.Limits.MaxNesting} are allowed.", "Take a level out.");
        }

        c.Tag = component.Tag;
        if (component.Tag == "form") c.Form = new FormState();
        FieldCheck.Object(c, element, c.Form is null ? component.Fields : component.FieldsInForm);
        ComponentRules.Check(c, element, component, outerForm);
        (c.Tag, c.Form, c.Depth) = (outerTag, outerForm, outerDepth);
    }

    /// <summary>A note of JSON 1.0 holds texts, small pictures and icons.</summary>
    private static void NoteElement(CardInspection c, JsonElement element, string tag)
    {
        c.Elements++;
        switch (tag)
        {
            case "plain_text" or "lark_md":
                if (CardInspection.Text(element, "content") is null && !element.TryGetProperty("i18n_content", out _)) c.Error(CardRules.MissingProperty, "\"content\" is missing.", "Add \"content\": a string.");
                RichText.CheckObject(c, element);
                break;
            case "img" or "custom_icon":
                if (CardInspection.Text(element, "img_key") is not { } key) c.Error(CardRules.MissingProperty, "\"img_key\" is missing.", "Add \"img_key\": a string.");
                else ImageKey(c, key);
                break;
            case "standard_icon":
                break;
            default:
                c.ErrorAt("tag", CardRules.MisplacedTag, $"{CardInspection.Quote(tag)} cannot be in a note.", "Use one of: img, lark_md, plain_text, standard_icon, custom_icon.");
                break;
        }
    }

    private static void ImageKey(CardInspection c, string key)
    {
        c.Path.Push("img_key");
        ImageCheck.Key(c, key);
        c.Path.Pop();
    }
}
