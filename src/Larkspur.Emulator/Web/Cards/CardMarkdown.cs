using Markdig;
using Markdig.Extensions.Tables;
using Markdig.Extensions.TaskLists;
using Markdig.Parsers;
using Markdig.Parsers.Inlines;
using Markdig.Syntax;
using Markdig.Syntax.Inlines;
using Microsoft.AspNetCore.Components;

namespace Larkspur.Emulator.Web.Cards;

/// <summary>
/// Card markdown (<c>markdown</c> and <c>lark_md</c>) to markup. Markdig only parses, with HTML switched off; every tag that comes out
/// is written by <see cref="HtmlWriter"/>, so text can become neither markup nor an attribute.
/// </summary>
internal sealed class CardMarkdown(CardScene scene)
{
    private static readonly MarkdownPipeline Pipeline = BuildPipeline();

    /// <summary>Tags in tags; what is deeper is left out. No card has so many, and no browser likes ten thousand.</summary>
    private const int DeepestTags = 64;

    private readonly HtmlWriter _out = new();

    /// <param name="dialect">Another platform's; <see langword="null"/>: that of Feishu's cards.</param>
    public static MarkupString Render(string? text, CardScene scene, MarkdownPipeline? dialect = null)
    {
        if (string.IsNullOrEmpty(text)) return default;
        MarkdownDocument document;
        try
        {
            document = Markdown.Parse(text, dialect ?? Pipeline);
        }
        catch (ArgumentException)
        {
            // Markdig refuses absurd nesting with this; the text is still worth reading.
            return new HtmlWriter().Open("p").Text(text).Close("p").ToMarkup();
        }

        var renderer = new CardMarkdown(scene);
        renderer.Blocks(document);
        return renderer._out.ToMarkup();
    }

    private static MarkdownPipeline BuildPipeline()
    {
        // The platform shows a single line feed as a line feed.
        var builder = new MarkdownPipelineBuilder().DisableHtml().UsePipeTables().UseEmphasisExtras().UseAutoLinks().UseTaskLists()
            .UseSoftlineBreakAsHardlineBreak();
        builder.InlineParsers.InsertBefore<AutolinkInlineParser>(new FeishuTagParser());
        return builder.Build();
    }

    private void Blocks(ContainerBlock container)
    {
        foreach (var block in container) Write(block);
    }

    private void Write(Block block)
    {
        switch (block)
        {
            case HeadingBlock heading:
                Wrapped("div", $"md-h md-h{heading.Level}", heading.Inline);
                break;
            case ParagraphBlock paragraph:
                Wrapped("p", null, paragraph.Inline);
                break;
            case ListBlock list:
                List(list);
                break;
            case QuoteBlock quote:
                _out.Open("blockquote", "md-quote");
                Blocks(quote);
                _out.Close("blockquote");
                break;
            case CodeBlock code:
                _out.Open("pre", "md-code", ("data-language", (code as FencedCodeBlock)?.Info)).Open("code");
                _out.Text(code.Lines.ToString()).Close("code").Close("pre");
                break;
            case ThematicBreakBlock:
                _out.Open("hr", "card-hr");
                break;
            case Table table:
                Grid(table);
                break;
            case LinkReferenceDefinitionGroup:
                break;
            case ContainerBlock other:
                Blocks(other);
                break;
            case LeafBlock { Inline: { } inline }:
                Wrapped("p", null, inline);
                break;
            case LeafBlock leaf:
                _out.Open("p").Text(leaf.Lines.ToString()).Close("p");
                break;
        }
    }

    private void List(ListBlock list)
    {
        var tag = list.IsOrdered ? "ol" : "ul";
        var start = list.IsOrdered && int.TryParse(list.OrderedStart, out var first) && first != 1 ? list.OrderedStart : null;
        _out.Open(tag, "md-list", ("start", start));
        foreach (var item in list.OfType<ListItemBlock>())
        {
            _out.Open("li");
            foreach (var block in item)
            {
                if (block is ParagraphBlock paragraph) Wrapped("div", null, paragraph.Inline);
                else Write(block);
            }

            _out.Close("li");
        }

        _out.Close(tag);
    }

    private void Grid(Table table)
    {
        _out.Open("div", "md-grid").Open("table");
        foreach (var row in table.OfType<TableRow>())
        {
            var cellTag = row.IsHeader ? "th" : "td";
            _out.Open("tr");
            for (var i = 0; i < row.Count; i++)
            {
                var alignment = i < table.ColumnDefinitions.Count ? table.ColumnDefinitions[i].Alignment : null;
                _out.Open(cellTag, alignment switch { TableColumnAlign.Center => "ta-center", TableColumnAlign.Right => "ta-right", _ => null });
                foreach (var block in (TableCell)row[i])
                {
                    if (block is ParagraphBlock paragraph) Inlines(paragraph.Inline);
                    else Write(block);
                }

                _out.Close(cellTag);
            }

            _out.Close("tr");
        }

        _out.Close("table").Close("div");
    }

    private void Wrapped(string tag, string? cssClass, ContainerInline? inline)
    {
        _out.Open(tag, cssClass);
        Inlines(inline);
        _out.Close(tag);
    }

    /// <summary>Writes siblings; a tag that is left open ends with them, a closing tag without its opening one is dropped.</summary>
    private void Inlines(ContainerInline? container)
    {
        if (container is null) return;
        var open = new Stack<(string Name, string Markup)>();
        for (var inline = container.FirstChild; inline is not null; inline = inline.NextSibling)
        {
            if (inline is not FeishuTag tag)
            {
                Write(inline);
                continue;
            }

            if (tag.Closing) CloseTo(tag.Name, open);
            else if (open.Count < DeepestTags) inline = Open(tag, open);
        }

        while (open.TryPop(out var left)) _out.Close(left.Markup);
    }

    private void CloseTo(string name, Stack<(string Name, string Markup)> open)
    {
        if (!open.Any(o => o.Name == name)) return;
        while (open.TryPop(out var top))
        {
            _out.Close(top.Markup);
            if (top.Name == name) return;
        }
    }

    /// <returns>The inline at which writing goes on: tags that stand for a thing swallow their content.</returns>
    private Inline Open(FeishuTag tag, Stack<(string Name, string Markup)> open)
    {
        switch (tag.Name)
        {
            case "br":
                _out.Break();
                return tag;
            case "hr":
                _out.Open("span", "md-rule").Close("span");
                return tag;
            case "at":
                Mention(tag);
                return ToClosing(tag);
            case "person":
                _out.Open("span", "person-chip").Text(scene.Find(tag["id"] ?? tag["user_id"] ?? "")?.Name ?? scene.Texts.UnknownPerson).Close("span");
                return ToClosing(tag);
            case "local_datetime":
                _out.Open("time").Text(LocalTime.Written(tag["millisecond"], tag["format_type"], scene)).Close("time");
                return ToClosing(tag);
            case "link" or "a":
                var address = SafeLink.Check(tag["pc_url"]) ?? SafeLink.Check(tag["url"]) ?? SafeLink.Check(tag["href"]);
                if (address is null) return Span(tag, null, open);
                _out.Link(address);
                open.Push((tag.Name, "a"));
                return tag;
            case "font":
                return Span(tag, Palette.Ink(tag["color"], scene.Style), open);
            case "text_tag":
                return Span(tag, $"text-tag {Palette.Tint(tag["color"])}", open);
            case "number_tag":
                var (fill, ink) = (Palette.Fill(tag["background_color"], scene.Style), Palette.Ink(tag["font_color"], scene.Style));
                return Span(tag, Measures.Join("number-tag", fill, ink), open);
            default:
                var markup = tag.Name switch { "strong" or "b" => "b", "em" or "i" => "i", "del" or "s" => "s", _ => "u" };
                _out.Open(markup);
                open.Push((tag.Name, markup));
                return tag;
        }
    }

    private FeishuTag Span(FeishuTag tag, string? cssClass, Stack<(string Name, string Markup)> open)
    {
        _out.Open("span", cssClass);
        open.Push((tag.Name, "span"));
        return tag;
    }

    /// <summary>Where the tag closes; itself when another one of its name opens before: then it was never closed, and what follows is text.</summary>
    private static Inline ToClosing(FeishuTag tag)
    {
        for (var next = tag.NextSibling; next is not null; next = next.NextSibling)
        {
            if (next is FeishuTag same && same.Name == tag.Name) return same.Closing ? same : tag;
        }

        return tag;
    }

    private void Mention(FeishuTag tag)
    {
        var ids = (tag["id"] ?? tag["user_id"] ?? tag["open_id"] ?? tag["ids"] ?? tag["email"] ?? "").Split(',', StringSplitOptions.TrimEntries);
        foreach (var id in ids)
        {
            var name = id == "all" ? scene.Texts.Everyone : scene.Find(id)?.Name ?? scene.Texts.UnknownPerson;
            _out.Open("span", "mention").Text("@" + name).Close("span");
        }
    }

    private void Write(Inline inline)
    {
        switch (inline)
        {
            case LiteralInline literal:
                _out.Text(literal.Content.AsSpan());
                break;
            case HtmlEntityInline entity:
                _out.Text(entity.Transcoded.AsSpan());
                break;
            case LineBreakInline { IsHard: false }:
                _out.Text(" ");
                break;
            case LineBreakInline:
                _out.Break();
                break;
            case CodeInline code:
                _out.Open("code", "md-inline").Text(code.Content).Close("code");
                break;
            case EmphasisInline emphasis:
                var tag = emphasis.DelimiterChar switch { '~' => "s", _ => emphasis.DelimiterCount >= 2 ? "b" : "i" };
                _out.Open(tag);
                Inlines(emphasis);
                _out.Close(tag);
                break;
            case LinkInline { IsImage: true } image:
                Image(image);
                break;
            case LinkInline link:
                Link(link, SafeLink.Check(link.GetDynamicUrl?.Invoke() ?? link.Url));
                break;
            case AutolinkInline auto:
                if (!auto.IsEmail && SafeLink.Check(auto.Url) is { } address) _out.Link(address).Text(auto.Url).Close("a");
                else _out.Text(auto.Url);
                break;
            case TaskList task:
                _out.Text(task.Checked ? "☑ " : "☐ ");
                break;
            case DelimiterInline delimiter:
                _out.Text(delimiter.ToLiteral());
                Inlines(delimiter);
                break;
            case ContainerInline container:
                Inlines(container);
                break;
            case HtmlInline html:
                _out.Text(html.Tag);
                break;
        }
    }

    private void Link(LinkInline link, string? address)
    {
        if (address is null)
        {
            Inlines(link);
            return;
        }

        _out.Link(address);
        Inlines(link);
        _out.Close("a");
    }

    /// <summary>Markdown images name an image key; an outside address is never loaded, the page has no third parties.</summary>
    private void Image(LinkInline image)
    {
        var alternative = string.Concat(image.Descendants<LiteralInline>().Select(static l => l.Content.ToString()));
        if (image.Url is { } key && scene.Image(key) is { } address) _out.Open("img", "md-img", ("src", address), ("alt", alternative));
        else _out.Open("span", "img-missing").Text(alternative.Length > 0 ? alternative : scene.Texts.UnknownImage).Close("span");
    }
}
