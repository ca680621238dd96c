using System.Text.Json.Nodes;

namespace Larkspur.Feishu.Tables;

/// <summary>Makes what is sent of rows, and finds what the platform would refuse.</summary>
internal sealed class RowEncoder(TableFields fields, TableWriteOptions options, TimeZoneInfo? zone)
{
    /// <summary>Encodes a row. With anything wrong it is not to be sent.</summary>
    public EncodedRow Encode(TableRow row, int index)
    {
        var problems = new List<CellProblem>();
        var values = new Dictionary<string, JsonNode?>(StringComparer.Ordinal);
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
                values[field.Id] = CellWriter.Write(field, cell, options);
            }
        }

        return new(new(index, row.RecordId, values), problems);
    }

    /// <summary>What was read of a field, by whatever name it had then.</summary>
    private static CellValue? Known(TableRow row, TableField field) =>
        row.Read is { } read && read.Fields.ById(field.Id) is { } old && read.WasAsked(old) ? read[old.Name] : null;

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
        catch (ArgumentException wrong)
        {
            // A date before the zone's first one, an enum's number without a name: one such value must not cost the other rows.
            return new(field.Name, CellRefusal.WrongType, $"the value does not go into a field of type {field.Type}: {wrong.Message}");
        }

        // What is as it was read is not written, so nothing of it can be lost.
        var known = Known(row, field);
        // C# has no label for a link: the same link keeps the one that it has.
        if (value is string or Uri && cell is UrlCell link && known is UrlCell labelled && labelled.Link == link.Link) cell = known;
        if (known is not null && known == cell) return null;
        return known is TextCell { HasMarkup: true } && !options.AllowMarkupLoss
            ? new(field.Name, CellRefusal.MarkupWouldBeLost, "what is there mentions or links something, which the new text would remove")
            : CellWriter.Check(field, cell, options);
    }
}
