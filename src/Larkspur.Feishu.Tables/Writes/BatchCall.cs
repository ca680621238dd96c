using System.Text.Json;
using System.Text.Json.Nodes;
using Larkspur.Feishu.Api.Bitable.V1;

namespace Larkspur.Feishu.Tables;

/// <summary>One call that writes a batch: what is sent, and what the answer says of each row.</summary>
internal sealed class BatchCall(FeishuTable table, TableWriteKind kind, RowStates states)
{
    public FeishuEndpoint Endpoint => kind switch
    {
        TableWriteKind.Create => Endpoints.AppTableRecordBatchCreate,
        TableWriteKind.Update => Endpoints.AppTableRecordBatchUpdate,
        _ => Endpoints.AppTableRecordBatchDelete,
    };

    /// <summary>The request, the values by the names that the fields have in a list.</summary>
    public FeishuRequest Request(PendingRow[] rows, TableFields fields, string token)
    {
        var request = table.Request(Endpoint);
        if (kind == TableWriteKind.Delete)
        {
            request.Body = new IdsBody(rows.Select(row => row.RecordId!).Distinct(StringComparer.Ordinal));
            return request;
        }

        request.Body = new RowsBody(rows.Select(row => new RowBody(row.RecordId, Named(row.Fields!))));
        request.WithQuery("user_id_type", table.Base.Calls.Options.UserIdType);
        // The client is not told that this is a key: it would give a thousand rows the short time of a try that another may follow.
        return kind == TableWriteKind.Create ? request.WithQuery("client_token", token) : request;

        // A field that is gone goes by its id, and the platform says that it is gone.
        Dictionary<string, JsonNode?> Named(Dictionary<string, JsonNode?> byId) =>
            byId.ToDictionary(value => fields.ById(value.Key)?.Name ?? value.Key, value => value.Value, StringComparer.Ordinal);
    }

    /// <summary>Takes what a good answer says of each row.</summary>
    /// <returns>The rows of which it says nothing.</returns>
    public PendingRow[] Take(PendingRow[] rows, JsonElement answer)
    {
        var records = answer.Member("records").Items().ToList();
        switch (kind)
        {
            case TableWriteKind.Update:
                foreach (var row in rows) states.Written(row, row.RecordId);
                return [];
            case TableWriteKind.Create:
                if (records.Count != rows.Length || records.Any(record => record.TextOf("record_id") is null)) return rows;
                foreach (var (row, record) in rows.Zip(records)) states.Written(row, record.TextOf("record_id"));
                return [];
            default:
                return Deleted(rows, records);
        }
    }

    private PendingRow[] Deleted(PendingRow[] rows, List<JsonElement> records)
    {
        var said = records.Where(record => record.TextOf("record_id") is not null).ToLookup(
            record => record.TextOf("record_id")!, record => record.Member("deleted").ValueKind, StringComparer.Ordinal);
        var open = new List<PendingRow>();
        foreach (var row in rows)
        {
            if (said[row.RecordId!].Contains(JsonValueKind.False))
                states.Refused(row, new(null, CellRefusal.Platform, "the platform did not delete it"));
            else if (said.Contains(row.RecordId!)) states.Written(row, row.RecordId);
            else open.Add(row);
        }

        return [.. open];
    }
}
