using System.Text.Json;

namespace Larkspur.Feishu.Tables;

/// <summary>
/// Reads a cell of <c>drive.file.bitable_record_changed_v1</c>, where every value is a text: options by their ids, people beside it in
/// <c>field_identity_value</c>, formulas never.
/// </summary>
/// <remarks>
/// The documentation shows few of these texts: those of multiple selects, dates, links and files are read in all forms that seem
/// possible (UNVERIFIED), and anything else becomes a <see cref="RawCell"/>. An event is best taken as a hint to read the record.
/// </remarks>
public static class EventCellReader
{
    /// <summary>Reads a value.</summary>
    /// <param name="field">The field; events name it by id.</param>
    /// <param name="text"><c>field_value</c>; null or empty: nothing.</param>
    /// <param name="identity"><c>field_identity_value</c>, with who the people are; undefined when there is none.</param>
    /// <param name="userIdType">Which of a person's ids: <c>open_id</c>, <c>union_id</c> or <c>user_id</c>.</param>
    public static CellValue Read(TableField field, string? text, JsonElement identity = default, string userIdType = "open_id")
    {
        ArgumentNullException.ThrowIfNull(field);
        var people = identity.Member("users");
        if (IsOfPeople(field.Type) && people.ValueKind == JsonValueKind.Array) return People(people, userIdType, text);
        if (string.IsNullOrEmpty(text)) return CellReader.Read(field, default);
        return Cell(field, text) ?? new RawCell(
            JsonSerializer.SerializeToElement(text), $"An event's text is no value of a field of type {field.Type} that is known.");
    }

    private static bool IsOfPeople(TableFieldType type) => type is TableFieldType.User or TableFieldType.CreatedUser
        or TableFieldType.ModifiedUser;

    private static CellValue? Cell(TableField field, string text)
    {
        var isJson = JsonForms.TryParse(text, out var json);
        return field.Type switch
        {
            TableFieldType.Text or TableFieldType.AutoNumber =>
                isJson && AreSegments(json) ? CellReader.Text(json, field.LinksByItself) : new TextCell(text),
            TableFieldType.Phone => new PhoneCell(text),
            TableFieldType.SingleSelect =>
                new SelectCell(Option(field, isJson && json.ValueKind == JsonValueKind.String ? json.GetString()! : text)),
            TableFieldType.MultiSelect => Options(field, isJson ? json : default, text),
            // Without identities a person is only named, and a name is no id.
            TableFieldType.User or TableFieldType.CreatedUser or TableFieldType.ModifiedUser =>
                isJson && json.Member("users") is { ValueKind: JsonValueKind.Array } users && users.GetArrayLength() == 0
                    ? CellValue.Empty : null,
            TableFieldType.Formula or TableFieldType.Lookup => isJson ? ComputedCellReader.Read(field, json) : null,
            _ => CellReader.Read(field.Type, field, isJson && json.ValueKind != JsonValueKind.Number ? json
                : JsonSerializer.SerializeToElement(text)),
        };
    }

    private static bool AreSegments(JsonElement json) => json.ValueKind == JsonValueKind.Array && json.GetArrayLength() > 0
        && json.Items().All(item => item.TextOf("type") is not null && item.TextOf("text") is not null);

    /// <summary>An id becomes the name that the field's list has for it. What is no id is a name already.</summary>
    private static ChosenOption Option(TableField field, string idOrName)
    {
        if (field.Options.FirstOrDefault(option => option.Id == idOrName) is { } byId) return new(byId.Id, byId.Name);
        if (field.Options.FirstOrDefault(option => option.Name == idOrName) is { } byName) return new(byName.Id, byName.Name);
        return idOrName.StartsWith("opt", StringComparison.Ordinal) ? new(idOrName, null) : new(null, idOrName);
    }

    private static MultiSelectCell? Options(TableField field, JsonElement json, string text) => json.ValueKind switch
    {
        JsonValueKind.Array when json.Items().All(item => item.ValueKind == JsonValueKind.String) =>
            new(json.Items().Select(item => Option(field, item.GetString()!))),
        JsonValueKind.Undefined => new(text.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .Select(part => Option(field, part))),
        _ => null,
    };

    private static CellValue People(JsonElement users, string userIdType, string? text)
    {
        var ids = users.Items().Select(user => user.Member("user_id").TextOf(userIdType)).ToList();
        return ids.Any(string.IsNullOrEmpty)
            ? new RawCell(JsonSerializer.SerializeToElement(text), $"The event names a person without {userIdType}.")
            : new PeopleCell(ids!);
    }
}
