using System.Text.Json;

namespace Larkspur.Feishu.Tables;

/// <summary>A record on the wire, the same in the answers of searches, batch_get and writes.</summary>
internal sealed record RecordWire(
    string? RecordId, Dictionary<string, JsonElement>? Fields, long? CreatedTime, long? LastModifiedTime, JsonElement CreatedBy,
        JsonElement LastModifiedBy)
{
    /// <summary>The record with its cells.</summary>
    /// <param name="fields">The fields, by whose names the cells come.</param>
    /// <param name="asked">The ids of the fields that were asked for; null: all.</param>
    public TableRecord Read(TableFields fields, IReadOnlySet<string>? asked = null)
    {
        var cells = new Dictionary<string, CellValue>(StringComparer.Ordinal);
        foreach (var (name, value) in Fields ?? [])
        {
            cells[name] = fields.Named(name) is { } field
                ? CellReader.Read(field, value)
                : new RawCell(value, "The field list, as it was read, has no field of this name.");
        }

        return new(RecordId ?? "", fields, cells, asked)
        {
            CreatedAt = Instant(CreatedTime), ModifiedAt = Instant(LastModifiedTime),
            CreatedBy = CreatedBy.TextOf("id"), ModifiedBy = LastModifiedBy.TextOf("id"),
        };
    }

    private static DateTimeOffset? Instant(long? milliseconds) =>
        milliseconds is { } known ? DateTimeOffset.FromUnixTimeMilliseconds(known) : null;
}

/// <summary>Records of a page, or of a write's answer.</summary>
internal sealed record RecordsWire(IReadOnlyList<RecordWire>? Items, bool? HasMore, string? PageToken, int? Total,
    IReadOnlyList<RecordWire>? Records);
