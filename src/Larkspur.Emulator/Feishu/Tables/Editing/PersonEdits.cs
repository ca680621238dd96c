using System.Collections.Immutable;
using Larkspur.Emulator.State.Documents;
using Larkspur.Emulator.State.Tables;

namespace Larkspur.Emulator.Feishu.Tables.Editing;

/// <summary>
/// What a person does with rows in a table's page: through the one way in which bases change, and so told to who subscribed.
/// </summary>
/// <remarks>Each edit is whole or nothing, and can be taken back by who made it.</remarks>
internal sealed class PersonEdits(EmulatorState state, TableWrites writes, UndoSteps undo)
{
    /// <summary>So many cells one edit may write.</summary>
    public const int MostCells = 20_000;

    /// <summary>Who may not edit is told so; the same for reading, where nothing is told but that there is none.</summary>
    public string? RightOf(string person, string appToken) =>
        state.Base(appToken) is not null && state.Document(appToken) is { Deleted: false } document
            ? DocumentRights.Of(state, document, person) : null;

    /// <summary>Writes a block of cells; a row that is null is added.</summary>
    /// <param name="cells">By row and field; null leaves the cell alone.</param>
    /// <returns>The rows' ids, and what was refused, in which case nothing was written.</returns>
    public (ImmutableArray<string> Rows, ImmutableArray<RefusedCell> Refused) Write(string person, string appToken, string tableId,
        IReadOnlyList<string?> rows, IReadOnlyList<string> fields, IReadOnlyList<IReadOnlyList<CellInput?>> cells)
    {
        var refused = ImmutableArray.CreateBuilder<RefusedCell>();
        try
        {
            var ids = Change(person, appToken, tableId, edit =>
            {
                var (inputs, done) = (new CellInputs(state, edit, tableId), ImmutableArray.CreateBuilder<string>(rows.Count));
                for (var at = 0; at < rows.Count; at++)
                {
                    var now = new Dictionary<string, Cell?>(StringComparer.Ordinal);
                    for (var column = 0; column < fields.Count; column++)
                    {
                        if (cells[at][column] is not { } given) continue;
                        var field = edit.Table(tableId).Field(fields[column]) ?? throw GoneField();
                        try
                        {
                            now[field.FieldId] = inputs.Read(field, given);
                        }
                        catch (EditRefusedException refusal)
                        {
                            refused.Add(new RefusedCell(at, column, refusal.Said));
                        }
                    }

                    if (refused.Count > 0) continue;
                    done.Add(Row(edit, person, tableId, rows[at], now));
                }

                return refused.Count > 0 ? throw new EditRefusedException(refused[0].Said) : done.ToImmutable();
            });
            return (ids, []);
        }
        catch (EditRefusedException) when (refused.Count > 0)
        {
            return ([], refused.ToImmutable());
        }
    }

    public void Delete(string person, string appToken, string tableId, IReadOnlyCollection<string> rows) =>
        Change(person, appToken, tableId, edit =>
        {
            // Who deleted one of them meanwhile did what was wanted.
            edit.Delete(tableId, [.. rows.Distinct(StringComparer.Ordinal).Where(r => Visible(edit, person, tableId, r))]);
            return true;
        });

    /// <summary>Rows with equal values under new ids, behind all others.</summary>
    public ImmutableArray<string> Copy(string person, string appToken, string tableId, IReadOnlyList<string> rows) =>
        Change(person, appToken, tableId, edit => rows.Where(r => Visible(edit, person, tableId, r))
            .Select(r => edit.Add(tableId, edit.Row(tableId, r)!.Cells).RecordId).ToImmutableArray());

    /// <summary>Takes the person's last edit back, or does it again. What others changed since stays as they left it.</summary>
    /// <returns>Null: there is nothing to turn. Else the rows it touched, and how many could not be turned.</returns>
    public (ImmutableArray<string> Rows, int Left)? Turn(string person, string appToken, string tableId, bool redo)
    {
        if (undo.Take(person, tableId, redo) is not { } step) return null;
        var left = 0;
        var turned = Told(person, appToken, edit =>
        {
            left = 0;
            foreach (var row in step)
            {
                if (edit.Base.Table(row.TableId) is null || !UndoneRow.Turn(edit, row)) left++;
            }

            return true;
        }, out _);
        undo.Turned(person, tableId, redo, turned);
        return ([.. turned.Where(r => r.TableId == tableId && r.After is not null).Select(r => r.RecordId)], left);
    }

    private static string Row(TableEdit edit, string person, string tableId, string? id, Dictionary<string, Cell?> cells)
    {
        if (id is null) return edit.Add(tableId, RecordBatchesApi.Filled(cells)).RecordId;
        if (!Visible(edit, person, tableId, id))
            throw new EditRefusedException(new("The row was deleted meanwhile", "该行已被删除"));
        return edit.Write(tableId, id, cells).RecordId;
    }

    private static bool Visible(TableEdit edit, string person, string tableId, string id) =>
        edit.Row(tableId, id) is not null && !edit.Base.Hides(person, id);

    private T Change<T>(string person, string appToken, string tableId, Func<TableEdit, T> edit)
    {
        var rows = Told(person, appToken, open => open.Base.Table(tableId) is null
            ? throw new EditRefusedException(new("The table was deleted meanwhile", "数据表已被删除")) : edit(open), out var result);
        undo.Did(person, tableId, rows);
        return result;
    }

    private ImmutableArray<RowChange> Told<T>(string person, string appToken, Func<TableEdit, T> edit, out T result)
    {
        TableEdit? open = null;
        result = writes.Change(appToken, person, e => edit(open = e), EditRefusedException.Of);
        return [.. open!.Rows];
    }

    private static EditRefusedException GoneField() => new(new("The field was deleted meanwhile", "该字段已被删除"));
}

/// <param name="Row">Its place in the block that was to be written.</param>
internal sealed record RefusedCell(int Row, int Column, LocalizedText Said);
