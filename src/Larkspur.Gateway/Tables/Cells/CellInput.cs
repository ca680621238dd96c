using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using Larkspur.Feishu.Tables;

namespace Larkspur.Gateway.Tables.Cells;

/// <summary>Reads values of plain JSON for their fields; nothing is guessed.</summary>
/// <param name="zone">The base's: a date without a time is midnight there.</param>
/// <param name="people">Those who were named, looked up.</param>
/// <param name="options">How they are written.</param>
internal sealed partial class CellInput(TimeZoneInfo zone, NamedPeople people, TableWriteOptions options)
{
    /// <summary>Reads a value.</summary>
    /// <returns>The cell, or why there is none.</returns>
    public (CellValue Cell, CellFault? Fault) Read(TableField field, JsonElement value)
    {
        if (field.IsReadOnly) return (CellValue.Empty, new("read_only", TablesTexts.ReadOnly));
        if (value.ValueKind == JsonValueKind.Null)
            return (field.Type == TableFieldType.Checkbox ? new CheckboxCell(false) : CellValue.Empty, null);
        if (field.Type == TableFieldType.User) return OfPeople(field, value);
        if (Cell(field, value) is not { } cell) return (CellValue.Empty, FaultOf(field, value));
        var problem = CellWriter.Check(field, cell, options);
        if (problem?.Refusal == CellRefusal.UnknownOption && UnknownIn(field, cell) is { } unknown)
            return (cell, CellFault.UnknownOption(unknown, field));
        return (cell, problem is null ? null : CellFault.Of(problem, field));
    }

    private CellValue? Cell(TableField field, JsonElement value) => field.Type switch
    {
        TableFieldType.Text => Text(value) is { } text ? new TextCell(text) : null,
        TableFieldType.Number => Number(value),
        TableFieldType.SingleSelect => Text(value) is { } option ? new SelectCell(option) : null,
        TableFieldType.MultiSelect => Texts(value) is { } some ? new MultiSelectCell(some) : null,
        TableFieldType.DateTime => Text(value) is { } time ? Time(time) : null,
        TableFieldType.Checkbox => value.ValueKind is JsonValueKind.True or JsonValueKind.False ? new CheckboxCell(value.GetBoolean())
            : null,
        TableFieldType.Phone => Text(value) is { } phone ? new PhoneCell(phone) : null,
        TableFieldType.Url => Url(value),
        TableFieldType.Attachment => Files(value),
        TableFieldType.SingleLink or TableFieldType.DuplexLink => Texts(value) is { } records ? new LinksCell(records) : null,
        TableFieldType.GroupChat => Texts(value) is { } chats ? new GroupsCell(chats) : null,
        TableFieldType.Location => Place(value),
        _ => null,
    };

    private (CellValue, CellFault?) OfPeople(TableField field, JsonElement value)
    {
        var (ids, fault) = people.Find(field, value);
        if (fault is not null) return (CellValue.Empty, fault);
        var cell = new PeopleCell(ids);
        return (cell, CellWriter.Check(field, cell, options) is { } problem ? CellFault.Of(problem, field) : null);
    }

    private static CellFault FaultOf(TableField field, JsonElement value) =>
        field.Type == TableFieldType.DateTime && value.ValueKind == JsonValueKind.String
            ? new("bad_time", TablesTexts.BadTime) : CellFault.WrongType(field);

    private static string? UnknownIn(TableField field, CellValue cell) => (cell switch
    {
        SelectCell one => [one.Name],
        MultiSelectCell several => several.Names,
        _ => [],
    }).FirstOrDefault(name => !field.Options.Any(option => option.Name == name));

    private static string? Text(JsonElement value) => value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private static List<string>? Texts(JsonElement value)
    {
        if (value.ValueKind != JsonValueKind.Array) return null;
        var texts = value.EnumerateArray().Select(Text).ToList();
        return texts.Contains(null) ? null : [.. texts.OfType<string>()];
    }

    /// <summary>A decimal where it is one: what a double would lose is noticed then.</summary>
    private static NumberCell? Number(JsonElement value)
    {
        if (value.ValueKind != JsonValueKind.Number) return null;
        if (value.TryGetDecimal(out var exact) && (exact != 0 || !value.GetRawText().AsSpan().ContainsAnyInRange('1', '9')))
            return new NumberCell(exact);
        return value.TryGetDouble(out var number) ? new NumberCell(number) : null;
    }

    private DateTimeCell? Time(string text)
    {
        if (DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var date))
            return DateTimeCell.Of(date, zone);
        return Instant().IsMatch(text)
            && DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.None, out var instant) ? new(instant) : null;
    }

    private static UrlCell? Url(JsonElement value)
    {
        if (Text(value) is { } link) return new UrlCell(link);
        return Members(value, "link", "text") is { } url && Text(url.GetValueOrDefault("link")) is { } to
            ? new UrlCell(to, Text(url.GetValueOrDefault("text"))) : null;
    }

    private static AttachmentsCell? Files(JsonElement value)
    {
        if (value.ValueKind != JsonValueKind.Array) return null;
        var tokens = value.EnumerateArray().Select(file =>
            Text(file)
                ?? (Members(file, "token", "name", "size", "type") is { } named ? Text(named.GetValueOrDefault("token")) : null)).ToList();
        return tokens.Contains(null) ? null : new AttachmentsCell(tokens.OfType<string>());
    }

    private static LocationCell? Place(JsonElement value)
    {
        if (Members(value, "longitude", "latitude", "name", "address") is not { } place) return null;
        return place.GetValueOrDefault("longitude") is { ValueKind: JsonValueKind.Number } east && east.TryGetDecimal(out var longitude)
            && place.GetValueOrDefault("latitude") is { ValueKind: JsonValueKind.Number } north && north.TryGetDecimal(out var latitude)
            ? new LocationCell(longitude, latitude) : null;
    }

    /// <summary>The members of an object that has none but these.</summary>
    private static Dictionary<string, JsonElement>? Members(JsonElement value, params string[] known) =>
        value.ValueKind == JsonValueKind.Object
            && value.EnumerateObject().All(member => known.Contains(member.Name, StringComparer.Ordinal))
            ? value.EnumerateObject().ToDictionary(member => member.Name, member => member.Value, StringComparer.Ordinal) : null;

    [GeneratedRegex(@"^[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt ][0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{1,9})?([Zz]|[+-][0-9]{2}:[0-9]{2})\z",
        RegexOptions.ExplicitCapture)]
    private static partial Regex Instant();
}
