using Larkspur.Emulator.State.Tables;

namespace Larkspur.Emulator.Feishu.Tables.Editing;

/// <summary>Turns what was done to a row back.</summary>
internal static class UndoneRow
{
    /// <returns>False when the row, or all that was changed of it, is no longer as that change left it.</returns>
    public static bool Turn(TableEdit edit, RowChange done)
    {
        var row = edit.Row(done.TableId, done.RecordId);
        switch (done)
        {
            case { Before: not null, After: null }:
                return row is not null || edit.Restore(done.TableId, done.RecordId) is not null;
            case { Before: null }:
                if (row is not null) edit.Delete(done.TableId, [done.RecordId]);
                return row is not null;
            case { Before: { } before, After: { } after } when row is not null:
                // What is back already came with a row on the other side of a link.
                var fields = before.Cells.Keys.Union(after.Cells.Keys, StringComparer.Ordinal)
                    .Where(f => !Equals(Cell(before, f), Cell(after, f)) && !Equals(Cell(row, f), Cell(before, f))).ToArray();
                var back = fields.Where(f => edit.Table(done.TableId).Field(f) is { } field && Equals(Cell(row, f), Cell(after, f))
                    && Fits(field, Cell(before, f))).ToDictionary(f => f, f => Cell(before, f));
                if (back.Count > 0) edit.Write(done.TableId, done.RecordId, back);
                return back.Count == fields.Length;
            default:
                return false;
        }
    }

    /// <summary>Options may be gone meanwhile, and a field may have become one of another type.</summary>
    private static bool Fits(TableField field, Cell? cell) => cell switch
    {
        null => true,
        IdsCell ids when FieldTypes.IsSelect(field.Type) => ids.Ids.All(i => field.Option(i) is not null),
        IdsCell => !FieldTypes.IsComputed(field.Type) && field.Type is not (FieldTypes.Text or FieldTypes.Number),
        TextCell => field.Type is FieldTypes.Text or FieldTypes.Phone,
        NumberCell => field.Type == FieldTypes.Number,
        TimeCell => field.Type == FieldTypes.DateTime,
        FlagCell => field.Type == FieldTypes.Checkbox,
        UrlCell => field.Type == FieldTypes.Url,
        _ => field.Type == FieldTypes.Location,
    };

    private static Cell? Cell(TableRecord row, string field) => row.Cells.GetValueOrDefault(field);
}
