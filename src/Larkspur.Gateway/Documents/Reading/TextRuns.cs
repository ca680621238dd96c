using System.Text;
using System.Text.Json;

namespace Larkspur.Gateway.Documents.Reading;

/// <summary>A block's line of text elements as Markdown.</summary>
/// <remarks>A mention of another document stays a word: its title is no business of who may not read it. A mentioned person is not named either.</remarks>
internal static class TextRuns
{
    /// <param name="body">The member of the block's type.</param>
    /// <param name="plain">Without styles: titles and code.</param>
    public static string Read(JsonElement body, bool plain)
    {
        if (ReadBlock.Value(body, "elements") is not { ValueKind: JsonValueKind.Array } elements) return "";
        var text = new StringBuilder();
        foreach (var element in elements.EnumerateArray())
        {
            if (ReadBlock.Value(element, "text_run") is { ValueKind: JsonValueKind.Object } run) Write(text, run, plain);
            else if (ReadBlock.Value(element, "equation") is { ValueKind: JsonValueKind.Object } equation) text.Append('$').Append(Content(equation).Trim()).Append('$');
            else if (ReadBlock.Value(element, "mention_user") is not null) text.Append("@user");
            else if (ReadBlock.Value(element, "mention_doc") is not null) text.Append("[document]");
            else if (ReadBlock.Value(element, "file") is not null) text.Append("[file]");
        }

        return text.ToString();
    }

    private static void Write(StringBuilder text, JsonElement run, bool plain)
    {
        var content = Content(run);
        var style = ReadBlock.Value(run, "text_element_style") ?? default;
        if (plain || string.IsNullOrWhiteSpace(content))
        {
            text.Append(content);
            return;
        }

        // Marks stand at words, not at blanks: **a **b would be no bold.
        var core = content.Trim();
        var start = content.IndexOf(core, StringComparison.Ordinal);
        text.Append(content, 0, start);
        var address = ReadBlock.Value(style, "link") is { } link && ReadBlock.Value(link, "url") is { ValueKind: JsonValueKind.String } url ? Uri.UnescapeDataString(url.GetString()!) : null;
        var marks = (Is(style, "bold") ? "**" : "") + (Is(style, "italic") ? "*" : "") + (Is(style, "strikethrough") ? "~~" : "") + (Is(style, "inline_code") ? "`" : "");
        if (address is not null) text.Append('[');
        text.Append(marks).Append(core);
        for (var i = marks.Length - 1; i >= 0; i--) text.Append(marks[i]);
        if (address is not null) text.Append("](").Append(address).Append(')');
        text.Append(content, start + core.Length, content.Length - start - core.Length);
    }

    private static string Content(JsonElement element) => ReadBlock.Value(element, "content") is { ValueKind: JsonValueKind.String } content ? content.GetString()! : "";

    private static bool Is(JsonElement style, string name) => ReadBlock.Value(style, name) is { ValueKind: JsonValueKind.True };
}
