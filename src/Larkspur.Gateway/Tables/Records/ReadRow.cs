using System.Text.Json;
using Larkspur.Feishu.Tables;
using Larkspur.Gateway.Api.Requests;
using Larkspur.Gateway.Tables.Cells;

namespace Larkspur.Gateway.Tables.Records;

/// <summary>A row that was sent, read for its table.</summary>
/// <param name="index">Its place among those that were sent.</param>
internal sealed class ReadRow(int index)
{
    private readonly List<RowProblemView> _problems = [];

    public int Index => index;

    /// <summary>Its record; null: none is known yet.</summary>
    public string? RecordId { get; set; }

    /// <summary>The record as it is, where it was read: only what differs from it is written.</summary>
    public TableRecord? Record { get; set; }

    /// <summary>The values, by field id.</summary>
    public Dictionary<string, CellValue> Cells { get; } = new(StringComparer.Ordinal);

    public IReadOnlyList<RowProblemView> Problems => _problems;

    /// <summary>What became of it; null: nothing yet.</summary>
    public string? Outcome { get; set; }

    /// <summary>Something is wrong with it: it is not written.</summary>
    public void Refuse(CellFault fault, string? field = null, string? pointer = null)
    {
        Outcome = RowOutcomes.Refused;
        _problems.Add(new RowProblemView
        {
            Field = field, Reason = fault.Reason, Message = fault.Text.English, MessageZh = fault.Text.Chinese,
            Pointer = pointer ?? Pointer(field), Code = fault.Code == 0 ? null : fault.Code,
        });
    }

    /// <summary>The row for the SDK, from the record that was read, or by its id.</summary>
    public TableRow Row()
    {
        var row = Record is { } record ? new TableRow(record) : RecordId is { } id ? new TableRow(id) : new TableRow();
        // A link that is given without a label keeps the one that it has.
        foreach (var (field, cell) in Cells) row.Set(field, cell is UrlCell url && url.Text == url.Link ? url.Link : cell);
        return row;
    }

    public RowView View() => new()
    {
        Index = index, Outcome = Outcome ?? RowOutcomes.NotTried, Id = RecordId, Problems = _problems.Count > 0 ? _problems : null,
    };

    /// <summary>Reads the values.</summary>
    public static ReadRow Of(int index, string? recordId, JsonElement values, TableFields fields, CellInput input)
    {
        var row = new ReadRow(index) { RecordId = recordId };
        var names = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var member in values.EnumerateObject())
        {
            if (fields.Find(member.Name) is not { } field)
            {
                row.Refuse(CellFault.UnknownField(member.Name, fields), JsonFields.Shown(member.Name));
                continue;
            }

            // By its name and by its id: one of the two would be lost.
            if (!names.TryAdd(field.Id, member.Name)) row.Refuse(new("given_twice", TablesTexts.GivenTwice(field.Name)), member.Name);
            var (cell, fault) = input.Read(field, member.Value);
            if (fault is null) row.Cells[field.Id] = cell;
            else row.Refuse(fault, member.Name);
        }

        return row;
    }

    private string Pointer(string? field)
    {
        var pointer = $"/rows/{index}";
        return field is null ? pointer : JsonFields.At(pointer + "/fields", field);
    }
}

/// <summary>Words for what became of a row.</summary>
internal static class RowOutcomes
{
    public const string Created = "created";
    public const string Updated = "updated";
    public const string Unchanged = "unchanged";
    public const string Exists = "exists";
    public const string Deleted = "deleted";
    public const string Refused = "refused";
    public const string NotTried = "not_tried";
    public const string Unknown = "unknown";

    /// <summary>The row is as it was asked to be.</summary>
    public static bool IsDone(string? outcome) => outcome is Created or Updated or Unchanged or Exists or Deleted;
}
