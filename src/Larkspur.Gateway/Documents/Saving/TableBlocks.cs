using System.Text;
using System.Text.Json.Nodes;
using Markdig.Extensions.Tables;
using Markdig.Syntax;
using Markdig.Syntax.Inlines;

namespace Larkspur.Gateway.Documents.Saving;

/// <summary>A table of Markdown. One too long for a call becomes several, each with the head; one too wide becomes text.</summary>
internal static class TableBlocks
{
    /// <summary>Columns that the platform takes.</summary>
    private const int MostColumns = 100;

    public static IEnumerable<WrittenBlock> Of(Table table)
    {
        TableRow[] rows = [.. table.OfType<TableRow>()];
        if (rows.Length == 0) yield break;
        var columns = Math.Max(1, rows.Max(r => r.Count));
        // A table with its cells and their lines is made in one call.
        var most = (BlockBatches.MostInTree - 1) / (2 * columns);
        if (columns > MostColumns || most < 2)
        {
            yield return MarkdownBlocks.Code(AsText(rows), null);
            yield break;
        }

        var head = rows.TakeWhile(r => r.IsHeader).Take(1).ToArray();
        foreach (var part in rows.Skip(head.Length).Chunk(most - head.Length).DefaultIfEmpty([])) yield return One(table, [.. head, .. part], columns, head.Length > 0);
    }

    private static WrittenBlock One(Table table, TableRow[] rows, int columns, bool hasHead) => WrittenBlock.Container(BlockType.Table, "table",
        rows.SelectMany(row => Enumerable.Range(0, columns).Select(i => Cell(table, i < row.Count ? row[i] as TableCell : null, i))),
        new JsonObject { ["property"] = new JsonObject { ["row_size"] = rows.Length, ["column_size"] = columns, ["header_row"] = hasHead } });

    private static WrittenBlock Cell(Table table, TableCell? cell, int column)
    {
        var align = column < table.ColumnDefinitions.Count ? table.ColumnDefinitions[column].Alignment : null;
        var style = align switch { TableColumnAlign.Center => new JsonObject { ["align"] = 2 }, TableColumnAlign.Right => new JsonObject { ["align"] = 3 }, _ => null };
        return WrittenBlock.Container(BlockType.TableCell, "table_cell", [WrittenBlock.Line(BlockType.Text, LineElements.Of(LineOf(cell)), style)]);
    }

    private static string AsText(TableRow[] rows)
    {
        var text = new StringBuilder();
        foreach (var row in rows)
        {
            text.AppendJoin(" | ", row.OfType<TableCell>().Select(c => string.Concat(LineElements.Of(LineOf(c)).Select(e => e!["text_run"]!["content"]!.GetValue<string>())))).Append('\n');
        }

        return text.ToString();
    }

    private static ContainerInline? LineOf(TableCell? cell) => cell?.OfType<ParagraphBlock>().FirstOrDefault()?.Inline;
}
