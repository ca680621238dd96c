using Larkspur.Feishu.Cards.Building;

namespace Larkspur.Feishu.Cards;

/// <summary>A table, paged by the client. Only directly in the card; five in a card at most, tables in markdown included.</summary>
/// <param name="Columns">1 to 50 columns; names differ.</param>
/// <param name="Rows">The rows. A column without a cell stays empty.</param>
public sealed record Table(IReadOnlyList<TableColumn> Columns, IReadOnlyList<TableRow> Rows) : CardElement
{
    /// <summary>Rows on a page, 1 to 10.</summary>
    public int? PageSize { get; init => field = Guard.Between(value, 1, 10, "PageSize"); }

    /// <summary>Height of a row in pixels, 32 to 124; what is longer ends in dots.</summary>
    public int? RowHeight { get; init => field = Guard.Between(value, 32, 124, "RowHeight"); }

    /// <summary>Rows grow with their text, up to <see cref="RowMaxHeight"/>. Goes before <see cref="RowHeight"/>.</summary>
    public bool AutoRowHeight { get; init; }

    /// <summary>Highest row in pixels, 32 to 999.</summary>
    public int? RowMaxHeight { get; init => field = Guard.Between(value, 32, 999, "RowMaxHeight"); }

    /// <summary>The first column stays when the others scroll.</summary>
    public bool? FreezeFirstColumn { get; init; }

    /// <summary>Look of the first line.</summary>
    public TableHeaderStyle? Header { get; init; }

    private protected override ReadOnlySpan<byte> Tag => "table"u8;

    private protected override void WriteProperties(CardWriter w)
    {
        if (w.Depth > 0) throw new ArgumentException("A table is inside of another container; put it directly into the card.");
        w.Tables++;
        w.Number("page_size"u8, PageSize);
        w.String("row_height"u8, AutoRowHeight ? "auto" : RowHeight is { } height ? $"{height}px" : null);
        w.String("row_max_height"u8, RowMaxHeight is { } most ? $"{most}px" : null);
        w.Bool("freeze_first_column"u8, FreezeFirstColumn);
        Header?.Write(w);
        var columns = WriteColumns(w);
        w.Json.WriteStartArray("rows"u8);
        foreach (var row in Rows)
        {
            w.Json.WriteStartObject();
            foreach (var (name, cell) in row.Cells) WriteCell(w, columns, name, cell);
            w.Json.WriteEndObject();
        }

        w.Json.WriteEndArray();
    }

    private Dictionary<string, TableColumn> WriteColumns(CardWriter w)
    {
        if (Guard.Some(Columns, "The list of columns").Count > 50) throw new ArgumentException($"A table has 50 columns at most, not {Columns.Count}; leave some out.");
        var byName = new Dictionary<string, TableColumn>(Columns.Count, StringComparer.Ordinal);
        w.Json.WriteStartArray("columns"u8);
        foreach (var column in Columns)
        {
            if (!byName.TryAdd(column.Name, column)) throw new ArgumentException($"Two columns are named \"{column.Name}\"; name each differently.");
            column.Write(w);
        }

        w.Json.WriteEndArray();
        return byName;
    }

    private static void WriteCell(CardWriter w, Dictionary<string, TableColumn> columns, string name, TableCell cell)
    {
        if (!columns.TryGetValue(name, out var column)) throw new ArgumentException($"A row has a cell \"{name}\" and the table no such column; use the name of a column.");
        if (cell.IsEmpty) return;
        w.Json.WritePropertyName(name);
        cell.Write(w.Json, column);
    }
}
