using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Larkspur.Feishu.Tables;

namespace Larkspur.Gateway.Tables.Cells;

/// <summary>Cells as plain JSON, in the shapes in which <see cref="CellInput"/> takes them.</summary>
/// <param name="people">Who people are, by their <c>open_id</c>.</param>
internal sealed class CellJson(Func<string, JsonObject> people)
{
    private const string Rfc3339 = "yyyy-MM-dd'T'HH:mm:ss.FFF'Z'";

    /// <summary>The values of a record, by the names of fields; an empty cell is <c>null</c>.</summary>
    public JsonElement Of(TableRecord record, IEnumerable<TableField> fields)
    {
        var json = new JsonObject();
        foreach (var field in fields) json[field.Name] = Of(record[field.Name]);
        return JsonSerializer.SerializeToElement(json);
    }

    /// <summary>The people in a record's cells.</summary>
    public static IEnumerable<string> PeopleIn(TableRecord record) => record.Cells.Values.SelectMany(PeopleIn);

    private static IEnumerable<string> PeopleIn(CellValue cell) => cell switch
    {
        PeopleCell people => people.Ids,
        ComputedCell computed => computed.Values.SelectMany(PeopleIn),
        _ => [],
    };

    private JsonNode? Of(CellValue cell) => cell.IsEmpty ? null : cell switch
    {
        TextCell text => text.Text,
        NumberCell number => number.TryGetDecimal(out var exact) ? exact : number.Value,
        SelectCell option => option.Name,
        MultiSelectCell options => List(options.Names),
        DateTimeCell time => Time(time),
        CheckboxCell tick => tick.Value,
        PhoneCell phone => phone.Number,
        UrlCell url => new JsonObject { ["link"] = url.Link, ["text"] = url.Text },
        LocationCell place => Place(place),
        PeopleCell ids => new JsonArray([.. ids.Ids.Select(id => (JsonNode)people(id))]),
        AttachmentsCell files => new JsonArray([.. files.Files.Select(File)]),
        IdCell ids => List(ids.Ids),
        ComputedCell { Values: [var one] } => Of(one),
        ComputedCell several => new JsonArray([.. several.Values.Select(Of)]),
        RawCell raw => new JsonObject { ["raw"] = JsonNode.Parse(raw.Json.GetRawText()) },
        _ => null,
    };

    private static JsonArray List(IEnumerable<string> texts) => new([.. texts.Select(text => (JsonNode)text)]);

    /// <summary>An instant outside of the calendar stays the number that it is.</summary>
    private static JsonNode Time(DateTimeCell time)
    {
        var (least, most) = (DateTimeOffset.MinValue.ToUnixTimeMilliseconds(), DateTimeOffset.MaxValue.ToUnixTimeMilliseconds());
        return time.Milliseconds >= least && time.Milliseconds <= most
            ? time.Instant.ToString(Rfc3339, CultureInfo.InvariantCulture) : time.Milliseconds;
    }

    private static JsonObject Place(LocationCell place)
    {
        var json = new JsonObject { ["longitude"] = place.Longitude, ["latitude"] = place.Latitude };
        if (place.Name is { } name) json["name"] = name;
        if (place.Address is { } address) json["address"] = address;
        return json;
    }

    private static JsonNode File(TableFile file)
    {
        var json = new JsonObject { ["token"] = file.Token };
        if (file.Name is { } name) json["name"] = name;
        if (file.Size is { } size) json["size"] = size;
        if (file.ContentType is { } type) json["type"] = type;
        return json;
    }
}
