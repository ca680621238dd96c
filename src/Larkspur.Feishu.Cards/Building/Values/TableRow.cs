namespace Larkspur.Feishu.Cards;

/// <summary>A row of a <see cref="Table"/>: <c>new TableRow { ["item"] = "Chairs", ["amount"] = 1200 }</c>.</summary>
public sealed class TableRow
{
    private readonly List<KeyValuePair<string, TableCell>> _cells = [];

    /// <summary>The cell of a column, by the column's name.</summary>
    public TableCell this[string column]
    {
        get => _cells.Find(cell => cell.Key == column).Value;
        set
        {
            _cells.RemoveAll(cell => cell.Key == column);
            _cells.Add(new(column, value));
        }
    }

    internal IReadOnlyList<KeyValuePair<string, TableCell>> Cells => _cells;
}
