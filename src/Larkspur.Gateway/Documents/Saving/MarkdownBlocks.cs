using System.Text.Json.Nodes;
using Markdig;
using Markdig.Extensions.Tables;
using Markdig.Extensions.TaskLists;
using Markdig.Syntax;
using Markdig.Syntax.Inlines;

namespace Larkspur.Gateway.Documents.Saving;

/// <summary>Markdown as blocks of a document: headings, paragraphs, lists, tasks, quotes, code, lines, tables.</summary>
internal static class MarkdownBlocks
{
    /// <summary>Lists in lists; what is deeper stands beside its parent.</summary>
    private const int Deepest = 8;

    private static readonly MarkdownPipeline Pipeline = new MarkdownPipelineBuilder().UsePipeTables().UseTaskLists().UseEmphasisExtras(Markdig.Extensions.EmphasisExtras.EmphasisExtraOptions.Strikethrough)
        .UseAutoLinks().DisableHtml().Build();

    /// <summary>The blocks under the page.</summary>
    public static List<WrittenBlock> Of(string markdown) => [.. Markdown.Parse(markdown, Pipeline).SelectMany(block => Read(block, 0))];

    private static IEnumerable<WrittenBlock> Read(Block block, int depth)
    {
        switch (block)
        {
            case HeadingBlock heading:
                return [WrittenBlock.Line(BlockType.Heading1 + Math.Clamp(heading.Level, 1, 9) - 1, LineElements.Of(heading.Inline))];
            case ParagraphBlock paragraph:
                return [WrittenBlock.Line(BlockType.Text, LineElements.Of(paragraph.Inline))];
            case ListBlock list:
                return list.OfType<ListItemBlock>().SelectMany(item => Item(item, list.IsOrdered ? BlockType.Ordered : BlockType.Bullet, depth));
            case QuoteBlock quote:
                WrittenBlock[] quoted = [.. quote.SelectMany(b => Read(b, depth + 1)).SelectMany(InQuote)];
                return quoted.Length == 0 ? [] : [WrittenBlock.Container(BlockType.QuoteContainer, "quote_container", quoted)];
            case CodeBlock code:
                return [Code(code.Lines.ToString(), (code as FencedCodeBlock)?.Info)];
            case ThematicBreakBlock:
                return [WrittenBlock.Container(BlockType.Divider, "divider", [])];
            case Table table:
                return TableBlocks.Of(table);
            case LeafBlock { Inline: { } inline }:
                return [WrittenBlock.Line(BlockType.Text, LineElements.Of(inline))];
            case LinkReferenceDefinitionGroup:
                return [];
            case ContainerBlock other:
                return other.SelectMany(b => Read(b, depth));
            default:
                return [];
        }
    }

    /// <summary>An item's first paragraph is its line, the rest hangs under it.</summary>
    private static IEnumerable<WrittenBlock> Item(ListItemBlock item, int type, int depth)
    {
        var first = item.FirstOrDefault() as ParagraphBlock;
        var task = first?.Inline?.FirstChild as TaskList;
        var elements = LineElements.Of(first?.Inline);
        if (task is not null) TrimStart(elements);
        var line = task is null ? WrittenBlock.Line(type, elements) : WrittenBlock.Line(BlockType.Todo, elements, new JsonObject { ["done"] = task.Checked });
        WrittenBlock[] under = [.. item.Skip(first is null ? 0 : 1).SelectMany(b => Read(b, depth + 1))];
        // Tables and the like do not hang under a line; they follow it. So does what would be too deep, or too much for one call.
        var hangs = depth < Deepest ? under.TakeWhile(b => b.Type is BlockType.Text or BlockType.Bullet or BlockType.Ordered or BlockType.Todo or BlockType.Code).ToArray() : [];
        if (hangs.Sum(b => b.Count) > BlockBatches.MostInTree) hangs = [];
        line.Children.AddRange(hangs);
        return [line, .. under.Skip(hangs.Length)];
    }

    public static WrittenBlock Code(string text, string? language) => WrittenBlock.Line(BlockType.Code, LineElements.Plain(text.TrimEnd('\n')), new JsonObject { ["language"] = CodeLanguages.Number(language), ["wrap"] = true });

    /// <summary>A quote in a quote is one quote.</summary>
    private static IEnumerable<WrittenBlock> InQuote(WrittenBlock block) => block.Type == BlockType.QuoteContainer ? block.Children : [block];

    private static void TrimStart(JsonArray elements)
    {
        if (elements[0]?["text_run"] is JsonObject run && run["content"]?.GetValue<string>() is { } content) run["content"] = content.TrimStart();
    }
}
