using System.Text.Json;

namespace Larkspur.Feishu.Cards.PlainText;

/// <content>Components that hold no others, and reading of properties whatever their type.</content>
internal sealed partial class CardTextWriter
{
    private void Leaf(JsonElement element)
    {
        var tag = String(element, "tag");
        switch (tag)
        {
            case "button":
                Button(element);
                break;
            case "overflow":
                foreach (var option in Items(element, "options")) Button(option);
                break;
            case "img":
                Line(Named(TextOf(element, "title") is { Length: > 0 } title ? title : TextOf(element, "alt"), _chinese ? "图片" : "image"));
                break;
            case "img_combination":
                Line(_chinese ? "[图片]" : "[images]");
                break;
            case "audio":
                Line(_chinese ? "[音频]" : "[audio]");
                break;
            case "chart":
                Line(Named(Object(element, "chart_spec") is { } spec && Object(spec, "title") is { } heading ? String(heading, "text") ?? "" : "", _chinese ? "图表" : "chart"));
                break;
            case "person":
                Line("@" + String(element, "user_id"));
                break;
            case "person_list":
                Line(string.Join(' ', Items(element, "persons").Select(p => "@" + String(p, "id"))));
                break;
            case "checker":
                var box = element.TryGetProperty("checked", out var done) && done.ValueKind == JsonValueKind.True ? "[x] " : "[ ] ";
                Line(box + TextOf(element, "text"));
                break;
            case not null:
                Input(element);
                break;
        }
    }

    /// <summary>A button, or an option of an overflow menu.</summary>
    private void Button(JsonElement element)
    {
        var label = TextOf(element, "text");
        if (Address(element) is { } address) Line(label.Length == 0 ? address : $"{label}: {address}");
        else if (label.Length > 0 && _actions.Count < 50) _actions.Add(label);
    }

    /// <summary>What the reader is asked for: the label, else the placeholder, with the choices.</summary>
    private void Input(JsonElement element)
    {
        var label = TextOf(element, "label");
        if (label.Length == 0) label = TextOf(element, "placeholder");
        var choices = Items(element, "options").Select(option => TextOf(option, "text")).Where(text => text.Length > 0).Take(20).ToList();
        if (choices.Count > 0) label = $"{label}[{string.Join(", ", choices)}]";
        if (label.Length > 0 && _actions.Count < 50) _actions.Add(label);
    }

    private static string Named(string name, string kind) => name.Length == 0 ? $"[{kind}]" : $"[{kind}: {name}]";

    /// <summary>The address that a click opens: of the behaviors, or in the way of JSON 1.0.</summary>
    private static string? Address(JsonElement element)
    {
        if (element.ValueKind != JsonValueKind.Object) return null;
        foreach (var behavior in Items(element, "behaviors"))
        {
            if (String(behavior, "type") == "open_url" && FirstUrl(behavior) is { } url) return url;
        }

        return FirstUrl(element) ?? (Object(element, "multi_url") is { } urls ? FirstUrl(urls) : null);
    }

    private static string? FirstUrl(JsonElement element)
    {
        foreach (var name in (ReadOnlySpan<string>)["default_url", "url", "pc_url", "ios_url", "android_url"])
        {
            if (String(element, name) is { Length: > 0 } url && url != "lark://msgcard/unsupported_action") return url;
        }

        return null;
    }

    private string TextOf(JsonElement element, string name) => Object(element, name) is { } text ? Content(text) : "";

    /// <summary>The text of an object with content, in the reader's language, without markdown.</summary>
    private string Content(JsonElement text)
    {
        if (text.ValueKind != JsonValueKind.Object) return "";
        var content = Translated(text, "i18n_content", JsonValueKind.String)?.GetString()
            ?? Translated(text, "i18n", JsonValueKind.String)?.GetString() ?? String(text, "content") ?? "";
        return String(text, "tag") is "markdown" or "lark_md" ? MarkdownText.Plain(content, _chinese) : content;
    }

    /// <summary>The translation for the reader, or null.</summary>
    private JsonElement? Translated(JsonElement element, string name, JsonValueKind kind = JsonValueKind.Object) =>
        Object(element, name) is { } map && map.TryGetProperty(locale, out var value) && value.ValueKind == kind ? value : null;

    private static JsonElement? Object(JsonElement element, string name) => Property(element, name, JsonValueKind.Object);

    private static JsonElement? Array(JsonElement element, string name) => Property(element, name, JsonValueKind.Array);

    private static string? String(JsonElement element, string name) => Property(element, name, JsonValueKind.String)?.GetString();

    private static IEnumerable<JsonElement> Items(JsonElement element, string name) => Array(element, name) is { } list ? list.EnumerateArray() : [];

    private static JsonElement? Property(JsonElement element, string name, JsonValueKind kind) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var value) && value.ValueKind == kind ? value : null;
}
