using Larkspur.Emulator.Feishu.Tables.Cells;
using Larkspur.Emulator.State.Tables;

namespace Larkspur.Emulator.Feishu.Tables.Search;

/// <summary>
/// The order of a search: numbers and instants by size, options as their field lists them, all else as text; ties as the rows stand.
/// </summary>
/// <remarks>Empty cells come first, in descending order last; like how text compares, UNVERIFIED.</remarks>
internal static class RecordSort
{
    /// <param name="by">The fields, the most important first, and whether from the end.</param>
    public static IEnumerable<TableRecord> Run(IEnumerable<TableRecord> records, IReadOnlyList<(TableField Field, bool Descending)> by)
    {
        if (by.Count == 0) return records;
        IOrderedEnumerable<TableRecord>? sorted = null;
        foreach (var (field, descending) in by)
        {
            var rank = new Rank(field);
            sorted = (sorted, descending) switch
            {
                (null, false) => records.Order(rank),
                (null, true) => records.OrderDescending(rank),
                (_, false) => sorted.ThenBy(r => r, rank),
                _ => sorted.ThenByDescending(r => r, rank),
            };
        }

        return sorted!.ThenBy(r => r.Position);
    }

    private sealed class Rank(TableField field) : IComparer<TableRecord>
    {
        public int Compare(TableRecord? x, TableRecord? y)
        {
            var (a, b) = (Number(x!), Number(y!));
            if (a is not null || b is not null) return Nullable.Compare(a, b);
            return string.CompareOrdinal(CellText.Of(field, x!), CellText.Of(field, y!));
        }

        private double? Number(TableRecord r) => field.Type switch
        {
            FieldTypes.CreatedTime => r.CreatedTime.ToUnixTimeMilliseconds(),
            FieldTypes.ModifiedTime => r.ModifiedTime.ToUnixTimeMilliseconds(),
            FieldTypes.AutoNumber => r.Serial,
            _ => r.Cells.GetValueOrDefault(field.FieldId) switch
            {
                NumberCell number => number.Number,
                TimeCell time => time.Millis,
                FlagCell flag => flag.On ? 1 : 0,
                IdsCell ids when field.Type == FieldTypes.SingleSelect => field.PlaceOf(ids.Ids[0]),
                _ => null,
            },
        };
    }
}
