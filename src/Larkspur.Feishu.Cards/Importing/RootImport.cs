using System.Text.Json.Nodes;
using Larkspur.Feishu.Cards.Schema;

namespace Larkspur.Feishu.Cards.Importing;

/// <summary>The card as a whole: config, link, header, body.</summary>
internal static class RootImport
{
    public static JsonObject Convert(ImportRun run, JsonObject card)
    {
        var result = new JsonObject { ["schema"] = "2.0" };
        if (Config(run, card["config"] as JsonObject) is { Count: > 0 } config) result["config"] = config;
        if (card["card_link"] is JsonObject link) result["card_link"] = At(run, "card_link", () => run.Keep(link, CardSchema.Instance.V2.Root.Find("card_link")!.Fields!));
        if (Header(run, card) is { } header) result["header"] = header;
        var (name, elements) = Elements(run, card);
        result["body"] = new JsonObject { ["elements"] = elements is null ? new JsonArray() : At(run, name, () => ElementImport.List(run, elements)) };
        foreach (var (key, _) in card)
        {
            if (key is "config" or "card_link" or "header" or "i18n_header" or "elements" or "i18n_elements" or "schema") continue;
            run.NoteAt(key, key == "fallback" ? "JSON 2.0 has no fall-back card; older clients show the title and ask for an upgrade." : $"\"{key}\" has no counterpart and was left out.");
        }

        return result;
    }

    public static T At<T>(ImportRun run, string name, Func<T> convert)
    {
        run.Path.Push(name);
        var result = convert();
        run.Path.Pop();
        return result;
    }

    private static JsonObject? Config(ImportRun run, JsonObject? config)
    {
        if (config is null) return null;
        var source = (JsonObject)config.DeepClone();
        if (source["update_multi"] is JsonValue shared && shared.TryGetValue(out bool isShared) && !isShared)
        {
            source.Remove("update_multi");
            At(run, "config", () => NoteShared(run));
        }

        // The old flag's true is what width_mode says with "fill"; the older one's true is "compact".
        if (!source.ContainsKey("width_mode") && source["compact_width"] is JsonValue compact && compact.TryGetValue(out bool isCompact) && isCompact) source["width_mode"] = "compact";
        else if (!source.ContainsKey("width_mode") && source["wide_screen_mode"] is JsonValue wide && wide.TryGetValue(out bool isWide) && isWide) source["width_mode"] = "fill";
        source.Remove("wide_screen_mode");
        source.Remove("compact_width");
        return At(run, "config", () => run.Keep(source, CardSchema.Instance.V2.Root.Find("config")!.Fields!));
    }

    private static bool NoteShared(ImportRun run)
    {
        run.NoteAt("update_multi", "Cards of JSON 2.0 are always shared: an update is seen by everybody, not by one person.");
        return true;
    }

    private static JsonObject? Header(ImportRun run, JsonObject card)
    {
        var source = card["header"] as JsonObject;
        if (card["i18n_header"] is JsonObject { Count: > 0 } translations)
        {
            source = Merge(source, translations, run.Locale);
        }

        if (source is null) return null;
        var header = (JsonObject)source.DeepClone();
        if (header["ud_icon"] is JsonObject library) header["icon"] = LibraryIcon(library);
        else if (header["icon"] is JsonObject icon && !icon.ContainsKey("tag")) icon["tag"] = "custom_icon";
        header.Remove("ud_icon");
        return At(run, "header", () => run.Keep(header, CardSchema.Instance.V2.Header));
    }

    /// <summary>One header in the chosen language, with the other languages' titles as translations.</summary>
    private static JsonObject Merge(JsonObject? header, JsonObject translations, string locale)
    {
        var merged = (JsonObject)(header ?? translations[locale] as JsonObject ?? translations.First().Value as JsonObject ?? []).DeepClone();
        foreach (var part in (ReadOnlySpan<string>)["title", "subtitle"])
        {
            if (merged[part] is not JsonObject text) continue;
            var content = new JsonObject();
            foreach (var (language, translation) in translations)
            {
                if (translation is JsonObject other && other[part] is JsonObject text2 && ImportRun.Text(text2, "content") is { } words) content[language] = words;
            }

            if (content.Count > 0) text["i18n_content"] = content;
        }

        return merged;
    }

    public static JsonObject LibraryIcon(JsonObject library)
    {
        var icon = new JsonObject { ["tag"] = "standard_icon", ["token"] = ImportRun.Text(library, "token") };
        if (library["style"] is JsonObject style && ImportRun.Text(style, "color") is { } color) icon["color"] = color;
        return icon;
    }

    private static (string Name, JsonArray? Elements) Elements(ImportRun run, JsonObject card)
    {
        if (card["i18n_elements"] is not JsonObject { Count: > 0 } translations) return ("elements", card["elements"] as JsonArray);
        var locale = translations.ContainsKey(run.Locale) ? run.Locale : translations.First().Key;
        run.NoteAt("i18n_elements", $"JSON 2.0 has one body: the one for {locale} was taken. Translate its texts with \"i18n_content\".");
        return ("i18n_elements", translations[locale] as JsonArray ?? card["elements"] as JsonArray);
    }
}
