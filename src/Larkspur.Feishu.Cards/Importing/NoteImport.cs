using System.Text.Json.Nodes;

namespace Larkspur.Feishu.Cards.Importing;

/// <summary>A note becomes one line of small grey text; its first icon or picture becomes the line's icon.</summary>
internal static class NoteImport
{
    public static JsonObject Convert(ImportRun run, JsonObject note)
    {
        var (texts, markdown, translations) = (new List<string>(), false, (JsonObject?)null);
        JsonObject? icon = null;
        run.Path.Push("elements");
        var elements = note["elements"] as JsonArray ?? [];
        for (var i = 0; i < elements.Count; i++)
        {
            if (elements[i] is not JsonObject element) continue;
            run.Path.Push(i);
            switch (ImportRun.Text(element, "tag"))
            {
                case "plain_text" or "lark_md" when ImportRun.Text(TextImport.Translated(element), "content") is { } content:
                    markdown |= ImportRun.Text(element, "tag") == "lark_md";
                    texts.Add(content);
                    translations = TextImport.Translated(element)["i18n_content"] as JsonObject ?? translations;
                    break;
                case "standard_icon" when icon is null:
                    icon = new JsonObject { ["tag"] = "standard_icon", ["token"] = ImportRun.Text(element, "token") };
                    if (ImportRun.Text(element, "color") is { } color) icon["color"] = color;
                    break;
                case "img" or "custom_icon" when icon is null && ImportRun.Text(element, "img_key") is { } key:
                    icon = new JsonObject { ["tag"] = "custom_icon", ["img_key"] = key };
                    break;
                default:
                    run.Note("A line has one icon; this part of the note was left out.");
                    break;
            }

            run.Path.Pop();
        }

        run.Path.Pop();
        var text = new JsonObject { ["tag"] = markdown ? "lark_md" : "plain_text", ["content"] = string.Join(' ', texts), ["text_size"] = "notation", ["text_color"] = "grey" };
        if (texts.Count == 1 && translations is not null) text["i18n_content"] = translations.DeepClone();
        var div = new JsonObject { ["tag"] = "div", ["text"] = text };
        if (icon is not null) div["icon"] = icon;
        return div;
    }
}
