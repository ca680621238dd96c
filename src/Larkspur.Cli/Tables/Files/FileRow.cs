namespace Larkspur.Cli.Tables.Files;

/// <summary>A row of a file.</summary>
/// <param name="Number">As the spreadsheet counts it, from 1; the names of the columns stand in the first.</param>
/// <param name="Cells">The texts of its cells; an empty one is empty.</param>
internal sealed record FileRow(int Number, IReadOnlyList<string> Cells)
{
    /// <summary>There is something in it.</summary>
    public bool HasContent => Cells.Any(cell => cell.Length > 0);

    /// <summary>The cell of a column; empty where the row ends before it.</summary>
    public string this[int column] => column < Cells.Count ? Cells[column] : "";

    /// <summary><c>A</c>, <c>B</c>, … <c>AA</c>: as spreadsheets call a column.</summary>
    public static string Letters(int column)
    {
        var letters = "";
        for (var rest = column + 1; rest > 0; rest = (rest - 1) / 26) letters = (char)('A' + (rest - 1) % 26) + letters;
        return letters;
    }
}

/// <summary>A file with rows, which can be read several times.</summary>
internal interface IRowFile
{
    /// <summary>What was found out about the file and is not told by it: its encoding; null: nothing.</summary>
    string? Note { get; }

    /// <summary>All rows, the names of the columns first.</summary>
    IEnumerable<FileRow> Read();
}
