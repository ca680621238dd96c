using System.Text.Json.Nodes;
using Larkspur.Emulator.Feishu.Tables.Cells;
using Larkspur.Emulator.State.Tables;
using Larkspur.Emulator.Web.Cards;

namespace Larkspur.Emulator.Web.Tables;

/// <summary>
/// Cells as the table page draws them: <c>text</c> as an editor and the clipboard have it, <c>show</c> where it looks different.
/// </summary>
internal sealed class CellJson(Viewer viewer, TableBase home, DataTable table)
{
    private readonly Dictionary<string, CellFormat> _formats = new(StringComparer.Ordinal);

    /// <summary>Null: there is nothing in it.</summary>
    public JsonObject? Of(TableField field, TableRecord record) => field.Type switch
    {
        FieldTypes.CreatedTime => Time(field, record.CreatedTime.ToUnixTimeMilliseconds()),
        FieldTypes.ModifiedTime => Time(field, record.ModifiedTime.ToUnixTimeMilliseconds()),
        FieldTypes.CreatedUser => Items([(record.CreatedBy, viewer.NameOf(record.CreatedBy))]),
        FieldTypes.ModifiedUser => Items([(record.ModifiedBy, viewer.NameOf(record.ModifiedBy))]),
        FieldTypes.AutoNumber => Text(CellText.Serial(field, record)),
        FieldTypes.Formula => CellText.Referred(table, field) is { } other ? Of(other, record) : null,
        _ => record.Cells.GetValueOrDefault(field.FieldId) is { } cell ? Stored(field, cell) : null,
    };

    /// <summary>What a person searches for in it.</summary>
    public string TextOf(TableField field, TableRecord record) => Of(field, record) is not { } cell ? ""
        : cell.TextOf("show") is { Length: > 0 } shown ? shown + "\n" + cell.TextOf("text") : cell.TextOf("text");

    public CellFormat Format(TableField field)
    {
        if (!_formats.TryGetValue(field.FieldId, out var format)) _formats[field.FieldId] = format = new CellFormat(field, home);
        return format;
    }

    private JsonObject Stored(TableField field, Cell cell) => cell switch
    {
        TextCell text => Text(text.Text),
        NumberCell number => new JsonObject
        {
            ["text"] = CellText.Number(number.Number), ["show"] = Format(field).Number(number.Number), ["number"] = number.Number,
        },
        TimeCell time => Time(field, time.Millis),
        FlagCell flag => new JsonObject { ["text"] = flag.On ? "TRUE" : "FALSE", ["on"] = flag.On },
        UrlCell url => new JsonObject
        {
            ["text"] = url.Text == url.Link ? url.Link : $"[{url.Text}]({url.Link})", ["show"] = url.Text,
            ["link"] = SafeLink.Check(url.Link),
        },
        PlaceCell place => Text(place.Location),
        IdsCell ids => Items(ids.Ids.Select(i => (i, NameOf(field, i)))),
        _ => Text(""),
    };

    private string NameOf(TableField field, string id) => field.Type switch
    {
        FieldTypes.SingleSelect or FieldTypes.MultiSelect => field.Option(id)?.Name ?? "",
        FieldTypes.User => viewer.NameOf(id),
        FieldTypes.Attachment => home.Files.GetValueOrDefault(id)?.Name ?? id,
        FieldTypes.GroupChat => viewer.State.Chat(id) is { } chat ? viewer.NameOf(chat) : id,
        _ => Title(field.LinkedTable, id),
    };

    private string Title(string? tableId, string recordId)
    {
        var other = home.Table(tableId ?? "");
        var primary = other?.Fields.FirstOrDefault(f => f.IsPrimary);
        if (primary is null || home.Hides(viewer.Me.UserId, recordId) || other!.Record(recordId) is not { } record) return recordId;
        return TitleOf(primary, record) is { Length: > 0 } title ? title : viewer.Texts.TableUntitledRow;
    }

    /// <summary>The first field's text; what a link there leads to is not followed further.</summary>
    public string TitleOf(TableField primary, TableRecord record) => record.Cells.GetValueOrDefault(primary.FieldId) switch
    {
        NumberCell number => new CellFormat(primary, home).Number(number.Number),
        TimeCell time => new CellFormat(primary, home).Time(time.Millis),
        _ => CellText.Of(primary, record),
    };

    private JsonObject Time(TableField field, long millis) => new()
    {
        ["text"] = Format(field).Typed(millis), ["show"] = Format(field).Time(millis), ["millis"] = millis,
    };

    private static JsonObject Text(string text) => new() { ["text"] = text };

    private static JsonObject Items(IEnumerable<(string Id, string Name)> items)
    {
        var list = items.ToArray();
        return new JsonObject
        {
            ["text"] = string.Join(",", list.Select(i => i.Name)),
            ["items"] = list.ToJson(i => new JsonObject { ["id"] = i.Id, ["name"] = i.Name }),
        };
    }

    /// <summary>Where an avatar's colour comes from is the page's matter; who is a bot is not.</summary>
    public static JsonObject Who(Viewer viewer, string id) => new()
    {
        ["id"] = id, ["name"] = viewer.NameOf(id), ["bot"] = viewer.IsBot(id),
    };
}
