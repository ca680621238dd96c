using System.Globalization;
using System.Text;

namespace Larkspur.Gateway.Documents.Reading;

/// <summary>Blocks that were read, as Markdown: headings, paragraphs, lists, quotes, code, tables. What is no text (images, sheets, boards) stays a word in brackets.</summary>
/// <param name="documentId">The page block's id.</param>
/// <param name="blocks">What was read; a block that is missing is passed over.</param>
/// <param name="limit">Where writing may stop: more than this is cut anyway.</param>
internal sealed class BlockTree(string documentId, IReadOnlyDictionary<string, ReadBlock> blocks, int limit)
{
    /// <summary>Blocks in blocks; the platform allows fewer.</summary>
    private const int Deepest = 40;

    private readonly StringBuilder _text = new();
    private readonly HashSet<string> _seen = new(StringComparer.Ordinal);

    /// <summary>The title, which is the page block's line.</summary>
    public string Title => blocks.GetValueOrDefault(documentId)?.Text.Trim() ?? "";

    /// <summary>The text under the title.</summary>
    public string Write()
    {
        if (blocks.GetValueOrDefault(documentId) is { } page) WriteAll(page.Children, "", 0);
        return _text.ToString().Trim();
    }

    private void WriteAll(IReadOnlyList<string> ids, string indent, int depth)
    {
        var number = 0;
        var before = 0;
        foreach (var id in ids)
        {
            if (_text.Length > limit || depth > Deepest) return;
            if (!blocks.TryGetValue(id, out var block) || !_seen.Add(id)) continue;
            number = block.Type == BlockType.Ordered ? number + 1 : 0;
            // Lines of one list stand together; everything else is apart by an empty line.
            if (before != 0 && !(before == block.Type && IsLine(before))) _text.Append(indent.TrimEnd()).Append('\n');
            Write(block, indent, number, depth);
            before = block.Type;
        }
    }

    private void Write(ReadBlock block, string indent, int number, int depth)
    {
        switch (block.Type)
        {
            case >= BlockType.Heading1 and <= BlockType.Heading9:
                Line(indent, new string('#', Math.Min(6, block.Type - BlockType.Heading1 + 1)) + " " + block.Text.ReplaceLineEndings(" "));
                WriteAll(block.Children, indent, depth + 1);
                break;
            case BlockType.Bullet:
                Item(block, indent, "- ", depth);
                break;
            case BlockType.Ordered:
                Item(block, indent, number.ToString(CultureInfo.InvariantCulture) + ". ", depth);
                break;
            case BlockType.Todo:
                Item(block, indent, block.Detail == 1 ? "- [x] " : "- [ ] ", depth);
                break;
            case BlockType.Quote:
                Line(indent + "> ", block.Text);
                break;
            case BlockType.QuoteContainer or BlockType.Callout:
                WriteAll(block.Children, indent + "> ", depth + 1);
                break;
            case BlockType.Code:
                Line(indent, "```" + CodeLanguages.Word(block.Detail) + "\n" + block.Text.TrimEnd('\n') + "\n```");
                break;
            case BlockType.Divider:
                Line(indent, "---");
                break;
            case BlockType.Table:
                Table(block, indent, depth);
                break;
            case BlockType.Text:
                if (block.Text.Length > 0) Line(indent, block.Text);
                WriteAll(block.Children, indent + "  ", depth + 1);
                break;
            case BlockType.Image or BlockType.File or BlockType.Sheet or BlockType.Bitable or BlockType.Board:
                Line(indent, block.Type switch { BlockType.Image => "[image]", BlockType.File => "[file]", BlockType.Sheet => "[sheet]", BlockType.Bitable => "[table]", _ => "[board]" });
                break;
            default:
                WriteAll(block.Children, indent, depth + 1);
                break;
        }
    }

    private void Item(ReadBlock block, string indent, string mark, int depth)
    {
        var under = indent + new string(' ', mark.StartsWith("- ", StringComparison.Ordinal) ? 2 : mark.Length);
        _text.Append(indent).Append(mark).Append(block.Text.ReplaceLineEndings("\n" + under)).Append('\n');
        WriteAll(block.Children, under, depth + 1);
    }

    private void Table(ReadBlock table, string indent, int depth)
    {
        var columns = Math.Clamp(table.Detail, 1, Math.Max(1, table.Children.Count));
        var first = true;
        foreach (var row in table.Children.Chunk(columns))
        {
            if (_text.Length > limit) return;
            _text.Append(indent).Append('|');
            foreach (var cell in row) _text.Append(' ').Append(Cell(cell, depth)).Append(" |");
            _text.Append('\n');
            if (first) _text.Append(indent).Append('|').Insert(_text.Length, " --- |", columns).Append('\n');
            first = false;
        }
    }

    /// <summary>A cell is one line in Markdown.</summary>
    private string Cell(string id, int depth)
    {
        if (!blocks.TryGetValue(id, out var cell) || !_seen.Add(id)) return "";
        var start = _text.Length;
        WriteAll(cell.Children, "", depth + 1);
        var text = _text.ToString(start, _text.Length - start);
        _text.Length = start;
        return string.Join("<br>", text.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)).Replace("|", "\\|", StringComparison.Ordinal);
    }

    private void Line(string indent, string text) => _text.Append(indent).Append(text.ReplaceLineEndings("\n" + indent)).Append('\n');

    private static bool IsLine(int type) => type is BlockType.Bullet or BlockType.Ordered or BlockType.Todo;
}
