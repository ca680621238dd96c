using System.Collections.Immutable;
using Larkspur.Emulator.State.Tables;

namespace Larkspur.Emulator.Feishu.Tables;

/// <param name="Before">Null: the row is new.</param>
/// <param name="After">Null: it was deleted.</param>
internal sealed record RowChange(string TableId, string RecordId, TableRecord? Before, TableRecord? After);

/// <param name="Before">Null: the field is new.</param>
/// <param name="After">Null: it was deleted.</param>
internal sealed record FieldChange(string TableId, TableField? Before, TableField? After);

/// <summary>One change of a table as its pages and the history of its rows tell it.</summary>
/// <param name="Number">Grows with every change of any table.</param>
/// <param name="By">A <c>user_id</c> or an <c>app_id</c>.</param>
/// <param name="Fields">The table's fields afterwards, by which the rows' cells are read.</param>
/// <param name="Shape">Its name, fields or views changed.</param>
internal sealed record TableChange(long Number, string AppToken, string TableId, DateTimeOffset At, string By,
    ImmutableArray<RowChange> Rows, ImmutableArray<TableField> Fields, bool Shape);
