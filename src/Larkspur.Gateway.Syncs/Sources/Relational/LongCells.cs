using System.Globalization;

namespace Larkspur.Gateway.Syncs.Sources.Relational;

/// <summary>
/// Cells that are longer than any table takes are left where they are: a page of rows must fit into memory, whatever somebody stored. A
/// query says so in its last column, which names the places of long cells.
/// </summary>
internal static class LongCells
{
    /// <summary>Characters of a cell that is read at most: as many as a table's cell takes.</summary>
    public const int Most = 100_000;

    /// <summary>What stands for a cell that was not read.</summary>
    public static object Left { get; } = new Unread();

    /// <summary>Whether a value that came by another way is one: it is not found again.</summary>
    public static bool Is(object? stored) => stored is string { Length: > Most } text && text.EnumerateRunes().Count() > Most;

    /// <summary>The columns of a query.</summary>
    /// <param name="cells">Each with its value and, where it can be long at all, the condition that it is.</param>
    public static string Select(IReadOnlyCollection<(string Value, string? IsLong)> cells)
    {
        var values = cells.Select(cell => cell.IsLong is null ? cell.Value : $"CASE WHEN {cell.IsLong} THEN NULL ELSE {cell.Value} END");
        var places = cells.Select((cell, i) => cell.IsLong is null ? null : $"CASE WHEN {cell.IsLong} THEN '{i} ' ELSE '' END")
            .OfType<string>();
        return $"{string.Join(", ", values)}, {string.Join(" || ", places.DefaultIfEmpty("''"))}";
    }

    /// <summary>The cells of a row that such a query gave.</summary>
    public static object?[] Read(object?[] row)
    {
        // A row of texts is an array of texts alone.
        var cells = new object?[row.Length - 1];
        Array.Copy(row, cells, cells.Length);
        foreach (var place in ((string)row[^1]!).Split(' ', StringSplitOptions.RemoveEmptyEntries))
            cells[int.Parse(place, NumberStyles.None, CultureInfo.InvariantCulture)] = Left;
        return cells;
    }

    private sealed class Unread
    {
        public override string ToString() => "…";
    }
}
