using System.Text.Json.Nodes;

namespace Larkspur.Feishu.Tables;

/// <summary>Makes what is sent of rows, and finds what the platform would refuse.</summary>
internal sealed class RowEncoder(TableFields fields, TableWriteOptions options, TimeZoneInfo? zone)
{
    public TableFields Fields => fields;

    /// <summary>Encodes a row.</summary>
    /// <returns>What is wrong with it; with anything wrong it is not to be sent.</returns>
    public IReadOnlyList<CellProblem> Encode(TableRow row, int index, out PendingRow pending)
    {
        var problems = new List<CellProblem>();
        var values = new JsonObject();
        foreach (var (name, value) in row.Values)
        {
            if (fields.Find(name) is not { } field)
            {
                problems.Add(new(name, CellRefusal.UnknownField, "the table has no such field, or this app may not see it"));
            }
            else if (Problem(row, field, value, out var cell) is { } problem)
            {
                problems.Add(problem);
            }
            else if (Known(row, field) is { } read ? read != cell : row.RecordId is not null || !cell.IsEmpty)
            {
                values[field.Name] = CellWriter.Write(field, cell, options);
            }
        }

        pending = new(index, row.RecordId, values);
        return problems;
    }

    private static CellValue? Known(TableRow row, TableField field) =>
        row.Read is { } read && read.WasAsked(field) ? read[field.Name] : null;

    private CellProblem? Problem(TableRow row, TableField field, object? value, out CellValue cell)
    {
        cell = CellValue.Empty;
        try
        {
            cell = ClrValues.ToCell(field, value, zone);
        }
        catch (TableCellException wrong)
        {
            return wrong.Problem;
        }

        // What is as it was read is not written, so nothing of it can be lost.
        var known = Known(row, field);
        if (known is not null && known == cell) return null;
        return known is TextCell { HasMarkup: true } && !options.AllowMarkupLoss
            ? new(field.Name, CellRefusal.MarkupWouldBeLost, "what is there mentions or links something, which the new text would remove")
            : CellWriter.Check(field, cell, options);
    }
}
