using System.Globalization;
using System.Text.Json;

namespace Larkspur.Feishu.Tables;

/// <summary>
/// Reads a cell of a search, a batch_get, the old list, or the echo of a write: their shapes differ in JSON, so nothing need be said of
/// which one it is. Change events: <see cref="EventCellReader"/>.
/// </summary>
/// <remarks>
/// Never throws: what is not the field's type becomes a <see cref="RawCell"/>. Source: bitable-v1 record-data-structure, search, list.
/// </remarks>
public static class CellReader
{
    /// <summary>Reads a value.</summary>
    /// <param name="field">The field it is of.</param>
    /// <param name="value">The value; undefined when the record does not have it, which means empty (or, of a checkbox, false).</param>
    public static CellValue Read(TableField field, JsonElement value)
    {
        ArgumentNullException.ThrowIfNull(field);
        if (value.IsNothing()) return field.Type == TableFieldType.Checkbox ? new CheckboxCell(false) : CellValue.Empty;
        var cell = field.Type is TableFieldType.Formula or TableFieldType.Lookup
            ? ComputedCellReader.Read(field, value)
            : Read(field.Type, field, value);
        return cell ?? new RawCell(value, $"This is no value of a field of type {field.Type} that is known.");
    }

    /// <summary>A value of a type; null: it is not of that type.</summary>
    internal static CellValue? Read(TableFieldType type, TableField field, JsonElement value) => type switch
    {
        TableFieldType.Text or TableFieldType.AutoNumber => Text(value, field.LinksByItself),
        TableFieldType.Number => value.TryGet(out double number) ? new NumberCell(number) : IfEmptyText(value),
        TableFieldType.SingleSelect => Name(value) is { } name ? new SelectCell(Option(field, name)) : null,
        TableFieldType.MultiSelect => Names(value) is { } names ? new MultiSelectCell(names.Select(name => Option(field, name))) : null,
        TableFieldType.DateTime or TableFieldType.CreatedTime or TableFieldType.ModifiedTime => Instant(value),
        TableFieldType.Checkbox => Tick(value),
        TableFieldType.User or TableFieldType.CreatedUser or TableFieldType.ModifiedUser => Ids(value, "id") is { } ids
            ? new PeopleCell(ids) : null,
        TableFieldType.Phone => value.ValueKind == JsonValueKind.String ? new PhoneCell(value.GetString()!) : null,
        TableFieldType.Url => Url(value),
        TableFieldType.Attachment => Files(value),
        TableFieldType.SingleLink or TableFieldType.DuplexLink => Links(value),
        TableFieldType.Location => Place(value),
        TableFieldType.GroupChat => Ids(value, "id") is { } ids ? new GroupsCell(ids) : null,
        _ => null,
    };

    /// <summary>Segments, or plain text; a number as text, for some answers send it so.</summary>
    internal static CellValue? Text(JsonElement value, bool linksByItself)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.String: return new TextCell(value.GetString()!);
            case JsonValueKind.Number: return new TextCell(value.GetRawText());
            case JsonValueKind.Object when value.Member("text").ValueKind == JsonValueKind.String: return new TextCell([Segment(value,
                linksByItself)]);
            case JsonValueKind.Array when value.Items().All(item => item.ValueKind is JsonValueKind.Object or JsonValueKind.String):
                return new TextCell([.. value.Items().Select(item => item.ValueKind == JsonValueKind.String
                    ? new TextSegment("text", item.GetString()!)
                    : Segment(item, linksByItself))]);
            default: return null;
        }
    }

    private static TextSegment Segment(JsonElement item, bool linksByItself) => new(
        linksByItself ? "text" : item.TextOf("type") ?? "text", item.TextOf("text") ?? "", item.TextOf("link"), item.TextOf("token"));

    private static CellValue? IfEmptyText(JsonElement value) =>
        value.ValueKind == JsonValueKind.String && value.GetString()!.Length == 0 ? CellValue.Empty : null;

    private static ChosenOption Option(TableField field, string name) =>
        new(field.Options.FirstOrDefault(option => option.Name == name)?.Id, name);

    private static string? Name(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => value.GetString(),
        JsonValueKind.Object => value.TextOf("name") ?? value.TextOf("text"),
        JsonValueKind.Array when value.GetArrayLength() == 1 => Name(value[0]),
        _ => null,
    };

    private static List<string>? Names(JsonElement value)
    {
        if (value.ValueKind == JsonValueKind.String) return [value.GetString()!];
        if (value.ValueKind != JsonValueKind.Array) return null;
        var names = value.Items().Select(Name).ToList();
        return names.Contains(null) ? null : [.. names.OfType<string>()];
    }

    private static CellValue? Instant(JsonElement value) => value.TryGet(out long milliseconds) ? new DateTimeCell(milliseconds)
        : IfEmptyText(value);

    private static CheckboxCell? Tick(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.True => new(true),
        JsonValueKind.False => new(false),
        JsonValueKind.String => value.GetString() switch { "true" or "1" => new(true), "false" or "0" or "" => new(false), _ => null },
        JsonValueKind.Number => value.TryGet(out int number) && number is 0 or 1 ? new(number == 1) : null,
        _ => null,
    };

    /// <summary>Ids of a list of objects, of one object (so the old list sends who made a record), or of a list of ids.</summary>
    private static List<string>? Ids(JsonElement value, string member)
    {
        if (value.ValueKind == JsonValueKind.Object) return value.TextOf(member) is { } only ? [only] : value.EnumerateObject().Any()
            ? null : [];
        if (value.ValueKind != JsonValueKind.Array) return null;
        var ids = value.Items().Select(item => item.ValueKind == JsonValueKind.String ? item.GetString() : item.TextOf(member)).ToList();
        return ids.Contains(null) ? null : [.. ids.OfType<string>()];
    }

    private static UrlCell? Url(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Object when value.TextOf("link") is { } link => new(link, value.TextOf("text")),
        JsonValueKind.String => new(value.GetString()!),
        JsonValueKind.Array when value.GetArrayLength() == 1 => Url(value[0]),
        _ => null,
    };

    private static AttachmentsCell? Files(JsonElement value)
    {
        if (value.ValueKind != JsonValueKind.Array || value.Items().Any(file => file.TextOf("file_token") is null)) return null;
        return new(value.Items().Select(file => new TableFile(
            file.TextOf("file_token")!, file.TextOf("name"), file.Member("size").TryGet(out long size) ? size : null, file.TextOf("type"),
            file.TextOf("url"))));
    }

    /// <summary>
    /// <c>{link_record_ids}</c> (empty: <c>{}</c>), the old list's <c>[{record_ids}]</c>, or the ids as they were written.
    /// </summary>
    private static LinksCell? Links(JsonElement value)
    {
        if (value.ValueKind == JsonValueKind.Object)
        {
            var found = value.Member("link_record_ids") is { ValueKind: JsonValueKind.Array } linked ? linked : value.Member("record_ids");
            return found.IsNothing() || Ids(found, "id") is null ? value.EnumerateObject().Any() && !HasLinks(value) ? null : new([])
                : new(Ids(found, "id")!);
        }

        if (value.ValueKind != JsonValueKind.Array) return null;
        if (value.Items().All(item => item.ValueKind == JsonValueKind.String)) return new(value.Items().Select(item => item.GetString()!));
        var parts = value.Items().Select(Links).ToList();
        return parts.Contains(null) ? null : new(parts.SelectMany(part => part!.Ids));
    }

    private static bool HasLinks(JsonElement value) => value.TryGetProperty("link_record_ids", out _)
        || value.TryGetProperty("record_ids", out _);

    private static LocationCell? Place(JsonElement value)
    {
        var text = value.ValueKind == JsonValueKind.String ? value.GetString() : value.TextOf("location");
        var comma = text?.IndexOf(',', StringComparison.Ordinal) ?? -1;
        if (comma < 0 || !Degrees(text.AsSpan(0, comma), out var east) || !Degrees(text.AsSpan(comma + 1), out var north)) return null;
        return new(east, north, value.TextOf("name"), value.TextOf("full_address") ?? value.TextOf("address"));
    }

    private static bool Degrees(ReadOnlySpan<char> text, out decimal degrees) =>
        decimal.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out degrees);
}
