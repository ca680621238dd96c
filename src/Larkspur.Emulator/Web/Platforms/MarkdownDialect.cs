using Larkspur.Emulator.Web.Cards;
using Markdig;
using Markdig.Parsers;
using Markdig.Parsers.Inlines;
using Microsoft.AspNetCore.Components;

namespace Larkspur.Emulator.Web.Platforms;

/// <summary>How much of Markdown a platform's client shows; the rest stays text. None knows HTML.</summary>
internal static class MarkdownDialect
{
    /// <summary>WeCom's <c>markdown</c> of applications and group robots: headings, bold, links, code in the line, quotes, three colours, mentions.</summary>
    public static readonly MarkdownPipeline WeCom = BuildWeCom();

    /// <summary>WeCom's <c>markdown_v2</c> and AI bot, and DingTalk's AI cards: lists, tables and code blocks too; a line feed is one.</summary>
    public static readonly MarkdownPipeline Rich = New().UseSoftlineBreakAsHardlineBreak().Build();

    /// <summary>DingTalk's messages: a line feed needs two blanks before it, or an empty line.</summary>
    public static readonly MarkdownPipeline DingTalk = New().Build();

    public static MarkupString Render(string? text, Viewer viewer, MarkdownPipeline dialect) => CardMarkdown.Render(text, new CardScene
    {
        Texts = viewer.Texts, Find = viewer.Find, Members = [], Image = address => Pictures.Own(viewer, address), UtcOffset = viewer.UtcOffset,
    }, dialect);

    private static MarkdownPipelineBuilder New() => new MarkdownPipelineBuilder().DisableHtml().UsePipeTables().UseEmphasisExtras().UseAutoLinks();

    private static MarkdownPipeline BuildWeCom()
    {
        var builder = new MarkdownPipelineBuilder().DisableHtml().UseSoftlineBreakAsHardlineBreak();
        builder.BlockParsers.TryRemove<ListBlockParser>();
        builder.BlockParsers.TryRemove<ThematicBreakParser>();
        builder.BlockParsers.TryRemove<FencedCodeBlockParser>();
        builder.BlockParsers.TryRemove<IndentedCodeBlockParser>();
        if (builder.InlineParsers.FindExact<EmphasisInlineParser>() is { } emphasis)
        {
            emphasis.EmphasisDescriptors.Clear();
            emphasis.EmphasisDescriptors.Add(new EmphasisDescriptor('*', 2, 2, true));
        }

        builder.InlineParsers.InsertBefore<AutolinkInlineParser>(new FeishuTagParser());
        return builder.Build();
    }
}
