using System.Text.Json.Nodes;
using Larkspur.Emulator.State.Tables;

namespace Larkspur.Emulator.Feishu.Tables.Cells;

/// <summary>How a call wants its cells.</summary>
/// <param name="Legacy">As the old list shows them, not as search does.</param>
/// <param name="TextAsList">The old list: text as segments (<c>text_field_as_array</c>).</param>
/// <param name="FormulaAsReferred">The old list: a formula as the field that it refers to (<c>display_formula_ref</c>).</param>
internal sealed record CellStyle(bool Legacy, bool TextAsList = false, bool FormulaAsReferred = false);

/// <summary>
/// Cells as reads show them: one shape for search and batch_get, another for the old calls; an empty cell is absent, but for a link in
/// search.
/// </summary>
/// <remarks>UNVERIFIED: e-mail addresses, places and empty links in the old calls.</remarks>
internal sealed class CellView(EmulatorState state, TableBase home, DataTable table, RecordPeople people, TableRules rules, CellStyle style)
{
    public JsonObject Fields(TableRecord record, IReadOnlySet<string>? names = null)
    {
        var shown = new JsonObject();
        foreach (var field in table.Fields)
        {
            if (names is not null && !names.Contains(field.Name)) continue;
            if (Value(field, record) is { } value) shown[field.Name] = value;
        }

        return shown;
    }

    private JsonNode? Value(TableField field, TableRecord record) => field.Type switch
    {
        FieldTypes.CreatedTime => Millis(record.CreatedTime),
        FieldTypes.ModifiedTime => Millis(record.ModifiedTime),
        FieldTypes.CreatedUser => Author(record.CreatedBy),
        FieldTypes.ModifiedUser => Author(record.ModifiedBy),
        FieldTypes.AutoNumber => CellText.Serial(field, record),
        FieldTypes.Formula => Formula(field, record),
        _ => record.Cells.GetValueOrDefault(field.FieldId) is { } cell ? Stored(field, cell)
            : FieldTypes.IsLink(field.Type) && !style.Legacy ? new JsonObject() : null,
    };

    private JsonNode? Stored(TableField field, Cell cell) => cell switch
    {
        TextCell text when field.Type == FieldTypes.Phone => text.Text,
        TextCell text when style is { Legacy: true, TextAsList: false } => text.Text,
        TextCell text when field.UiType == "Email" =>
            new JsonArray(new JsonObject { ["type"] = "url", ["link"] = "mailto:" + text.Text, ["text"] = text.Text }),
        TextCell text => new JsonArray(Segment(text.Text)),
        NumberCell number when style.Legacy => CellText.Number(number.Number),
        NumberCell number => number.Number,
        TimeCell time => time.Millis,
        FlagCell flag => flag.On,
        UrlCell url => new JsonObject { ["link"] = url.Link, ["text"] = url.Text },
        PlaceCell place => new JsonObject
        {
            ["location"] = place.Location, ["pname"] = "", ["cityname"] = "", ["adname"] = "", ["address"] = place.Location,
            ["name"] = place.Location, ["full_address"] = place.Location,
        },
        IdsCell ids => Listed(field, ids),
        _ => null,
    };

    private JsonNode? Listed(TableField field, IdsCell ids) => field.Type switch
    {
        FieldTypes.SingleSelect => field.Option(ids.Ids[0])?.Name,
        FieldTypes.MultiSelect => ids.Ids.Select(i => field.Option(i)?.Name).OfType<string>().ToJson(),
        FieldTypes.User => ids.Ids.ToJson(people.Show),
        FieldTypes.GroupChat =>
            ids.Ids.ToJson(id => new JsonObject { ["id"] = id, ["name"] = state.Chat(id)?.Name ?? "", ["avatar_url"] = "" }),
        FieldTypes.Attachment => ids.Ids.ToJson(id => Attachment(field, id)),
        _ when style.Legacy => Linked(field, ids),
        _ => new JsonObject { ["link_record_ids"] = ids.Ids.ToJson() },
    };

    /// <summary>The addresses carry the table's revision, so they drift without an edit of the cell.</summary>
    private JsonObject? Attachment(TableField field, string token)
    {
        if (home.Files.GetValueOrDefault(token) is not { } file) return null;
        var extra = Uri.EscapeDataString($"{{\"bitablePerm\":{{\"tableId\":\"{table.TableId}\",\"rev\":{table.Revision}}}}}");
        var root = "https://open.feishu.cn/open-apis/drive/v1/medias/";
        return new JsonObject
        {
            ["file_token"] = token, ["name"] = file.Name, ["size"] = file.Size, ["type"] = file.Type,
            ["url"] = $"{root}{token}/download?extra={extra}",
            ["tmp_url"] = $"{root}batch_get_tmp_download_url?file_tokens={token}&extra={extra}",
        };
    }

    private JsonArray Linked(TableField field, IdsCell ids)
    {
        var other = home.Table(field.LinkedTable ?? "");
        var primary = other?.Fields.FirstOrDefault(f => f.IsPrimary);
        var texts = ids.Ids.Select(id => primary is not null && other!.Record(id) is { } r ? CellText.Of(primary, r) : "").ToArray();
        return
        [
            new JsonObject
            {
                ["record_ids"] = ids.Ids.ToJson(), ["table_id"] = field.LinkedTable, ["text"] = string.Join(',', texts),
                ["text_arr"] = texts.ToJson(), ["type"] = "text",
            },
        ];
    }

    private JsonNode? Formula(TableField field, TableRecord record)
    {
        if (CellText.Referred(table, field) is not { } referred || Value(referred, record) is not { } value) return null;
        if (!style.Legacy)
        {
            var list = value as JsonArray ?? [value];
            return new JsonObject { ["type"] = referred.Type, ["ui_type"] = referred.UiType, ["value"] = list };
        }

        return style.FormulaAsReferred ? value : new JsonArray(Segment(CellText.Of(referred, record)));
    }

    private JsonNode Author(string id) => style.Legacy ? people.Show(id) : new JsonArray(people.Show(id));

    private long Millis(DateTimeOffset time) => RecordView.Millis(time, rules);

    private static JsonObject Segment(string text) => new() { ["type"] = "text", ["text"] = text };
}
