using System.Text.Json.Nodes;
using Markdig.Extensions.TaskLists;
using Markdig.Syntax.Inlines;

namespace Larkspur.Gateway.Documents.Saving;

/// <summary>A line of Markdown as text elements: bold, italic, struck, code and links. What the platform has no element for stays as it was written.</summary>
internal static class LineElements
{
    /// <summary>Longest run; the platform takes 100,000 characters.</summary>
    private const int LongestRun = 50_000;

    /// <summary>The elements; one empty one for an empty line, since a line has at least one.</summary>
    public static JsonArray Of(ContainerInline? line)
    {
        var runs = new List<(string Text, Style Style)>();
        if (line is not null) Walk(line, default, runs);
        return Write(runs);
    }

    /// <summary>Text without any style.</summary>
    public static JsonArray Plain(string text) => Write([(text, default)]);

    private static void Walk(ContainerInline parent, Style style, List<(string, Style)> runs)
    {
        foreach (var inline in parent)
        {
            switch (inline)
            {
                case LiteralInline literal:
                    runs.Add((literal.Content.ToString(), style));
                    break;
                case CodeInline code:
                    runs.Add((code.Content, style with { Code = true }));
                    break;
                case LineBreakInline:
                    runs.Add(("\n", style));
                    break;
                case EmphasisInline { DelimiterChar: '~' } struck:
                    Walk(struck, style with { Struck = true }, runs);
                    break;
                case EmphasisInline emphasis:
                    Walk(emphasis, emphasis.DelimiterCount >= 2 ? style with { Bold = true } : style with { Italic = true }, runs);
                    break;
                case LinkInline link:
                    var before = runs.Count;
                    Walk(link, style with { Address = AddressOf(link.Url) ?? style.Address }, runs);
                    if (runs.Count == before && AddressOf(link.Url) is { } bare) runs.Add((link.Url!, style with { Address = bare }));
                    break;
                case AutolinkInline auto:
                    runs.Add((auto.Url, style with { Address = auto.IsEmail ? null : AddressOf(auto.Url) }));
                    break;
                case HtmlEntityInline entity:
                    runs.Add((entity.Transcoded.ToString(), style));
                    break;
                case HtmlInline html:
                    runs.Add((html.Tag is "<br>" or "<br/>" or "<br />" ? "\n" : html.Tag, style));
                    break;
                case TaskList:
                    break;
                case ContainerInline other:
                    Walk(other, style, runs);
                    break;
                default:
                    runs.Add((inline.ToString() ?? "", style));
                    break;
            }
        }
    }

    private static JsonArray Write(List<(string Text, Style Style)> runs)
    {
        var elements = new JsonArray();
        for (var i = 0; i < runs.Count;)
        {
            var style = runs[i].Style;
            var text = runs[i].Text;
            for (i++; i < runs.Count && runs[i].Style == style && text.Length < LongestRun; i++) text += runs[i].Text;
            for (var from = 0; from < text.Length; from += LongestRun) elements.Add(Run(text.Substring(from, Math.Min(LongestRun, text.Length - from)), style));
        }

        if (elements.Count == 0) elements.Add(Run("", default));
        return elements;
    }

    private static JsonObject Run(string text, Style style)
    {
        var shown = new JsonObject();
        if (style.Bold) shown["bold"] = true;
        if (style.Italic) shown["italic"] = true;
        if (style.Struck) shown["strikethrough"] = true;
        if (style.Code) shown["inline_code"] = true;
        // The platform wants addresses URL-encoded.
        if (style.Address is { } address) shown["link"] = new JsonObject { ["url"] = Uri.EscapeDataString(address) };
        return new JsonObject { ["text_run"] = new JsonObject { ["content"] = text, ["text_element_style"] = shown } };
    }

    private static string? AddressOf(string? url) => Uri.TryCreate(url, UriKind.Absolute, out var address) && address.Scheme is "http" or "https" && url.Length <= 4_096 ? address.AbsoluteUri : null;

    private readonly record struct Style(bool Bold, bool Italic, bool Struck, bool Code, string? Address);
}
