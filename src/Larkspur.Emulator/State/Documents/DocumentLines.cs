using System.Collections.Immutable;
using System.Text.Json.Nodes;

namespace Larkspur.Emulator.State.Documents;

/// <summary>Plain lines as blocks, for documents that nobody wrote over the API: <c># heading</c>, <c>- bullet</c>, <c>1. ordered</c>, <c>&gt; quote</c>, <c>---</c>, <c>| a | b |</c>.</summary>
public static class DocumentLines
{
    public static IEnumerable<NewBlock> Read(string text)
    {
        List<string[]> rows = [];
        foreach (var line in text.Split('\n').Select(l => l.Trim()).Append(""))
        {
            if (line is ['|', _, .., '|'])
            {
                var cells = line[1..^1].Split('|', StringSplitOptions.TrimEntries);
                if (!cells.All(c => c.Length > 2 && c.All(x => x == '-'))) rows.Add(cells);
                continue;
            }

            if (rows.Count > 0) yield return Table(rows);
            rows.Clear();
            if (line.Length > 0) yield return Line(line);
        }
    }

    public static NewBlock Of(int type, string text) => new(type, new JsonObject { ["elements"] = Elements(text), ["style"] = new JsonObject { ["align"] = 1 } }.ToJsonString(), text, []);

    /// <summary>One run of text without any style.</summary>
    public static JsonArray Elements(string text) =>
        [new JsonObject
        {
            ["text_run"] = new JsonObject
            {
                ["content"] = text,
                ["text_element_style"] = new JsonObject { ["bold"] = false, ["italic"] = false, ["strikethrough"] = false, ["underline"] = false, ["inline_code"] = false },
            },
        }];

    private static NewBlock Line(string line)
    {
        var level = line.TakeWhile(c => c == '#').Count();
        if (level is >= 1 and <= 9 && line.Length > level && line[level] == ' ') return Of(BlockTypes.Heading1 + level - 1, line[(level + 1)..].Trim());
        if (line is "---") return new NewBlock(BlockTypes.Divider, "{}", "", []);
        if (line is ['-', ' ', ..]) return Of(BlockTypes.Bullet, line[2..].Trim());
        if (line is ['>', ' ', ..]) return Of(BlockTypes.Quote, line[2..].Trim());
        var digits = line.TakeWhile(char.IsAsciiDigit).Count();
        if (digits > 0 && line.AsSpan(digits).StartsWith(". ")) return Of(BlockTypes.Ordered, line[(digits + 2)..].Trim());
        return Of(BlockTypes.Text, line);
    }

    private static NewBlock Table(List<string[]> rows)
    {
        var columns = rows.Max(r => r.Length);
        var cells = rows.SelectMany(r => Enumerable.Range(0, columns).Select(i => Cell(i < r.Length ? r[i] : ""))).ToImmutableArray();
        return new NewBlock(BlockTypes.Table, TableBody(rows.Count, columns, headerRow: true), "", cells);
    }

    public static NewBlock Cell(string text) => new(BlockTypes.TableCell, "{}", "", [Of(BlockTypes.Text, text)]);

    public static string TableBody(int rows, int columns, bool headerRow) => new JsonObject
    {
        ["property"] = new JsonObject
        {
            ["row_size"] = rows, ["column_size"] = columns, ["column_width"] = new JsonArray([.. Enumerable.Repeat(100, columns).Select(w => (JsonNode?)w)]),
            ["merge_info"] = new JsonArray([.. Enumerable.Range(0, rows * columns).Select(_ => (JsonNode?)new JsonObject { ["row_span"] = 1, ["col_span"] = 1 })]), ["header_row"] = headerRow,
        },
    }.ToJsonString();
}
