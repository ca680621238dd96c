using System.Text.Json;
using System.Text.Json.Nodes;

namespace Larkspur.Emulator.Feishu.Cards;

/// <param name="Path">JSON pointer into the card.</param>
/// <param name="Form">The form around it, if any.</param>
internal sealed record CardPart(JsonObject Element, string Tag, string Path, JsonObject? Form)
{
    public string? Name => Text(Element, "name");

    public bool Disabled => Element["disabled"] is JsonValue v && v.GetValueKind() == JsonValueKind.True;

    /// <summary>The words on it.</summary>
    public string? Label => Element["text"] is JsonObject text ? Text(text, "content") : null;

    /// <summary>What the callback hands back: an object or a string, as the developer chose.</summary>
    public JsonNode? CallbackValue =>
        Element["value"] ?? Behaviors().FirstOrDefault(b => Text(b, "type") == "callback")?["value"];

    public bool CallsBack(bool isV2)
    {
        if (Tag is not ("button" or "interactive_container")) return true;
        if (Behaviors().Any(b => Text(b, "type") == "callback") || Element["value"] is not null) return true;
        return !isV2 && Url is null;
    }

    public string? Url =>
        Behaviors().Where(b => Text(b, "type") == "open_url").Select(b => Text(b, "default_url") ?? Text(b, "pc_url")).FirstOrDefault()
        ?? Text(Element, "url") ?? (Element["multi_url"] is JsonObject multi ? Text(multi, "url") ?? Text(multi, "pc_url") : null);

    public bool Submits => Text(Element, "form_action_type") == "submit" || Text(Element, "action_type") == "form_submit";

    public bool Resets => Text(Element, "form_action_type") == "reset" || Text(Element, "action_type") == "form_reset";

    public static string? Text(JsonObject o, string name) => (o[name] as JsonValue)?.TryGetValue<string>(out var s) == true ? s : null;

    private IEnumerable<JsonObject> Behaviors() => (Element["behaviors"] as JsonArray ?? []).OfType<JsonObject>();
}

/// <summary>Finds the parts of a card that can be used.</summary>
internal static class CardParts
{
    private static readonly HashSet<string> Interactive =
    [
        "button", "overflow", "select_static", "multi_select_static", "select_person", "multi_select_person", "date_picker", "picker_time",
        "picker_datetime", "input", "checker", "select_img", "interactive_container",
    ];

    /// <summary>In reading order.</summary>
    public static IReadOnlyList<CardPart> All(JsonObject card)
    {
        List<CardPart> parts = [];
        if (card["body"] is JsonObject body) Walk(body["elements"], "/body/elements", null, parts);
        else Walk(card["elements"], "/elements", null, parts);
        foreach (var (locale, elements) in card["i18n_elements"] as JsonObject ?? []) Walk(elements, $"/i18n_elements/{locale}", null, parts);
        return parts;
    }

    /// <returns>The one part that the click means, or a sentence why there is none.</returns>
    public static CardPart? Find(JsonObject card, CardClick click, out LocalizedText? why)
    {
        var parts = All(card).AsEnumerable();
        if (click.Path is { } path) parts = parts.Where(p => p.Path == path);
        if (click.Tag is { } tag) parts = parts.Where(p => p.Tag == tag);
        if (click.Name is { } name) parts = parts.Where(p => p.Name == name);
        if (click.ElementId is { } id) parts = parts.Where(p => CardPart.Text(p.Element, "element_id") == id);
        if (click.Text is { } text) parts = parts.Where(p => p.Label == text);
        if (click.Value is { } value) parts = parts.Where(p => JsonNode.DeepEquals(p.CallbackValue, value));
        var found = parts.ToArray();
        var index = click.Index ?? 0;
        why = found.Length == 0 ? new LocalizedText("The card has no such part.", "卡片里没有这个组件。")
            : index < 0 || index >= found.Length ? new LocalizedText($"The card has only {found.Length} such part(s).", $"卡片里只有 {found.Length} 个这样的组件。")
            : click is { Index: null, Path: null } && found.Length > 1 && click is { Name: null, ElementId: null, Text: null, Value: null, Tag: null }
                ? new LocalizedText("Say which part of the card: path, name, element_id, text, value, tag or index.", "请说明是卡片的哪个组件：path、name、element_id、text、value、tag 或 index。") : null;
        return why is not null ? null : found[index];
    }

    /// <summary>Parts of one form, by reading order, without its buttons.</summary>
    public static IEnumerable<CardPart> InputsOf(JsonObject card, JsonObject form) =>
        All(card).Where(p => ReferenceEquals(p.Form, form) && p.Tag is not ("button" or "interactive_container"));

    private static void Walk(JsonNode? node, string path, JsonObject? form, List<CardPart> parts)
    {
        switch (node)
        {
            case JsonArray list:
                for (var i = 0; i < list.Count; i++) Walk(list[i], $"{path}/{i}", form, parts);
                break;
            case JsonObject element:
                var tag = CardPart.Text(element, "tag") ?? "";
                if (Interactive.Contains(tag)) parts.Add(new CardPart(element, tag, path, form));
                var inner = tag == "form" ? element : form;
                foreach (var name in (string[])["elements", "columns", "actions", "extra", "button_area", "header"]) Walk(element[name], $"{path}/{name}", inner, parts);
                break;
        }
    }
}
