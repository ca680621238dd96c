using Larkspur.Emulator.State.Tables;

namespace Larkspur.Emulator.Feishu.Tables;

/// <param name="Before">Null: the row is new.</param>
/// <param name="After">Null: it was deleted.</param>
internal sealed record RowChange(string TableId, string RecordId, TableRecord? Before, TableRecord? After);

/// <param name="Before">Null: the field is new.</param>
/// <param name="After">Null: it was deleted.</param>
internal sealed record FieldChange(string TableId, TableField? Before, TableField? After);
