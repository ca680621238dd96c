using System.Text.Json.Nodes;
using Larkspur.Emulator.State.Tables;

namespace Larkspur.Emulator.Feishu.Tables.Cells;

/// <summary>Rows as calls show them.</summary>
internal static class RecordView
{
    /// <param name="automatic">With <c>automatic_fields</c>: who made and last changed it, and when. No write answers them.</param>
    public static JsonObject Show(CellView cells, TableRecord record, IReadOnlySet<string>? names, RecordPeople people, TableRules rules,
        bool automatic)
    {
        var shown = new JsonObject { ["record_id"] = record.RecordId, ["fields"] = cells.Fields(record, names) };
        if (!automatic) return shown;
        shown["created_time"] = Millis(record.CreatedTime, rules);
        shown["created_by"] = people.Show(record.CreatedBy);
        shown["last_modified_time"] = Millis(record.ModifiedTime, rules);
        shown["last_modified_by"] = people.Show(record.ModifiedBy);
        return shown;
    }

    /// <summary>A write's answer repeats what was written, as it was written; emptied cells are absent.</summary>
    public static JsonObject Echo(string recordId, JsonObject written) => new()
    {
        ["record_id"] = recordId,
        ["fields"] = new JsonObject(written.Where(f => f.Value is not null).Select(f => KeyValuePair.Create(f.Key, f.Value?.DeepClone()))),
    };

    public static long Millis(DateTimeOffset time, TableRules rules)
    {
        var millis = time.ToUnixTimeMilliseconds();
        return millis - (millis % Math.Max(1, rules.TimeResolutionMs));
    }
}
