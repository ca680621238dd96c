using System.Collections.Immutable;

namespace Larkspur.Emulator.State.Tables;

/// <summary>A table of a base: its fields, views and rows.</summary>
public sealed record DataTable
{
    /// <summary>Deleted rows that can still be brought back; the oldest are forgotten.</summary>
    public const int MostDeleted = 200;

    /// <summary><c>tbl…</c></summary>
    public required string TableId { get; init; }
    public required string Name { get; init; }

    /// <summary>Begins at 1, grows with every change.</summary>
    public long Revision { get; init; } = 1;

    public ImmutableArray<TableField> Fields { get; init; } = [];
    public ImmutableArray<TableView> Views { get; init; } = [];
    public ImmutableArray<TableRecord> Deleted { get; init; } = [];
    public long NextPosition { get; init; } = 1;

    /// <summary>Characters of all that it holds: rows, those that can be brought back, fields, views.</summary>
    public long Weight =>
        RowsWeight + Deleted.Sum(static r => r.Weight) + Fields.Sum(static f => f.Weight) + Views.Sum(static v => (long)v.Property.Length);

    /// <summary>The rows as they stand.</summary>
    public IEnumerable<TableRecord> Records => Rows.Values;

    public int Count => Rows.Count;

    private long RowsWeight { get; init; }
    private ImmutableSortedDictionary<long, TableRecord> Rows { get; init; } = ImmutableSortedDictionary<long, TableRecord>.Empty;
    private ImmutableDictionary<string, long> Positions { get; init; } = ImmutableDictionary<string, long>.Empty;

    public TableRecord? Record(string recordId) => Positions.TryGetValue(recordId, out var at) ? Rows[at] : null;

    public TableField? Field(string fieldId) => Fields.FirstOrDefault(f => f.FieldId == fieldId);

    public TableField? FieldNamed(string name) => Fields.FirstOrDefault(f => f.Name == name);

    public TableView? View(string viewId) => Views.FirstOrDefault(v => v.ViewId == viewId);

    /// <summary>The same table with these rows new or changed.</summary>
    public DataTable With(IReadOnlyCollection<TableRecord> records)
    {
        var (rows, positions, weight, next) = (Rows.ToBuilder(), Positions.ToBuilder(), RowsWeight, NextPosition);
        foreach (var record in records)
        {
            if (rows.TryGetValue(record.Position, out var old)) weight -= old.Weight;
            rows[record.Position] = record;
            positions[record.RecordId] = record.Position;
            weight += record.Weight;
            next = Math.Max(next, record.Position + 1);
        }

        return this with { Rows = rows.ToImmutable(), Positions = positions.ToImmutable(), RowsWeight = weight, NextPosition = next };
    }

    /// <summary>The same table without these rows; they can be brought back for a while.</summary>
    public DataTable Without(IReadOnlyCollection<string> recordIds)
    {
        var (rows, positions, weight) = (Rows.ToBuilder(), Positions.ToBuilder(), RowsWeight);
        var gone = new List<TableRecord>();
        foreach (var id in recordIds)
        {
            if (!positions.Remove(id, out var at)) continue;
            gone.Add(rows[at]);
            weight -= rows[at].Weight;
            rows.Remove(at);
        }

        ImmutableArray<TableRecord> deleted = [.. Deleted.AddRange(gone).TakeLast(MostDeleted)];
        return this with { Rows = rows.ToImmutable(), Positions = positions.ToImmutable(), RowsWeight = weight, Deleted = deleted };
    }

    /// <summary>The same table whose deleted rows come back without a field's cell.</summary>
    public DataTable Forget(string fieldId) => this with { Deleted = [.. Deleted.Select(r => r with { Cells = r.Cells.Remove(fieldId) })] };

    /// <summary>The same table with a field in the place of the one that has its id, or behind all.</summary>
    public DataTable With(TableField field)
    {
        var at = Fields.ToList().FindIndex(f => f.FieldId == field.FieldId);
        return this with { Fields = at < 0 ? Fields.Add(field) : Fields.SetItem(at, field) };
    }

    /// <summary>The same table with a view in the place of the one that has its id, or behind all.</summary>
    public DataTable With(TableView view)
    {
        var at = Views.ToList().FindIndex(v => v.ViewId == view.ViewId);
        return this with { Views = at < 0 ? Views.Add(view) : Views.SetItem(at, view) };
    }
}

/// <param name="ViewId"><c>vew…</c></param>
/// <param name="Type"><c>grid</c>, <c>kanban</c>, <c>gallery</c>, <c>gantt</c> or <c>form</c>.</param>
/// <param name="Property">JSON of the wire's <c>property</c>: filter, hidden fields, hierarchy; empty: none.</param>
public sealed record TableView(string ViewId, string Name, string Type, string Property = "");
