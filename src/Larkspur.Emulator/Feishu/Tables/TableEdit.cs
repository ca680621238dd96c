using System.Collections.Immutable;
using Larkspur.Emulator.State.Tables;

namespace Larkspur.Emulator.Feishu.Tables;

/// <summary>One change of a base under way: it becomes whole or not at all, and remembers what it did for the events.</summary>
/// <param name="refuse">The refusal with a code: 1254103 no room for more rows, 1254130 no room for more links in a cell.</param>
/// <remarks>Not thread-safe; it lives inside <see cref="EmulatorState.ChangeBase"/>.</remarks>
internal sealed class TableEdit(EmulatorState state, TableBase before, TableRules rules, string operatorId,
    Func<long, Exception> refuse)
{
    private readonly Dictionary<(string Table, string Record), (TableRecord? Before, TableRecord? After)> _rows = [];
    private readonly Dictionary<string, Dictionary<string, TableRecord>> _pending = new(StringComparer.Ordinal);
    private readonly Dictionary<(string Table, string Field), FieldChange> _fields = [];
    private readonly HashSet<string> _raised = new(StringComparer.Ordinal);

    public TableBase Base { get; private set; } = before;

    public string OperatorId { get; } = operatorId;

    /// <summary>
    /// What became of fields, one change for each: rows that make new options change their field over and over, and a change holds the
    /// whole list of them twice.
    /// </summary>
    public IEnumerable<FieldChange> Fields => _fields.Values.Where(f => !ReferenceEquals(f.Before, f.After));

    /// <summary>What became of rows, in the order in which they were first touched.</summary>
    public IEnumerable<RowChange> Rows =>
        _rows.Where(r => !ReferenceEquals(r.Value.Before, r.Value.After)).Select(r => new RowChange(r.Key.Table, r.Key.Record,
            r.Value.Before, r.Value.After));

    public DataTable Table(string tableId) => Base.Table(tableId)!;

    public string NewId(string prefix, int letters) => prefix + state.Ids.Next("")[..letters];

    public TableRecord? Row(string tableId, string recordId) =>
        _pending.GetValueOrDefault(tableId)?.GetValueOrDefault(recordId) ?? Base.Table(tableId)?.Record(recordId);

    public TableRecord Add(string tableId, ImmutableDictionary<string, Cell> cells)
    {
        var (table, now) = (Table(tableId), state.Clock.GetUtcNow());
        var position = table.NextPosition;
        Base = Base.With(table with { NextPosition = position + 1 });
        var row = new TableRecord
        {
            RecordId = NewId("rec", 12), Position = position, Serial = position,
            CreatedBy = OperatorId, CreatedTime = now, ModifiedBy = OperatorId, ModifiedTime = now,
        };
        Keep(tableId, null, row);
        return Write(tableId, row.RecordId, cells.ToDictionary(c => c.Key, c => (Cell?)c.Value));
    }

    /// <summary>Brings a deleted row back under its id; null: it is not remembered.</summary>
    public TableRecord? Restore(string tableId, string recordId)
    {
        var table = Table(tableId);
        if (table.Deleted.LastOrDefault(r => r.RecordId == recordId) is not { } row || table.Record(recordId) is not null) return null;
        Base = Base.With(table with { Deleted = table.Deleted.RemoveAll(r => r.RecordId == recordId) });
        Keep(tableId, null, row with
        {
            Cells = ImmutableDictionary<string, Cell>.Empty, ModifiedBy = OperatorId, ModifiedTime = state.Clock.GetUtcNow(),
        });
        // Written anew, links in both directions come back on the other side too.
        return Write(tableId, recordId, table.Fields.Where(f => row.Cells.ContainsKey(f.FieldId))
            .ToDictionary(f => f.FieldId, f => Left(f, row.Cells[f.FieldId])));
    }

    /// <summary>Changes cells of a row; null empties one. Links in both directions change the rows on the other side too.</summary>
    public TableRecord Write(string tableId, string recordId, IReadOnlyDictionary<string, Cell?> cells)
    {
        var old = Row(tableId, recordId)!;
        var now = old.Cells.ToBuilder();
        foreach (var (fieldId, cell) in cells)
        {
            if (cell is null) now.Remove(fieldId);
            else now[fieldId] = cell;
        }

        if (!rules.EqualWritesCount && Same(old.Cells, now)) return old;
        var row = old with { Cells = now.ToImmutable(), ModifiedBy = OperatorId, ModifiedTime = state.Clock.GetUtcNow() };
        Keep(tableId, old, row);
        foreach (var (fieldId, cell) in cells) Mirror(tableId, recordId, fieldId, old.Cells.GetValueOrDefault(fieldId), cell);
        return row;
    }

    public void Delete(string tableId, IReadOnlyCollection<string> recordIds)
    {
        Flush();
        foreach (var id in recordIds)
        {
            foreach (var (fieldId, cell) in Table(tableId).Record(id)!.Cells) Mirror(tableId, id, fieldId, cell, null);
        }

        Flush();
        foreach (var id in recordIds)
        {
            var before = _rows.TryGetValue((tableId, id), out var known) ? known.Before : Table(tableId).Record(id);
            _rows[(tableId, id)] = (before, null);
        }

        Base = Base.With(Table(tableId).Without(recordIds));
    }

    public void Put(string tableId, TableField field)
    {
        var (table, old) = (Table(tableId), Table(tableId).Field(field.FieldId));
        Keep(tableId, field.FieldId, old, field);
        // What rows held that are deleted by now is of the old kind.
        if (old is not null && old.Type != field.Type) table = table.Forget(field.FieldId);
        Base = Base.With(table.With(field));
        Raise(tableId, 1);
    }

    public void Remove(string tableId, TableField field)
    {
        Flush();
        Keep(tableId, field.FieldId, field, null);
        var table = Table(tableId);
        var filled = table.Records.Where(r => r.Cells.ContainsKey(field.FieldId));
        table = table.With([.. filled.Select(r => r with { Cells = r.Cells.Remove(field.FieldId) })]);
        Base = Base.With(table.Forget(field.FieldId) with { Fields = table.Fields.RemoveAll(f => f.FieldId == field.FieldId) });
        Raise(tableId, 1);
    }

    /// <summary>Changes a table as a whole: its name, its views. Views do not raise its revision (UNVERIFIED).</summary>
    public void Put(DataTable table, bool raise)
    {
        Flush();
        Base = Base.With(table);
        if (raise) Raise(table.TableId, 1);
    }

    public void Put(TableBase changed)
    {
        Flush();
        Base = changed with { Revision = Base.Revision + 1 };
    }

    /// <summary>The base with all that was done.</summary>
    public TableBase Done()
    {
        Flush();
        if (Base.Tables.Any(t => t.Count > EmulatorState.MostTableRows)) throw refuse(1254103);
        foreach (var rows in Rows.GroupBy(r => r.TableId))
        {
            var come = rows.Count(r => r.Before is null || r.After is null);
            var counted = come + (rules.CellsRaiseRevision ? rows.Count() - come : 0);
            if (counted > 0) Raise(rows.Key, rules.RevisionPerRow ? counted : 1);
        }

        return Base;
    }

    private void Raise(string tableId, int by)
    {
        if (!_raised.Add(tableId) && !rules.RevisionPerRow) return;
        if (Base.Table(tableId) is { } table) Base = Base.With(table with { Revision = table.Revision + by });
    }

    private void Keep(string tableId, TableRecord? old, TableRecord row)
    {
        if (!_pending.TryGetValue(tableId, out var rows))
            _pending[tableId] = rows = new Dictionary<string, TableRecord>(StringComparer.Ordinal);
        rows[row.RecordId] = row;
        var key = (tableId, row.RecordId);
        _rows[key] = (_rows.TryGetValue(key, out var known) ? known.Before : old, row);
    }

    private void Keep(string tableId, string fieldId, TableField? old, TableField? now) =>
        _fields[(tableId, fieldId)] = new FieldChange(tableId,
            _fields.TryGetValue((tableId, fieldId), out var known) ? known.Before : old, now);

    private void Flush()
    {
        foreach (var (tableId, rows) in _pending)
        {
            if (Base.Table(tableId) is { } table) Base = Base.With(table.With(rows.Values));
        }

        _pending.Clear();
    }

    /// <summary>That the other side changes by itself is documented, that it counts as an edit of its rows is UNVERIFIED, and so
    /// is what becomes of a cell over there that is full: here the write is refused.</summary>
    private void Mirror(string tableId, string recordId, string fieldId, Cell? old, Cell? now)
    {
        if (Table(tableId).Field(fieldId) is not { Type: FieldTypes.DuplexLink, BackField: { } back, LinkedTable: { } other }) return;
        if (Base.Table(other) is null) return;
        var (had, has) = ((old as IdsCell)?.Ids ?? [], (now as IdsCell)?.Ids ?? []);
        foreach (var id in had.Except(has, StringComparer.Ordinal)) Turn(other, id, back, ids => ids.Remove(recordId));
        foreach (var id in has.Except(had, StringComparer.Ordinal))
        {
            Turn(other, id, back, ids => ids.Contains(recordId) ? ids : ids.Length < IdsCell.MostLinks ? ids.Add(recordId)
                : throw refuse(1254130));
        }
    }

    private void Turn(string tableId, string recordId, string fieldId, Func<ImmutableArray<string>, ImmutableArray<string>> change)
    {
        if (Row(tableId, recordId) is not { } old) return;
        var ids = change((old.Cells.GetValueOrDefault(fieldId) as IdsCell)?.Ids ?? []);
        var cells = ids.IsEmpty ? old.Cells.Remove(fieldId) : old.Cells.SetItem(fieldId, new IdsCell(ids));
        if (Same(old.Cells, cells)) return;
        Keep(tableId, old, old with { Cells = cells, ModifiedBy = OperatorId, ModifiedTime = state.Clock.GetUtcNow() });
    }

    /// <summary>What of a cell a row that comes back can still hold: options, and rows that it links, may be gone meanwhile.</summary>
    private Cell? Left(TableField field, Cell cell)
    {
        if (cell is not IdsCell { Ids: var ids }) return cell;
        if (FieldTypes.IsSelect(field.Type)) ids = ids.RemoveAll(i => field.Option(i) is null);
        if (FieldTypes.IsLink(field.Type)) ids = ids.RemoveAll(i => Row(field.LinkedTable ?? "", i) is null);
        return ids.IsEmpty ? null : new IdsCell(ids);
    }

    private static bool Same(IReadOnlyDictionary<string, Cell> one, IReadOnlyDictionary<string, Cell> other) =>
        one.Count == other.Count && one.All(c => other.TryGetValue(c.Key, out var cell) && c.Value.Equals(cell));
}
