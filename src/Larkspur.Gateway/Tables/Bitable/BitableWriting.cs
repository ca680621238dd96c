using Larkspur.Feishu.Tables;
using Larkspur.Gateway.Syncs.Mapping;
using Larkspur.Gateway.Syncs.Sides;
using Larkspur.Gateway.Syncs.Values;

namespace Larkspur.Gateway.Tables.Bitable;

/// <summary>Writes rows of a sync into a table.</summary>
/// <param name="table">The table.</param>
/// <param name="map">The sync's fields.</param>
/// <param name="values">Cells and values.</param>
/// <param name="newOptions">Options that a select lacks are made.</param>
internal sealed class BitableWriting(FeishuTable table, RowMap map, CellValues values, bool newOptions)
{
    private const int NoSuchRecord = 1254043;

    public async Task<IReadOnlyList<WriteResult>> WriteAsync(IReadOnlyList<SideWrite> writes, CancellationToken cancellation)
    {
        var results = new WriteResult[writes.Count];
        var (sent, rows) = (new List<int>(), new List<TableRow>());
        for (var i = 0; i < writes.Count; i++)
        {
            if (Row(writes[i], out var row) is { } refused) results[i] = refused;
            else
            {
                sent.Add(i);
                rows.Add(row);
            }
        }

        if (sent.Count == 0) return results;
        var answers = await WriteAsync([.. sent.Select(i => writes[i])], rows, cancellation);
        foreach (var (i, answer) in sent.Zip(answers)) results[i] = answer;
        return results;
    }

    private async Task<IReadOnlyList<WriteResult>> WriteAsync(
        IReadOnlyList<SideWrite> writes, IReadOnlyList<TableRow> rows, CancellationToken cancellation)
    {
        var kind = writes[0].Kind;
        try
        {
            if (kind != WriteKind.Delete && newOptions) await MakeOptionsAsync(writes, cancellation);
            var report = kind switch
            {
                WriteKind.Create => await table.CreateAsync(rows, Options(), cancellation),
                WriteKind.Update => await table.UpdateAsync(rows, Options(), cancellation),
                _ => await table.DeleteAsync([.. writes.Select(write => write.Id!)], Options(), cancellation),
            };
            return Results(writes, report);
        }
        catch (TableWriteException e) when (e.Report.Count(TableRowState.Written) + e.Report.Count(TableRowState.Unknown) > 0)
        {
            return Results(writes, e.Report);
        }
    }

    private TableWriteOptions Options() => new()
    {
        // By it rows are found whose answer was lost.
        KeyField = map.Keys is [var key] && map.Fields[key].Kind is ValueKind.Text or ValueKind.Number
            ? map.Fields[map.Keys[0]].FieldId : null,
    };

    /// <returns>Why a row cannot be written at all; null: it can.</returns>
    private WriteResult? Row(SideWrite write, out TableRow row)
    {
        // What was read protects mentions, links and labels that no value holds.
        row = write.Read?.Native is TableRecord read ? new TableRow(read) : write.Id is { } id ? new TableRow(id) : new TableRow();
        foreach (var (field, value) in write.Values)
        {
            if (write.Id is null && value is null) continue;
            try
            {
                row.Set(map.Fields[field].FieldId, values.Cell(field, value));
            }
            catch (Exception e) when (e is ArgumentOutOfRangeException or FormatException)
            {
                // A day that the base's calendar does not have, a key that is none of its field's kind.
                return new(WriteState.Refused, null, Problems.ValueRefused, field, e.Message);
            }
        }

        return null;
    }

    private List<WriteResult> Results(IReadOnlyList<SideWrite> writes, TableWriteReport report) =>
        [.. report.Rows.Select(row => Result(writes[row.Index], row))];

    private WriteResult Result(SideWrite write, TableRowResult row) => row.State switch
    {
        TableRowState.Written => WriteResult.Done(row.RecordId ?? write.Id),
        TableRowState.Unknown => new(WriteState.Unknown),
        TableRowState.NotTried => new(WriteState.Failed, null, Problems.Busy),
        // Somebody deleted the row meanwhile.
        _ when row.Problem?.Code == NoSuchRecord => new(WriteState.Moved),
        _ => new(WriteState.Refused, null, Reason(row.Problem), Place(row.Problem?.Field), row.Problem?.Message),
    };

    private static string Reason(CellProblem? problem) => problem?.Refusal switch
    {
        CellRefusal.UnknownOption => Problems.UnknownOption,
        CellRefusal.TooLong or CellRefusal.TooMany => Problems.TooLong,
        CellRefusal.NumberDoesNotSurvive => Problems.DigitsLost,
        CellRefusal.MarkupWouldBeLost => Problems.MarkupLost,
        null => Problems.RowRefused,
        _ => Problems.ValueRefused,
    };

    private int? Place(string? name)
    {
        for (var i = 0; i < map.Fields.Count; i++)
        {
            if (map.Fields[i].Field == name || map.Fields[i].FieldId == name) return i;
        }

        return null;
    }

    /// <summary>Through the field, and each once: written into a cell, a new name that comes twice makes two equal options.</summary>
    private async Task MakeOptionsAsync(IReadOnlyList<SideWrite> writes, CancellationToken cancellation)
    {
        var fields = await table.GetFieldsAsync(cancellationToken: cancellation);
        for (var i = 0; i < map.Fields.Count; i++)
        {
            var place = i;
            if (map.Fields[i].Kind is not (ValueKind.Choice or ValueKind.Choices)
                || fields.ById(map.Fields[i].FieldId) is not { } field) continue;
            var wanted = writes.Where(write => write.Values.ContainsKey(place)).SelectMany(write =>
                map.Fields[place].Kind == ValueKind.Choices
                ? Canonical.AsSet(write.Values[place]) : [write.Values[place] ?? ""]);
            var missing = wanted.Where(name => name.Length > 0).Distinct(StringComparer.Ordinal)
                .Except(field.Options.Select(option => option.Name), StringComparer.Ordinal).ToList();
            if (missing.Count == 0) continue;
            await table.Fields.UpdateAsync(field.Id, new() { AddedOptions = [.. missing.Select(name => new TableOption(null, name))] },
                cancellation);
            await table.GetFieldsAsync(again: true, cancellation);
        }
    }
}
