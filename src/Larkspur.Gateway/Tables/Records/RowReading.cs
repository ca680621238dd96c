using System.Text.Json;
using Larkspur.Feishu.Tables;
using Larkspur.Gateway.Api.Requests;
using Larkspur.Gateway.Tables.Bases;
using Larkspur.Gateway.Tables.Cells;
using Larkspur.Gateway.Tables.Open;

namespace Larkspur.Gateway.Tables.Records;

/// <summary>Reads the rows of a request: each by itself, so that one that is wrong keeps no other from being written.</summary>
internal sealed class RowReading(OpenTables tables, PeopleLookup people)
{
    /// <summary>Reads them. What is not there is looked for in the fields as they are now.</summary>
    /// <param name="row">The base.</param>
    /// <param name="table">The table, as the request names it.</param>
    /// <param name="sent">Ids of records, and values.</param>
    /// <param name="options">How they are written.</param>
    /// <param name="cancellation">Ends the waiting.</param>
    public async Task<(OpenTable Table, List<ReadRow> Rows)> ReadAsync(BaseRow row, string table,
        IReadOnlyList<(string? Id, JsonElement Values)> sent, TableWriteOptions options, CancellationToken cancellation)
    {
        for (var i = 0; i < sent.Count; i++)
            if (sent[i].Values.ValueKind != JsonValueKind.Object) throw BodyRefusals.Wrong($"/rows/{i}/fields", "an object");
        var open = await tables.TableAsync(row, table, cancellation);
        var rows = await ReadAsync(open, sent, options, cancellation);
        if (!rows.Any(r => r.Problems.Any(p => p.Reason is "unknown_field" or "unknown_option"))) return (open, rows);
        var again = await tables.TableAsync(row, table, cancellation, again: true);
        return (again, await ReadAsync(again, sent, options, cancellation));
    }

    private async Task<List<ReadRow>> ReadAsync(OpenTable open, IReadOnlyList<(string? Id, JsonElement Values)> sent,
        TableWriteOptions options, CancellationToken cancellation)
    {
        var named = await people.FindAsync(open.App, PeopleIn(open.Fields, sent), cancellation);
        var input = new CellInput(open.Zone, named, options);
        return [.. sent.Select((one, i) => ReadRow.Of(i, one.Id, one.Values, open.Fields, input))];
    }

    private static IEnumerable<JsonElement> PeopleIn(TableFields fields, IEnumerable<(string? Id, JsonElement Values)> sent) =>
        from one in sent
        from member in one.Values.EnumerateObject()
        where fields.Find(member.Name) is { Type: TableFieldType.User }
        select member.Value;
}
